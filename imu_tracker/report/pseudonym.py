"""A session under another name: what would tell whose it is goes, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from imu_tracker.results import Session, from_dict, to_dict

# Fields whose words are the program's own; somebody called Left must not change a side.
OWN_WORDS = frozenset(("kind", "side", "stance_side", "how", "timestamps", "ended", "op"))
KEPT_ABOUT = ("date",)  # what may be said of a session beside the pseudonym


def names_of(subject: str | None, paths: Iterable[str]) -> tuple[str, ...]:
    """What must not be seen: the person's name, whole and in its parts, and the recordings' paths; the longest first."""
    names = {subject, *(subject or "").split()} | {name for path in paths for name in (path, PurePath(path).name)}
    return tuple(sorted((name for name in names if name and len(name) > 1), key=lambda name: (-len(name), name)))


def without_names(session: Session, names: Iterable[str], word: str) -> Session:
    """The session with `word` for every name in its texts; names inside longer words stay, figures and sides too."""
    found = [re.escape(name) for name in names]
    if not found:
        return session
    # No letter before or behind: "kim" goes from "kim_2.csv" and "Kim's", and stays in "skimmed".
    pattern = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(found)})(?![^\W\d_])", re.IGNORECASE)

    def hidden(x: Any, field: str) -> Any:
        if isinstance(x, Mapping):
            return {
                pattern.sub(lambda _: word, key) if field == "placements" else key: hidden(
                    v, "why" if field == "unresolved" else key
                )
                for key, v in x.items()
            }
        if isinstance(x, list):
            return [hidden(v, field) for v in x]
        return pattern.sub(lambda _: word, x) if isinstance(x, str) and field not in OWN_WORDS else x

    return from_dict(hidden(to_dict(session), ""))


def about_without_names(about: Mapping[str, str], word: str) -> dict[str, str]:
    """What is said of a session, with the pseudonym for the person and nothing that might tell who it is."""
    return {"subject": word, **{key: said for key, said in about.items() if key in KEPT_ABOUT}}
