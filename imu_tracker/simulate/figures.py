"""Draws each exercise: the body in four phases of a rep, seen from two sides, and its placements' signals with the reps marked.

python -m imu_tracker.simulate.figures docs/exercises [NAME...]
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np

from imu_tracker.exercises import Exercise, find
from imu_tracker.numeric import Floats
from imu_tracker.results import Side
from imu_tracker.simulate.motions import MOTIONS, Part
from imu_tracker.simulate.person import Person
from imu_tracker.simulate.script import other
from imu_tracker.simulate.session import GRID_HZ, Movement, perform
from imu_tracker.simulate.truth import TrueSet
from imu_tracker.simulate.wearing import SITES, TYPICAL, Mounting, wear

SEED = 5
SIDE: Side = "left"  # the working side in every figure; drawn in colour
VIEWS = (("from the side", 12.0), ("from the front", -78.0))  # and how far the eye goes round, degrees
EYE_UP_DEG = {"upright": 9.0, "low": 24.0}  # who lies is seen more from above
LOW_M = 1.25
COLOURS = ("#c0392b", "#2e8b57", "#2c5aa0")
WORKING, OTHER, PROP = "#e07b00", "#555555", "#bbbbbb"


def perform_for_figure(exercise: Exercise) -> Movement:
    """A set of five on the left side, or a hold of ten seconds, by somebody ordinary."""
    parts = (Part("quiet", seconds=1.0), Part(exercise.name, count=5, side=SIDE, seconds=10.0, back=False))
    return perform(parts, SEED, Person(range=0.6, sway_deg=0.3))


def phases(a_set: TrueSet) -> tuple[tuple[str, float], ...]:
    """Four moments of a rep in the middle of the set, or of the hold: what to call them, and when they are."""
    if not a_set.reps:
        length = a_set.end_s - a_set.start_s
        return tuple((f"hold, {share:.0%}", a_set.start_s + share * length) for share in (0.02, 0.35, 0.65, 0.98))
    rep = a_set.reps[len(a_set.reps) // 2]
    return (
        ("start", rep.start_s),
        ("out", rep.start_s + 0.5 * rep.out_s),
        ("turn", rep.turn_s),
        ("back", rep.end_s - 0.5 * rep.back_s),
    )


def _flat(points: Floats, heading: float, around_deg: float, top: float) -> Floats:
    """World points (..., 3) as seen from `around_deg` off the body's right side, a little from above; (..., 2)."""
    angle = heading - np.deg2rad(around_deg)
    across = points[..., 0] * np.cos(angle) + points[..., 1] * np.sin(angle)
    deep = -points[..., 0] * np.sin(angle) + points[..., 1] * np.cos(angle)
    up = np.deg2rad(EYE_UP_DEG["low" if top < LOW_M else "upright"])
    return np.stack([across, points[..., 2] * np.cos(up) + deep * np.sin(up)], -1)


def _limbs(movement: Movement, i: int, working: str) -> list[tuple[str, float, Floats]]:
    """Colour, width and points (K, 3) of the lines of the body at sample i, the far side first."""
    body, build = movement.posture, movement.posture.build

    def at(segment: str, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Floats:
        place: Floats = body.origin[segment][i] + body.turn[segment][i] @ np.array([x, y, z])
        return place

    lines = []
    for side in (other(working), working):
        colour = WORKING if side == working else OTHER
        foot = f"foot_{side}"
        leg = [at(f"thigh_{side}"), at(f"shank_{side}"), at(foot)]
        heel, toe = at(foot, -build.heel, 0, -build.ankle_height), at(foot, build.foot - build.heel, 0, -build.ankle_height)
        arm = [at(f"upper_arm_{side}"), at(f"forearm_{side}"), at(f"forearm_{side}", 0, 0, -1.4 * build.forearm)]
        lines += [
            (colour, 3.2, np.array([*leg, heel, toe, leg[-1]])),
            (colour, 1.6, np.array(arm)),
        ]
    neck = at("trunk", 0, 0, build.shoulder + 0.04 * build.stature)
    spine = [at("pelvis"), at("trunk"), at("trunk", 0, 0, 0.5 * build.shoulder), neck]
    lines.insert(2, ("black", 3.6, np.array(spine)))
    lines.append(("black", 3.2, np.array([at("thigh_left"), at("thigh_right")])))
    lines.append(("black", 2.4, np.array([at("upper_arm_left"), at("upper_arm_right")])))
    return lines


def _head(movement: Movement, i: int) -> Floats:
    body, build = movement.posture, movement.posture.build
    place: Floats = body.origin["trunk"][i] + body.turn["trunk"][i] @ np.array([0.02, 0, build.shoulder + 0.1 * build.stature])
    return place


BOX_EDGES = [(a, b) for a in range(8) for b in range(a) if bin(a ^ b).count("1") == 1]


def _draw_body(axes: Any, movement: Movement, when: float, around_deg: float, top: float) -> None:
    i = min(int(when * GRID_HZ), len(movement.t) - 1)
    heading = float(movement.posture.channels["yaw"][i])
    for prop in movement.props:
        if prop.start_s <= when <= prop.end_s:
            corners = _flat(prop.corners, heading, around_deg, top)
            for a, b in BOX_EDGES:
                axes.plot(*corners[[a, b]].T, color=PROP, lw=1.0, zorder=0)
    middle = movement.posture.origin["pelvis"][i]
    shadow = np.array([[middle[0] + dx, middle[1] + dy, 0.0] for dx in (-0.9, 0.9) for dy in (-0.5, 0.5)])[[0, 1, 3, 2, 0]]
    axes.plot(*_flat(shadow, heading, around_deg, top).T, color="#dddddd", lw=0.8, zorder=0)
    for colour, width, points in _limbs(movement, i, SIDE):
        axes.plot(
            *_flat(points, heading, around_deg, top).T, color=colour, lw=width, solid_capstyle="round", solid_joinstyle="round"
        )
    axes.plot(*_flat(_head(movement, i), heading, around_deg, top), "o", ms=11, color="black")
    axes.set_aspect("equal")
    x, y = _flat(middle, heading, around_deg, top)
    lift = y - middle[2] * (1.0 if top >= LOW_M else 0.91)
    axes.set_xlim(x - 1.05, x + 1.05)
    axes.set_ylim(-0.3 + lift, top + lift)
    axes.axis("off")


def _worn(exercise: Exercise, working: str) -> list[str]:
    """The two placements to show: the catalogue's, the thigh being the one that works."""
    names = [p if p in ("pelvis", "chest") else f"{p}_{working}" for p in exercise.placements]
    return [n for n in names if n in SITES][:2]


def draw(exercise: Exercise, path: Path) -> None:
    """One exercise's figure, as a PNG of well under 120 kB."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    from PIL import Image

    movement = perform_for_figure(exercise)
    (a_set,) = movement.truth.sets
    of_leg = exercise.side_rule in ("moving_leg", "stance_leg")
    moving = other(SIDE) if exercise.side_rule == "stance_leg" and exercise.placements[0] == "thigh" else SIDE
    placements = _worn(exercise, moving)
    top = max(0.7, *(_head(movement, int(when * GRID_HZ))[2] for _, when in phases(a_set))) + 0.3
    tall = 2.6 * (top + 0.3) / 2.1
    figure = plt.figure(figsize=(11, 2 * tall + 1.9 * len(placements)), layout="constrained")
    grid = figure.add_gridspec(2 + len(placements), 4, height_ratios=[tall, tall, *[1.9] * len(placements)])
    for row, (view, around) in enumerate(VIEWS):
        for column, (phase, when) in enumerate(phases(a_set)):
            axes = figure.add_subplot(grid[row, column])
            _draw_body(axes, movement, when, around, top)
            axes.set_title(f"{phase}, {view}" if column == 0 or row == 0 else phase, fontsize=8)
    first, last = a_set.start_s - 1.5, a_set.end_s + 1.5
    for row, placement in enumerate(placements):
        worn = wear(movement.posture, placement, Mounting(), TYPICAL, np.random.default_rng(SEED))
        seen = (worn.t > first) & (worn.t < last)
        for half, (values, unit) in enumerate(((worn.acc, "m/s²"), (np.rad2deg(worn.gyr), "deg/s"))):
            axes = figure.add_subplot(grid[2 + row, 2 * half : 2 * half + 2])
            for axis, colour in enumerate(COLOURS):
                axes.plot(worn.t[seen], values[seen, axis], color=colour, lw=0.8, label="xyz"[axis])
            for rep in a_set.reps:
                axes.axvspan(rep.start_s, rep.end_s, color="#f3e6d0" if rep.side != "right" else "#dfe8f3", zorder=0)
                axes.axvline(rep.turn_s, color="#999999", lw=0.6, ls=":")
            if not a_set.reps:
                axes.axvspan(a_set.start_s, a_set.end_s, color="#f3e6d0", zorder=0)
            axes.set_title(f"{placement}, {'acceleration' if half == 0 else 'turn rate'}, {unit}", fontsize=8)
            axes.set_xlim(first, last)
            axes.tick_params(labelsize=7)
            if row == half == 0:
                axes.legend(fontsize=7, loc="upper right", ncols=3, frameon=False)
    side = f", {SIDE} side works (orange)" if of_leg else ""
    figure.suptitle(f"{exercise.title}{side}: simulated", fontsize=11)
    with io.BytesIO() as drawn:
        figure.savefig(drawn, dpi=75)
        Image.open(drawn).convert("RGB").quantize(48).save(path, optimize=True)
    plt.close(figure)


def main(folder: Path, names: list[str]) -> None:
    """Draws the named exercises, or all that have a motion."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or list(MOTIONS):
        exercise = find(name)
        draw(exercise, folder / f"{exercise.name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/exercises"), sys.argv[2:])
