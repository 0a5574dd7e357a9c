"""Records session after session until it is killed, and says after each packet what it has handed to the recorder.

Arguments: root of the sessions, packets a session, the largest size of a file in bytes (0: any).
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from made_samples import Clock, add_packet

from imu_tracker.errors import RecordingStopped
from imu_tracker.ingest.disk import new_session_folder
from imu_tracker.ingest.recorder import Header, SessionRecorder


def main(root: Path, packets: int, largest: int) -> None:
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
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
