"""A session under another name: what would tell whose it is goes, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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


def hidden(text: str, names: Sequence[str], word: str) -> str:
    """The text with `word` for every name; names inside longer words stay."""
    if not names:
        return text
    # No letter before or behind: "kim" goes from "kim_2.csv" and "Kim's", and stays in "skimmed".
    pattern = rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, names))})(?![^\W\d_])"
    return re.sub(pattern, lambda _: word, text, flags=re.IGNORECASE)


def without_names(session: Session, names: Sequence[str], word: str) -> Session:
    """The session with `word` for every name in its texts; figures and sides stay."""

    def plain(x: Any, field: str) -> Any:
        if isinstance(x, Mapping):
            # What stands under a field's name in `unresolved` is a reason, whatever the field.
            inside = {key: plain(v, "reason" if field == "unresolved" else key) for key, v in x.items()}
            return {hidden(key, names, word): v for key, v in inside.items()} if field == "placements" else inside
        if isinstance(x, list):
            return [plain(v, field) for v in x]
        return hidden(x, names, word) if isinstance(x, str) and field not in OWN_WORDS else x

    return from_dict(plain(to_dict(session), ""))


def about_without_names(about: Mapping[str, str], word: str) -> dict[str, str]:
    """What is said of a session, with the pseudonym for the person and nothing that might tell who it is."""
    return {"subject": word, **{key: said for key, said in about.items() if key in KEPT_ABOUT}}
