"""How pages and pictures look: colours for light and dark, and the styles that use them.

The colours of sides, phases and events are those that people with any colour vision tell apart (Okabe and Ito 2008, Color
Universal Design), in the dark their lighter ones; no meaning hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources

from imu_tracker.report.drawing import Frame, number
from imu_tracker.report.markup import Html, text

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff", "card": "#f5f7f9", "ink": "#1c2126", "soft": "#57606a", "rule": "#d5dbe1", "link": "#0b5c8f",
    "left": "#0072b2", "right": "#e69f00", "event": "#d55e00", "event-word": "#b04a00",
    "up": "#009e73", "down": "#56b4e9", "pause": "#b9c1c9",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "paper": "#14181c", "card": "#1d2329", "ink": "#e8ecf0", "soft": "#a3adb8", "rule": "#3a434c", "link": "#7cc4f0",
    "left": "#56b4e9", "right": "#e69f00", "event": "#ff7f3f", "event-word": "#ff9a66",
    "up": "#1fbf92", "down": "#56b4e9", "pause": "#66717c",
}  # fmt: skip


def _variables(colours: Mapping[str, str]) -> str:
    return ":root{" + ";".join(f"--{name}:{value}" for name, value in colours.items()) + "}"


def _css(name: str) -> str:
    return (resources.files("imu_tracker.report") / f"{name}.css").read_text(encoding="utf-8")


def styles() -> str:
    """All styles of a page: dark where the reader's screen is, light on paper always."""
    dark = f"@media screen and (prefers-color-scheme:dark){{{_variables(DARK)}}}"
    return "\n".join([_variables(LIGHT), dark, ":root{color-scheme:light dark}", _css("figures"), _css("page")])


def alone(svg: Html, frame: Frame, legend: Sequence[tuple[str, str]]) -> str:
    """A picture as a file of its own: with its styles, light and dark, and its legend above it."""
    room = 22.0
    extra, x = [], frame.left
    for kind, said in legend:
        of = kind.split()[-1]
        if of == "dash":
            extra.append(f'<path class="threshold" d="M{number(x - 4)} -9h14"/>')
        else:
            extra.append(f'<rect x="{number(x)}" y="-14" width="10" height="10" style="fill:var(--{of})"/>')
        extra.append(f'<text x="{number(x + 14)}" y="-5">{text(said)}</text>')
        x += 34 + 6.2 * len(said)
    dark = f"@media (prefers-color-scheme:dark){{{_variables(DARK)}}}"
    style = f"<style>{_variables(LIGHT)}{dark}svg{{background:var(--paper)}}{_css('figures')}</style>"
    size = f'"0 {number(-room)} {number(frame.width)} {number(frame.height + room)}"'
    head, body = svg.split(">", 1)
    head = head.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    head = head.replace(f'"0 0 {number(frame.width)} {number(frame.height)}"', size)
    return f"{head}>{style}{''.join(extra)}{body}\n"
