"""What physicians signed is what a case tells; where they differ the stricter word counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.cases.domain.versions import Kind
from apps.cases.gathering import gather
from apps.cases.selectors import clocks_of, faults_of
from apps.cases.services import code_reaction
from apps.safety import services as safety
from apps.safety.domain import ReviewedReaction
from tests.builders import NOW, PASSWORD
from tests.unit.db.case_stories import code_all, describe_site, headache, keep, load_terms, open_for
from tests.unit.db.test_reviews import WHOLE

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=6)
SERIOUS = replace(
    WHOLE,
    reactions=(
        replace(
            WHOLE.reactions[0], not_serious=False, seriousness=("hospitalisation",), expectedness="unexpected"
        ),
    ),
)


@pytest.fixture(autouse=True)
def site(settings):
    describe_site(settings)


def sign(performer, event, review, *, now=LATER):
    draft = safety.save_review(performer=performer, event_id=event.pk, review=review, revision=0, now=now)
    safety.sign_review(
        performer=performer,
        event_id=event.pk,
        revision=draft.revision,
        meaning="medical_review",
        own_password=PASSWORD,
        now=now,
    )


def test_a_signed_review_is_told_and_moves_the_clock(hospital):
    event = headache(hospital)
    case = open_for(hospital, event)
    before = {clock.regime: clock.due_on for clock in clocks_of(case)}
    sign(hospital.physician, event, WHOLE)
    (reaction,) = gather(case, now=LATER).reactions
    assert (reaction.verbatim, reaction.language, reaction.english) == (
        "bankende hodepine",
        "nor",
        "Headache",
    )
    assert (reaction.seriousness, reaction.expected, reaction.outcome) == ((), True, "recovering")
    assert (reaction.action_taken, reaction.rechallenge, reaction.reviewed) == (
        "dose_reduced",
        "not_done",
        True,
    )
    assert [(one.source, one.method, one.result) for one in reaction.assessments] == [
        ("reporter", "WHO-UMC", "Possible"),
        ("reporter", "Naranjo", reaction.assessments[1].result),
    ]
    after = {clock.regime: clock.due_on for clock in clocks_of(case)}
    assert after["eu_post_marketing"] > before["eu_post_marketing"]


def test_where_physicians_differ_the_stricter_word_counts_and_both_are_told(hospital):
    event = headache(hospital)
    case = open_for(hospital, event)
    sign(hospital.physician, event, SERIOUS)
    sign(hospital.second_physician, event, WHOLE, now=LATER + timedelta(hours=1))
    (reaction,) = gather(case, now=LATER).reactions
    assert (reaction.seriousness, reaction.expected) == (("hospitalisation",), False)
    assert {one.source for one in reaction.assessments} == {"reporter 1", "reporter 2"}


def test_two_reactions_in_one_event_are_two_reactions_of_the_report(hospital):
    event = headache(hospital)
    load_terms()
    case = open_for(hospital, event)
    fever = ReviewedReaction(
        verbatim="feber",
        severity_term="fever",
        grade=1,
        not_serious=True,
        expectedness="expected",
        outcome="recovered",
    )
    sign(hospital.physician, event, replace(WHOLE, reactions=(*WHOLE.reactions, fever)))
    first, second = gather(case, now=LATER).reactions
    assert (first.about, second.about) == (f"event:{event.pk}", f"event:{event.pk}:1")
    assert (second.verbatim, second.outcome) == ("feber", "recovered")
    code_all(hospital, case, now=LATER)
    code_reaction(
        performer=hospital.safety_officer, case_id=case.pk, about=second.about, code="90000003", now=LATER
    )
    version = keep(hospital, case, Kind.INITIAL, now=LATER)
    assert faults_of(version, now=LATER) == ()
