"""A picture of one set's pelvic drop: over time, with stance, reps, threshold and events."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from imu_tracker.numeric import Floats, runs
from imu_tracker.results import Series, Set

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Look:
    """Colours that people with any colour vision tell apart (Okabe and Ito 2008), and sizes in inches."""

    left: str = "#0072B2"
    right: str = "#E69F00"
    event: str = "#D55E00"
    ink: str = "#333333"
    width_in: float = 9.0
    height_in: float = 3.2
    around_s: float = 1.5
    """Shown before and after the set."""


def drop_figure(series: Series, one: Set, look: Look | None = None) -> str:
    """The set's drop as an SVG picture. Raises ValueError where the set has no drop to show."""
    look = look or Look()
    if one.pelvic_drop.peak_deg is None:
        raise ValueError(f"the set at {one.start_s:.0f} s has no pelvic drop: {one.pelvic_drop.reason}")
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "imu-tracker", "font.size": 9.0}):  # the same set gives the same bytes
        figure = Figure(figsize=(look.width_in, look.height_in), layout="constrained")
        _draw(figure.subplots(), series, one, look)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def _draw(axes: Axes, series: Series, one: Set, look: Look) -> None:
    here = (series.t >= one.start_s - look.around_s) & (series.t < one.end_s + look.around_s)
    t, drop, obliquity = series.t[here], series.drop_deg[here], series.obliquity_deg[here]
    axes.plot(t, np.zeros_like(t), color=look.ink, linewidth=0.6)
    for side, colour in (("left", look.left), ("right", look.right)):
        standing = np.where(_standing_on(side, drop, obliquity), drop, np.nan)
        if np.isfinite(standing).any():
            axes.plot(t, standing, color=colour, linewidth=1.6, label=f"standing on the {side}")
    for number, rep in enumerate(one.reps, 1):
        if rep.drop_deg is not None and rep.drop_at_s is not None and rep.drop_uncertainty_deg is not None:
            axes.errorbar(rep.drop_at_s, rep.drop_deg, rep.drop_uncertainty_deg, color=look.ink, linewidth=0.8, capsize=2.0)
        middle = 0.5 * (rep.start_s + rep.end_s)
        axes.annotate(str(number), (middle, 0.0), xycoords=("data", "axes fraction"), va="bottom", ha="center", color=look.ink)
        axes.axvline(rep.start_s, color=look.ink, linewidth=0.3, alpha=0.4)
    threshold = one.pelvic_drop.threshold_deg
    if threshold is not None:
        axes.axhline(threshold, color=look.event, linewidth=0.8, linestyle="--", label=f"threshold {threshold:g}°")
        for event in one.pelvic_drop.events:
            inside = (t >= event.start_s) & (t < event.end_s)
            axes.fill_between(
                t[inside], threshold, np.nan_to_num(drop[inside], nan=threshold),
                color=look.event, alpha=0.6 if event.certain else 0.2, linewidth=0.0,
            )  # fmt: skip
            axes.annotate(
                f"{event.peak_deg:.0f}°{'' if event.certain else '?'}",
                (0.5 * (event.start_s + event.end_s), event.peak_deg), xytext=(5, 3), textcoords="offset points",
                color=look.event,
            )  # fmt: skip
    low, high = float(np.nanmin(drop)), max(float(np.nanmax(drop)), threshold or 0.0)
    axes.set_ylim(low - 3.0, high + 3.0)
    axes.set_xlim(float(t[0]), float(t[-1]))
    axes.set_xlabel("s")
    axes.set_ylabel("drop of the free side, °")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, 1.14), ncols=3, frameon=False, borderaxespad=0.0)


def _standing_on(side: str, drop_deg: Floats, obliquity_deg: Floats) -> np.ndarray:
    """Where one foot carries and it is that side's: there the drop is the obliquity, on the right leg its opposite."""
    sign = 1.0 if side == "left" else -1.0
    with np.errstate(invalid="ignore"):
        same = np.abs(drop_deg - sign * obliquity_deg) < 1e-9
    flat = np.abs(drop_deg) < 1e-9
    return _filled(np.asarray(same & ~flat))


def _filled(mask: np.ndarray) -> np.ndarray:
    """Single samples that a crossing of zero left out are part of what is around them."""
    out = mask.copy()
    for a, b in runs(~mask):
        if b - a <= 2 and a > 0 and b < len(mask):
            out[a:b] = True
    return out
