"""Which model names the exercises, and what was taught to it:

    STORE/taught.model              the built-in model with what was taught; there is none until something was
    STORE/.models/NAME.model        a trained model, with what was taught to it; card, picture and figures lie beside it
    STORE/model.json                the trained model that is in use; there is none while that is the built-in one

What is taught belongs to the model that it was taught to.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imu_tracker.errors import FileError, ModelError, UsageError
from imu_tracker.files.writing import write_text
from imu_tracker.recognition.model import Model
from imu_tracker.recognition.modelfile import load_model, save_model
from imu_tracker.recognition.naming import builtin_model
from imu_tracker.session.sharing import alone

if TYPE_CHECKING:
    from imu_tracker.recognition.teaching import Shown

TAUGHT, FOLDER, USED = "taught.model", ".models", "model.json"  # no session can have such a name
ENDING = ".model"
SCHEMA = 1  # of model.json
BUILTIN = "built-in"
NAMED = re.compile(r"\w[\w .-]{0,59}", re.ASCII)  # what every disk takes as a file's name
UNREADABLE = ".unreadable"
BACK = f"'imu-tracker models use {BUILTIN}' goes back to the built-in one."


class Models:
    """The models of the store at `root`, which need not exist yet. A model's name is None for the built-in one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> tuple[str, ...]:
        """The trained models' names."""
        found = (p.name.removesuffix(ENDING) for p in (self.root / FOLDER).glob(f"*{ENDING}"))
        return tuple(sorted(name for name in found if NAMED.fullmatch(name)))

    def path(self, name: str | None) -> Path:
        """A model's file; the built-in one's is there only once it was taught something."""
        return self.root / TAUGHT if name is None else self.root / FOLDER / f"{name}{ENDING}"

    def load(self, name: str | None) -> Model:
        """A model with what was taught to it; raises ModelError."""
        path = self.path(name)
        return builtin_model() if name is None and not path.is_file() else load_model(path)

    def used(self) -> str | None:
        """The name of the model in use; raises ModelError where that can't be read."""
        path = self.root / USED
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as e:
            raise ModelError(path, f"which model is used can't be read ({e}). {BACK}") from e
        name = raw.get("model") if isinstance(raw, dict) and raw.get("schema") == SCHEMA else None
        if not isinstance(name, str) or not NAMED.fullmatch(name):
            raise ModelError(path, f"which model is used can't be understood. {BACK}")
        return name

    def chosen(self) -> Model | None:
        """The model in use; None where it is the built-in one as it came. Raises ModelError, with the way back."""
        name = self.used()
        if name is None and not self.path(None).is_file():
            return None
        try:
            return self.load(name)
        except ModelError as e:
            path = self.path(name)
            raise ModelError(path, f"{str(e).removeprefix(f'{path}: ')} {BACK}") from e

    def outdated(self) -> bool:
        """Whether what was taught to the built-in model rests on another version's."""
        return self.path(None).is_file() and self.load(None).about != builtin_model().about

    def figures(self, name: str) -> Mapping[str, Any] | None:
        """What its training said of a trained model, as `card.figures` has it; None where that isn't beside it."""
        from imu_tracker.recognition.card import figures_path

        with suppress(OSError, ValueError):
            raw = json.loads(figures_path(self.path(name)).read_text(encoding="utf-8"))
            return raw if isinstance(raw, dict) else None
        return None

    # --- changing

    def checked(self, name: str) -> str:
        """A name for a new model; raises UsageError where it can't be one, or is taken."""
        plain = name.strip()
        if not NAMED.fullmatch(plain) or plain.endswith((".", " ")) or plain == BUILTIN:
            raise UsageError(
                "A model's name has up to 60 letters, digits, spaces, dots, - and _, and begins with a letter or digit."
            )
        if plain.lower() in (known.lower() for known in self.names()):
            raise UsageError(f"There is a model {plain} already; choose another name.")
        return plain

    def use(self, name: str | None) -> None:
        """Name exercises by this model from now on; raises UsageError, ModelError."""
        if name is None:
            self._as_it_came()
            return
        self.known(name)
        self.load(name)  # it can be used
        write_text(self.root / USED, json.dumps({"schema": SCHEMA, "model": name}) + "\n")

    def _as_it_came(self) -> None:
        """Back to the built-in model; where what was taught to it can't be read, that is put aside."""
        (self.root / USED).unlink(missing_ok=True)
        path = self.path(None)
        try:
            self.load(None)
        except ModelError:
            path.replace(path.with_name(f"{TAUGHT}{UNREADABLE}"))

    def add(self, file: Path) -> str:
        """Take a model's file in, with what lies beside it; its name. Raises UsageError, ModelError, FileError."""
        from imu_tracker.recognition.card import BESIDE

        name = self.checked(file.name.removesuffix(ENDING))
        load_model(file)
        try:
            folder = self.made_folder()
            for ending in (*BESIDE, ""):
                source = Path(f"{file}{ending}")
                if source.is_file():
                    shutil.copyfile(source, f"{folder / name}{ENDING}{ending}")
        except OSError as e:
            raise FileError(self.root, f"the model can't be kept here ({e.strerror or e}).") from e
        return name

    def delete(self, name: str) -> None:
        """Remove a trained model; where it was in use the built-in one is from now on. Raises UsageError, FileError."""
        from imu_tracker.recognition.card import BESIDE

        path = self.known(name)
        with alone(self.root):
            with suppress(ModelError):
                if self.used() == name:
                    self.use(None)
            for ending in ("", *BESIDE):
                Path(f"{path}{ending}").unlink(missing_ok=True)

    def teach(self, class_name: str, sets: Sequence[Shown]) -> Model:
        """Teach a class to the model in use, which it then is; raises as `teaching.teach`, ModelError, FileError."""
        from imu_tracker.recognition.teaching import teach

        return self._changed(lambda model: teach(model, class_name, sets))

    def forget(self, class_name: str) -> Model:
        """Take a taught class away from the model in use; raises SamplesError, ModelError, FileError."""
        from imu_tracker.recognition.teaching import forget

        return self._changed(lambda model: forget(model, class_name))

    def _changed(self, change: Callable[[Model], Model]) -> Model:
        self.made_folder(self.root)
        with alone(self.root):
            name = self.used()
            model = change(self.load(name))
            if name is None and not model.taught:
                self.path(None).unlink(missing_ok=True)  # the built-in model says the same
            else:
                save_model(model, self.path(name))
        return model

    def made_folder(self, folder: Path | None = None) -> Path:
        """The folder of the trained models, made where it isn't there; raises FileError."""
        folder = folder or self.root / FOLDER
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise FileError(folder, f"the folder can't be made ({e.strerror or e}).") from e
        return folder

    def known(self, name: str) -> Path:
        """A trained model's file; raises UsageError where there is no such model."""
        if name not in self.names():
            raise UsageError(f"There is no model {name!r}; 'imu-tracker models' lists them.")
        return self.path(name)
