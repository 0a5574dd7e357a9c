"""Small charts as SVG: axes, marks and lines, drawn as text.

Not with matplotlib: one picture for each of 33 sets took it 8 s and 1.9 MB, and takes 0.1 s and 0.5 MB here; and what is drawn
here takes its colours from the page, so that it turns dark with it. Colours are classes, which `look.py` gives their meaning.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from imu_tracker.report.markup import Html, joined, text


@dataclass(frozen=True)
class Frame:
    """A picture's size and what its axes leave free, in the picture's own units (its words are 11 high)."""

    width: float = 240.0
    height: float = 118.0
    left: float = 26.0
    right: float = 8.0
    top: float = 8.0
    bottom: float = 20.0


@dataclass(frozen=True)
class Axes:
    """Where values lie in a picture: x and y from the first to the second."""

    x: tuple[float, float]
    y: tuple[float, float]
    frame: Frame = Frame()

    def px(self, x: float) -> float:
        """How far right."""
        f = self.frame
        return f.left + (x - self.x[0]) / (self.x[1] - self.x[0]) * (f.width - f.left - f.right)

    def py(self, y: float) -> float:
        """How far down."""
        f = self.frame
        return f.height - f.bottom - (y - self.y[0]) / (self.y[1] - self.y[0]) * (f.height - f.top - f.bottom)


def ticks(low: float, high: float, about: int) -> list[float]:
    """Round numbers from low to high: 1, 2 or 5 times a power of ten apart, at most `about` + 1 of them."""
    step = 10.0 ** math.floor(math.log10((high - low) / about))
    step *= next(m for m in (1, 2, 5, 10) if (high - low) / (m * step) <= about)
    return [k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def number(v: float) -> str:
    """A coordinate to a tenth of a unit."""
    return f"{v:.1f}".removesuffix(".0")


def line(points: Sequence[tuple[float, float]], kind: str) -> Html:
    """A line through points of the picture, in the manner of its class."""
    d = " ".join(f"{number(x)} {number(y)}" for x, y in points)
    return Html(f'<path class="{kind}" d="M{d}"/>') if len(points) > 1 else Html("")


def level(axes: Axes, y: float, kind: str) -> Html:
    """A line across at a value."""
    return Html(f'<path class="{kind}" d="M{number(axes.px(axes.x[0]))} {number(axes.py(y))}H{number(axes.px(axes.x[1]))}"/>')


def word(x: float, y: float, said: str, kind: str) -> Html:
    """Words at a point of the picture; the class says how they lie to it."""
    return Html(f'<text class="{kind}" x="{number(x)}" y="{number(y)}">{text(said)}</text>')


def bars(axes: Axes, spans: Sequence[tuple[float, float, float]], width: float, kind: str) -> Html:
    """Upright bars, each (x, from, to), `width` of the x axis wide, as one shape."""
    w = axes.px(width) - axes.px(0.0)
    d = "".join(
        f"M{number(axes.px(x) - w / 2)} {number(axes.py(a))}h{number(w)}V{number(axes.py(b))}h{number(-w)}z" for x, a, b in spans
    )
    return Html(f'<path class="{kind}" d="{d}"/>') if d else Html("")


def whiskers(axes: Axes, spans: Sequence[tuple[float, float, float]], kind: str = "whisker") -> Html:
    """Upright uncertainty bars with caps, each (x, from, to), as one shape."""
    d = ""
    for x, a, b in spans:
        at = axes.px(x)
        low, high = number(axes.py(a)), number(axes.py(b))
        d += f"M{number(at - 2)} {low}h4M{number(at)} {low}V{high}M{number(at - 2)} {high}h4"
    return Html(f'<path class="{kind}" d="{d}"/>') if d else Html("")


MARKS = {
    "left": "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",  # a circle
    "right": "m-3.2-3.2h6.4v6.4h-6.4z",  # a square
    "neither": "m0-4l4 4l-4 4l-4-4z",  # a diamond
}


def marks(axes: Axes, points: Sequence[tuple[float, float]], shape: str, kind: str) -> Html:
    """Points as marks, as one shape: a circle for the left, a square for the right, so that no colour is needed."""
    d = "".join(f"M{number(axes.px(x))} {number(axes.py(y))}{MARKS[shape]}" for x, y in points)
    return Html(f'<path class="{kind}" d="{d}"/>') if d else Html("")


def frame_of(axes: Axes, across: Sequence[tuple[float, str]], digits: int = 0) -> Html:
    """The value axis with its lines, and words below at places of the x axis."""
    f = axes.frame
    parts = []
    for v in ticks(*axes.y, 4):
        parts += [level(axes, v, "zero" if abs(v) < 1e-9 else "grid")]
        said = f"{v:.{digits}f}".replace("-", "−")
        parts += [word(f.left - 4, axes.py(v) + 3.5, "0" if abs(v) < 1e-9 else said, "end")]
    parts += [word(axes.px(x), f.height - 5, said, "middle") for x, said in across]
    return joined(parts)


def picture(frame: Frame, alt: str, parts: Sequence[Html]) -> Html:
    """The parts as a picture that says in words what it shows."""
    box = f"0 0 {number(frame.width)} {number(frame.height)}"
    return Html(f'<svg viewBox="{box}" role="img" aria-label="{text(alt)}">{joined(parts)}</svg>')
