"""The command line: `imu-tracker COMMAND`.

Each command lives in a module of its own, which is imported when the command is called: `--help` costs the interpreter and
click, nothing else. Results go to stdout, everything else to stderr; no traceback reaches a user.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from imu_tracker import __version__
from imu_tracker.errors import ImuTrackerError, UsageError, fault

PROGRAM = "imu-tracker"
DEBUG_VARIABLE = "IMU_TRACKER_DEBUG"  # set to 1, an unexpected exception shows its traceback

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130

# name: what it does in a line, said here so that listing the commands imports none of them; the module has the name, too
COMMANDS = {
    "demo": "The main job on two bundled recordings: no sensor, no arguments.",
    "scan": "List the sensors that are near, by signal strength.",
    "record": "Record from Bluetooth sensors, with guided calibration.",
    "live": "Watch a session while it is worn: reps, tempo, pelvis.",
    "replay": "Play a recording back through the live path.",
    "app": "The same in a browser, on the phone too.",
    "plan": "Show what was prescribed, or take a plan from a file.",
    "sessions": "List the sessions that were kept; show, delete or move them.",
    "review": "Look at a kept session and correct it.",
    "export": "Write a kept session as tables or JSON, or for OpenSim or Garmin.",
    "analyze": "Count the reps of a recording, with their tempo.",
    "report": "Write a session's report: one HTML file to read, print and pass on.",
    "exercises": "List the exercise catalogue, or show one exercise.",
    "simulate": "Simulate a person doing an exercise, or a session file, with worn sensors.",
    "doctor": "Find what on this machine would keep it from working, and the mend.",
    "train": "Train a model on a folder of recordings, and say what to expect of it on other people.",
    "evaluate": "Ask a model about every recording of a dataset.",
    "teach": "Teach an exercise of your own from one to five sets.",
    "forget": "Take away an exercise that was taught; 'imu-tracker teach --list' lists them.",
    "models": "Choose the model that names the exercises: the built-in one, or one of your own.",
    "features": "Write the features that recognition uses as a table.",
    "batch": "Analyse every recording of a folder, on all cores or on a cluster.",
    "convert": "Turn a recording of any known format and unit into a table, or orientations for OpenSim.",
}

# Characters of the texts here and what stands for them on a terminal or in a file that lacks them.
PLAIN_CHARACTERS = {"█": "#", "▒": "=", "░": ".", "━": "-", "─": "-", "–": "-", "·": "|", "→": "to", "±": "+/-", "°": " deg"}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order in which a person meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"imu_tracker.cli.{cmd_name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with the nearest name where the word is no command."""
        word = args[0]
        if word not in COMMANDS and not word.startswith("-"):
            import difflib

            near = difflib.get_close_matches(word, COMMANDS, n=1)
            ctx.fail(f"There is no command {word!r}.{f' Did you mean {near[0]!r}?' if near else ''}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"'{PROGRAM} COMMAND --help' tells more about a command. Start with '{PROGRAM} demo'.",
)
@click.version_option(__version__, prog_name=PROGRAM)
def cli() -> None:
    """Counts exercise reps and their tempo from a worn motion sensor (IMU), offline."""


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that the output can't carry."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN_CHARACTERS.get(c, "?") for c in error.object[error.start : error.end]), error.end


def _never_fail_to_encode() -> None:
    """Let stdout and stderr of a narrow encoding (ASCII, cp1252) carry plainer characters instead of failing."""
    import codecs
    import io

    codecs.register_error("imu_tracker.plainer", _plainer)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="imu_tracker.plainer")


def _say(sentence: str) -> None:
    click.echo(f"Error: {sentence}", err=True)


def _let_go_of_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush doesn't complain about what has been dealt with."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):  # stdout without a descriptor, as under a test runner
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line with `args` (the process's own by default) and return the exit status.

    0 done; 1 the work failed, with one sentence on stderr; 2 the words of the call are off; 130 interrupted.
    """
    _never_fail_to_encode()
    try:
        with cli.make_context(PROGRAM, list(sys.argv[1:] if args is None else args)) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as e:
        return e.exit_code
    except click.ClickException as e:
        e.show()
        return e.exit_code
    except UsageError as e:
        _say(str(e))
        return MISUSED
    except ImuTrackerError as e:
        _say(str(e))
        return FAILED
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_stdout()  # such as `| head`: the reader has all it wants
        return DONE
    except Exception as e:
        if os.environ.get(DEBUG_VARIABLE) == "1":
            raise
        if isinstance(e, OSError) and e.strerror:  # the machine's own word: a full disk, say
            _say(f"{e.filename or 'Output'}: {e.strerror}.")
            if e.filename is None:
                _let_go_of_stdout()
        else:
            _say(fault(e))
        return FAILED
    return DONE
