"""Reads a report as a browser does: its elements in order, and the text that is seen."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """elements: (name, attributes) in order. texts: (element, words) that are seen. problems: what isn't well formed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.problems += [f"<{name}> stays open" for name in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.problems.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open and self._open[-1] != "style":
            self.texts.append((self._open[-1], data.strip()))

    def named(self, *names: str) -> list[dict[str, str]]:
        """The attributes of all elements of these names."""
        return [attributes for name, attributes in self.elements if name in names]

    def words(self) -> str:
        """All text that is seen."""
        return " ".join(said for _, said in self.texts).replace("\u00a0", " ")
