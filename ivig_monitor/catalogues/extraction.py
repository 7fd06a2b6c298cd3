"""Finds every translatable text in Python and in templates."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

KEYWORDS = {
    "N_": None,
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "row": (2,),  # the titles of the element table
}
FOLDERS = ("apps", "ivig_monitor", "templates")


def extract_catalog(root: Path) -> Catalog:
    """All texts of the product, with the places where they stand."""
    catalog = Catalog(charset="utf-8")
    for path in _sources(root):
        relative = path.relative_to(root).as_posix()
        for line, message, comments, context in _messages(path):
            catalog.add(message, None, [(relative, line)], auto_comments=comments, context=context)
    return catalog


def _sources(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".html"} and "migrations" not in path.parts:
                yield path


def _messages(path: Path) -> Iterator[Any]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = templatize(text, origin=str(path))
    yield from extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)
