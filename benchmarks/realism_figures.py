"""Pictures of real (blue) against simulated (orange) repetitions: how features are spread, and three repetitions of each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from realism_features import FEATURES, Cut, angle_deg
from realism_real import RepSet

from imu_tracker.motion import GRID_HZ
from imu_tracker.numeric import Floats, smooth

COLOURS = {"real": "tab:blue", "simulated": "tab:orange"}


def draw(
    folder: Path,
    title: str,
    real: list[RepSet],
    made: list[RepSet],
    real_features: dict[str, Floats],
    made_features: dict[str, Floats],
) -> Path:
    """Writes `<title>.png` into the folder; returns where."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(18, 11), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title)
    axes = figure.subplots(4, 6)
    for axis, name in zip(axes[:2].ravel(), FEATURES, strict=False):
        both = {"real": real_features[name], "simulated": made_features[name]}
        both = {k: v for k, v in both.items() if len(v) and np.isfinite(v).all()}
        if both:
            low, high = np.percentile(np.concatenate(list(both.values())), [1, 99])
            for k, v in both.items():
                axis.hist(v, bins=np.linspace(low, max(high, low + 1e-6), 25), density=True, alpha=0.5, color=COLOURS[k], label=k)
        axis.set_title(name)
    axes[0, 0].legend()
    for axis in axes[:2].ravel()[len(FEATURES) :]:
        axis.set_visible(False)
    for row, sets in zip(axes[2:], (real, made), strict=True):
        for pair, a_set in zip(row.reshape(3, 2), _three(sets), strict=False):
            _one(pair, a_set)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{title.replace(', ', '-').replace(' ', '_')}.png"
    figure.savefig(path, dpi=60)
    return path


def _three(sets: list[RepSet]) -> list[RepSet]:
    """The first, the middle and the last person."""
    return [sets[i] for i in sorted({0, len(sets) // 2, len(sets) - 1})] if sets else []


def _one(axes: np.ndarray[tuple[int, ...], np.dtype[np.object_]], a_set: RepSet) -> None:
    """A person's middle repetition: how far it has turned and how fast; and its acceleration, or its turn rate by axis."""
    cut: Cut = a_set.cuts[len(a_set.cuts) // 2]
    t = np.arange(len(cut)) / GRID_HZ
    axes[0].plot(t, angle_deg(cut), label="turned, deg")
    if cut.gyr is not None:
        axes[0].plot(t, np.degrees(np.linalg.norm(cut.gyr, axis=1)), linewidth=0.8, label="rate, deg/s")
    if cut.linear is not None:
        axes[1].plot(t, cut.linear - cut.linear.mean(axis=0), linewidth=0.8)
        axes[1].plot(t, np.linalg.norm(smooth(cut.linear - cut.linear.mean(axis=0), 10.0, GRID_HZ), axis=1), "k", linewidth=1)
        axes[1].set_title("linear acc, m/s²", fontsize=8)
    elif cut.gyr is not None:
        axes[1].plot(t, np.degrees(cut.gyr), linewidth=0.8)
        axes[1].set_title("rate by axis, deg/s", fontsize=8)
    axes[0].legend(fontsize=7)
    axes[0].set_title(a_set.person, fontsize=9)
