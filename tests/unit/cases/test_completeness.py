"""What is missing is said, each with its screen; a case is valid by four things and ready by a few more."""

from dataclasses import replace

import pytest

from apps.cases.domain.completeness import completeness
from apps.cases.domain.content import CaseDrug, CasePatient, Reporter, Site
from tests.unit.cases.examples import case, infusion, reaction

NOBODY = CasePatient()


def codes(content):
    return {gap.code for gap in completeness(content).gaps}


def test_a_whole_case_lacks_nothing():
    weighed = completeness(case())
    assert (weighed.gaps, weighed.percent, weighed.valid, weighed.ready) == ((), 100, True, True)


@pytest.mark.parametrize(
    ("changes", "code", "screen"),
    [
        ({"patient": NOBODY}, "patient_not_identifiable", "patient"),
        ({"reporter": Reporter()}, "reporter_missing", "case.reporter"),
        ({"reactions": ()}, "reaction_missing", "event"),
        ({"drugs": ()}, "product_missing", "course"),
    ],
)
def test_without_one_of_the_four_it_is_no_case(changes, code, screen):
    weighed = completeness(case(**changes))
    assert not weighed.valid and not weighed.ready
    (gap,) = [gap for gap in weighed.gaps if gap.weight == "vital"]
    assert (gap.code, gap.screen) == (code, screen)


@pytest.mark.parametrize(
    ("changes", "code", "screen"),
    [
        ({"site": Site("NO", "HOSP", "")}, "sender_missing", "site.settings"),
        ({"reactions": (reaction(coded=None),)}, "reaction_not_coded", "case.coding"),
        ({"reactions": (reaction(seriousness=None),)}, "seriousness_not_decided", "event"),
        ({"drugs": (replace(case().drugs[0], infusions=(infusion(lots=()),)),)}, "lot_missing", "session"),
        ({"narrative": "  "}, "narrative_missing", "case.narrative"),
    ],
)
def test_what_must_be_there_before_sending(changes, code, screen):
    weighed = completeness(case(**changes))
    assert weighed.valid and not weighed.ready and weighed.percent < 100
    (gap,) = [gap for gap in weighed.gaps if gap.weight == "needed"]
    assert (gap.code, gap.screen) == (code, screen)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"patient": replace(case().patient, weight_kg=None)}, "weight_missing"),
        ({"patient": replace(case().patient, history=(), earlier=())}, "history_missing"),
        ({"measurements": ()}, "tests_missing"),
        ({"reactions": (reaction(expected=None),)}, "expectedness_not_decided"),
        ({"reactions": (reaction(assessments=()),)}, "causality_missing"),
        ({"reactions": (reaction(outcome="unknown"),)}, "outcome_unknown"),
        ({"reactions": (reaction(action_taken="unknown"),)}, "action_unknown"),
        ({"drugs": (replace(case().drugs[0], indication=""),)}, "indication_missing"),
    ],
)
def test_what_is_worth_asking_for_does_not_hold_a_case_back(changes, code):
    weighed = completeness(case(**changes))
    assert code in {gap.code for gap in weighed.gaps} and weighed.ready


def test_each_reaction_is_asked_about_by_its_event():
    weighed = completeness(case(reactions=(reaction(coded=None), reaction(event_id=9, coded=None))))
    assert [gap.about for gap in weighed.gaps] == [4, 9]


def test_an_empty_case_is_all_gaps():
    empty = case(
        site=Site(),
        reporter=Reporter(),
        patient=NOBODY,
        drugs=(),
        reactions=(),
        measurements=(),
        narrative="",
    )
    assert completeness(empty).percent == 0
    assert "product_missing" in codes(replace(empty, drugs=(CaseDrug("", "", None, ""),)))
