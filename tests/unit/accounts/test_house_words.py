"""A password is worth what is left of it beside the words everybody in the house would try first."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.domain.passwords import LEFT_AT_LEAST, WORDS_OF_THE_SERVICE, leans_on

WORDS = (*WORDS_OF_THE_SERVICE, "Ullevål")


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("ivig-monitor-2026", "monitor"),
        ("Ullevål-Sykehus-1", "sykehus"),
        ("NURSE" * 6, "nurse"),
        ("immunoglobulin1234567", "immunoglobulin"),
        ("immunoglobulin12345678", None),
        ("three-herons-by-the-lake", None),
        ("", None),
    ],
)
def test_little_is_left_beside_the_words_of_the_house(password, word):
    assert leans_on(password, WORDS) == word


@given(st.text(max_size=40), st.sampled_from(WORDS))
def test_a_word_of_the_house_adds_nothing(rest, word):
    password = rest + word
    refused = leans_on(password, [word]) is not None
    assert refused == (len(password.casefold().replace(word.casefold(), "")) < LEFT_AT_LEAST)


def test_a_new_password_is_held_against_them(settings):
    settings.PASSWORD_WORDS = ["Ullevål"]
    validate_password("three-herons-by-the-lake")
    for word in ("ivig-monitor-2026", "ullevål-ullevål-26"):
        with pytest.raises(ValidationError) as refused:
            validate_password(word)
        assert [one.code for one in refused.value.error_list] == ["password_of_the_house"]
