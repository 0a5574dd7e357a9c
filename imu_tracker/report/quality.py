"""What was measured and how well, and what not to trust: the report's last two sections."""

from __future__ import annotations

from collections.abc import Sequence

from imu_tracker import words
from imu_tracker.remarks import UNSURE_BELOW, reasons_in
from imu_tracker.report import texts
from imu_tracker.report.markup import Html, element, joined, listed, section, table, text
from imu_tracker.results import SURE, PlacementInfo, Session, Set

TELLING_LOSS = 0.01  # of the samples; fewer are bridged without a trace
NAMED_REPS = 8  # as many reps are named one by one


def quality(session: Session) -> Html:
    """The section on what the sensors delivered, how they sat, and what isn't known and why."""
    rows = [
        [
            text(words.placement(name).capitalize()),
            text(f"{info.rate_hz:.1f}\u00a0Hz"),
            text(info.samples),
            text(f"{info.lost} ({100 * _loss(info):.1f}\u00a0%)" if info.lost else "none"),
            text(_gaps(info)),
            text(texts.TIMES[info.timestamps]),
        ]
        for name, info in session.recording.placements.items()
    ]
    said = [_mounted(session)]
    if session.corrections:
        said.append(texts.CORRECTED.format(n=many(len(session.corrections), "correction")))
    inside = [table(texts.SENSORS_CAPTION, texts.SENSOR_HEAD, rows), listed(said)]
    if session.notes:
        inside += [element("h3", text(texts.NOTED)), listed(session.notes)]
    unknown = [
        f"{words.listed(fields).capitalize()}{_of(numbers, session)}: {reason.rstrip('.')}."
        for reason, (fields, numbers) in reasons_in(session).items()
    ]
    if unknown:
        inside += [element("h3", text(texts.UNKNOWN)), listed(unknown)]
    return section(texts.QUALITY, inside, "quality")


def many(n: int, one: str) -> str:
    """ "1 rep", "2 reps"."""
    return f"{n} {one}{'' if n == 1 else 's'}"


def in_sets(numbers: Sequence[int]) -> str:
    """ "set 1", "sets 1 and 3"."""
    return f"set{'s' if len(numbers) > 1 else ''} {words.listed(numbers)}"


def _of(numbers: Sequence[int], session: Session) -> str:
    return f" ({in_sets(numbers)})" if 0 < len(numbers) < len(session.sets) else ""


def _loss(info: PlacementInfo) -> float:
    return info.lost / max(info.lost + info.samples, 1)


def _gaps(info: PlacementInfo) -> str:
    if not info.gaps:
        return "none"
    longest = max(info.gaps, key=lambda gap: gap[1] - gap[0])
    where = f"{longest[1] - longest[0]:.1f} s at {words.clock(longest[0])}"
    total_s = sum(b - a for a, b in info.gaps)
    return where if len(info.gaps) == 1 else f"{len(info.gaps)}, {total_s:.1f} s in all, the longest {where}"


def _mounted(session: Session) -> str:
    mounting = session.mounting
    if not mounting.resolved or mounting.how is None:
        return texts.NOT_MOUNTED.format(reason=(mounting.reason or "nothing was said of it").rstrip("."))
    how = texts.MOUNTED[mounting.how]
    return f"{how}." if mounting.uncertainty_deg is None else texts.MOUNTED_TO.format(how=how, deg=mounting.uncertainty_deg)


def trust(session: Session) -> Html:
    """The section on what not to trust."""
    said = [texts.NOT_MEDICAL]
    sets = session.sets
    drops = [s.pelvic_drop for s in sets if s.pelvic_drop.peak_deg is not None]
    if drops:
        said.append(texts.ABOUT_3)
        if session.mounting.how == "nominal":
            said.append(texts.NOMINAL)
        doubtful = sum(not event.certain for drop in drops for event in drop.events)
        if doubtful:
            said.append(texts.DOUBTFUL_DROPS.format(n=many(doubtful, "drop")))
    for name, info in session.recording.placements.items():
        sensor = words.placement(name).capitalize()
        if _loss(info) > TELLING_LOSS:
            said.append(texts.LOSSES.format(sensor=sensor, percent=100 * _loss(info)))
        if info.gaps:
            said.append(texts.GAPS.format(sensor=sensor, seconds=sum(b - a for a, b in info.gaps)))
        if info.timestamps == "arrival":
            said.append(texts.ARRIVAL.format(sensor=sensor))
    if any(s.reps for s in sets):
        said.append(texts.COUNTS)
    unsure = [k for k, s in enumerate(sets, 1) if s.confidence is not None and s.confidence < SURE]
    if unsure:
        said.append(texts.UNSURE_NAME.format(sets=in_sets(unsure)))
    said += _reps_to_doubt(sets)
    return section(texts.TRUST, [listed(said)], "trust")


def _reps_to_doubt(sets: Sequence[Set]) -> list[str]:
    """Sentences on reps that may be none, and on those that are none whole."""
    out = []
    numbered = [(k, j, r) for k, s in enumerate(sets, 1) for j, r in enumerate(s.reps, 1)]
    for sentence, found in (
        (texts.UNSURE_REPS, [(k, j) for k, j, r in numbered if r.confidence < UNSURE_BELOW]),
        (texts.PARTIAL_REPS, [(k, j) for k, j, r in numbered if r.partial]),
    ):
        if found:
            in_one = [f"{words.listed([j for i, j in found if i == k])} of set {k}" for k in dict.fromkeys(k for k, _ in found)]
            where = (
                words.listed(in_one) if len(found) <= NAMED_REPS else f"in {in_sets(list(dict.fromkeys(k for k, _ in found)))}"
            )
            out.append(sentence.format(reps=many(len(found), "rep"), where=where))
    return out


def both(session: Session) -> Html:
    """Both sections, side by side where there is room."""
    return element("div", joined([quality(session), trust(session)]), {"class": "quality"})
