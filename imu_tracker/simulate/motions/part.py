"""What is asked of one part of a session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from imu_tracker.results import Side
from imu_tracker.simulate.script import other


@dataclass(frozen=True)
class Part:
    """One part of a session: an exercise's set, or quiet, bows, walk, rest.

    count: reps, steps each way, bows, or steps walked. side: the working side (catalogue's side rule; of a there-and-back set
    the first way; of walking the foot that goes first). seconds: how long quiet and rest last. turn_deg: how far walking turns,
    to the first foot's side. back: a walking exercise goes there and back. drop_share: in how many of the reps the pelvis drops
    beyond what is usual for the person. pauses: after how many reps a longer breath is taken, 0 for never. slips: cues of the
    catalogue's entry that are missed, each in a share `slip_share` of the reps (a hold: at most of its time). partial_share: reps
    that go only 58-78 % of the way. false_starts: share of the reps before which one is tried and given up. brisk: 0-1, from a
    stroll to brisk walking.
    """

    name: str
    count: int = 0
    side: Side | None = None
    seconds: float = 0.0
    turn_deg: float = 0.0
    back: bool = True
    drop_share: float = 0.0
    pauses: int = 0
    slips: tuple[str, ...] = ()
    slip_share: float = 0.4
    partial_share: float = 0.0
    false_starts: float = 0.0
    brisk: float = 0.0

    def mirrored(self) -> Part:
        """The same with left and right swapped."""
        return self if self.side is None else replace(self, side=cast(Side, other(self.side)))
