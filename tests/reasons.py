"""Which figures of a set aren't there without anybody saying why: by the design's law, none."""

from __future__ import annotations

from dataclasses import fields

from imu_tracker.results import Rep, Session, Set

# What may be None in a set without a word: it isn't asked of such a set
NEVER_ASKED = {"hold", "hold_s", "rest_before_s", "count_by_side"}


def without_reason(a_set: Set) -> list[str]:
    """The names of the figures that the set, or all of its reps, lack, and that stand nowhere with a reason."""
    absent = [f.name for f in fields(Set) if getattr(a_set, f.name) is None and f.name not in NEVER_ASKED]
    if a_set.reps:
        absent += [f.name for f in fields(Rep) if all(getattr(r, f.name) is None for r in a_set.reps)]
    told = set(a_set.unresolved)
    if a_set.pelvic_drop.reason:
        told |= {"drop_deg", "drop_uncertainty_deg", "drop_at_s", "hike_deg"}
    told |= {f"{name.removesuffix('_deg')}_uncertainty_deg" for name in told}
    return [name for name in absent if name not in told]


def all_is_explained(session: Session) -> bool:
    """Whether each figure is there, or its reason is."""
    return not any(without_reason(s) for s in session.sets) and (session.mounting.resolved or bool(session.mounting.reason))
