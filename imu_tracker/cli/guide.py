"""Reads what `--guide` names: reps that a person showed, or a session whose reps were found or corrected.

    {"schema": 1, "recording": "monday.csv", "reps": [[12.3, 15.6], [15.9, 19.0]]}

The recording's path is relative to the guide; without it the reps lie in the recording that is analysed. A session is what
`analyze --json` wrote of the recording that is analysed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imu_tracker.analysis import Guide
from imu_tracker.cli.options import Declared
from imu_tracker.errors import FileError

SCHEMA = 1
SAME_S = 0.5  # recordings whose lengths differ by more are not the same
FORM = 'a guide is {"schema": 1, "recording": "PATH", "reps": [[start_s, end_s], ...]}, or what analyze --json wrote'


def _ranges(path: str, raw: Any) -> tuple[tuple[float, float], ...]:
    out = []
    for number, pair in enumerate(raw, 1):
        ok = isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, (int, float)) and math.isfinite(x) for x in pair)
        if not ok or not 0 <= pair[0] < pair[1]:
            raise FileError(path, f"rep {number} is {json.dumps(pair)}; it should be [start_s, end_s], the end after the start.")
        out.append((float(pair[0]), float(pair[1])))
    if not out:
        raise FileError(path, "it shows no rep; name one at least.")
    return tuple(out)


def read_guide(path: str, words: Sequence[str], given: Declared) -> Guide:
    """The guide in a file for the recording that `words` name; raises FileError, or what reading its recording raises."""
    try:
        raw = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as e:
        raise FileError(path, f"the file can't be read ({e.strerror or e}).") from e
    except (ValueError, RecursionError) as e:
        raise FileError(path, f"this is not JSON ({e}); {FORM}.") from e
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise FileError(path, f'it has no "schema": {SCHEMA}; {FORM}.')
    if isinstance(raw.get("reps"), list):
        reps = _ranges(path, raw["reps"])
        place = raw.get("recording")
        if place is None:
            return Guide(reps)
        if not isinstance(place, str):
            raise FileError(path, f'"recording" should be the path of a recording; {FORM}.')
        return Guide(reps, given.read([str(Path(path).parent / place)]))
    try:
        found = [[r["start_s"], r["end_s"]] for s in raw["sets"] for r in s["reps"]]
        length_s = float(raw["recording"]["duration_s"])
    except (KeyError, TypeError) as e:
        raise FileError(path, f"it has neither reps nor sets; {FORM}.") from e
    here_s = given.read(words).duration_s
    if abs(here_s - length_s) > SAME_S:
        raise FileError(
            path,
            f"this session is of another recording ({length_s:.1f} s, not {here_s:.1f} s); name that recording and its reps in a "
            f"guide: {FORM}.",
        )
    return Guide(_ranges(path, found))
