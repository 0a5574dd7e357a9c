"""The report: one HTML file that needs nothing else, on a screen of any width and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Template

from imu_tracker import __version__, words
from imu_tracker.remarks import remarks_on
from imu_tracker.report import texts
from imu_tracker.report.comparing import left_right, since
from imu_tracker.report.drop_figure import WIDE, drop_over_time
from imu_tracker.report.look import styles
from imu_tracker.report.markup import NOTHING, Html, element, joined, listed, paragraph, section, text
from imu_tracker.report.panels import Panel, drops, from_set_to_set, ranges, tempo
from imu_tracker.report.quality import both
from imu_tracker.report.summary import highest_drop, summary
from imu_tracker.report.tables import asked_table, differences_table, group_name, reps_table, sets_table
from imu_tracker.results import Series, Session, Set

# The policy lets the page load nothing and run nothing, whatever came to stand in it.
PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="$description">
<title>$title</title>
<style>$styles</style>
</head>
<body>
$body
</body>
</html>
""")


def report_html(
    session: Session,
    series: Series | None = None,
    about: Mapping[str, str] | None = None,
    earlier: Session | None = None,
    said: Mapping[int, str] | None = None,
    asked: Sequence[tuple[str, ...]] = (),
) -> str:
    """The session's report as a whole HTML page.

    series: the session's own, for the drop over time; left out without it. about: words for the head (`title`, `subject`, `date`,
    `files` or any other). earlier: a session to compare with. said: by the sets' numbers, from 1, what the
    person said of them (load, effort, pain). asked: done against asked, rows as `texts.ASKED_HEAD` has them. What stands in the
    page is these alone: no paths, no clock.
    """
    about = about or {}
    title = about.get("title") or texts.TITLE
    parts = [_head(title, session, about), summary(session, series, earlier)]
    if asked:
        parts.append(section(texts.ASKED, [asked_table(asked)], "asked"))
    if session.sets:
        parts.append(section(texts.SETS, [sets_table(session.sets, said or {})], "sets"))
        parts += [_sides(session, series), _since(earlier, session), _trend(session, series), _each(session, series)]
    parts += [both(session), element("footer", paragraph(texts.FOOTER.format(version=__version__) + " " + texts.NOT_MEDICAL))]
    body = element("main", joined(parts))
    return PAGE.substitute(title=text(title), description=text(texts.DESCRIPTION), styles=styles(), body=body)


def _head(title: str, session: Session, about: Mapping[str, str]) -> Html:
    facts = [
        (texts.ABOUT.get(key, key.replace("_", " ").capitalize()), said) for key, said in about.items() if key != "title" and said
    ]
    facts.append((texts.ABOUT["duration"], words.length(session.recording.duration_s)))
    shown = [element("div", Html(f"<dt>{text(key)}</dt><dd>{text(said)}</dd>")) for key, said in facts]
    return element("header", joined([element("h1", text(title)), element("dl", joined(shown), {"class": "about"})]))


def _sides(session: Session, series: Series | None) -> Html:
    found = [(words.exercise(name).capitalize(), differences) for name, differences in left_right(session, series)]
    if not found:
        return NOTHING
    caption = texts.SIDES_CAPTION + (texts.STEPS_CAPTION if any(s.kind == "steps" for s in session.sets) else "")
    return section(texts.SIDES_TITLE, [differences_table(caption, "|", found, sides=True)], "sides")


def _since(earlier: Session | None, session: Session) -> Html:
    if earlier is None:
        return NOTHING
    found = [(group_name(group), differences) for group, differences in since(earlier, session)]
    if not found:
        return section(texts.SINCE, [paragraph(texts.NOTHING_IN_COMMON)], "since")
    return section(texts.SINCE, [differences_table(texts.SINCE_CAPTION, "→", found, sides=False)], "since")


def _figure(panel: Panel) -> Html:
    keys = [f'<span class="key"><i class="{text(kind)}"></i>{text(said)}</span>' for kind, said in panel.legend]
    return element("figure", Html(f"<figcaption><b>{text(panel.title)}</b>{' '.join(keys)}</figcaption>{panel.svg}"))


def _trend(session: Session, series: Series | None) -> Html:
    """How it went from set to set, and the drop over time where it was highest."""
    figures = [_figure(panel) for panel in from_set_to_set(session.sets, series)]
    highest = highest_drop(session.sets)
    if highest is not None and session.sets[highest[0] - 1].reps:
        figures.append(_wide(highest[0], session.sets[highest[0] - 1], series, texts.WIDE_CAPTION.format(number=highest[0])))
    return section(texts.TREND, [_panels(figures)], "trend") if any(figures) else NOTHING


def _panels(figures: Sequence[Html]) -> Html:
    return element("div", joined(figures), {"class": "panels"}) if any(figures) else NOTHING


def _wide(number: int, one: Set, series: Series | None, title: str) -> Html:
    """A set's drop over time, large enough to read its events; scrolls sideways on a phone."""
    panel = None if series is None else drop_over_time(series, one, WIDE)
    if panel is None:
        return NOTHING
    label = f"{texts.DROP_TIME_TITLE}: {number}"
    said = {"class": "wide", "role": "region", "aria-label": label, "tabindex": "0"}
    return element("div", _figure(panel._replace(title=title)), said)


def _each(session: Session, series: Series | None) -> Html:
    return section(texts.EACH, [_set(k, one, series) for k, one in enumerate(session.sets, 1)], "each")


def _set(number: int, one: Set, series: Series | None) -> Html:
    """A set: what is to be said of it, and its reps as pictures and in numbers."""
    name = words.exercise(one.exercise)
    side = words.sides(one)
    facts = ", ".join(said for said in (words.counted(one), side, f"at {words.clock(one.start_s)}") if said)
    heading = Html(f"{text(f'Set {number}: {name}')} <small>{text(facts)}</small>")
    if one.reps:
        found = [tempo(one), ranges(one), drops(one, series), None if series is None else drop_over_time(series, one)]
        figures = [_figure(panel) for panel in found if panel is not None]
    else:
        figures = [_wide(number, one, series, texts.DROP_TIME_TITLE)]
    parts = [element("h3", heading), listed(list(remarks_on(one)), "remarks")]
    if one.pelvic_drop.peak_deg is None:
        reason = (one.pelvic_drop.reason or texts.NO_DROP_REASON).rstrip(".")
        parts.append(paragraph(texts.NO_DROP.format(reason=reason), "soft"))
    return element(
        "article", joined([*parts, _panels(figures), reps_table(number, one)]), {"class": "set", "id": f"set-{number}"}
    )
