"""Whether showing what a rep is makes counts better: real recordings in ../shared, with and without a guide.

    python benchmarks/guided.py [--dataset NAME ...] [--every N]

A guide is one rep or three of the same person and exercise, from another recording than the one counted, from its second rep
on, as found there: of uci the template session, of the other sets the first recording whose count is exact without a guide (a
person would have corrected it to that). Recordings for which there is no such other one are left out, as are labels that plots
contradict. `alone` counts only what the guide finds; `guided` is what `analyze --guide` says.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from reliability import measure

from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.recording import stream_from_samples
from imu_tracker.reps import describe_reps, exercise_sets, guided_sets, template_of, with_others
from imu_tracker.reps.sets import FoundSet

SHOWN = (1, 3)
Item = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One recording's errors: without a guide, and by the number of reps shown what the guide alone finds, and all."""

    dataset: str
    plain: int
    alone: tuple[int, ...]
    guided: tuple[int, ...]


def _motions(item: Item) -> tuple[Motion, ...]:
    x = measure().table(item)
    gyr = x[["gx", "gy", "gz"]].to_numpy(float) if "gx" in x else None
    stream = stream_from_samples(x["t"].to_numpy(float), x[["ax", "ay", "az"]].to_numpy(float), gyr)
    return tuple(motion_of(piece) for piece in to_grid(stream, float(stream.timing.t[0])))


def _count(sets: tuple[FoundSet, ...]) -> int:
    return sum(len(s.cuts) for s in sets)


def _found(motions: tuple[Motion, ...]) -> tuple[FoundSet, ...]:
    return exercise_sets(motions)


def _group(items: list[Item]) -> list[Row]:
    """The recordings of one person and exercise."""
    motions = [_motions(i) for i in items]
    found = [_found(m) for m in motions]
    templates = ["template" in i["dataset"] for i in items]
    shows = [k for k, i in enumerate(items) if (templates[k] if any(templates) else _count(found[k]) == i["count"])]
    rows = []
    for k, item in enumerate(items):
        from_ = next((j for j in shows if j != k), None)
        if from_ is None or templates[k]:
            continue
        longest = max(found[from_], key=lambda s: len(s.cuts), default=None)
        if longest is None or len(longest.cuts) < max(SHOWN) + 1:
            continue
        reps = [(r.start_s, r.end_s) for r in describe_reps(motions[from_], longest.cuts, longest.fit)]
        alone, guided = [], []
        for n in SHOWN:
            sets = guided_sets(motions[k], template_of(motions[from_], reps[1 : 1 + n]))
            alone.append(_count(sets) - item["count"])
            guided.append(_count(with_others(sets, found[k])) - item["count"])
        rows.append(Row(item["dataset"].split(":")[0], _count(found[k]) - item["count"], tuple(alone), tuple(guided)))
    return rows


def _groups(names: list[str] | None, every: int) -> Iterator[list[Item]]:
    board = measure()
    groups: dict[tuple[str, str, str], list[Item]] = {}
    for item in board.items("dev", names):
        if not item["name"].startswith(tuple(board.SUSPECT)):
            groups.setdefault((item["dataset"].split(":")[0], item["subject"], item["exercise"]), []).append(item)
    yield from [g for g in groups.values() if len(g) > 1][::every]


def _figures(errors: list[int]) -> str:
    e = np.array(errors)
    return f"{np.mean(e == 0):6.2f}{np.mean(np.abs(e) <= 1):6.2f}{np.abs(e).mean():6.2f}"


def main() -> None:
    """Measure and print the table: exact, within one, mean error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", nargs="*", help="only these (a beginning of the name is enough)")
    parser.add_argument("--every", type=int, default=1, help="only every n-th person and exercise")
    args = parser.parse_args()
    with ProcessPoolExecutor() as pool:
        rows = [r for part in pool.map(_group, _groups(args.dataset, args.every)) for r in part]
    heads = ["no guide", *(f"{n} shown, {what}" for n in SHOWN for what in ("alone", "guided"))]
    print(f"{'':20}{'n':>4}" + "".join(f"{h:>20}" for h in heads))
    for name in dict.fromkeys(r.dataset for r in rows):
        of = [r for r in rows if r.dataset == name]
        columns = [[r.plain for r in of]]
        for k in range(len(SHOWN)):
            columns += [[r.alone[k] for r in of], [r.guided[k] for r in of]]
        print(f"{name:20}{len(of):4}" + "".join(f"  {_figures(c)}" for c in columns))


if __name__ == "__main__":
    main()
