"""`imu-tracker review`: a kept session looked at and corrected, by options or line by line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import click

from imu_tracker.cli import options
from imu_tracker.cli.store import store_option
from imu_tracker.errors import UsageError

if TYPE_CHECKING:
    from imu_tracker.results import Rep, Set
    from imu_tracker.session.edits import Edit
    from imu_tracker.session.opened import Opened
    from imu_tracker.session.store import Store

TAKEN_BACK = "-"  # an option's value that takes what was said back


def seconds(word: str) -> float:
    """A time in the recording, seconds, m:ss or h:mm:ss; raises click.BadParameter."""
    try:
        parts = [float(x) for x in word.split(":")]
    except ValueError:
        parts = [-1.0]
    if len(parts) > 3 or not all(0 <= x < float("inf") for x in parts) or any(x >= 60 for x in parts[1:]):
        raise click.BadParameter(f"{word!r} is no time such as 83.5 or 1:23.5.")
    return float(sum(x * 60**k for k, x in enumerate(reversed(parts))))


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    return None if value is None else seconds(value)


def _span(context: click.Context, parameter: click.Parameter, value: tuple[str, str] | None) -> tuple[float, float] | None:
    return None if value is None else (seconds(value[0]), seconds(value[1]))


def _scale(context: click.Context, parameter: click.Parameter, value: str | None) -> int | str | None:
    """A whole number from 0 to 10, or `TAKEN_BACK`."""
    if value is None or value == TAKEN_BACK:
        return value
    if not (value.isascii() and value.isdigit() and int(value) <= 10):
        raise click.BadParameter(f"{value!r} is no whole number from 0 to 10.")
    return int(value)


@dataclass(frozen=True)
class Asked:
    """What a call asks for; None: not said. The set's and the rep's numbers are from 1. `-` takes a word back."""

    set_number: int | None = None
    rep_number: int | None = None
    count: int | None = None
    exercise: str | None = None
    side: Literal["left", "right", "both"] | None = None
    start_s: float | None = None
    end_s: float | None = None
    remove: bool = False
    add_rep: tuple[float, float] | None = None
    add_set: tuple[float, float] | None = None
    hold: bool = False
    effort: int | str | None = None
    pain: int | str | None = None
    load: str | None = None
    note: str | None = None
    undo: bool = False
    drop_threshold_deg: float | None = None

    @property
    def said(self) -> dict[str, int | str | None]:
        """What is said beside corrections: None takes a word back."""
        given = {"effort": self.effort, "pain": self.pain, "load": self.load, "note": self.note}
        return {k: None if v == TAKEN_BACK else v for k, v in given.items() if v is not None}


def set_of(opened: Opened, number: int) -> Set:
    """A set by its number, from 1; raises UsageError."""
    sets = opened.session.sets
    if not 1 <= number <= len(sets):
        raise UsageError(f"There is no set {number}; " + (f"the session has {len(sets)}." if sets else "the session has none."))
    return sets[number - 1]


def _rep_of(a_set: Set, number: int) -> Rep:
    if not 1 <= number <= len(a_set.reps):
        raise UsageError(f"There is no rep {number} in this set; it has {len(a_set.reps)}.")
    return a_set.reps[number - 1]


def _known(exercise: str) -> str:
    """The catalogue's name of an exercise, or the person's own, which is said on stderr."""
    from imu_tracker.errors import NoSuchExercise
    from imu_tracker.exercises import find

    try:
        return find(exercise).name
    except NoSuchExercise as e:
        near = f"; did you mean {' or '.join(e.near)}?" if e.near else "."
        click.echo(f"Note: {exercise!r} isn't in the catalogue, and is kept as a name of your own{near}", err=True)
        return exercise


def edits_of(opened: Opened, asked: Asked) -> list[Edit]:
    """The corrections that a call asks for; raises UsageError where its words don't go together."""
    from imu_tracker.session import edits

    bounded = asked.start_s is not None or asked.end_s is not None
    if asked.add_rep is not None:
        return [edits.AddRep(*asked.add_rep)]
    if asked.add_set is not None:
        kind: Literal["hold", "reps"] = "hold" if asked.hold else "reps"
        named = None if asked.exercise is None else _known(asked.exercise)
        return [edits.AddSet(*asked.add_set, kind, asked.count, named, asked.side)]
    if asked.set_number is None:
        if asked.count is not None or asked.remove or bounded or asked.rep_number is not None:
            raise UsageError("Say which set, such as --set 2.")
        return []
    a_set = set_of(opened, asked.set_number)
    at_s = 0.5 * (a_set.start_s + a_set.end_s)
    if asked.rep_number is not None:
        rep = _rep_of(a_set, asked.rep_number)
        if asked.count is not None or asked.exercise is not None or asked.side is not None:
            raise UsageError("Count, exercise and side are the set's; leave --rep out.")
        if asked.remove:
            return [edits.RemoveRep(rep.turn_s)]
        return [edits.MoveBoundary(rep.turn_s, asked.start_s, asked.end_s)] if bounded else []
    if bounded:
        raise UsageError("Say which rep's boundary, such as --rep 3; a set reaches from its first rep to its last.")
    if asked.remove:
        if asked.said:
            raise UsageError("Nothing can be said of a set that is removed.")
        return [edits.RemoveSet(at_s)]
    out: list[Edit] = []
    if asked.exercise is not None:
        out.append(edits.NameExercise(at_s, _known(asked.exercise)))
    if asked.side is not None:
        out.append(edits.SetSide(at_s, asked.side))
    if asked.count is not None:
        out.append(edits.SetCount(at_s, asked.count))
    return out


def _analysed_anew(store: Store, opened: Opened, asked: Asked) -> None:
    """The whole session analysed by another wish."""
    from dataclasses import replace

    from imu_tracker.exercises import find

    wish = opened.kept.wish
    if asked.exercise is not None:
        wish = replace(wish, exercise=find(asked.exercise).name, own=None)
    if asked.side == "both":
        wish = replace(wish, side=None)
    elif asked.side is not None:
        wish = replace(wish, side=asked.side)
    if asked.drop_threshold_deg is not None:
        wish = replace(wish, drop_threshold_deg=asked.drop_threshold_deg)
    from imu_tracker.cli.progress import ShownProgress

    told = opened.kept.told  # of later parts; an exercise or a side that is said now is said of the whole session
    if asked.exercise is not None or asked.side is not None:
        told = ()
    elif asked.drop_threshold_deg is not None:
        told = tuple(replace(t, wish=replace(t.wish, drop_threshold_deg=asked.drop_threshold_deg)) for t in told)
    with ShownProgress() as progress:
        store.analyse(opened.name, wish, progress, told)


def do(store: Store, name: str, asked: Asked) -> bool:
    """What a call asks for; whether that was anything. Raises UsageError, EditsError, FileError, SamplesError."""
    opened = store.open(name)
    if asked.undo:
        taken = store.undo(name)
        if taken is None:
            raise UsageError("There is no correction to take back.")
        click.echo(f"Taken back: {taken.op}.", err=True)
        return True
    adding = asked.add_set is not None or asked.add_rep is not None
    if asked.said and adding:
        raise UsageError("Add it first; then say of which set that is, such as --set 2.")
    if asked.set_number is None and set(asked.said) - {"note"}:
        raise UsageError("Say of which set, such as --set 2; only a note can be of the whole session.")
    if asked.set_number is None and not adding and (asked.exercise or asked.side or asked.drop_threshold_deg):
        _analysed_anew(store, opened, asked)
        click.echo("The session is analysed anew; corrections stay.", err=True)
    elif asked.drop_threshold_deg is not None:
        raise UsageError("The threshold is the session's; leave --set out.")
    elif edits := edits_of(opened, asked):
        opened = store.correct(name, *edits)
    elif not asked.said:
        return False
    _say(store, name, asked)
    return True


def _say(store: Store, name: str, asked: Asked) -> None:
    from dataclasses import replace

    said, number = asked.said, asked.set_number
    if not said:
        return
    if number is not None:
        store.say(name, lambda session, before: before.with_set(session.sets[number - 1], **said))
    else:
        note = said["note"]
        store.say(name, lambda _, before: replace(before, note=None if note is None else str(note)))


@click.command("review")
@click.argument("session", default="last")
@click.option(
    "--set", "set_number", type=click.IntRange(min=1), metavar="N", help="The set that the rest is about; alone it is shown."
)
@click.option(
    "--rep", "rep_number", type=click.IntRange(min=1), metavar="N", help="The rep of the set: with --start, --end or --remove."
)
@click.option("--count", type=click.IntRange(min=0), metavar="N", help="It had so many reps.")
@click.option("--exercise", metavar="NAME", help="It was this exercise. Without --set: analyse all as it.")
@click.option("--side", type=click.Choice(["left", "right", "both"]), help="The working side. Without --set: analyse anew.")
@click.option("--start", "start_s", callback=_moment, metavar="TIME", help="The rep began then: seconds or m:ss.")
@click.option("--end", "end_s", callback=_moment, metavar="TIME", help="The rep ended then.")
@click.option("--remove", is_flag=True, help="It was no rep, or no set.")
@click.option("--add-rep", nargs=2, callback=_span, metavar="FROM TO", help="There was a rep.")
@click.option("--add-set", nargs=2, callback=_span, metavar="FROM TO", help="There was a set, with --count or --hold.")
@click.option("--hold", is_flag=True, help="The added set was a hold.")
@click.option("--load", metavar="WORDS", help="Weight or band, such as '10 kg'; - takes it back.")
@click.option("--effort", callback=_scale, metavar="0-10", help="How hard it was; - takes it back.")
@click.option("--pain", callback=_scale, metavar="0-10", help="How much it hurt; - takes it back.")
@click.option("--note", metavar="TEXT", help="On the set, or without --set on the session; - takes it back.")
@click.option(
    "--drop-threshold",
    "drop_threshold_deg",
    type=float,
    metavar="DEG",
    callback=options.threshold,
    help="Analyse anew with this threshold.",
)
@click.option("--undo", is_flag=True, help="Take the last correction back.")
@click.option("-i", "--interactive", is_flag=True, help="Line by line: the same words without the dashes.")
@store_option
@click.pass_context
def command(context: click.Context, /, session: str, interactive: bool, store: str | None, **asked: Any) -> None:
    """Look at a kept session and correct it.

    SESSION is its name or the beginning of it, or 'last'. What was recorded and analysed stays as it is: corrections lie over it,
    and --undo takes them back one by one.
    """
    from imu_tracker.cli.store import opened_session, opened_store
    from imu_tracker.session.store import Store

    kept = Store(opened_store(store))
    name = opened_session(kept, session).name
    wanted = Asked(**asked)
    if interactive:
        if wanted != Asked():
            raise UsageError("With --interactive the other words come line by line.")
        _line_by_line(kept, name, context.command)
    else:
        _show(kept, name, wanted, do(kept, name, wanted))


def _show(store: Store, name: str, asked: Asked, changed: bool) -> None:
    """What the words were about, as it is now."""
    from imu_tracker.cli.sessions_screen import print_opened, print_set, print_sets
    from imu_tracker.cli.terminal import Terminal

    opened, console = store.open(name), Terminal()
    number = asked.set_number
    if number is not None and not asked.remove and number <= len(opened.session.sets):
        print_set(console, opened, number, with_reps=not changed or asked.rep_number is not None)
    elif changed:
        print_sets(console, opened)
    else:
        print_opened(console, opened)


def _line_by_line(store: Store, name: str, words: click.Command) -> None:
    """Corrections from lines, until an empty one; what is off with a line is said, and the next one awaited."""
    from imu_tracker.cli.sessions_screen import print_sets
    from imu_tracker.cli.terminal import Terminal
    from imu_tracker.errors import ImuTrackerError

    print_sets(Terminal(), store.open(name))
    click.echo("Such as: set 2 count 10, set 2 rep 3 remove, undo.", err=True)
    click.echo("'help' lists the words, an empty line ends.", err=True)
    while True:
        click.echo("review> ", nl=False, err=True)
        line = sys.stdin.readline().strip()
        if not line or line in ("q", "quit", "exit"):
            return
        try:
            if line == "help":
                with click.Context(words, info_name="review") as context:
                    click.echo(words.get_help(context))
                continue
            with words.make_context("review", [name, *dashed(line, words)]) as context:
                wanted = Asked(**{k: v for k, v in context.params.items() if k in Asked.__dataclass_fields__})
            _show(store, name, wanted, do(store, name, wanted))
        except click.ClickException as e:
            click.echo(e.format_message(), err=True)
        except ImuTrackerError as e:
            click.echo(str(e), err=True)


def dashed(line: str, words: click.Command) -> list[str]:
    """A line such as `set 2 load "10 kg"` as the words of a call, `--set 2 --load "10 kg"`; raises UsageError."""
    import shlex

    try:
        given = shlex.split(line)
    except ValueError as e:
        raise UsageError(f"A quotation mark is missing ({e}).") from e
    values = {o.lstrip("-"): 0 if getattr(p, "is_flag", False) else p.nargs for p in words.params for o in p.opts}
    out: list[str] = []
    while given:
        word, *given = given
        name = word.lstrip("-")
        if name not in values or name in ("session", "interactive", "i", "store"):
            raise UsageError(f"There is no word {word!r}; 'help' lists them.")
        out += [f"--{name}", *given[: values[name]]]
        given = given[values[name] :]
    return out
