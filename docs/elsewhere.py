"""Takes pages that lie elsewhere in the project into the site, with their pictures, so that each has one home.

Links work in the folders and in the site: `../models/README.md`, as a page in docs/ says it, is `models/README.md` there.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

FOLDERS = ("datasets", "firmware_docs", "models")
SHOWN = (".md", ".svg")
OUT_OF_DOCS = re.compile(rf"\]\(((?:\.\./)*)\.\./({'|'.join(FOLDERS)})/")
INTO_DOCS = re.compile(r"\]\(\.\./docs/")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the folders' pages and drawings."""
    project = Path(config.config_file_path).parent
    for folder in FOLDERS:
        for path in sorted(p for p in (project / folder).iterdir() if p.suffix in SHOWN):
            files.append(File.generated(config, f"{folder}/{path.name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links between docs/ and the folders, as they are in the site."""
    if page.file.src_uri.split("/")[0] in FOLDERS:
        return INTO_DOCS.sub("](../", markdown)
    return OUT_OF_DOCS.sub(r"](\1\2/", markdown)
