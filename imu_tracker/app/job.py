"""A training as a process of its own: what is to be done comes as JSON on stdin, how far it is goes as lines of JSON to stdout.

It gives way to everything else on the machine, so that neither a page nor a session that is being recorded waits for it, and it
ends with the app: who writes to a pipe that nobody reads is ended.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from imu_tracker.errors import ImuTrackerError
from imu_tracker.recognition.card import write_card
from imu_tracker.recognition.modelfile import save_model
from imu_tracker.session.learning import trained
from imu_tracker.session.models import Models
from imu_tracker.session.store import Store

NICENESS = 10


@dataclass(frozen=True)
class Job:
    """root: the store that takes the model, named `name`. kept: whether its sessions are learnt from. folder: a dataset's.
    group: what is left out to test on."""

    root: str
    name: str
    kept: bool
    folder: str | None
    group: str

    def text(self) -> str:
        """As the process reads it."""
        return json.dumps(asdict(self))


def work(job: Job) -> None:
    """Train, and put the model into the store; raises ImuTrackerError."""
    store, models = Store(Path(job.root)), Models(Path(job.root))
    found = trained(store if job.kept else None, job.folder, group=job.group, progress=_say)
    models.made_folder()
    path = models.path(models.checked(job.name))
    write_card(found.model, found.report, path)
    save_model(found.model, path)  # last: what is in the list has its card
    _tell({"done": list(found.troubles)})


def _say(what: str, share: float) -> None:
    _tell({"what": what, "share": round(share, 3)})


def _tell(said: dict[str, object]) -> None:
    print(json.dumps(said), flush=True)


def main() -> None:
    """The process."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with suppress(BrokenPipeError, KeyboardInterrupt):
        try:
            work(Job(**json.load(sys.stdin)))
        except ImuTrackerError as e:
            _tell({"failed": str(e)})


if __name__ == "__main__":
    main()
