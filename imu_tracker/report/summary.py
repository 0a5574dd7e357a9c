"""What a patient wants to know of a session: a few large figures and a few plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from imu_tracker import words
from imu_tracker.remarks import telling_fade
from imu_tracker.report import texts
from imu_tracker.report.comparing import left_right, since
from imu_tracker.report.markup import Html, element, joined, listed, paragraph, section, text
from imu_tracker.report.panels import changed
from imu_tracker.report.quality import in_sets, many
from imu_tracker.report.tables import change_in_words, group_name
from imu_tracker.results import Rep, Series, Session, Set
from imu_tracker.session.trends import Change


def summary(session: Session, series: Series | None, earlier: Session | None) -> Html:
    """The section with the session in short."""
    sets = session.sets
    if not sets:
        length = words.length(session.recording.duration_s)
        return section(texts.SUMMARY, [paragraph(texts.EMPTY.format(length=length))], "summary")
    said = [_done(session), *_worked(sets), *_drop(sets), *_fading(sets), *_sides(session, series)]
    if earlier is not None:
        said += _since(earlier, session)
    return section(texts.SUMMARY, [tiles(sets), listed(said, "summary")], "summary")


def tiles(sets: Sequence[Set]) -> Html:
    """The session's few large figures."""
    figures = [(str(len(sets)), texts.TILES["sets"].removesuffix("s" if len(sets) == 1 else ""))]
    for kind in ("reps", "steps"):
        n = sum(s.count for s in sets if s.kind == kind)
        if n:
            figures.append((str(n), texts.TILES[kind].removesuffix("s" if n == 1 else "")))
    held_s = sum(s.hold_s or 0.0 for s in sets if s.kind == "hold")
    if held_s:
        figures.append((_seconds(held_s), texts.TILES["held"]))
    tension_s = sum(s.time_under_tension_s or 0.0 for s in sets)
    if tension_s and tension_s > held_s:
        figures.append((_seconds(tension_s), texts.TILES["tension"]))
    highest = highest_drop(sets)
    if highest is not None:
        figures.append((highest[1], texts.TILES["drop"]))
    shown = [element("li", Html(f"<strong>{text(figure)}</strong><span>{text(what)}</span>")) for figure, what in figures]
    return element("ul", joined(shown), {"class": "tiles"})


def highest_drop(sets: Sequence[Set]) -> tuple[int, str] | None:
    """The number of the set with the highest drop, and that drop with its uncertainty; None where none is known."""
    known = [(s.pelvic_drop.peak_deg, k, s) for k, s in enumerate(sets, 1) if s.pelvic_drop.peak_deg is not None]
    if not known:
        return None
    peak_deg, number, one = max(known, key=lambda each: each[0])
    return number, give_or_take(peak_deg, uncertainty_deg(one))


def uncertainty_deg(one: Set) -> float | None:
    """The uncertainty of a set's highest drop: that of the rep it is in."""
    known: list[Rep] = [r for r in one.reps if r.drop_deg is not None]
    return max(known, key=lambda r: r.drop_deg or 0.0).drop_uncertainty_deg if known else None


def give_or_take(deg: float, u_deg: float | None) -> str:
    """An angle with its uncertainty."""
    return f"{deg:.1f}°" if u_deg is None else texts.GIVE_OR_TAKE.format(deg=deg, u=u_deg)


def _done(session: Session) -> str:
    """What was done, exercise by exercise."""
    said = []
    for name in dict.fromkeys(s.exercise for s in session.sets):
        here = [s for s in session.sets if s.exercise == name]
        counts = [
            f"{sum(s.count for s in here if s.kind == kind)} {kind}"
            for kind in ("reps", "steps")
            if any(s.kind == kind for s in here)
        ]
        held_s = sum(s.hold_s or 0.0 for s in here)
        if held_s:
            counts.append(f"held for {_seconds(held_s)}")
        by_side = {side: sum((s.count_by_side or {}).get(side, 0) for s in here) for side in ("left", "right")}
        if sum(by_side.values()) == sum(s.count for s in here):  # else some sets' side isn't known
            counts += [f"{n} {side}" for side, n in by_side.items() if n]
        said.append(f"{words.exercise(name)} ({', '.join(counts)})")
    return texts.DONE.format(
        sets=many(len(session.sets), "set"), length=words.length(session.recording.duration_s), what=words.listed(said)
    )


def _worked(sets: Sequence[Set]) -> list[str]:
    tension_s = sum(s.time_under_tension_s or 0.0 for s in sets)
    said = [texts.WORKED.format(tension=_seconds(tension_s))] if tension_s else []
    rests = sorted(s.rest_before_s for s in sets if s.rest_before_s is not None)
    if rests:
        shortest, longest = _seconds(rests[0]), _seconds(rests[-1])
        said.append(texts.RESTED.format(rests=shortest if shortest == longest else f"{shortest} to {longest}"))
    return [" ".join(said)] if said else []


def _seconds(t_s: float) -> str:
    return (f"{t_s:.0f} s" if t_s < 59.5 else words.length(t_s)).replace(" ", "\u00a0")  # stays on one line


def _drop(sets: Sequence[Set]) -> list[str]:
    """How far the pelvis dropped, and in which sets that isn't known."""
    out = []
    highest = highest_drop(sets)
    if highest is not None:
        number, peak = highest
        events = [event for s in sets for event in s.pelvic_drop.events]
        limit = words.listed([f"{v:g}°" for v in sorted({s.pelvic_drop.threshold_deg or 0.0 for s in sets} - {0.0})] or ["0°"])
        doubtful = sum(not event.certain for event in events)
        doubt = f" ({doubtful} of them uncertain)" if doubtful else ""
        if events:
            times = "once" if len(events) == 1 else f"{len(events)} times"
            out.append(texts.DROPPED.format(limit=limit, times=times, doubt=doubt, peak=peak, number=number))
        elif any(s.pelvic_drop.threshold_deg is not None for s in sets):
            out.append(texts.LEVEL.format(limit=limit, peak=peak))
        else:
            out.append(texts.HIGHEST.format(peak=peak))
    unknown: dict[str, list[int]] = {}
    for k, s in enumerate(sets, 1):
        if not s.pelvic_drop.resolved and s.pelvic_drop.reason:
            unknown.setdefault(s.pelvic_drop.reason.rstrip(".").split(";")[0], []).append(k)
    for reason, numbers in unknown.items():
        if len(numbers) == len(sets):
            out.append(texts.UNKNOWN_DROP.format(reason=reason))
        else:
            out.append(texts.UNKNOWN_DROP_IN.format(sets=in_sets(numbers), reason=reason))
    return out


def _fading(sets: Sequence[Set]) -> list[str]:
    """Signs of tiring: a drop that grew, a movement that got smaller."""
    out = []
    grew = [k for k, s in enumerate(sets, 1) if changed(s) and (s.pelvic_drop.change_deg or 0.0) > 0.0]
    if grew:
        out.append(texts.TIRING.format(sets=in_sets(grew)))
    elif any(s.pelvic_drop.change_deg is not None for s in sets):
        out.append(texts.NOT_TIRING)
    faded = [k for k, s in enumerate(sets, 1) if (telling_fade(s.range_fade_percent, [r.range_deg for r in s.reps]) or 0.0) > 0.0]
    if faded:
        out.append(texts.FADED.format(sets=in_sets(faded)))
    return out


def _told(found: Sequence[Change], names: tuple[str, str] | None = None) -> str:
    """The differences that can be told, in words; empty where there is none."""
    return "; ".join(f"{texts.FIGURES[d.figure][0]}: {change_in_words(d, names)}" for d in found if d.told)


def _sides(session: Session, series: Series | None) -> list[str]:
    out = []
    for name, found in left_right(session, series):
        exercise = words.exercise(name).capitalize()
        what = _told(found, ("left", "right"))
        out.append(
            texts.SIDES_DIFFER.format(exercise=exercise, what=what) if what else texts.SIDES_ALIKE.format(exercise=exercise)
        )
    return out


def _since(earlier: Session, session: Session) -> list[str]:
    compared = since(earlier, session)
    out = []
    for group, found in compared:
        exercise = group_name(group)
        what = _told(found)
        out.append(texts.CHANGED.format(exercise=exercise, what=what) if what else texts.UNCHANGED.format(exercise=exercise))
    return out or [texts.NOTHING_IN_COMMON]
