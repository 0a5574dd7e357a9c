"""What was added is on disk within a second, reads back equal, and a disk that takes no more ends it with a clear word."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_samples import Clock, SmallDisk, add_packet, samples

from imu_tracker.errors import FileError, RecordingStopped, UsageError
from imu_tracker.files.reading import read_recording
from imu_tracker.ingest.disk import LOCK, new_session_folder
from imu_tracker.ingest.recorder import ANNOTATIONS, SessionRecorder, read_annotations
from imu_tracker.ingest.recovery import recover, whole_batches
from imu_tracker.ingest.writer import Header

HEADER = Header("own", 100.0, "1.2", acc_range_g=8.0, gyr_range_dps=1000.0, more={"address": "AA:BB"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_session_folder(tmp_path / "sessions", datetime(2026, 3, 1, 9, 30, 5, tzinfo=UTC))


def on_disk(path: Path) -> int:
    """Samples that a process killed now would leave."""
    return int(whole_batches(path.read_bytes()).table.num_rows)


def test_a_recording_reads_back_as_it_came(folder: Path) -> None:
    clock = Clock()
    with SessionRecorder(folder, {"subject": "Zoë", "exercise": "clam"}, clock) as recorder:
        writer = recorder.stream("pelvis", HEADER)
        for _ in range(57):
            add_packet(writer, clock)
    recording = read_recording([f"pelvis={folder / 'pelvis.parquet'}"])
    t, acc, gyr = samples(0, 570)
    stream = recording.streams["pelvis"]
    np.testing.assert_array_equal(stream.t, t)
    np.testing.assert_array_equal(stream.acc, acc)
    np.testing.assert_array_equal(stream.gyr, gyr)
    assert recording.about == {
        "subject": "Zoë",
        "exercise": "clam",
        "placement": "pelvis",
        "sensor": "own",
        "firmware": "1.2",
        "rate_hz": "100",
        "acc_range_g": "8",
        "gyr_range_dps": "1000",
        "address": "AA:BB",
    }
    assert sorted(p.name for p in folder.iterdir()) == ["pelvis.parquet"]


def test_raw_clocks_stand_beside_the_samples(folder: Path) -> None:
    clock = Clock()
    with SessionRecorder(folder, {}, clock) as recorder:
        writer = recorder.stream("chest", HEADER)
        add_packet(writer, clock)
        t, acc, gyr = samples(10, 3)
        writer.add(t, acc, gyr, None, None, clock.s)
        writer.add(t + 1, acc, None, np.array([7, 8, 9]), 5.0, np.array([1.0, 2.0, 3.0]))
    file = pq.ParquetFile(folder / "chest.parquet")
    table = file.read()
    assert table.column_names == ["t", "ax", "ay", "az", "gx", "gy", "gz", "index", "tick", "arrival", "segment"]
    assert table.column("index").to_pylist() == [*range(10), None, None, None, 7, 8, 9]
    tick = table.column("tick").to_pylist()
    assert tick[0] == 0.0
    assert np.isnan(tick[1:13]).all()
    assert tick[13:] == [5.0] * 3
    assert table.column("arrival").to_pylist() == [1000.1] * 13 + [1.0, 2.0, 3.0]
    assert np.isnan(table.column("gx").to_pylist()[-3:]).all()
    columns = {file.metadata.row_group(0).column(i).path_in_schema: file.metadata.row_group(0).column(i) for i in range(11)}
    assert {c.compression for c in columns.values()} == {"ZSTD"}
    assert "BYTE_STREAM_SPLIT" in columns["arrival"].encodings


def test_a_sensor_without_a_gyroscope_has_no_columns_for_it(folder: Path) -> None:
    with SessionRecorder(folder, {}, Clock()) as recorder:
        t, acc, _ = samples(0, 20)
        recorder.stream("pelvis", Header("polar", 50.0, gyroscope=False)).add(t, acc, None, None, t, 3.0)
    assert pq.ParquetFile(folder / "pelvis.parquet").schema_arrow.names == [
        "t",
        "ax",
        "ay",
        "az",
        "index",
        "tick",
        "arrival",
        "segment",
    ]
    assert read_recording([folder / "pelvis.parquet"]).streams["pelvis"].gyr is None


def test_no_sample_waits_longer_than_a_second(folder: Path) -> None:
    clock = Clock()
    recorder = SessionRecorder(folder, {}, clock)
    busy, slow = recorder.stream("pelvis", HEADER), recorder.stream("wrist_left", HEADER)
    add_packet(slow, clock)  # then it falls silent
    came: list[float] = []
    for _ in range(300):
        add_packet(busy, clock)
        came += [clock.s] * 10
        assert sum(s <= clock.s - 1.0 for s in came) <= on_disk(busy.path)
    assert on_disk(slow.path) == 10
    add_packet(slow, clock)
    for _ in range(5):
        clock.s += 0.2
        recorder.keep_up()
    assert (on_disk(busy.path), on_disk(slow.path)) == (3000, 20)
    recorder.close()


def test_the_disk_is_waited_for_every_ten_seconds(folder: Path) -> None:
    clock, disk = Clock(), SmallDisk(10**9)
    recorder = SessionRecorder(folder, {}, clock, disk.create)
    writers = [recorder.stream(p, HEADER) for p in ("pelvis", "chest")]
    recorder.annotate(1.0, "quiet", {})
    for _ in range(352):
        add_packet(writers[0], clock)
    assert [f.syncs for f in disk.files] == [3, 3, 3]
    recorder.close()


def test_the_disk_is_waited_for_in_the_background_and_its_trouble_is_told_all_the_same(folder: Path) -> None:
    clock, disk, go = Clock(), SmallDisk(10**9), threading.Event()
    with ThreadPoolExecutor(1) as background:
        recorder = SessionRecorder(folder, {}, clock, disk.create, background)
        writer = recorder.stream("pelvis", HEADER)
        background.submit(go.wait)  # a slow disk
        for _ in range(352):
            add_packet(writer, clock)
        assert disk.files[0].syncs == 0, "samples are added while the disk is waited for"
        go.set()
        background.submit(int).result()
        assert disk.files[0].syncs == 1, "one at a time"
        disk.sync_error = errno.EIO
        clock.s += 10.0
        recorder.keep_up()
        background.submit(int).result()
        with pytest.raises(RecordingStopped, match="the disk reports a fault"):
            add_packet(writer, clock)
        (finished,) = recorder.close()
    assert finished.samples == 3530


def test_the_file_on_disk_is_a_plain_arrow_stream(folder: Path) -> None:
    clock = Clock()
    recorder = SessionRecorder(folder, {"subject": "p"}, clock)
    writer = recorder.stream("pelvis", HEADER)
    for _ in range(20):
        add_packet(writer, clock)
    with pa.ipc.open_stream((folder / "pelvis.arrow").read_bytes()) as reader:
        assert reader.schema.metadata[b"subject"] == b"p"
        assert reader.schema.metadata[b"recording_version"] == b"1"
        assert reader.read_all().num_rows == on_disk(writer.path) >= 90
    recorder.close()


def test_annotations_are_there_at_once_and_a_cut_line_is_left_out(folder: Path) -> None:
    recorder = SessionRecorder(folder, {}, Clock())
    assert read_annotations(folder) == ()
    recorder.annotate(1.5, "label", {"exercise": "Kniebeuge – tief"})
    recorder.annotate(2.5, "key", {"key": "s", "samples": 12})
    with open(folder / ANNOTATIONS, "ab") as f:
        f.write(b'{"t_s": 3.0, "kind": "se')
    marks = read_annotations(folder)
    assert [(m.t_s, m.kind, dict(m.values)) for m in marks] == [
        (1.5, "label", {"exercise": "Kniebeuge – tief"}),
        (2.5, "key", {"key": "s", "samples": 12}),
    ]
    recorder.close()


def test_folders_are_named_by_their_start_and_never_reused(tmp_path: Path) -> None:
    started = datetime(2026, 3, 1, 9, 30, 5, tzinfo=UTC)
    names = [new_session_folder(tmp_path / "a" / "b", started).name for _ in range(3)]
    assert names == ["2026-03-01_09-30-05", "2026-03-01_09-30-05-2", "2026-03-01_09-30-05-3"]
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="no folder for the recording"):
        new_session_folder(tmp_path / "file", started)


def test_one_stream_a_placement_and_one_recorder_a_folder(folder: Path) -> None:
    recorder = SessionRecorder(folder, {}, Clock())
    writer = recorder.stream("pelvis", HEADER)
    with pytest.raises(UsageError, match="pelvis is recorded there already"):
        recorder.stream("pelvis", HEADER)
    with pytest.raises(UsageError, match="another process is recording here"):
        SessionRecorder(folder, {}, Clock())
    assert (folder / LOCK).read_text() == f"{os.getpid()}\n"
    writer.add(*samples(0, 5), None, None, 0.0)
    assert recorder.close() == recorder.close()
    with pytest.raises(UsageError, match="has ended"):
        writer.add(*samples(5, 5), None, None, 0.0)
    with (
        SessionRecorder(folder, {}, Clock()) as again,
        pytest.raises(UsageError, match="already"),
    ):
        again.stream("pelvis", HEADER)
    assert len(read_recording([folder / "pelvis.parquet"]).streams["pelvis"]) == 5


@pytest.mark.parametrize("placement", ["../pelvis", "a/b", "left wrist (strap)", "..", "Knöchel"])
def test_any_word_for_a_placement_stays_inside_the_folder(folder: Path, placement: str) -> None:
    with SessionRecorder(folder, {}, Clock()) as recorder:
        recorder.stream(placement, HEADER).add(*samples(0, 5), None, None, 0.0)
    (file,) = folder.iterdir()
    assert pq.ParquetFile(file).schema_arrow.metadata[b"placement"].decode() == placement


def test_a_stream_without_samples_leaves_no_file(folder: Path) -> None:
    with SessionRecorder(folder, {}, Clock()) as recorder:
        recorder.stream("pelvis", HEADER)
    assert recorder.close()[0].said == "pelvis.arrow holds no samples."
    assert list(folder.iterdir()) == []


def test_a_recording_that_ends_in_an_exception_is_finished(folder: Path) -> None:
    def broken() -> None:
        with SessionRecorder(folder, {}, Clock()) as recorder:
            recorder.stream("pelvis", HEADER).add(*samples(0, 50), None, None, 0.0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert len(read_recording([folder / "pelvis.parquet"]).streams["pelvis"]) == 50


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EIO, "the disk reports a fault"),
        (errno.EROFS, "the disk can only be read"),
        (errno.EBADF, "the disk takes no more samples (no room)"),
    ],
)
def test_a_disk_that_takes_no_more_stops_the_recording(folder: Path, error: int, word: str) -> None:
    clock, disk = Clock(), SmallDisk(100_000, error)
    recorder = SessionRecorder(folder, {}, clock, disk.create)
    writers = [recorder.stream(p, HEADER) for p in ("pelvis", "chest")]

    def record() -> None:
        while True:
            for writer in writers:
                add_packet(writer, clock)

    with pytest.raises(RecordingStopped) as stopped:
        record()
    assert str(stopped.value) == f"{folder}: {word}; the recording was stopped, and what came before is kept."
    assert stopped.value.number == error
    with pytest.raises(RecordingStopped):
        recorder.annotate(0.0, "key", {})
    finished = recorder.close()
    for writer, end in zip(writers, finished, strict=True):
        t = read_recording([folder / f"{writer.path.stem}.parquet"]).streams[writer.path.stem].t
        np.testing.assert_array_equal(t, samples(0, end.samples)[0])
        assert writer.samples - 100 <= end.samples
        assert ("The last second is missing (no room)." in end.said) == (end.samples < writer.samples)
    assert sum(f.samples for f in finished) < sum(w.samples for w in writers)


def test_room_that_is_made_before_the_end_saves_the_last_second_too(folder: Path) -> None:
    clock, disk = Clock(), SmallDisk(22_000)
    recorder = SessionRecorder(folder, {}, clock, disk.create)
    writer = recorder.stream("pelvis", HEADER)
    for _ in range(20):
        add_packet(writer, clock)
    with pytest.raises(RecordingStopped):
        add_packet(writer, clock, 100)
    disk.room = 10**6
    (finished,) = recorder.close()
    assert finished.samples == writer.samples


def test_a_disk_without_room_for_the_end_keeps_the_stream_for_the_next_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = SessionRecorder(folder, {}, Clock())
    recorder.stream("pelvis", HEADER).add(*samples(0, 50), None, None, 0.0)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as m:
        m.setattr(pq, "write_table", full)
        (finished,) = recorder.close()
        (again,) = recover(folder.parent)
    assert finished.said.endswith("pelvis.arrow can't be finished now (No space left on device); the next start does it.")
    assert again.said.endswith("(No space left on device); it is kept for the next start.")
    assert [p.name for p in folder.iterdir()] == ["pelvis.arrow"]
    assert [f.samples for f in recover(folder.parent)] == [50]


def test_a_real_file_that_may_not_grow_stops_the_recording_at_a_whole_batch(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="limits on a file's size are of Unix")
    child = Path(__file__).with_name("recording_child.py")
    ended = subprocess.run(
        [sys.executable, str(child), str(tmp_path), "1000", "60000", "0"], capture_output=True, text=True, timeout=60, check=True
    )
    *packets, sentence, pelvis, thigh = ended.stdout.splitlines()
    assert sentence.endswith("the file may not grow any further; the recording was stopped, and what came before is kept.")
    assert ended.stderr == ""
    (folder,) = tmp_path.iterdir()
    for said, name in ((pelvis, "pelvis"), (thigh, "thigh_left")):
        added = max(int(p.split()[2]) for p in packets if p.split()[1] == name)
        kept = len(read_recording([folder / f"{name}.parquet"]).streams[name])
        assert added - 100 <= kept
        assert said.startswith(f"{name}.parquet holds {kept} samples.")
    assert recover(tmp_path) == ()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"nowhere: the folder can't be written \(No such file or directory\)\."):
        SessionRecorder(tmp_path / "nowhere", {}, Clock())


def test_recording_loads_no_pandas(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from datetime import datetime; import numpy as np\n"
        "from imu_tracker.ingest.recorder import *; from imu_tracker.ingest.disk import *\n"
        "with SessionRecorder(new_session_folder(Path(sys.argv[1]), datetime(2026, 1, 1)), {}) as r:\n"
        "    r.stream('pelvis', Header('own', 1.0)).add(np.arange(9.), np.ones((9, 3)), None, None, None, 0.0)\n"
        "print([m for m in ('pandas', 'scipy', 'sklearn') if m in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout == "[]\n"
