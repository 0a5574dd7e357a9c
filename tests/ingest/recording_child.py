"""Records session after session until it is killed, and says after each packet what it has handed to the recorder.

Arguments: root of the sessions, packets a session, the largest size of a file in bytes (0: any), and at which of its steps on
the disk (making, opening, renaming or removing something under the root) it kills itself with -9 (0: at none).
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from made_samples import Clock, add_packet

from imu_tracker.errors import RecordingStopped
from imu_tracker.ingest.disk import new_session_folder
from imu_tracker.ingest.recorder import SessionRecorder
from imu_tracker.ingest.writer import Header


def die_at_step(root: Path, step: int) -> None:
    """Kill this process just before it takes a step on the disk."""
    taken = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal taken
        if event in ("open", "os.mkdir", "os.rename", "os.remove") and str(arguments[0]).startswith(str(root)):
            taken += 1
            if taken == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def main(root: Path, packets: int, largest: int, step: int) -> None:
    if step:
        die_at_step(root, step)
    if largest:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    clock = Clock()
    while True:
        folder = new_session_folder(root, datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
        recorder = SessionRecorder(folder, {"subject": "p1"}, clock)
        writers = [recorder.stream(p, Header("own", 100.0)) for p in ("pelvis", "thigh_left")]
        try:
            for _ in range(packets):
                for writer in writers:
                    add_packet(writer, clock)
                    print(folder.name, writer.path.stem, writer.samples, flush=True)
        except RecordingStopped as e:
            print(e, flush=True)
            for finished in recorder.close():
                print(finished.said, flush=True)
            return
        print("closing", flush=True)
        recorder.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
