"""HTML as plain strings that can't be mixed up with text: what comes from a session is escaped where it enters.

`Html` is a string that may stand in a page as it is; only the functions here make one, and the type checker watches.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NewType

Html = NewType("Html", str)

NOTHING = Html("")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def text(words: object) -> Html:
    """Words as they are to be read, whatever characters they hold; what no page may hold, or would turn others round, goes."""
    return Html(html.escape(_UNSEEN.sub("", str(words)), quote=True))


def joined(parts: Iterable[Html]) -> Html:
    """Pieces one after the other."""
    return Html("\n".join(part for part in parts if part))


def element(name: str, inside: Html, attributes: Mapping[str, str] | None = None) -> Html:
    """One element; the attributes' values are escaped, their names and the element's are the program's own."""
    said = "".join(f' {key}="{text(value)}"' for key, value in (attributes or {}).items())
    return Html(f"<{name}{said}>{inside}</{name}>")


def paragraph(words: str, kind: str = "") -> Html:
    """A paragraph of text, with a class where it has one."""
    return element("p", text(words), {"class": kind} if kind else None)


def listed(sentences: Sequence[str], kind: str = "") -> Html:
    """Sentences as a list; nothing where there are none."""
    if not sentences:
        return NOTHING
    return element("ul", joined(element("li", text(s)) for s in sentences), {"class": kind} if kind else None)


def section(title: str, inside: Iterable[Html], name: str) -> Html:
    """A section under its heading; `name` is what links and styles call it."""
    heading = element("h2", text(title), {"id": f"{name}-title"})
    return element("section", joined([heading, *inside]), {"id": name, "aria-labelledby": f"{name}-title"})


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[Html]], kind: str = "") -> Html:
    """A table with its caption; each row's first cell heads it. Scrolls sideways, also by keyboard, where it is too wide."""
    top = element("tr", joined(element("th", text(word), {"scope": "col"}) for word in head))
    body = [
        element("tr", joined([element("th", row[0], {"scope": "row"}), *(element("td", cell) for cell in row[1:])]))
        for row in rows
    ]
    inside = joined([element("caption", element("span", text(caption))), element("thead", top), element("tbody", joined(body))])
    said = {"class": f"scroll {kind}".strip(), "role": "region", "aria-label": caption, "tabindex": "0"}
    return element("div", element("table", inside), said)


def without_empty_columns(head: Sequence[str], rows: Sequence[Sequence[Html]]) -> tuple[list[str], list[list[Html]]]:
    """The columns in which some row has something to say."""
    kept = [k for k in range(len(head)) if any(row[k] for row in rows)]
    return [head[k] for k in kept], [[row[k] for k in kept] for row in rows]
