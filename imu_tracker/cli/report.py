"""`imu-tracker report`: a session as a page to read, print and pass on, or as a table or JSON."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from imu_tracker.cli import options
from imu_tracker.cli.store import store_option
from imu_tracker.errors import FileError, UsageError

if TYPE_CHECKING:
    from imu_tracker.analysis import Wish
    from imu_tracker.cli.options import Declared
    from imu_tracker.results import Series, Session
    from imu_tracker.session.opened import Opened
    from imu_tracker.session.store import Store

FORMATS = ("html", "csv", "json")


class Reported(NamedTuple):
    """A session to report on. about: the recording's own words; paths: what was read; said: what the person said of each set;
    asked: rows of done against asked."""

    session: Session
    series: Series | None
    about: Mapping[str, str]
    paths: tuple[str, ...] = ()
    said: Mapping[int, str] | None = None
    asked: Sequence[tuple[str, ...]] = ()


def read_result(path: str) -> Session:
    """The session in a file that `analyze --json` wrote. Raises FileError."""
    import json

    from imu_tracker.results import from_dict

    try:
        return from_dict(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as e:
        raise FileError(path, f"the file can't be read ({e.strerror or e}).") from e
    except (ValueError, AttributeError, RecursionError) as e:
        raise FileError(path, f"this is no session as 'imu-tracker analyze --json' writes it ({e}).") from e


def _opened(word: str, store: str | None) -> tuple[Store, Opened]:
    """The kept session that a word names, by its folder or its name in the store. Raises NoSuchSession, FileError."""
    from imu_tracker.cli.store import opened_session, opened_store
    from imu_tracker.session.store import Store

    folder = Path(word)
    if folder.is_dir():
        there = Store(folder.resolve().parent)
        return there, opened_session(there, folder.resolve().name)
    there = Store(opened_store(store))
    return there, opened_session(there, word)


def _is_kept(word: str) -> bool:
    """Whether a word names a kept session: its folder, or no file at all."""
    from imu_tracker.session.keeping import is_session

    path = Path(word)
    return is_session(path) if path.exists() else "=" not in word and os.sep not in word and not path.suffix


def _of_kept(word: str, store: str | None) -> Reported:
    from imu_tracker.cli.asked import asked_rows
    from imu_tracker.cli.sessions_screen import said_of_set

    there, opened = _opened(word, store)
    about = dict(opened.kept.about)
    if opened.started is not None:
        about["started"] = opened.started.isoformat()
    if opened.said.note:
        about["note"] = opened.said.note
    said = {number: said_of_set(s) for number, one in enumerate(opened.session.sets, 1) if (s := opened.said.of(one)) is not None}
    return Reported(opened.session, there.series(opened.name), about, said=said, asked=asked_rows(opened))


def _read(words: tuple[str, ...], wish: Wish, given: Declared, store: str | None) -> Reported:
    """What the words name, analysed where it isn't yet."""
    from imu_tracker.analysis import Wish
    from imu_tracker.cli.analyze import run

    result, kept = len(words) == 1 and words[0].lower().endswith(".json"), len(words) == 1 and _is_kept(words[0])
    if (result or kept) and (wish != Wish() or given != options.declared()):
        raise UsageError(f"{words[0]} is analysed already; give the recording's files to analyse them otherwise.")
    if result:
        return Reported(read_result(words[0]), None, {}, words)
    if kept:
        return _of_kept(words[0], store)
    session, series, about = run(words, given, wish, watched=True, with_series=True)
    return Reported(session, series, about, tuple(word.rpartition("=")[2] for word in words))


def _earlier(word: str, store: str | None) -> Session:
    """The session to compare with."""
    return read_result(word) if word.lower().endswith(".json") else _opened(word, store)[1].session


def html_of(found: Reported, pseudonym: str | None, earlier: Session | None) -> str:
    """The report as a page; with a pseudonym nothing in it tells whose it is."""
    from imu_tracker.report.page import report_html
    from imu_tracker.report.pseudonym import about_without_names, hidden, names_of, without_names

    session, about, said, asked = found.session, about_of(found), found.said or {}, found.asked
    if pseudonym is not None:
        names = names_of(found.about.get("subject"), found.paths)
        session, about = without_names(session, names, pseudonym), about_without_names(about, pseudonym)
        earlier = None if earlier is None else without_names(earlier, names, pseudonym)
        said = {number: hidden(words, names, pseudonym) for number, words in said.items()}
        asked = [tuple(hidden(words, names, pseudonym) for words in row) for row in asked]
    return report_html(session, found.series, about, earlier, said, asked)


def about_of(found: Reported) -> dict[str, str]:
    """What the head of the report says of a session: who, when, and from which files."""
    words = {"subject": found.about.get("subject", ""), "date": _date(found.about)}
    words["note"] = found.about.get("note", "")
    return {**words, "files": ", ".join(os.path.basename(path.rstrip("/")) for path in found.paths)}


def _date(about: Mapping[str, str]) -> str:
    """When the recording began, as far as its own words say."""
    from datetime import UTC, datetime

    try:
        if about.get("started"):
            return datetime.fromisoformat(about["started"]).strftime("%Y-%m-%d %H:%M")
        if about.get("start_epoch_s"):
            return datetime.fromtimestamp(float(about["start_epoch_s"]), UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        pass
    return ""


def _text(found: Reported, form: str, pseudonym: str | None, earlier: Session | None) -> str:
    """The report in one of its formats."""
    if form == "html":
        return html_of(found, pseudonym, earlier)
    from imu_tracker.report.pseudonym import names_of, without_names

    session = found.session
    if pseudonym is not None:
        session = without_names(session, names_of(found.about.get("subject"), found.paths), pseudonym)
    if form == "csv":
        from imu_tracker.report.sheet import report_csv

        return report_csv(session)
    from imu_tracker.results import to_json

    return to_json(session) + "\n"


@click.command("report")
@click.argument("recording", nargs=-1, required=True, metavar="SESSION|[PLACEMENT=]FILE...")
@click.option("--out", required=True, metavar="OUT|-", help="Where to write; - for stdout.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Else as the ending of OUT says, else html.")
@click.option("--exercise", metavar="NAME", help="The exercise, as 'imu-tracker exercises' lists it.")
@click.option("--side", type=click.Choice(["left", "right"]), help="The working side: the leg stood on, or the one that moves.")
@options.threshold_option
@click.option("--pseudonym", metavar="WORD", help="Stands for the person; name and files are left out.")
@click.option(
    "--compare", metavar="EARLIER.json|SESSION", help="What has changed since: a result of 'analyze --json', or a kept session."
)
@options.reading_options
@store_option
def command(
    recording: tuple[str, ...],
    out: str,
    form: str | None,
    exercise: str | None,
    side: Literal["left", "right"] | None,
    drop_threshold: float | None,
    pseudonym: str | None,
    compare: str | None,
    columns: str | None,
    acc_unit: str | None,
    gyr_unit: str | None,
    time_unit: str | None,
    store: str | None,
) -> None:
    """Write a session's report: one HTML file to read, print and pass on.

    It needs no server, no network and no script, and prints on two pages. The session is a kept one (its name, the beginning of
    it, 'last', or its folder), a recording (as for 'analyze'), or a result of 'analyze --json' (without the drop over time).
    """
    options.check_outputs([*recording, *([compare] if compare else [])], [out])
    from imu_tracker.analysis import Wish

    exercise = options.exercise_name(exercise)
    if pseudonym is not None and not pseudonym.strip():
        raise UsageError("--pseudonym needs a word that stands for the person.")
    ending = os.path.splitext(out)[1].lower().removeprefix(".")
    form = form or (ending if ending in FORMATS else "html")
    if compare is not None and form != "html":
        raise UsageError(f"--compare is for the HTML report; {form} holds this session alone.")
    earlier = None if compare is None else _earlier(compare, store)
    wish = Wish(exercise=exercise, side=side, drop_threshold_deg=drop_threshold)
    found = _read(recording, wish, options.declared(columns, acc_unit, gyr_unit, time_unit), store)
    text = _text(found, form, pseudonym, earlier)
    if out == "-":
        click.echo(text.encode(errors="replace"), nl=False)
        return
    from imu_tracker.files.writing import write_text

    write_text(out, text)
    click.echo(f"Written: {out}", err=True)
