"""Model files: the same model comes back, and whatever is wrong with one is a sentence, quickly and in little memory."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from handmade_models import LABELS, head, seen, taught
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imu_tracker.errors import ModelError
from imu_tracker.recognition.model import Model
from imu_tracker.recognition.modelfile import LARGEST_BYTES, load_model, save_model

MODEL = Model(LABELS, (taught(-4.0), head("any", "gyr")), "exercise", ("march",), {"data": "made"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    save_model(MODEL, tmp_path / "model")
    return tmp_path / "model"


def test_a_model_comes_back_as_it_was_and_the_bytes_are_the_same_each_time(file: Path, tmp_path: Path) -> None:
    back = load_model(file)
    assert (back.labels, back.taught, back.about, back.label) == (MODEL.labels, MODEL.taught, MODEL.about, MODEL.label)
    assert back.predict(seen(1.0)) == MODEL.predict(seen(1.0))
    assert back.predict(seen(-4.1)) == MODEL.predict(seen(-4.1))
    assert back.predict(seen(-4.1)).name == "march"
    save_model(back, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == file.read_bytes()


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as z:
        return {n: z.read(n) for n in z.namelist()}


def rewrite(file: Path, parts: dict[str, bytes], packed: bool = False) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as z:
        for name, data in parts.items():
            z.writestr(name, data)


def npy(array: Any, pickled: bool = False) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=pickled)
    return out.getvalue()


def changed(**values: Any) -> Any:
    def change(parts: dict[str, bytes]) -> None:
        parts["model.json"] = json.dumps({**json.loads(parts["model.json"]), **values}).encode()

    return change


def put(name: str, data: bytes) -> Any:
    def change(parts: dict[str, bytes]) -> None:
        parts[name] = data

    return change


F = len(head().mean)
FAULTS = {
    "version": (changed(schema=99), "version 99"),
    "features": (changed(features=99), "other features"),
    "format": (changed(format="x"), "no model of imu-tracker"),
    "one label": (changed(labels=["a"]), "labels"),
    "same labels": (changed(labels=["a", "a", "b"]), "twice"),
    "long label": (changed(labels=["a" * 1000, "b", "c"]), "word"),
    "no heads": (changed(heads=[]), "heads"),
    "odd kind": (changed(heads=[{"kind": "mag"}]), "kind"),
    "many directions": (changed(heads=[{"kind": "acc", "directions": 10**9}]), "directions"),
    "taught": (changed(taught=[]), "taught"),
    "taught twice": (changed(taught=["a", "a"]), "twice"),
    "own space": (changed(heads=[{"kind": "acc", "directions": 2, "own_directions": 10**9}]), "of its own"),
    "template": (put("0.templates.npy", npy(np.full((1, 2), np.nan, "<f4"))), "can't be"),
    "own shape": (put("0.own.npy", npy(np.zeros((F, 3), "<f4"))), "shape"),
    "about": (changed(about=[1]), "about"),
    "deep json": (put("model.json", b"[" * 200_000), "JSON"),
    "huge json": (put("model.json", b" " * (2**20 + 1)), "larger"),
    "shape": (put("0.mean.npy", npy(np.zeros(F + 1, "<f4"))), "shape"),
    "type": (put("0.mean.npy", npy(np.zeros(F // 2, "<f8"))), "shape or type"),
    "claims more": (put("0.mean.npy", npy(np.zeros(F, "<f4"))[:-4]), "cut short"),
    "pickle": (put("0.mean.npy", npy(np.array([{"a": 1}], object), True)), "shape or type"),
    "no array": (put("0.mean.npy", b"junk"), "damaged"),
    "nan": (put("0.mean.npy", npy(np.full(F, np.nan, "<f4"))), "can't be"),
    "infinite": (put("0.projection.npy", npy(np.full((F, 2), np.inf, "<f4"))), "can't be"),
    "scale": (put("0.scale.npy", npy(np.zeros(F, "<f4"))), "scale"),
    "all centres unknown": (put("1.centres.npy", npy(np.full((3, 2), np.nan, "<f4"))), "can't be"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_said_in_one_sentence(file: Path, fault: str) -> None:
    change, said = FAULTS[fault]
    parts = members(file)
    change(parts)
    rewrite(file, parts)
    with pytest.raises(ModelError, match=said) as e:
        load_model(file)
    assert "\n" not in str(e.value)


def test_a_missing_a_doubled_and_a_packed_member(file: Path) -> None:
    parts = members(file)
    rewrite(file, {k: v for k, v in parts.items() if k != "1.scale.npy"})
    with pytest.raises(ModelError, match="missing"):
        load_model(file)
    rewrite(file, {**parts, "1.scale.npy": bytes(10_000_000)}, packed=True)
    with pytest.raises(ModelError, match="packed"):
        load_model(file)


def test_no_file_a_folder_and_a_file_that_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such model"):
        load_model(tmp_path / "none")
    with pytest.raises(ModelError, match="not a file"):
        load_model(tmp_path)
    with open(tmp_path / "large", "wb") as f:
        f.truncate(LARGEST_BYTES + 1)
    with pytest.raises(ModelError, match="larger than any"):
        load_model(tmp_path / "large")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_damage_is_a_model_or_an_error_of_ours_in_little_time_and_memory(
    file: Path, tmp_path: Path, data: st.DataObject
) -> None:
    whole = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        # headers and directory, where damage tells most, as often as anywhere
        at = data.draw(
            st.one_of(st.integers(0, 2000), st.integers(len(whole) - 1200, len(whole) - 1), st.integers(0, len(whole) - 1))
        )
        whole[min(at, len(whole) - 1)] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        whole = whole[: data.draw(st.integers(0, len(whole)))]
    (tmp_path / "damaged").write_bytes(whole)
    tracemalloc.start()
    since = time.monotonic()
    said = ""
    try:
        model = load_model(tmp_path / "damaged")
        assert np.isfinite(model.predict(seen(1.0)).confidence)
    except ModelError as e:
        said = str(e)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert "\n" not in said
    assert time.monotonic() - since < 1.0
    assert peak < 100 * 2**20
