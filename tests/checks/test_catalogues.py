"""No one reads half a sentence: every text is there in Persian and Norwegian, with its placeholders."""

import re
from pathlib import Path

import pytest

from ivig_monitor.catalogues.extraction import extract_catalog
from ivig_monitor.catalogues.files import LANGUAGES, po_path, read_catalog, save_catalog
from ivig_monitor.launch.places import ROOT

PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
UNIT = re.compile(r"/min\b|(?<![\w/])(?:mL/kg/h|mL/h|mL|g/kg|mg/mL|kg|g|mmHg|°C)(?![\w/])")
HOW = "Run `python manage.py extract_messages`, translate what is empty under locale/, and commit."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    translations = {
        (message.context, str(message.id)): message.string
        for message in read_catalog(po_path(ROOT, language), language)
    }
    texts = [(message.context, str(message.id)) for message in extract_catalog(ROOT) if message.id]
    assert len(texts) > 300
    assert [text for text in texts if not translations.get(text)] == [], HOW


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_english_word_with_two_meanings_is_two_words(language: str) -> None:
    found = extract_catalog(ROOT)
    catalog = read_catalog(po_path(ROOT, language), language)
    two_meanings = [message for message in found if message.context and found.get(message.id)]
    assert {message.id for message in two_meanings} == {
        "Discharge",
        "Due",
        "Paused",
        "Started",
        "Stopped",
    }
    for message in two_meanings:
        special, common = catalog.get(message.id, message.context), catalog.get(message.id)
        assert special and common and special.string != common.string, message.id


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    """One text, or each of its plural forms."""
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_units_survive_translation(language: str) -> None:
    for message in read_catalog(po_path(ROOT, language), language):
        if message.id and message.string:
            for one in PLACEHOLDER, UNIT:
                (expected,) = {tuple(sorted(one.findall(text))) for text in _forms(message.id)}
                for text in _forms(message.string):
                    assert tuple(sorted(one.findall(text))) == expected, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_extracting_again_changes_nothing(language: str, tmp_path: Path) -> None:
    committed = po_path(ROOT, language)
    catalog = read_catalog(committed, language)
    catalog.update(extract_catalog(ROOT), no_fuzzy_matching=True)
    save_catalog(tmp_path / "django.po", catalog)
    assert (tmp_path / "django.po").read_bytes() == committed.read_bytes(), HOW
    assert b"POT-Creation-Date" not in committed.read_bytes()


def test_persian_is_written_in_persian_letters_and_every_isolate_is_closed() -> None:
    for message in read_catalog(po_path(ROOT, "fa"), "fa"):
        text = str(message.string)
        assert not re.search("[يك٠-٩]", text), message.id
        assert text.count("\u2066") + text.count("\u2068") == text.count("\u2069"), message.id
