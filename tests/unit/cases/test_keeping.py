"""What a version keeps is read back as it was, by this software and by later ones."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.cases.domain.content import CaseContent
from apps.cases.domain.keeping import content_from_json, content_hash, content_to_json
from tests.unit.cases.examples import case, reaction

WORDS = st.text(max_size=20)
GRAMS = st.decimals(min_value=0, max_value=500, places=2)


def test_a_content_comes_back_as_it_was_through_json():
    kept = json.loads(json.dumps(content_to_json(case())))
    assert content_from_json(kept) == case()


@given(
    history=st.lists(WORDS, max_size=3),
    grams=GRAMS,
    seriousness=st.one_of(st.none(), st.lists(st.sampled_from(["death", "disability"]), unique=True)),
    expected=st.sampled_from([None, True, False]),
)
def test_any_content_comes_back_and_undecided_stays_undecided(history, grams, seriousness, expected):
    told = reaction(
        given_g=grams,
        seriousness=None if seriousness is None else tuple(seriousness),
        expected=expected,
    )
    content = case(reactions=(told,), patient=replace(case().patient, history=tuple(history)))
    assert content_from_json(json.loads(json.dumps(content_to_json(content)))) == content


def test_what_a_later_software_added_or_no_longer_knows_does_not_hinder():
    kept = content_to_json(case())
    kept["something_new"] = {"a": 1}
    del kept["linked"], kept["reactions"][0]["part"]
    assert content_from_json(kept) == case()
    del kept["site"]
    with pytest.raises(KeyError):
        content_from_json(kept)


def test_the_hash_is_that_of_the_content_whatever_the_order_of_its_names():
    kept = content_to_json(case())
    turned = dict(reversed(kept.items()))
    assert content_hash(kept) == content_hash(turned)
    assert content_hash(kept) != content_hash(content_to_json(case(narrative="Another.")))
    assert content_hash(
        content_to_json(case(reactions=(reaction(given_g=Decimal("18.1")),)))
    ) != content_hash(kept)


@pytest.mark.parametrize(
    ("told", "serious", "fatal"),
    [
        ((), None, None),
        ((None,), None, None),
        (((),), False, False),
        (((), None), None, None),
        ((("disability",), None), True, None),
        ((("life_threatening",), None), True, True),
        ((("death",), ()), True, True),
        ((("disability",), ()), True, False),
    ],
)
def test_one_serious_reaction_makes_a_serious_case_and_an_open_one_leaves_it_open(told, serious, fatal):
    content: CaseContent = case(reactions=tuple(reaction(seriousness=one) for one in told))
    assert (content.serious, content.fatal_or_life_threatening) == (serious, fatal)


@pytest.mark.parametrize(
    ("told", "unexpected"),
    [((), None), ((True,), False), ((True, None), None), ((False, None), True), ((False, True), True)],
)
def test_one_unexpected_reaction_makes_an_unexpected_case(told, unexpected):
    assert case(reactions=tuple(reaction(expected=one) for one in told)).unexpected is unexpected
