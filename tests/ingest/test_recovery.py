"""What a crash left is found and finished: every whole batch, once, whoever else is at it; nothing unread is deleted."""

from __future__ import annotations

import errno
import itertools
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_samples import PACKET, Clock, add_packet, samples

from imu_tracker.files.reading import read_recording
from imu_tracker.ingest import disk
from imu_tracker.ingest.disk import LOCK, FolderLock, new_session_folder
from imu_tracker.ingest.recorder import SessionRecorder
from imu_tracker.ingest.recovery import recover, whole_batches
from imu_tracker.ingest.writer import Header

STARTED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HEADER = Header("own", 100.0)


def record(root: Path, packets: int = 40) -> Path:
    """A session that was never closed: its folder, with the lock freed as the system does for a process that died."""
    clock = Clock()
    recorder = SessionRecorder(new_session_folder(root, STARTED), {"subject": "p"}, clock)
    writer = recorder.stream("pelvis", HEADER)
    for _ in range(packets):
        add_packet(writer, clock)
    writer.flush()
    os.close(recorder._lock._handle)
    return recorder.folder


def ends_of_messages(data: bytes) -> list[int]:
    """Where the heading and each batch end, by Arrow's own reader."""
    reader, ends = pa.BufferReader(data), []
    while reader.tell() < len(data):
        pa.ipc.read_message(reader)
        ends.append(reader.tell())
    return ends


@pytest.fixture(scope="module")
def recorded() -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as root:
        yield (record(Path(root)) / "pelvis.arrow").read_bytes()


def left_behind(root: Path, data: bytes) -> Path:
    """A session folder that holds these bytes as its stream."""
    folder = new_session_folder(root, STARTED)
    (folder / "pelvis.arrow").write_bytes(data)
    return folder


def test_a_stream_that_was_left_becomes_a_recording(tmp_path: Path) -> None:
    folder = record(tmp_path)
    (finished,) = recover(tmp_path)
    assert finished.file == folder / "pelvis.parquet"
    assert finished.said == "pelvis.parquet holds 400 samples."
    recording = read_recording([f"pelvis={finished.file}"])
    t, acc, gyr = samples(0, 400)
    np.testing.assert_array_equal(recording.streams["pelvis"].t, t)
    np.testing.assert_array_equal(recording.streams["pelvis"].acc, acc)
    np.testing.assert_array_equal(recording.streams["pelvis"].gyr, gyr)
    assert recording.about["subject"] == "p"
    assert [p.name for p in folder.iterdir()] == ["pelvis.parquet"]
    assert recover(tmp_path) == ()


@settings(deadline=None, max_examples=300)
@given(share=st.floats(0, 1), from_end=st.integers(-12, 12), boundary=st.integers(0, 9) | st.none())
@example(0.0, 0, None)
@example(1.0, 0, None)
def test_cut_at_any_byte_every_whole_batch_before_it_is_kept(
    recorded: bytes, share: float, from_end: int, boundary: int | None
) -> None:
    ends = ends_of_messages(recorded)
    cut = round(share * len(recorded)) if boundary is None else ends[boundary % len(ends)] + from_end
    cut = min(max(cut, 0), len(recorded))
    whole = sum(e <= cut for e in ends) - 1  # batches
    with tempfile.TemporaryDirectory() as name:
        folder = left_behind(Path(name), recorded[:cut])
        (finished,) = recover(Path(name))
        assert recover(Path(name)) == ()
        with pa.ipc.open_stream(recorded) as reader:
            rows = sum(reader.read_next_batch().num_rows for _ in range(max(whole, 0)))
        assert finished.samples == rows
        if rows:
            np.testing.assert_array_equal(read_recording([folder / "pelvis.parquet"]).streams["pelvis"].t, samples(0, rows)[0])
            assert ("is missing" in finished.said) == (cut not in ends)
        left = sorted(p.name for p in folder.iterdir())
        assert left == (["pelvis.parquet"] if rows else ["pelvis.arrow.unread"] if 0 < cut < ends[0] else [])


def test_any_byte_of_the_last_batch_and_of_the_heading_may_be_the_last(recorded: bytes) -> None:
    ends = ends_of_messages(recorded)
    before = whole_batches(recorded[: ends[-2]]).table.drop_columns("tick")
    metadata_and_more = range(ends[-2], ends[-2] + 700)
    for cut in (*metadata_and_more, *range(ends[-2] + 700, ends[-1], 13), ends[-1] - 1):
        found = whole_batches(recorded[:cut])
        assert found.table.drop_columns("tick").equals(before)  # its NaN are equal to nothing
        assert (found.cut, found.unread) == (cut > ends[-2], 0)
    for cut in range(ends[0]):
        with pytest.raises(ValueError, match="not an Arrow stream"):
            whole_batches(recorded[:cut])


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_behind_a_damaged_place_the_batches_are_read_and_the_original_is_kept(recorded: bytes, data: st.DataObject) -> None:
    ends = ends_of_messages(recorded)
    hit = data.draw(st.integers(1, len(ends) - 1))
    start, end = ends[hit - 1], ends[hit]
    hole = data.draw(st.sampled_from([b"\0", b"\xff", b"\x01"])) * data.draw(st.sampled_from([8, 64, end - start]))
    damaged = recorded[:start] + hole + recorded[start + len(hole) :]
    whole = [whole_batches(recorded[: ends[0]] + recorded[a:b]).table for a, b in itertools.pairwise(ends)]
    rest = pa.concat_tables(whole[: hit - 1] + whole[hit:])
    with tempfile.TemporaryDirectory() as name:
        folder = left_behind(Path(name), damaged)
        (finished,) = recover(Path(name))
        assert "bytes can't be read, and the original is kept as pelvis.arrow.unread" in finished.said
        assert (folder / "pelvis.arrow.unread").read_bytes() == damaged
        assert finished.samples == rest.num_rows
        assert pq.ParquetFile(folder / "pelvis.parquet").read().column("t").equals(rest.column("t"))
        assert recover(Path(name)) == ()


@settings(deadline=None, max_examples=500)
@given(st.data())
def test_a_changed_byte_costs_at_most_what_comes_from_it_on(recorded: bytes, data: st.DataObject) -> None:
    ends = ends_of_messages(recorded)
    start = data.draw(st.sampled_from(ends[:-1]))
    at = start + data.draw(st.integers(0, 599) | st.integers(0, 12_000))  # the metadata come first
    at = min(at, len(recorded) - 1)
    changed = bytearray(recorded)
    changed[at] ^= data.draw(st.integers(1, 255))
    before = whole_batches(recorded[: max(e for e in ends if e <= at)]).table
    found = whole_batches(bytes(changed)).table
    assert found.slice(0, before.num_rows).drop_columns("tick").equals(before.drop_columns("tick"))


@settings(deadline=None, max_examples=100)
@given(junk=st.binary(min_size=1, max_size=3000), at=st.integers(0, 1))
def test_any_bytes_are_read_or_kept(recorded: bytes, junk: bytes, at: int) -> None:
    data = recorded[: ends_of_messages(recorded)[0]] * at + junk
    with tempfile.TemporaryDirectory() as name:
        folder = left_behind(Path(name), data)
        (finished,) = recover(Path(name))
        assert finished.samples == 0
        kept = folder / "pelvis.arrow.unread"
        assert kept.exists() or "being written" in finished.said
        assert not kept.exists() or kept.read_bytes() == data
        assert recover(Path(name)) == ()


def test_what_was_set_aside_before_is_not_overwritten(tmp_path: Path) -> None:
    folder = left_behind(tmp_path, b"first")
    recover(tmp_path)
    (folder / "pelvis.arrow").write_bytes(b"second")
    (finished,) = recover(tmp_path)
    assert finished.said == (
        "pelvis.arrow can't be read (not an Arrow stream (no message begins here)); it is kept as pelvis.arrow.unread-2."
    )
    assert (folder / "pelvis.arrow.unread").read_bytes() == b"first"
    assert (folder / "pelvis.arrow.unread-2").read_bytes() == b"second"


def test_a_crash_between_writing_the_table_and_removing_the_stream_is_mended(tmp_path: Path, recorded: bytes) -> None:
    folder = left_behind(tmp_path, recorded)
    recover(tmp_path)
    table = (folder / "pelvis.parquet").read_bytes()
    (folder / "pelvis.arrow").write_bytes(recorded)
    (folder / ".pelvis.parquet.part").write_bytes(b"PAR1 half of")
    (finished,) = recover(tmp_path)
    assert finished.samples == 400
    assert (folder / "pelvis.parquet").read_bytes() == table
    assert not (folder / "pelvis.arrow").exists()


def test_a_table_that_is_not_the_streams_is_kept_beside_it(tmp_path: Path, recorded: bytes) -> None:
    folder = left_behind(tmp_path, recorded)
    (folder / "pelvis.parquet").write_bytes(b"PAR1 damaged")
    (finished,) = recover(tmp_path)
    assert "is kept as pelvis.parquet.unread" in finished.said
    assert (folder / "pelvis.parquet.unread").read_bytes() == b"PAR1 damaged"
    assert len(read_recording([folder / "pelvis.parquet"]).streams["pelvis"]) == 400


def test_streams_of_others_and_of_newer_versions_are_left_alone(tmp_path: Path) -> None:
    folder = new_session_folder(tmp_path, STARTED)
    table = pa.table({"t": [1.0]})
    for name, metadata in (("theirs", {}), ("newer", {"recording_version": "2"})):
        with pa.ipc.new_stream(folder / f"{name}.arrow", table.schema.with_metadata(metadata)) as writer:
            writer.write_table(table)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert [f.said for f in recover(tmp_path)] == ["newer.arrow was written by a newer version, which can finish it."]
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_a_recording_in_progress_is_left_alone(tmp_path: Path) -> None:
    clock = Clock()
    recorder = SessionRecorder(new_session_folder(tmp_path, STARTED), {}, clock)
    writer = recorder.stream("pelvis", HEADER)
    for _ in range(20):
        add_packet(writer, clock)
    assert recover(tmp_path) == ()
    assert [f.samples for f in recorder.close()] == [200]
    assert recover(tmp_path) == ()


def test_a_lock_that_a_dead_process_left_holds_nobody_back(tmp_path: Path) -> None:
    folder = record(tmp_path)
    (folder / LOCK).write_text("1\n")  # a pid that lives, but isn't ours
    assert [f.samples for f in recover(tmp_path)] == [400]
    assert not (folder / LOCK).exists()


def test_a_lock_that_outlived_its_work_is_removed_but_not_that_of_a_beginning(tmp_path: Path, recorded: bytes) -> None:
    finished, beginning = left_behind(tmp_path, recorded), new_session_folder(tmp_path, STARTED)
    recover(tmp_path)
    for folder in (finished, beginning):
        (folder / LOCK).touch()
    assert recover(tmp_path) == ()
    assert not (finished / LOCK).exists()
    assert (beginning / LOCK).exists()


def test_a_lock_whose_file_was_removed_before_it_was_got_is_taken_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last holder ends between a newcomer's opening the file and locking it."""
    last = FolderLock.take(tmp_path)
    assert last is not None
    lock = disk._try_lock

    def lock_after_release(handle: int) -> bool:
        last.release()
        return lock(handle)

    monkeypatch.setattr(disk, "_try_lock", lock_after_release)
    newcomer = FolderLock.take(tmp_path)
    assert newcomer is not None
    assert FolderLock.take(tmp_path) is None  # it holds the file that stands there, not the removed one
    newcomer.release()


def test_only_one_holds_a_lock(tmp_path: Path) -> None:
    first = FolderLock.take(tmp_path)
    assert first is not None
    assert FolderLock.take(tmp_path) is None
    first.release()
    first.release()
    assert list(tmp_path.iterdir()) == []
    second = FolderLock.take(tmp_path)
    assert second is not None
    assert FolderLock.take(tmp_path) is None
    second.release()


def test_one_bad_folder_does_not_keep_the_others_from_recovery(
    tmp_path: Path, recorded: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = left_behind(tmp_path, recorded), left_behind(tmp_path, recorded)
    take = FolderLock.take

    def take_if_writable(folder: Path) -> FolderLock | None:
        if folder == bad:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return take(folder)

    with monkeypatch.context() as m:
        m.setattr(FolderLock, "take", take_if_writable)
        said, done = recover(tmp_path)
    assert said.said == f"{bad} can't be recovered now (Read-only file system); nothing in it was changed."
    assert done.file == good / "pelvis.parquet"
    assert (bad / "pelvis.arrow").read_bytes() == recorded


def test_where_there_are_no_sessions_there_is_nothing_to_recover(tmp_path: Path) -> None:
    assert recover(tmp_path / "nowhere") == ()
    (tmp_path / "file.arrow").write_bytes(b"not in a session's folder")
    assert recover(tmp_path) == ()


_RECOVER = (
    "import sys; from pathlib import Path; from imu_tracker.ingest.recovery import recover\n"
    "print('ready', flush=True); sys.stdin.readline()\n"
    "for f in recover(Path(sys.argv[1])): print(f.samples, f.said)"
)


def test_two_recoveries_at_once_finish_each_stream_once(tmp_path: Path, recorded: bytes) -> None:
    folders = [left_behind(tmp_path, recorded) for _ in range(40)]
    both = [
        subprocess.Popen([sys.executable, "-c", _RECOVER, str(tmp_path)], stdin=-1, stdout=-1, stderr=-1, text=True)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in both]
    assert [err for _, err in said] == ["", ""]
    # what one of them left because the other was at it, the other has finished
    assert "".join(out for out, _ in said).splitlines() == ["400 pelvis.parquet holds 400 samples."] * 40
    for folder in folders:
        assert [p.name for p in folder.iterdir()] == ["pelvis.parquet"]


KILLS = int(os.environ.get("RECORDER_KILLS", "5"))
STEPS = range(4, 21)  # on the disk, from taking the lock of a session of two streams to removing it


def recording_process(root: Path, step: int) -> subprocess.Popen[str]:
    """Sessions of 6 s of samples, one after the other, until it is killed or kills itself."""
    child = Path(__file__).with_name("recording_child.py")
    return subprocess.Popen([sys.executable, str(child), str(root), "60", "0", str(step)], stdout=-1, text=True)


def check_what_is_left(root: Path, said: list[str], missing: int) -> None:
    """At most so many samples of each stream of the last session are missing, and nothing but recordings is left."""
    added: dict[tuple[str, str], int] = {}
    newest = ""
    for line in said:
        words = line.split()
        if line.endswith("\n") and len(words) == 3:
            newest, placement, counted = words
            added[newest, placement] = int(counted)
    recover(root)
    assert recover(root) == ()
    for (folder, placement), count in added.items():
        path = root / folder / f"{placement}.parquet"
        kept = pq.ParquetFile(path).read().column("t").to_pylist() if path.exists() else []
        np.testing.assert_array_equal(kept, samples(0, len(kept))[0])
        assert count - (missing if folder == newest else 0) <= len(kept) <= count + PACKET
    for left in (sorted(p.name for p in folder.iterdir()) for folder in root.iterdir()):
        assert left in (["pelvis.parquet", "thigh_left.parquet"], ["pelvis.parquet"], [LOCK], [])


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_any_moment_at_most_the_last_second_is_missing(tmp_path: Path, seed: int) -> None:
    process = recording_process(tmp_path, 0)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(random.Random(seed).randrange(1, 400))]
    process.kill()
    said += process.stdout.readlines()  # what it said before the kill reached it
    process.wait(timeout=60)
    process.stdout.close()
    check_what_is_left(tmp_path, said, 100)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_of_beginning_or_finishing_nothing_is_missing(tmp_path: Path, step: int) -> None:
    process = recording_process(tmp_path, step)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == -9
    check_what_is_left(tmp_path, out.splitlines(keepends=True), 0)
