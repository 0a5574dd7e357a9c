"""A model's file: a zip with `model.json` and one `.npy` an array, nothing compressed, nothing that runs when it is read.

Files come from anywhere. Before anything of one is used its size, its members, and every array's shape, type and range are
checked; what is wrong is said in one sentence, and nothing larger than the limits below is ever read or made room for.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from pathlib import Path
from typing import Any, cast

import numpy as np

from imu_tracker.errors import ModelError
from imu_tracker.files.writing import write_atomically
from imu_tracker.numeric import Floats
from imu_tracker.recognition.features import LAYOUT, MotionKind, feature_names
from imu_tracker.recognition.model import Head, Model

SCHEMA = 3  # raised whenever a number in it changes its meaning
LARGEST_BYTES = 64 * 2**20  # of the file; a model of a hundred classes and four segments takes 4 MB
LARGEST_JSON = 2**20
MOST_LABELS, MOST_HEADS, LONGEST_WORD = 1000, 64, 200
MOST_DIRECTIONS, MOST_TEMPLATES = 200, 20_000  # of the space of single sets; a taught set is about ten templates
STEEPEST = 50.0  # a power; those of real models lie below 10
LARGEST_VALUE = 1e9  # features are logarithms, shares, m/s² and rad/s; anything beyond is a fault
ARRAYS = ("mean", "scale", "projection", "centres", "own", "templates")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same model gives the same bytes


def save_model(model: Model, path: str | Path) -> None:
    """Write the model as one file, whole or not at all; raises FileError where it can't be written."""
    about: dict[str, Any] = {
        "format": "imu-tracker model",
        "schema": SCHEMA,
        "features": LAYOUT,
        "label": model.label,
        "labels": list(model.labels),
        "taught": list(model.taught),
        "about": model.about,
        "heads": [
            {
                "segment": h.segment,
                "kind": h.kind,
                "directions": h.projection.shape[1],
                "temperature": h.temperature,
                "limit": h.limit,
                "fade": h.fade,
                "own_directions": 0 if h.own is None else h.own.shape[1],
                "reach": h.reach,
                "taught": list(h.of),
            }
            for h in model.heads
        ],
    }
    with write_atomically(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as out:
        out.writestr(zipfile.ZipInfo("model.json", EPOCH), json.dumps(about, indent=1, ensure_ascii=False))
        for k, head in enumerate(model.heads):
            for name in ARRAYS:
                if getattr(head, name) is None:
                    continue
                data = io.BytesIO()
                np.lib.format.write_array(data, np.ascontiguousarray(getattr(head, name), "<f4"), (1, 0), allow_pickle=False)
                out.writestr(zipfile.ZipInfo(f"{k}.{name}.npy", EPOCH), data.getvalue())


def load_model(path: str | Path) -> Model:
    """The model in a file; raises ModelError with one sentence on the first thing that is wrong with it."""
    path = Path(path)
    try:
        if not path.is_file():
            raise ModelError(path, "this is not a file." if path.exists() else "there is no such model.")
        if path.stat().st_size > LARGEST_BYTES:
            raise ModelError(path, f"the file is larger than any model ({LARGEST_BYTES // 2**20} MiB).")
        with zipfile.ZipFile(path) as members:
            return _model(path, members)
    except zipfile.BadZipFile as e:
        raise ModelError(path, "this is no model, or it has been cut short or changed since it was written.") from e
    except OSError as e:
        raise ModelError(path, f"the file can't be read ({e.strerror or e}).") from e
    except (ValueError, EOFError, NotImplementedError, RuntimeError, OverflowError) as e:  # zipfile's and numpy's own complaints
        raise ModelError(path, "the model has been damaged or changed since it was written.") from e


def _bytes(path: Path, members: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A stored member of at most so many bytes."""
    infos = [i for i in members.infolist() if i.filename == name]
    if len(infos) != 1:
        raise ModelError(path, f"{name} is {'missing from' if not infos else 'twice in'} the model; train it anew.")
    (info,) = infos
    if info.compress_type != zipfile.ZIP_STORED or info.file_size > most or info.compress_size != info.file_size:
        raise ModelError(path, f"{name} in the model is larger than it may be, or packed; train it anew.")
    return members.read(info)


def _model(path: Path, members: zipfile.ZipFile) -> Model:
    if len(members.infolist()) > 1 + MOST_HEADS * len(ARRAYS):
        raise ModelError(path, "the file holds more than a model does.")
    raw = _json(path, _bytes(path, members, "model.json", LARGEST_JSON))
    labels = _words(path, raw, "labels", 2, MOST_LABELS)
    heads = raw.get("heads")
    if not isinstance(heads, list) or not 1 <= len(heads) <= MOST_HEADS:
        raise ModelError(path, f"a model has 1 to {MOST_HEADS} heads.")
    taught = _words(path, raw, "taught", 0, MOST_LABELS)
    about = raw.get("about")
    if not isinstance(about, dict) or not all(isinstance(v, str) for v in about.values()):
        raise ModelError(path, "`about` in the model should be words by name.")
    made = tuple(_head(path, members, k, head, len(labels), len(taught)) for k, head in enumerate(heads))
    if len({(h.segment, h.kind) for h in made}) < len(made):
        raise ModelError(path, "two heads of the model are for the same sensor.")
    return Model(labels, made, _word(path, raw.get("label"), "label"), taught, about)


def _json(path: Path, data: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError) as e:
        raise ModelError(path, "model.json in the model isn't valid JSON.") from e
    if not isinstance(raw, dict) or raw.get("format") != "imu-tracker model":
        raise ModelError(path, "this is no model of imu-tracker.")
    if raw.get("schema") != SCHEMA or isinstance(raw["schema"], bool):
        raise ModelError(path, f"the model is of version {str(raw.get('schema'))[:20]}, not {SCHEMA}; train it anew.")
    if raw.get("features") != LAYOUT or isinstance(raw["features"], bool):
        raise ModelError(path, "the model was trained on other features than this version has; train it anew.")
    return raw


def _word(path: Path, raw: Any, what: str) -> str:
    if not isinstance(raw, str) or not raw.strip() or len(raw) > LONGEST_WORD or not raw.isprintable():
        raise ModelError(path, f"{what} in the model should be a word of at most {LONGEST_WORD} characters.")
    return raw


def _words(path: Path, raw: dict[str, Any], what: str, least: int, most: int) -> tuple[str, ...]:
    words = raw.get(what)
    if not isinstance(words, list) or not least <= len(words) <= most:
        raise ModelError(path, f"{what} in the model should be a list of {least} to {most} words.")
    out = tuple(_word(path, w, what) for w in words)
    if len(set(out)) < len(out):
        raise ModelError(path, f"{what} in the model holds a word twice.")
    return out


def _positive(path: Path, raw: Any, what: str) -> float:
    fine = isinstance(raw, (int, float)) and not isinstance(raw, bool) and math.isfinite(raw) and 1e-9 <= raw <= LARGEST_VALUE
    if not fine:
        raise ModelError(path, f"{what} in the model should be a positive number.")
    return float(raw)


def _head(path: Path, members: zipfile.ZipFile, k: int, raw: Any, labels: int, taught: int) -> Head:
    if not isinstance(raw, dict) or raw.get("kind") not in ("gyr", "acc"):
        raise ModelError(path, "a head of the model is of no known kind.")
    kind = cast(MotionKind, raw["kind"])
    directions, own = raw.get("directions"), raw.get("own_directions")
    if not isinstance(directions, int) or isinstance(directions, bool) or not 1 <= directions <= labels:
        raise ModelError(path, "a head of the model has more directions than classes.")
    if not isinstance(own, int) or isinstance(own, bool) or not 0 <= own <= MOST_DIRECTIONS:
        raise ModelError(path, f"a head of the model has 0 to {MOST_DIRECTIONS} directions of its own.")
    of = _numbers(path, raw.get("taught"), taught if own else 0)
    count = len(feature_names(kind))
    shapes = {"mean": (count,), "scale": (count,), "projection": (count, directions), "centres": (labels, directions)}
    if own:
        shapes["own"] = (count, own)
    if of:
        shapes["templates"] = (len(of), own)
    arrays = {name: _array(path, members, f"{k}.{name}.npy", shape) for name, shape in shapes.items()}
    centres = arrays["centres"]
    absent = np.isnan(centres).all(axis=1)
    if (
        (absent.all() and not of)
        or not _moderate(centres[~absent])
        or not all(_moderate(arrays[n]) for n in shapes if n != "centres")
    ):
        raise ModelError(path, "an array of the model holds values that can't be.")
    if not (arrays["scale"] >= 1e-9).all():
        raise ModelError(path, "a feature's scale in the model isn't positive.")
    temperature, limit = _positive(path, raw.get("temperature"), "temperature"), _positive(path, raw.get("limit"), "limit")
    fade = raw.get("fade")
    if not isinstance(fade, (int, float)) or isinstance(fade, bool) or not 0.0 <= fade <= STEEPEST:
        raise ModelError(path, f"fade in the model should be a number from 0 to {STEEPEST:g}.")
    return Head(
        segment=_word(path, raw.get("segment"), "segment"),
        kind=kind,
        mean=arrays["mean"],
        scale=arrays["scale"],
        projection=arrays["projection"],
        centres=centres,
        temperature=temperature,
        limit=limit,
        fade=float(fade),
        own=arrays.get("own"),
        reach=_positive(path, raw.get("reach"), "reach"),
        templates=arrays.get("templates"),
        of=of,
    )


def _numbers(path: Path, raw: Any, below: int) -> tuple[int, ...]:
    """Numbers of taught classes, each below what there are."""
    if not isinstance(raw, list) or len(raw) > MOST_TEMPLATES:
        raise ModelError(path, f"a head of the model holds a list of at most {MOST_TEMPLATES} taught sets.")
    if not all(isinstance(k, int) and not isinstance(k, bool) and 0 <= k < below for k in raw):
        raise ModelError(path, "a taught set in the model is of no class that was taught.")
    return tuple(raw)


def _moderate(x: Floats) -> bool:
    return bool(np.isfinite(x).all() and (np.abs(x) <= LARGEST_VALUE).all())


def _array(path: Path, members: zipfile.ZipFile, name: str, shape: tuple[int, ...]) -> Floats:
    """A float32 array of exactly that shape; its header is compared with it before any number is read."""
    size = 4 * math.prod(shape)
    data = io.BytesIO(_bytes(path, members, name, size + 4096))
    if np.lib.format.read_magic(data) != (1, 0):
        raise ModelError(path, f"{name} in the model is of an unknown form.")
    found, fortran, dtype = np.lib.format.read_array_header_1_0(data, max_header_size=4096)
    if tuple(found) != shape or fortran or dtype != np.dtype("<f4"):
        raise ModelError(path, f"{name} in the model has the wrong shape or type.")
    rest = data.read()
    if len(rest) != size:
        raise ModelError(path, f"{name} in the model has been cut short.")
    return np.frombuffer(rest, "<f4").reshape(shape).astype(float)
