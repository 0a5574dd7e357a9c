"""Which column is which, as a person says it: `t=time,ax=acc_x,ay=-acc_z,az=acc_y`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from imu_tracker.errors import ColumnsError, UsageError

ACC, GYR = ("ax", "ay", "az"), ("gx", "gy", "gz")
ROLES = ("t", *ACC, *GYR)


@dataclass(frozen=True)
class ColumnMap:
    """names: the heading's word for each of t, ax ... gz that was said. turned: of which of them the sign is to be turned."""

    names: Mapping[str, str] = field(default_factory=dict)
    turned: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.names)

    def at(self, role: str, names: Sequence[str], path: str) -> int | None:
        """Where a role's column stands among a table's `names`; None where nothing was said of it. Raises ColumnsError."""
        word = self.names.get(role)
        if word is None:
            return None
        exact = [k for k, name in enumerate(names) if name == word]
        near = exact or [k for k, name in enumerate(names) if name.strip().lower() == word.lower()]
        if not near:
            raise ColumnsError(path, names, [word])
        return near[0]

    def sign(self, role: str) -> float:
        """What a role's values are to be multiplied by."""
        return -1.0 if role in self.turned else 1.0


AS_USUAL = ColumnMap()


def parse_columns(text: str) -> ColumnMap:
    """The words of `--columns`; a `-` before a column's name turns its sign. Raises UsageError."""
    names: dict[str, str] = {}
    turned = set()
    for part in text.split(","):
        role, equals, name = (p.strip() for p in part.partition("="))
        if not equals or role not in ROLES:
            raise UsageError(
                f"{part.strip()!r} says of no column what it is; write t=NAME,ax=NAME and so on, with {', '.join(ROLES)}."
            )
        if role in names:
            raise UsageError(f"{role} is said twice among the columns.")
        if name.startswith("-") and role != "t":
            turned.add(role)
            name = name[1:].strip()
        if not name:
            raise UsageError(f"{role}= names no column.")
        names[role] = name
    for axes in (ACC, GYR):
        said = [a for a in axes if a in names]
        if 0 < len(said) < 3:
            raise UsageError(f"Say all three of {', '.join(axes)}, or none of them.")
    return ColumnMap(names, frozenset(turned))
