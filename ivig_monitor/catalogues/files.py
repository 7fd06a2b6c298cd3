"""Reading and writing the catalogue files under locale/."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("fa", "nb")  # English is the source language


def po_path(root: Path, language: str) -> Path:
    """Where a language's texts are edited."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalog(path: Path, language: str) -> Catalog:
    """The texts of a language; an empty catalogue when there is no file yet."""
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def save_catalog(path: Path, catalog: Catalog) -> None:
    """Write a .po file without line numbers or dates, so that it changes only when texts do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalog, omit_header=False, sort_output=True, no_location=True, ignore_obsolete=True)
    lines = written.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(b'"POT-Creation-Date:')))


def compile_all(root: Path) -> Iterator[Path]:
    """Compile each .po file whose .mo file is missing or older. Yields what was written."""
    for language in LANGUAGES:
        source = po_path(root, language)
        target = source.with_suffix(".mo")
        if not source.exists():
            continue
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with target.open("wb") as stream:
            write_mo(stream, read_catalog(source, language))
        yield target


def untranslated(catalog: Catalog) -> list[str]:
    """Texts without a translation, or with a doubtful one."""
    return [str(message.id) for message in catalog if message.id and (not message.string or message.fuzzy)]
