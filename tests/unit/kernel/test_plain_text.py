"""What is shown is what was typed: nothing in a text may hide or turn it around."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.errors import DomainError
from apps.kernel.plain_text import Kind, check_text

NAMES = ["Kari Nordmann", "Gro Åse Bø-Ås", "مریم حسینی‌نژاد", "علی‌رضا", "O'Brien, Síle", "李小龍", "नरेन्द्र"]
HIDDEN = ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067",
          "\u2068", "\u2069", "\u2028", "\u2029", "\u180e", "\u3164", "\u115f", "\uffa0", "\U000e0041"]  # fmt: skip


def refusal_of(text, kind):
    with pytest.raises(DomainError) as refusal:
        check_text(text, kind=kind)
    return refusal.value.code


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script_pass_as_they_are(name):
    assert check_text(name, kind=Kind.LINE) == name


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("character", HIDDEN)
def test_what_cannot_be_seen_is_refused_everywhere(kind, character):
    assert refusal_of(f"LOT{character}12", kind) == "text_has_hidden"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud83d"])
@pytest.mark.parametrize("kind", Kind)
def test_control_characters_and_halves_are_refused_everywhere(kind, character):
    assert refusal_of(f"a{character}b", kind) == "text_has_control"


def test_only_a_note_has_lines():
    assert check_text("first\r\n\tsecond", kind=Kind.NOTE)
    for kind in (Kind.CODE, Kind.LINE):
        for sign in "\t\n\r":
            assert refusal_of(f"a{sign}b", kind) == "text_has_control"


def test_a_code_has_not_even_the_joiners_of_a_script():
    for sign in "\u200c\u200d\u200e\u200f":
        assert refusal_of(f"LOT{sign}12", Kind.CODE) == "text_has_hidden"


@pytest.mark.parametrize("text", ["\u200c", "\u200c \u200d", "\u00a0"])
def test_a_name_of_nothing_is_refused(text):
    assert refusal_of(text, Kind.LINE) == "text_is_empty"


def test_an_empty_text_is_for_others_to_judge():
    assert check_text("", kind=Kind.LINE) == ""


@given(text=st.text(), kind=st.sampled_from(Kind))
def test_a_text_passes_unchanged_or_is_refused(text, kind):
    try:
        assert check_text(text, kind=kind) == text
    except DomainError as refusal:
        assert refusal.code in {"text_has_control", "text_has_hidden", "text_is_empty"}
        assert str(refusal)
    else:
        text.encode()
        assert "\x00" not in text
        assert not {unicodedata.bidirectional(sign) for sign in text} & {
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        }  # fmt: skip
