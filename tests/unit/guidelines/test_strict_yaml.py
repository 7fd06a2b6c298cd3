"""A site's YAML means one thing, or is refused with the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.guidelines.services.strict_yaml import read_yaml
from apps.kernel.errors import DomainError


def refusal_of(content):
    with pytest.raises(DomainError) as refusal:
        read_yaml(content)
    assert str(refusal.value) and refusal.value.extra == {"field": "content"}
    return refusal.value


def test_plain_values():
    content = "a: 12\nb: -0.5\nc: true\nd: null\ne: [x, 'y: z']\nf:\n  g: سلام‌ها\nh: |\n  two\n  lines\n"
    assert read_yaml(content) == {
        "a": 12, "b": -0.5, "c": True, "d": None, "e": ["x", "y: z"], "f": {"g": "سلام‌ها"}, "h": "two\nlines\n",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["1_000", "010", "0x10", "1:30", "no", "on", "Yes", ".nan", ".inf", "1e3", "9" * 400,
                                  "2026-01-01", "+5", "۱۲"])  # fmt: skip
def test_what_yaml_would_quietly_make_into_something_else_stays_as_written(text):
    assert read_yaml(f"vial: {text}") == {"vial": text}


@pytest.mark.parametrize(
    ("content", "line"),
    [("a: 1\na: 2", 2), ("a: &x [1]\nb: *x", 1), ("a: " + "[" * 100_000, 1), ("a: !!python/name:os.system 1", 1),
     ("a: !!binary aGk=", 1), ("a: 1\n1: 2", 2), ("a: [", 1), ("a: !!set {x, y}", 1), ("\n? [a]\n: 1", 2),
     ("---\n--- 1", 2), ("a: !!int x", 1), ("a: !!timestamp 2026-01-01", 1)],
)  # fmt: skip
def test_what_means_two_things_or_too_much(content, line):
    error = refusal_of(content)
    assert (error.code, error.params["line"]) == ("site_document_invalid", line)


@pytest.mark.parametrize("text", ["\\0", "\\u202e", "\\u200b", "\\ud83d"])
def test_what_cannot_be_seen_or_kept(text):
    assert refusal_of(f'a: "x{text}y"').code in {
        "text_has_control",
        "text_has_hidden",
        "site_document_invalid",
    }


@given(content=st.text(max_size=80) | st.text(st.sampled_from("ab:-[]{}&*!'\"\n |>#?,~0_"), max_size=40))
def test_anything_is_a_value_or_a_sentence(content):
    try:
        read_yaml(content)
    except DomainError as refusal:
        assert refusal.extra == {"field": "content"} and str(refusal)
