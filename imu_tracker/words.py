"""How times, names and counts are said to a person, in the terminal and in reports alike. Plain strings, no dependency."""

from __future__ import annotations

from collections.abc import Sequence

from imu_tracker.recording import UNKNOWN_PLACEMENT
from imu_tracker.results import HoldFigures, PlacementInfo, Set

_ONE_AND_MANY = {"reps": ("rep", "reps"), "steps": ("step", "steps")}

# Fields whose own name, less its unit, isn't what a person would say.
_FIELDS = {
    "drop_deg": "pelvic drop",
    "drop_uncertainty_deg": "pelvic drop",
    "rise_s": "rise and lowering",
    "lower_s": "rise and lowering",
    "out_s": "tempo",
    "pause_s": "tempo",
    "back_s": "tempo",
    "cadence_per_min": "pace",
}
_UNITS = ("_deg_s", "_deg", "_s", "_per_min", "_percent", "_hz", "_cm")


def clock(t_s: float) -> str:
    """A time in the recording as m:ss, from an hour on h:mm:ss; the second that has begun."""
    minutes, seconds = divmod(int(t_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def length(duration_s: float) -> str:
    """A duration in words, to the second from a minute on, to a tenth below."""
    if duration_s < 59.95:
        return f"{duration_s:.1f} s"
    minutes, seconds = divmod(round(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def exercise(name: str | None) -> str:
    """An exercise as a person reads it."""
    return "unknown exercise" if name in (None, "unknown") else str(name).replace("_", " ")


def placement(name: str) -> str:
    """A placement as a person reads it: `thigh_left` is "left thigh"."""
    if name == UNKNOWN_PLACEMENT:
        return "sensor"
    words = name.split("_")
    return " ".join(words[-1:] + words[:-1]) if words[-1] in ("left", "right") else " ".join(words)


def counted(a_set: Set) -> str:
    """What was counted in a set: "10 reps", "1 step", or how long it was held."""
    if a_set.kind == "hold":
        return "hold" if a_set.hold_s is None else f"hold {a_set.hold_s:.1f} s"
    return f"{a_set.count} {_ONE_AND_MANY[a_set.kind][a_set.count != 1]}"


_ENDED = {
    "moved": "Let go, or moved on, at the end",
    "gave_way": "Gave way at the end",
    "recording_ended": "Still held when the recording ended",
}


def held(hold: HoldFigures) -> str:
    """How steady a hold was and how it ended, as a sentence."""
    said = [_ENDED[hold.ended], f"the posture drifted {hold.drift_deg:.0f}°"]
    if hold.wobble_deg_s is not None and hold.tremor_deg_s is not None:
        said.append(f"wobble {hold.wobble_deg_s:.1f}°/s and tremor {hold.tremor_deg_s:.1f}°/s")
    return ", ".join(said) + "."


def sides(a_set: Set) -> str:
    """The working side, or how often each where both worked; empty where it isn't known."""
    by_side = {k: n for k, n in (a_set.count_by_side or {}).items() if n}
    if len(by_side) > 1:
        return ", ".join(f"{n} {side}" for side, n in by_side.items())
    return a_set.side or ""


def field(name: str) -> str:
    """A result's field as a person says it: `range_deg` is "range"."""
    if name in _FIELDS:
        return _FIELDS[name]
    for unit in _UNITS:
        if name.endswith(unit):
            name = name[: -len(unit)]
            break
    return name.replace("_", " ")


def listed(words: Sequence[object]) -> str:
    """ "1", "1 and 2", "1, 2 and 3"."""
    said = [str(w) for w in words]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def delivered(info: PlacementInfo) -> str:
    """What a sensor delivered and what was lost on the way."""
    said = [f"{info.rate_hz:.1f}".removesuffix(".0") + " Hz", f"{info.samples} samples"]
    said.append(f"{info.lost} lost" if info.lost else "none lost")
    if info.gaps:
        lengths = [b - a for a, b in info.gaps]
        longest = max(range(len(lengths)), key=lengths.__getitem__)
        where = f"{lengths[longest]:.1f} s at {clock(info.gaps[longest][0])}"
        if len(lengths) == 1:
            said.append(f"a gap of {where}")
        else:
            said.append(f"{len(lengths)} gaps of {sum(lengths):.1f} s in all, the longest {where}")
    if info.timestamps == "arrival":
        said.append("timed by their arrival")
    return ", ".join(said)
