"""Sessions as one file: what goes out comes back, and what is hostile or broken is refused in a sentence, with nothing left."""

from __future__ import annotations

import io
import os
import stat
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kept_sessions import NAME, kept, recorded

from imu_tracker.errors import FileError
from imu_tracker.session import SetCount, keeping, parcels
from imu_tracker.session.parcels import export_session, import_session
from imu_tracker.session.store import Store

Members = dict[str, bytes]


def a_parcel(tmp_path: Path) -> Path:
    """A session with words of its own, exported."""
    folder = recorded(tmp_path / "from", exercise="squat")
    (folder / "annotations.jsonl").write_text('{"t_s": 1.0, "kind": "key", "values": {}}\n')
    (folder / "private.txt").write_text("not of the session")
    store = Store(tmp_path / "from")
    start_s = store.open(NAME).session.sets[0].start_s
    store.correct(NAME, SetCount(start_s + 1.0, 7))
    store.say(NAME, lambda session, said: replace(said.with_set(session.sets[0], effort=4), note="good"))
    export_session(store, NAME, tmp_path / "parcel.zip")
    return tmp_path / "parcel.zip"


def test_what_goes_out_comes_back(tmp_path: Path) -> None:
    parcel = a_parcel(tmp_path)
    other = Store(tmp_path / "to" / "there")
    assert import_session(other, parcel) == NAME
    before, after = Store(tmp_path / "from").open(NAME), other.open(NAME)
    assert replace(after, folder=before.folder) == before
    assert sorted(p.name for p in after.folder.iterdir()) == [
        "annotations.jsonl",
        "edits.json",
        "pelvis.parquet",
        "said.json",
        "session.json",
        "session.series.parquet",
    ]
    assert import_session(other, parcel) == NAME  # it is there already
    other.correct(NAME, SetCount(after.session.sets[0].start_s + 1.0, 8))
    assert import_session(other, parcel) == import_session(other, parcel) == f"{NAME}-2"
    assert len(other.list()) == 2
    assert not list(other.root.glob(".incoming*"))


def test_a_session_without_samples_is_not_packed(tmp_path: Path) -> None:
    kept(tmp_path)
    with pytest.raises(FileError, match="no samples here"):
        export_session(Store(tmp_path), NAME, tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def packed(members: Members, **info: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members.items():
            one = zipfile.ZipInfo(name)
            one.compress_type = zipfile.ZIP_DEFLATED
            for key, value in info.items():
                setattr(one, key, value)
            z.writestr(one, data)
    return out.getvalue()


def as_it_is(members: Members) -> bytes:
    return packed(members)


def renamed(old: str, new: str) -> Callable[[Members], bytes]:
    return lambda members: packed({(new if name == f"{NAME}/{old}" else name): data for name, data in members.items()})


def with_more(name: str, data: bytes = b"x") -> Callable[[Members], bytes]:
    return lambda members: packed({**members, name: data})


def with_link(members: Members) -> bytes:
    return packed(members, external_attr=(stat.S_IFLNK | 0o777) << 16)


def twice(members: Members) -> bytes:
    out = io.BytesIO(packed(members))
    with zipfile.ZipFile(out, "a") as z, pytest.warns(UserWarning, match="Duplicate name"):
        z.writestr(f"{NAME}/edits.json", "{}")
    return out.getvalue()


def without(name: str) -> Callable[[Members], bytes]:
    return lambda members: packed({n: d for n, d in members.items() if n != f"{NAME}/{name}"})


def a_table(**columns: list[float]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="zstd")
    return out.getvalue()


def a_constant_table(rows: int) -> bytes:
    out = io.BytesIO()
    same = pa.repeat(pa.scalar(0.0), rows)
    pq.write_table(pa.table(dict.fromkeys(("t", "ax", "ay", "az", "gx", "gy", "gz"), same)), out, compression="zstd")
    return out.getvalue()


def cut(members: Members) -> bytes:
    data = packed(members)
    return data[: len(data) // 2]


def flipped(members: Members) -> bytes:
    data = bytearray(packed(members))
    data[200] ^= 0xFF
    return bytes(data)


def locked(members: Members) -> bytes:
    data = bytearray(packed(members))
    at = -1
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (renamed("edits.json", "../../edits.json"), "isn't in a folder named as a session is"),
        (renamed("edits.json", "/etc/edits.json"), "isn't in a folder named as a session is"),
        (renamed("edits.json", "C:\\edits.json"), "isn't in a folder named as a session is"),
        (renamed("edits.json", "edits.json"), "isn't in a folder named as a session is"),
        (renamed("edits.json", ".bin/edits.json"), "isn't in a folder named as a session is"),
        (renamed("edits.json", f"{NAME}/../../edits.json"), "is no file that a session has"),
        (renamed("edits.json", f"{NAME}/deeper/edits.json"), "is no file that a session has"),
        (renamed("edits.json", f"{NAME}/..\\edits.json"), "is no file that a session has"),
        (with_more(f"{NAME}/recording.lock"), "is no file that a session has"),
        (with_more(f"{NAME}/.hidden.parquet"), "is no file that a session has"),
        (with_more(f"{NAME}/run.py"), "is no file that a session has"),
        (with_more(f"{NAME}/pelvis.arrow"), "is no file that a session has"),
        (with_more("other/chest.parquet"), "that is one folder with the samples in it"),
        (with_link, "is a link, or no ordinary file"),
        (twice, "is in it twice"),
        (without("pelvis.parquet"), "that is one folder with the samples in it"),
        (with_more(f"{NAME}/chest.parquet", b"PAR1 no table"), "chest.parquet in it is damaged, or no Parquet file"),
        (with_more(f"{NAME}/chest.parquet", a_table(time=[0.0, 1.0])), "has other columns than t, ax, ay, az"),
        (with_more(f"{NAME}/chest.parquet", a_table(t=[0.0], ax=[0.0], ay=[0.0], az=[0.0])), "its session can't be used: "),
        (with_more(f"{NAME}/chest.parquet", a_constant_table(40_000_000)), "values, more than a session has"),
        (with_more(f"{NAME}/annotations.jsonl", bytes(70 << 20)), "would unpack to 73 MB, more than a session has"),
        (with_more(f"{NAME}/annotations.jsonl", bytes(30 << 20)), "would swell beyond reason"),
        (with_more(f"{NAME}/session.json", b'{"schema": 9}'), "its session can't be used: it was written by a newer version"),
        (with_more(f"{NAME}/edits.json", b'{"schema": 1, "edits": [3]}'), "its session can't be used: Correction 1"),
        (with_more(f"{NAME}/said.json", b"[]"), "its session can't be used: Words about a session"),
        (
            lambda members: packed({f"{NAME}/s{k}.parquet": b"" for k in range(100)}),
            "it holds 100 files, more than a session has",
        ),
        (cut, "it is damaged, locked with a password, or no ZIP"),
        (flipped, "it is damaged, locked with a password, or no ZIP"),
        (locked, "it is damaged, locked with a password, or no ZIP"),
        (lambda members: b"no zip at all", "it is damaged, locked with a password, or no ZIP"),
        (lambda members: b"", "it is damaged, locked with a password, or no ZIP"),
    ],
)
def test_what_is_hostile_or_broken_is_refused_and_leaves_nothing(
    tmp_path: Path, made: Callable[[Members], bytes], said: str
) -> None:
    with zipfile.ZipFile(a_parcel(tmp_path)) as z:
        members = {info.filename: z.read(info) for info in z.infolist()}
    hostile = tmp_path / "hostile.zip"
    hostile.write_bytes(made(members))
    before = sorted(p for p in tmp_path.rglob("*"))
    store = Store(tmp_path / "to")
    with pytest.raises(FileError) as caught:
        import_session(store, hostile)
    assert said in str(caught.value)
    assert str(caught.value).count("\n") == 0
    assert str(hostile) in str(caught.value)
    assert ".incoming" not in str(caught.value)
    assert store.list() == ()
    assert sorted(p for p in tmp_path.rglob("*")) == sorted([*before, store.root])


def test_the_same_untouched_is_taken(tmp_path: Path) -> None:
    with zipfile.ZipFile(a_parcel(tmp_path)) as z:
        members = {info.filename: z.read(info) for info in z.infolist()}
    (tmp_path / "same.zip").write_bytes(as_it_is(members))
    assert import_session(Store(tmp_path / "to"), tmp_path / "same.zip") == NAME


def test_an_analysis_that_came_with_it_is_not_believed(tmp_path: Path) -> None:
    with zipfile.ZipFile(a_parcel(tmp_path)) as z:
        members = {info.filename: z.read(info) for info in z.infolist()}
    faked = members[f"{NAME}/{keeping.SESSION}"].replace(b'"count": 6', b'"count": "lots"')
    (tmp_path / "faked.zip").write_bytes(packed({**members, f"{NAME}/{keeping.SESSION}": faked}))
    store = Store(tmp_path / "to")
    import_session(store, tmp_path / "faked.zip")
    assert store.open(NAME).kept.session.sets[0].count == 6
    assert store.open(NAME).kept.wish.exercise == "squat"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        import_session(Store(tmp_path / "to"), tmp_path / "none.zip")


def test_what_an_import_left_that_was_killed_is_swept_away_after_a_day(tmp_path: Path) -> None:
    parcel = a_parcel(tmp_path)
    left = tmp_path / "to" / ".incoming-1"
    left.mkdir(parents=True)
    import_session(Store(tmp_path / "to"), parcel)
    assert left.exists()
    long_ago_s = time.time() - 2 * parcels.STALE_S
    os.utime(left, (long_ago_s, long_ago_s))
    import_session(Store(tmp_path / "to"), parcel)
    assert not left.exists()
