"""What lies beside a model: a card in Markdown, the confusion as a picture, and the figures for programs."""

from __future__ import annotations

import io
import json
from pathlib import Path

from imu_tracker.files.writing import write_text
from imu_tracker.recognition.model import OTHER, Model
from imu_tracker.recognition.scores import Scores, as_json, confusion_table
from imu_tracker.recognition.training import Report, expectation, report_json

BESIDE = (".card.md", ".confusion.svg", ".figures.json")


def card_path(model: str | Path) -> Path:
    """Where a model's card lies."""
    return Path(f"{model}{BESIDE[0]}")


def figure_path(model: str | Path) -> Path:
    """Where the picture of its confusion lies."""
    return Path(f"{model}{BESIDE[1]}")


def figures_path(model: str | Path) -> Path:
    """Where the figures lie, as `figures` has them."""
    return Path(f"{model}{BESIDE[2]}")


def write_card(model: Model, report: Report, path: str | Path) -> None:
    """Card, picture and figures beside the model at `path`; raises FileError where they can't be written."""
    write_text(figure_path(path), confusion_figure(report.scores))
    write_text(figures_path(path), figures(report))
    write_text(card_path(path), card(model, report, Path(path).name))


def figures(report: Report) -> str:
    """The left-out predictions and scores as JSON, as `train --json` writes them."""
    return json.dumps({**as_json(report.told, report.scores), **report_json(report)}, indent=1, ensure_ascii=False) + "\n"


def card(model: Model, report: Report, name: str) -> str:
    """The card as Markdown: what it was trained on, what to expect, what it can't do."""
    scores = report.scores
    people = f"{report.groups} groups ({report.group})"
    lines = [
        f"# Model {name}",
        "",
        f"Tells {len(model.labels)} classes ({model.label}) from worn motion sensors, whichever way they are turned.",
        "",
        "## Trained on",
        "",
        f"{len(report.told)} recordings or segments of {people}:",
        ", ".join(f"{c} ({n})" for c, n in report.classes.items()) + ".",
        "Sensors: " + ", ".join(f"{h.segment} {_KINDS[h.kind]}" for h in model.heads) + ".",
        *(f"- {note}" for note in report.notes),
        *(f"- The same data lie in {' and '.join(files)}; they were left out together." for files in report.duplicates),
        "",
        "## What to expect on people it has not seen",
        "",
        f"Every prediction here is by a model that knew nothing of that {report.group}:",
        f"macro-F1 {scores.macro_f1:.3f}, accuracy {scores.accuracy:.3f}.",
        expectation(report),
        "",
        confusion_table(scores),
        f"![Confusion: true classes against answers]({figure_path(name).name})",
        "",
        *(["| people trained on | accuracy on others |", "|---|---|"] if report.curve else []),
        *(f"| {c.groups} | {c.accuracy:.2f} |" for c in report.curve),
        "",
        "## What it can't do",
        "",
        "- It knows its classes and nothing else. Other motion is `unknown` where it lies farther from every class than nearly"
        " all of its own left-out recordings did" + (_TELLS_OTHER if OTHER in model.labels else _NO_OTHER),
        "- It does not use posture: lying and standing are told by the motion alone.",
        f"- Confidence is calibrated on the {people} above, not on yours.",
    ]
    return "\n".join(lines) + "\n"


_TELLS_OTHER = f", or is told as `{OTHER}`."
_NO_OTHER = f"; recordings of anything else, as a class named `{OTHER}`, would help much."
_KINDS = {"gyr": "with gyroscope", "acc": "accelerometer only"}


def confusion_figure(scores: Scores) -> str:
    """The confusion as an SVG picture, shares of each true class in grey; the same scores give the same bytes."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    rows, columns = len(scores.true), len(scores.predicted)
    share = scores.counts / scores.counts.sum(axis=1, keepdims=True)
    with rc_context({"svg.hashsalt": "imu-tracker", "font.size": 8.0}):
        figure = Figure(figsize=(2.5 + 0.4 * columns, 1.8 + 0.35 * rows), layout="constrained")
        axes = figure.subplots()
        axes.imshow(share, cmap="Greys", vmin=0.0, vmax=1.0, aspect="auto")
        for i in range(rows):
            for j in range(columns):
                if scores.counts[i, j]:
                    ink = "white" if share[i, j] > 0.5 else "black"
                    axes.text(j, i, str(scores.counts[i, j]), ha="center", va="center", color=ink)
        axes.set_xticks(range(columns), [_plain(w) for w in scores.predicted], rotation=60, ha="right")
        axes.set_yticks(range(rows), [_plain(w) for w in scores.true])
        axes.set_xlabel("told")
        axes.set_ylabel("true")
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def _plain(word: str) -> str:
    """A label that matplotlib doesn't take for a formula."""
    return word.replace("$", r"\$")
