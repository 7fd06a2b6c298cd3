"""MedAscii is read by position, what is tolerated is tolerated on purpose, and what is wrong is named with its line."""

import pytest

from apps.kernel.errors import DomainError
from apps.meddra.domain.medascii import (
    MAX_LINE,
    read_low_level_terms,
    read_places,
    read_preferred_terms,
    read_release,
    release_version,
)
from apps.meddra.domain.searching import prefix_query, rank, search_words
from tests.unit.meddra.invented import LOW_LEVEL, hierarchy, llt, pt


def split(text):
    return text.splitlines(keepends=True)


def code_of(read, text):
    with pytest.raises(DomainError) as raised:
        list(read(split(text)))
    return raised.value


def test_a_low_level_term_is_read_by_its_columns():
    terms = list(read_low_level_terms(split(llt())))
    assert [(t.code, t.name, t.preferred_code, t.is_current) for t in terms] == [
        (code, name, preferred, current == "Y") for code, name, preferred, current in LOW_LEVEL
    ]


def test_preferred_terms_and_their_places():
    term = next(read_preferred_terms(split(pt())))
    assert (term.code, term.name, term.primary_class_code) == ("90000001", "Dummy headache", "90000900")
    first, second, *_ = read_places(split(hierarchy()))
    assert (first.class_name, first.group_name, first.high_level_name) == (
        "Dummy nerves", "Dummy group", "Dummy level",
    )  # fmt: skip
    assert (first.is_primary, second.is_primary) == (True, False)


@pytest.mark.parametrize("extra", ["", "$", "$$$", "something new$"])
def test_fields_behind_the_known_ones_are_tolerated(extra):
    assert len(list(read_low_level_terms(split(llt(extra=extra))))) == len(LOW_LEVEL)


def test_old_columns_may_be_full_and_empty_lines_are_none():
    line = "90000001$Dummy$90000001$WA$H$C$I9$I9C$I10$Y$J$\n\n   \n"
    assert [term.code for term in read_low_level_terms(split(line))] == ["90000001"]


@pytest.mark.parametrize(
    "line",
    [
        "90000001$Dummy$90000001$$$$$$$\n",  # the currency is missing
        "90000001$Dummy$90000001$$$$$$$X$$\n",
        "90000001$Dummy$90000001$$$$$$$$$\n",
        "9000001$Dummy$90000001$$$$$$$Y$$\n",
        "9000000x$Dummy$90000001$$$$$$$Y$$\n",
        "٩0000001$Dummy$90000001$$$$$$$Y$$\n",
        "90000001$$90000001$$$$$$$Y$$\n",
        "90000001$Dum\u202emy$90000001$$$$$$$Y$$\n",
        "90000001$Dum\0my$90000001$$$$$$$Y$$\n",
        "90000001$" + "x" * 251 + "$90000001$$$$$$$Y$$\n",
        "90000001$Dummy$90000001$$$$$$$Y$" + "x" * MAX_LINE + "\n",
        "not MedAscii at all\n",
    ],
)
def test_a_line_that_is_none_of_meddras_is_named(line):
    good = "90000002$Dummy$90000002$$$$$$$Y$$\n"
    error = code_of(read_low_level_terms, good + line)
    assert (error.code, error.params["file"], error.params["line"]) == ("meddra_line_invalid", "llt.asc", 2)


@pytest.mark.parametrize(
    ("text", "version"), [("29.0$English$\n", "29.0"), ("5.1$$\n", "5.1"), (" 99.0 $x\n", "99.0")]
)
def test_the_release_says_its_version(text, version):
    assert read_release(split(text)).version == version


@pytest.mark.parametrize(
    "text", ["", "\n", "v29$\n", "29$\n", "29.2$\n", "029.0$\n", "129.0$\n", "29.0.1$\n"]
)
def test_what_is_no_version_is_refused(text):
    with pytest.raises(DomainError) as raised:
        read_release(split(text))
    assert raised.value.code == "meddra_release_unclear"


def test_a_typed_version_is_read_in_the_same_way():
    assert release_version(" 28.1 ") == "28.1"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("head", ("head",)),
        ("Head PAIN head", ("head", "pain")),
        ("h", ()),
        ("", ()),
        (" '); drop ", ("drop",)),
        ("café au", ("café", "au")),
        ("سردرد", ("سردرد",)),
    ],
)
def test_what_is_typed_is_the_beginnings_of_words(typed, words):
    assert search_words(typed) == words


def test_a_query_holds_nothing_but_words():
    assert prefix_query(search_words("a' | b:* & !c")) == "'a':* & 'b':* & 'c':*"


def test_the_very_words_come_first_then_what_begins_so_then_the_shorter():
    names = ["Pain of head", "Head pain", "Head pain worse", "Bad head pain here", "Any head pain"]
    words = search_words("head pain")
    assert sorted(names, key=lambda name: rank(name, words)) == [
        "Head pain", "Head pain worse", "Pain of head", "Any head pain", "Bad head pain here",
    ]  # fmt: skip
