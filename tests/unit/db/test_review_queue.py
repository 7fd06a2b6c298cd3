"""What waits for a review, how a reaction goes on, what the next order asks, and the pages."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from apps.alerts.models import Alert
from apps.courses.models import OpenRechallenge
from apps.courses.selectors import assess_order
from apps.infusions import services as infusions
from apps.infusions.services.reacting import Symptom
from apps.kernel.errors import ConflictError, DomainError
from apps.ledger.models import Timer
from apps.safety import services
from apps.safety.domain import Outcome
from apps.safety.models import AdverseEvent, OutcomeEntry
from apps.safety.selectors import (
    access_adverse_event,
    outcome_now,
    proposal_for,
)
from tests.builders import (
    Door,
    climb,
    course_order,
    finish,
    measure,
    react,
    running_session,
)
from tests.reviewing import WHOLE, Desk, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(hospital):
    running = running_session(hospital)
    climb(hospital, running.pk, to_step=1)
    return running


@pytest.fixture
def event(hospital, session):
    """A mild headache ten minutes after the second step; the rate is halved."""
    react(hospital, session.pk, minutes(40), action="slow")
    return AdverseEvent.objects.get()


@pytest.fixture
def second(hospital):
    return hospital.second_physician


@pytest.fixture
def desk(hospital, event):
    return Desk(hospital.physician, event)


def _reaction(session):
    return session.reactions.get()


# Waiting


def test_what_nobody_reviews_calls_by_its_urgency_and_a_signature_ends_it(hospital, desk, clock):
    timer = Timer.objects.get(kind="safety.review.due")
    assert timer.due_at == minutes(40) + timedelta(hours=72)
    clock.fire(timer.due_at)
    alert = Alert.objects.get(code="review_overdue")
    assert (alert.priority, alert.state) == ("low", "raised")
    desk.sign(at=6000)
    alert.refresh_from_db()
    assert alert.state == "resolved"


def test_a_worse_symptom_calls_sooner_and_a_milder_one_never_later(hospital, session, event):
    for performer, term, severity in [
        (hospital.nurse, "wheezing", "severe"),
        (hospital.physician, "headache", "mild"),
    ]:
        infusions.describe_reaction(
            performer=performer,
            session_id=session.pk,
            reaction_id=_reaction(session).pk,
            symptoms=[Symptom(term, severity)],
            note="",
            now=minutes(42),
        )
        event.refresh_from_db()
        assert event.review_urgency == "at_once"
        assert event.review_due_at == minutes(40) + timedelta(hours=4)
    states = dict(Timer.objects.filter(kind="safety.review.due").values_list("occurrence", "state"))
    assert states == {"routine": "cancelled", "at_once": "pending"}


def test_a_reviewed_event_calls_nobody(desk, clock):
    due = Timer.objects.get(kind="safety.review.due").due_at
    desk.sign()
    clock.fire(due)
    assert not Alert.objects.filter(code="review_overdue").exists()


def test_the_queue_begins_with_what_calls_first(hospital, event):
    other = running_session(hospital, name="Testperson Furu")
    react(hospital, other.pk, minutes(50), term="wheezing", severity="severe")
    queue = Door(hospital.physician).get("adverse-events/to-review/").json()
    assert [one["term"] for one in queue["waiting"]] == ["wheezing", "headache"]
    assert [one["urgency"] for one in queue["waiting"]] == ["at_once", "routine"]


# Outcome and rechallenge


def test_outcomes_are_added_and_the_newest_counts(hospital, desk):
    desk.sign()
    event = access_adverse_event(hospital.physician, desk.event.pk)
    assert outcome_now(event, "headache") is Outcome.RECOVERING
    entry = {"performer": hospital.physician, "event_id": event.pk, "severity_term": "headache", "note": ""}
    wrong = services.record_outcome(
        **entry, outcome=Outcome.NOT_RECOVERED, observed_at=minutes(100), replaces_id=None, now=minutes(101)
    )
    assert outcome_now(event, "headache") is Outcome.NOT_RECOVERED
    services.record_outcome(
        **entry, outcome=Outcome.RECOVERED, observed_at=minutes(99), replaces_id=wrong.pk, now=minutes(102)
    )
    assert outcome_now(event, "headache") is Outcome.RECOVERED
    assert OutcomeEntry.objects.count() == 3
    with pytest.raises(ConflictError):
        services.record_outcome(
            **entry, outcome=Outcome.FATAL, observed_at=minutes(99), replaces_id=wrong.pk, now=minutes(103)
        )


@pytest.mark.parametrize(("at", "code"), [(39, "outcome_before_onset"), (102, "outcome_in_the_future")])
def test_an_outcome_lies_between_onset_and_now(hospital, event, at, code):
    with pytest.raises(DomainError) as refused:
        services.record_outcome(
            performer=hospital.physician, event_id=event.pk, severity_term="", outcome=Outcome.RECOVERED,
            observed_at=minutes(at), note="", replaces_id=None, now=minutes(101),
        )  # fmt: skip
    assert refused.value.code == code


def asked(hospital, patient_id):
    found = assess_order(
        user=hospital.physician, patient_id=patient_id, order=course_order(), today=minutes(100).date()
    )
    return [finding for finding in found.findings if finding.code.startswith("rechallenge_open")]


def test_the_next_order_asks_what_nobody_knows_and_stops_once_it_is_known(hospital, session, desk):
    assert asked(hospital, session.patient_id) == []
    desk.sign()
    (finding,) = asked(hospital, session.patient_id)
    assert finding.level == "acknowledge" and finding.params["reaction"] == "bankende hodepine"
    desk.sign(replace(WHOLE, rechallenge="recurred"), at=200)
    assert asked(hospital, session.patient_id) == []
    assert OpenRechallenge.objects.get().is_open is False


# Pages


def page(user, address, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    answer = client.get(address)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_the_pages_stand_before_and_after_a_signature(hospital, session, desk, language):
    measure(hospital, session.patient_id, "hemoglobin", "120", "g/L", at=minutes(3000))
    status, before = page(hospital.physician, f"/adverse-events/{desk.event.pk}/", language)
    assert status == 200 and 'data-test="review-form"' in before and 'data-test="condition-taco"' in before
    desk.sign()
    status, after = page(hospital.physician, f"/adverse-events/{desk.event.pk}/", language)
    assert status == 200 and "bankende hodepine" in after and 'data-test="signed-review"' in after
    status, queue = page(hospital.physician, "/adverse-events/", language)
    assert status == 200 and 'data-test="queued-event"' not in queue


def test_who_may_not_review_sees_what_is_signed_and_no_form(hospital, desk):
    desk.sign()
    for user in (hospital.nurse, hospital.safety_officer):
        status, shown = page(user, f"/adverse-events/{desk.event.pk}/")
        assert status == 200 and 'data-test="signed-review"' in shown
        assert 'data-test="review-form"' not in shown and 'data-test="outcome-form"' not in shown


def test_a_draft_is_shown_to_its_author_alone(hospital, desk, second):
    desk.save(replace(WHOLE, comment="half a thought"))
    address = f"/adverse-events/{desk.event.pk}/"
    assert "half a thought" in page(hospital.physician, address)[1]
    assert "half a thought" not in page(second, address)[1]
    assert "half a thought" not in str(Door(second).get(f"adverse-events/{desk.event.pk}/review/").json())


def test_an_event_of_the_laboratory_is_reviewed_the_same_way(hospital):
    running = running_session(hospital)
    ended = finish(hospital, running.pk)
    measure(hospital, running.patient_id, "creatinine", "80", "µmol/L", at=minutes(-600))
    measure(hospital, running.patient_id, "creatinine", "250", "µmol/L", at=ended + timedelta(hours=48))
    event = AdverseEvent.objects.get(term="acute_renal_failure")
    assert event.review_urgency == "at_once"
    proposal = proposal_for(access_adverse_event(hospital.physician, event.pk))
    assert proposal.first.action_taken == "not_applicable"
    assert proposal.first.reactions[0].severity_term == "acute_kidney_injury"
    answers = dict(proposal.first.naranjo)
    assert (answers["q1"], answers["q2"], answers["q3"], answers["q10"]) == ("yes", "yes", "unknown", "yes")
    status, shown = page(hospital.physician, f"/adverse-events/{event.pk}/", "fa")
    assert status == 200 and 'data-test="around-laboratory"' in shown
