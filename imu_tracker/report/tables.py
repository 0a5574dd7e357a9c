"""The report's tables: the sets, each set's reps, left against right, and now against an earlier session."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from imu_tracker import words
from imu_tracker.remarks import UNSURE_BELOW, past, telling_fade
from imu_tracker.report import texts
from imu_tracker.report.comparing import Group
from imu_tracker.report.markup import NOTHING, Html, element, table, text, without_empty_columns
from imu_tracker.report.panels import changed
from imu_tracker.results import SURE, Rep, Set
from imu_tracker.session.trends import Change


def sets_table(sets: Sequence[Set], said: Mapping[int, str]) -> Html:
    """One row a set, with what a therapist wants to know of it; columns in which nothing is known are left out."""
    rows = [[*_row(number, one), _said(said.get(number, ""))] for number, one in enumerate(sets, 1)]
    head, shown = without_empty_columns(texts.SET_HEAD, rows)
    known = {r.rise_s is not None for s in sets for r in s.reps if r.out_s is not None}
    tempo = texts.TEMPO_ORDER if known == {True} else texts.TEMPO_ORDER_UNKNOWN if known == {False} else texts.TEMPO_ORDER_MIXED
    caption = texts.SETS_CAPTION.format(tempo=tempo)
    return table(caption if any(one.reps for one in sets) else texts.SETS_CAPTION_PLAIN, head, shown, "sets")


def asked_table(rows: Sequence[tuple[str, ...]]) -> Html:
    """Done against asked; rows as `texts.ASKED_HEAD` has them."""
    return table(texts.ASKED_CAPTION, texts.ASKED_HEAD, [[text(cell) for cell in row] for row in rows], "asked")


def _said(words_said: str) -> Html:
    return Html(f'<span class="words">{text(words_said)}</span>') if words_said else NOTHING


def _row(number: int, one: Set) -> list[Html]:
    when = f"{words.clock(one.start_s)}–{words.clock(one.end_s)}"
    link = element("a", text(number), {"href": f"#set-{number}"})
    cells = [when, _exercise(one), words.counted(one), words.sides(one), tempo_of(one), _range(one), _fade(one)]
    cells += ["" if one.time_under_tension_s is None else f"{one.time_under_tension_s:.0f} s"]
    cells += ["" if one.rest_before_s is None else words.clock(one.rest_before_s)]
    cells += ["" if one.cadence_per_min is None else f"{one.cadence_per_min:.1f}"]
    return [link, *(text(cell) for cell in cells), _drop(one), text(_change(one))]


def _exercise(one: Set) -> str:
    name = words.exercise(one.exercise)
    if one.confidence is None or one.exercise in (None, "unknown"):
        return name
    return f"{name}{'?' if one.confidence < SURE else ''} ({100 * one.confidence:.0f} %)"


def tempo_of(one: Set) -> str:
    """The usual rep's lift, pause and lowering where they are known, else out, pause and back; empty where neither is."""
    whole = [(r.out_s, r.pause_s, r.back_s) for r in one.reps if r.out_s is not None and not r.partial]
    if all(r.rise_s is not None for r in one.reps if r.out_s is not None):
        whole = [(r.rise_s, r.pause_s, r.lower_s) for r in one.reps if r.rise_s is not None and not r.partial]
    if not whole:
        return ""
    return " / ".join(f"{statistics.median(v or 0.0 for v in part):.1f}" for part in zip(*whole, strict=True))


def _range(one: Set) -> str:
    known = [r.range_deg for r in one.reps if r.range_deg is not None and not r.partial]
    return f"{statistics.median(known):.0f}°" if known else ""


def _fade(one: Set) -> str:
    if one.range_fade_percent is None:
        return ""
    fade = telling_fade(one.range_fade_percent, [r.range_deg for r in one.reps])
    return texts.STEADY if fade is None else f"{abs(fade):.0f} % {'less' if fade > 0 else 'more'}"


def _drop(one: Set) -> Html:
    drop = one.pelvic_drop
    if drop.peak_deg is None:
        return NOTHING
    highest: Rep | None = max((r for r in one.reps if r.drop_deg is not None), key=lambda r: r.drop_deg or 0.0, default=None)
    u = highest.drop_uncertainty_deg if highest is not None else None
    said = f"{drop.peak_deg:.1f}°" + ("" if u is None else f" ± {u:.1f}°")
    if not drop.events:
        return text(said)
    many = len(drop.events)
    often = f"{many}× past {drop.threshold_deg:g}°"
    if not any(event.certain for event in drop.events):
        often += ", uncertain"
    return Html(f'<span class="past">{text(said)}</span><br><small>{text(often)}</small>')


def _change(one: Set) -> str:
    drop = one.pelvic_drop
    if drop.change_deg is None or drop.change_uncertainty_deg is None:
        return ""
    if not changed(one):
        return texts.STEADY
    return f"{abs(drop.change_deg):.1f}° {'more' if drop.change_deg > 0 else 'less'} (± {drop.change_uncertainty_deg:.1f}°)"


def reps_table(number: int, one: Set) -> Html:
    """Each rep of a set in numbers, folded away until someone wants them."""
    if not one.reps:
        return NOTHING
    known = all(r.rise_s is not None for r in one.reps if r.out_s is not None)
    head = [word if known else texts.REP_HEAD_UNKNOWN.get(word, word) for word in texts.REP_HEAD]
    rows = [[text(cell) for cell in _rep(k, r, known, one.pelvic_drop.threshold_deg)] for k, r in enumerate(one.reps, 1)]
    head, shown = without_empty_columns(head, rows)
    caption = texts.NUMBERS.format(number=number)
    return element("details", Html(f"<summary>{text(caption)}</summary>{table(caption, head, shown)}"))


def _rep(k: int, r: Rep, known: bool, threshold_deg: float | None) -> list[str]:
    out, back = (r.rise_s, r.lower_s) if known else (r.out_s, r.back_s)
    remarks = [
        (texts.PARTIAL, r.partial),
        ("unsure", r.confidence < UNSURE_BELOW),
        (texts.PAST, past(r, threshold_deg)),
    ]
    drop = _decimal(r.drop_deg) + (f" ± {r.drop_uncertainty_deg:.1f}" if r.drop_uncertainty_deg is not None else "")
    return [
        str(k), words.clock(r.start_s), r.side or "", f"{r.duration_s:.1f}", _decimal(out), _decimal(r.pause_s), _decimal(back),
        _decimal(r.range_deg, 0), _decimal(r.peak_rate_deg_s, 0), drop, _decimal(r.hike_deg), _decimal(r.smoothness, 2),
        f"{100 * r.confidence:.0f} %", ", ".join(word for word, holds in remarks if holds),
    ]  # fmt: skip


def _decimal(x: float | None, digits: int = 1) -> str:
    return "" if x is None else f"{x:.{digits}f}"


def change_in_words(d: Change, names: tuple[str, str] | None = None) -> str:
    """How the second differs from the first, where that can be told; names: of the two, where they are no before and after."""
    if not d.told:
        return texts.NO_DIFFERENCE if names else texts.NO_CHANGE
    more, less = texts.CHANGES[d.figure]
    by = texts.FIGURES[d.figure][1].format(abs(d.by))
    said = (more if d.by > 0 else less).format(by=by)
    return f"{names[1]} {said}" if names else said


def differences_table(caption: str, between: str, found: Sequence[tuple[str, list[Change]]], sides: bool) -> Html:
    """What differs and by how much, one row a group; `between` stands between the two; `sides`: they are left and right."""
    figures = [what for what in texts.FIGURES if any(d.figure == what for _, differences in found for d in differences)]
    rows = []
    for group, differences in found:
        known = {d.figure: d for d in differences}
        rows.append([text(group), *(_difference(known[w], between, sides) if w in known else NOTHING for w in figures)])
    return table(caption, [texts.GROUP, *(texts.FIGURES[what][0].capitalize() for what in figures)], rows, "compared")


def _difference(d: Change, between: str, sides: bool) -> Html:
    """Both values, and below them how they differ, or how far they would have to for it to be told."""
    form = texts.FIGURES[d.figure][1]
    said = change_in_words(d, ("left", "right") if sides else None)
    if not d.told and d.uncertainty:
        said = texts.UNTOLD.format(word=said, least=form.format(d.uncertainty))
    kind = ' class="change"' if d.told else ""
    return Html(f"{text(form.format(d.before))} {between} {text(form.format(d.now))}<br><small{kind}>{text(said)}</small>")


def group_name(group: Group) -> str:
    """A group as a person reads it."""
    return words.exercise(group.exercise).capitalize() + (f", {group.side}" if group.side else "")
