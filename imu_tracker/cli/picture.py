"""The summary as a picture: `python -m imu_tracker.cli.picture OUT.svg` draws what `imu-tracker demo` prints.

The picture has no script and asks nothing of the network: rich's template names a font on a server, which is taken out.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable

from rich.console import Console

WIDTH = 88  # columns
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def svg(draw: Callable[[Console], None], title: str) -> str:
    """What `draw` prints to a console, as SVG text that stands alone; the same print gives the same text."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    draw(console)
    picture = console.export_svg(title=title, unique_id="summary")
    picture = re.sub(r"@font-face\s*\{.*?\}\s*", "", picture, flags=re.DOTALL)
    picture = re.sub(r"<!--.*?-->\s*", "", picture, flags=re.DOTALL)
    picture = picture.replace("<svg ", '<svg xml:space="preserve" ', 1)  # else some viewers drop the spaces before a word
    return picture.replace("Fira Code, monospace", FONTS)


def main(path: str) -> None:
    """Draw the demo to `path`."""
    from imu_tracker.cli.demo import print_demo
    from imu_tracker.files.writing import write_text

    write_text(path, svg(print_demo, "imu-tracker demo"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m imu_tracker.cli.picture OUT.svg")
    main(sys.argv[1])
