"""The store: every session in a folder of its own (`keeping`), and an index of them all (`index`) that follows the folders.

    STORE/2026-11-21_14-35-31/      a session
    STORE/.bin/                     deleted sessions, until they are deleted for good: nothing recorded is lost by a slip
    STORE/index.sqlite              the index
    STORE/.models/, *.model         models (`models`)

A store may be used by several processes at once: a session's words change under the store's lock, each file as a whole. What is
recorded is written by `ingest.recorder`, and recovered after a crash by `recover`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from imu_tracker import results
from imu_tracker.analysis import Progress, Wish
from imu_tracker.errors import FileError, ImuTrackerError
from imu_tracker.files.reading import read_recording
from imu_tracker.files.writing import write_series, write_table, write_text
from imu_tracker.ingest.recorder import file_name
from imu_tracker.ingest.recovery import Finished, recover
from imu_tracker.recording import Recording
from imu_tracker.results import Series, Session
from imu_tracker.session import keeping
from imu_tracker.session.applying import apply
from imu_tracker.session.edits import Edit, Edits, write_edits
from imu_tracker.session.index import Entry, Filed, Index, Named
from imu_tracker.session.keeping import Kept
from imu_tracker.session.models import Models
from imu_tracker.session.opened import Listed, NoSuchSession, Opened, laid_over, state_of
from imu_tracker.session.parts import Told, analyzed_in_parts
from imu_tracker.session.said import Said
from imu_tracker.session.sharing import alone, claim, incoming_folder
from imu_tracker.session.trends import Point

BIN = ".bin"
NOT_ANALYSED = "not analysed yet"


def _order(started: datetime | None) -> float:
    return 0.0 if started is None else started.timestamp()


class Store:
    """The sessions kept under a folder, which need not exist yet. It holds nothing open."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._index = Index(root)

    # --- finding

    def recover(self) -> tuple[Finished, ...]:
        """Finish what crashed recordings left; what became of each. Call it once at the start."""
        return recover(self.root)

    def names(self) -> tuple[str, ...]:
        """All sessions' names, oldest first; raises FileError."""
        try:
            return tuple(sorted(p.name for p in self.root.iterdir() if keeping.is_session(p)))
        except FileNotFoundError:
            return ()
        except OSError as e:
            raise FileError(self.root, f"the store can't be read ({e.strerror or e}).") from e

    def list(self) -> tuple[Listed, ...]:
        """All sessions, the newest first; the index is brought up to what the folders say. Raises FileError."""
        names = self.names()
        entries = self._followed(names) if names else ()
        listed = [Listed(e, state_of(self.root / e.name)) for e in entries]
        return tuple(sorted(listed, key=lambda one: (_order(one.entry.started), one.name), reverse=True))

    def points(self, exercise: str | None = None) -> tuple[Point, ...]:
        """What was done in each session, of all exercises or one (`trends`), oldest first; raises FileError."""
        names = self.names()
        if not names:
            return ()
        self._followed(names)
        return tuple(sorted(self._index.points(exercise), key=lambda p: (_order(p.started), p.session)))

    def named(self) -> tuple[Named, ...]:
        """What a person named in each session, oldest first; raises FileError."""
        names = self.names()
        if not names:
            return ()
        self._followed(names)
        return tuple(sorted(self._index.named(), key=lambda n: (_order(n.started), n.session)))

    def _followed(self, names: tuple[str, ...]) -> tuple[Entry, ...]:
        """The index's entries, after taking in what has changed in the folders since."""
        known = self._index.stamps()
        stamps = {name: keeping.stamp_of(self.root / name) for name in names}
        new = [self._filed(name, stamp) for name, stamp in stamps.items() if known.get(name) != stamp]
        gone = [name for name in known if name not in stamps]
        return tuple(e for e in self._index.update(new, gone) if e.name in stamps)

    def _filed(self, name: str, stamp: str) -> tuple[Entry, Filed | None]:
        """What the index is to have of a session. The stamp was taken before, so that a change meanwhile is seen next time."""
        folder = self.root / name
        plain = Entry(name, stamp, keeping.started_of(name, {}))
        try:
            kept = keeping.read_kept(folder)
            edits, said = keeping.read_corrections(folder), keeping.read_said(folder)
        except FileError as e:
            return replace(plain, trouble=str(e)), None
        if kept is None:
            return replace(plain, note=said.note, trouble=NOT_ANALYSED), None
        session, _ = laid_over(kept.session, edits)
        entry = Entry(
            name,
            stamp,
            keeping.started_of(name, kept.about),
            session.recording.duration_s,
            kept.about.get("subject"),
            len(session.sets),
            sum(s.count for s in session.sets),
            tuple(dict.fromkeys(s.exercise or "unknown" for s in session.sets)),
            len(edits.edits),
            said.note,
            kept.program,
        )
        return entry, Filed(session, edits, said)

    def find(self, word: str) -> str:
        """The session that a word names: its name, the beginning of it, or `last`; raises NoSuchSession, FileError."""
        names = self.names()
        if not names:
            raise NoSuchSession(f"There are no sessions in {self.root} yet.")
        if word == "last":
            return self.list()[0].name
        found = [word] if word in names else [n for n in names if word and n.startswith(word)]
        if len(found) == 1:
            return found[0]
        if found:
            raise NoSuchSession(
                f"{word!r} begins {len(found)} sessions' names, such as {found[0]} and {found[-1]}; write more of it."
            )
        raise NoSuchSession(f"There is no session {word!r}; `imu-tracker sessions` lists them.")

    # --- one session

    def open(self, name: str, progress: Progress | None = None) -> Opened:
        """A session; where its analysis is missing, damaged or of an older form it is made now.

        Raises FileError, SamplesError.
        """
        folder = self.folder(name)
        kept = keeping.read_kept(folder)
        if kept is None or keeping.lacks_samples(kept, folder):
            kept = self.analyse(name, None, progress)
        edits, said = keeping.read_corrections(folder), keeping.read_said(folder)
        session, misfits = laid_over(kept.session, edits)
        return Opened(name, folder, keeping.started_of(name, kept.about), kept, session, edits, said, misfits)

    def series(self, name: str, progress: Progress | None = None) -> Series:
        """A session's series, as the analysis has it: its numbers of sets and reps are without corrections. Raises as `open`."""
        path = self.folder(name) / keeping.SERIES
        found = keeping.read_series(path)
        if found is None:
            self.analyse(name, None, progress)
            found = keeping.read_series(path)
        if found is None:
            raise FileError(path, "the series can't be read.")
        return found

    def analyse(self, name: str, wish: Wish | None = None, progress: Progress | None = None, told: tuple[Told, ...] = ()) -> Kept:
        """Analyse a session's samples and keep that: by the wish given and what is told of later parts, else by those before,
        else by the words of the recording and what was told while it lasted.

        The model in use names what they don't. Corrections stay, and are laid over it. Raises FileError, SamplesError.
        """
        folder = self.folder(name)
        if state_of(folder) == "recording":
            raise FileError(folder, "this session is still being recorded.")
        files = keeping.samples_of(folder)
        if not files:
            raise FileError(folder, "there are no samples here to analyse.")
        recording = read_recording([str(f) for f in files])
        if wish is None:
            wish, told = keeping.read_wish(folder) or (keeping.wish_of(recording.about), keeping.told_in(folder))
        session, series = analyzed_in_parts(recording, self._with_model(wish, told), told, progress)
        # As it will be read: to the decimals that the file has, and without what isn't kept with it.
        plain = replace(wish, guide=None, model=None)
        kept = Kept(results.from_dict(results.to_dict(session)), plain, dict(recording.about), told=told)
        with alone(self.root):
            keeping.read_kept(folder)  # a newer version's isn't written over
            write_series(series, folder / keeping.SERIES, with_lean=True)
            write_text(folder / keeping.SESSION, keeping.kept_text(kept))
        return kept

    def _with_model(self, wish: Wish, told: tuple[Told, ...] = ()) -> Wish:
        """The wish with the model in use, where names are to be told and no other model was wished. Raises ModelError."""
        if wish.model is not None or all(w.told is not None for w in (wish, *(t.wish for t in told))):
            return wish
        return replace(wish, model=Models(self.root).chosen())

    def correct(self, name: str, *edits: Edit) -> Opened:
        """Lay more corrections over a session; raises EditsError where one doesn't fit, FileError."""
        self.open(name)  # analysed, where it isn't

        def change(opened: Opened) -> None:
            apply(replace(opened.session, corrections=()), Edits(edits))
            write_edits(opened.edits.then(*edits), opened.folder / keeping.EDITS)

        return self._changed(name, change)

    def undo(self, name: str) -> Edit | None:
        """Take the last correction back; it, or None where there is none. Raises FileError."""
        taken: list[Edit] = []

        def change(opened: Opened) -> None:
            if opened.edits.edits:
                taken.append(opened.edits.edits[-1])
                write_edits(Edits(opened.edits.edits[:-1]), opened.folder / keeping.EDITS)

        self._changed(name, change)
        return taken[0] if taken else None

    def say(self, name: str, change: Callable[[Session, Said], Said]) -> Opened:
        """Change what is said of a session: `change` gets it, corrected, and what was said so far.

        Raises what that does, FileError.
        """
        self.open(name)
        return self._changed(name, lambda o: keeping.write_said(change(o.session, o.said), o.folder))

    def _changed(self, name: str, change: Callable[[Opened], None]) -> Opened:
        with alone(self.root):
            change(self.open(name))
            return self.open(name)

    def add(self, recording: Recording, started: datetime, wish: Wish, subject: str | None = None) -> str:
        """Take a recording from elsewhere in, analysed by a wish; the session's name. Raises FileError, SamplesError.

        What the recording's own words say of the exercise is kept as a label, and not used.
        """
        words = keeping.without_wish(recording.about)
        words |= {"started": started.isoformat(timespec="milliseconds"), **({"subject": subject} if subject else {})}
        words |= {k: str(v) for k, v in keeping.wish_words(wish).items() if v is not None}
        name = started.strftime("%Y-%m-%d_%H-%M-%S")
        try:
            with incoming_folder(self.root) as incoming:
                folder = incoming / name
                folder.mkdir()
                for placement, stream in recording.streams.items():
                    table = folder / f"{file_name(placement)}.parquet"
                    write_table(stream, table, {**words, "placement": placement})
                Store(incoming).analyse(name, self._with_model(wish))
                with alone(self.root):
                    return claim(self.root, name, folder)
        except OSError as e:
            raise FileError(self.root, f"the store can't be written ({e.strerror or e}).") from e

    # --- away and back

    def delete(self, name: str) -> Path:
        """Put a session into the store's bin; where it is then. Raises FileError, also while it is being recorded."""
        folder = self.folder(name)
        if state_of(folder) == "recording":
            raise FileError(folder, "this session is still being recorded.")
        with alone(self.root):
            bin_ = self.root / BIN
            target, number = bin_ / name, 1
            try:
                bin_.mkdir(exist_ok=True)
                while target.exists():
                    number += 1
                    target = bin_ / f"{name}~{number}"
                os.rename(folder, target)
            except OSError as e:
                raise FileError(folder, f"the session can't be moved ({e.strerror or e}).") from e
        return target

    def deleted(self) -> tuple[str, ...]:
        """The names in the bin."""
        try:
            return tuple(sorted(p.name for p in (self.root / BIN).iterdir() if keeping.is_session(p)))
        except OSError:
            return ()

    def restore(self, name: str) -> str:
        """Take a session out of the bin; its name, which is another one where there is one of its name by now."""
        source = self._in_bin(name)
        with alone(self.root):
            return claim(self.root, re.sub(r"~\d+$", "", name), source)

    def delete_for_good(self, name: str) -> None:
        """Remove a session that is in the bin; raises NoSuchSession, FileError."""
        try:
            shutil.rmtree(self._in_bin(name))
        except OSError as e:
            raise FileError(self.root / BIN / name, f"the session can't be removed ({e.strerror or e}).") from e

    def _in_bin(self, name: str) -> Path:
        if name not in self.deleted():
            raise NoSuchSession(f"There is no session {name!r} in the bin.")
        return self.root / BIN / name

    # --- as a whole

    def rebuild(self, progress: Callable[[str, float], None] | None = None) -> tuple[str, ...]:
        """Make the index anew, and every analysis that is missing; what couldn't be analysed, a sentence each."""
        trouble = []
        names = self.names()
        for k, name in enumerate(names):
            if progress is not None:
                progress(name, k / len(names))
            try:
                if state_of(self.root / name) == "whole":
                    self.open(name)
            except ImuTrackerError as e:
                trouble.append(str(e))
        if names:
            self._index.throw_away()
            self._followed(names)
        return tuple(trouble)

    def folder(self, name: str) -> Path:
        """A session's folder; raises NoSuchSession."""
        folder = self.root / name
        if folder.parent != self.root or not keeping.is_session(folder):
            raise NoSuchSession(f"There is no session {name!r}; `imu-tracker sessions` lists them.")
        return folder
