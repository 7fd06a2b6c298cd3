"""A physician's review of an adverse event: drafts, signatures, versions, outcomes, and what the record proposes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import ProofFailures
from apps.alerts.models import Alert
from apps.courses.models import OpenRechallenge
from apps.courses.selectors import assess_order
from apps.infusions import services as infusions
from apps.infusions.services.reacting import Symptom
from apps.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from apps.ledger.models import Event, Timer
from apps.safety import services
from apps.safety.domain import Outcome, Review, ReviewedReaction
from apps.safety.models import AdverseEvent, Assessment, OutcomeEntry
from apps.safety.selectors import (
    access_adverse_event,
    disagreement_between,
    draft_of,
    outcome_now,
    proposal_for,
    signed_reviews,
    standing_reviews,
)
from tests.builders import (
    NOW,
    PASSWORD,
    Door,
    climb,
    course_order,
    measure,
    observe,
    react,
    running_session,
)

pytestmark = pytest.mark.django_db

WHOLE = Review(
    language="nb",
    severity_scale="ctcae",
    reactions=(
        ReviewedReaction(
            verbatim="bankende hodepine",
            term="headache",
            severity_term="headache",
            grade=2,
            not_serious=True,
            expectedness="expected",
            outcome="recovering",
        ),
    ),
    who_umc="possible",
    who_umc_criteria=("time_reasonable", "other_explains_too"),
    naranjo=(("q1", "yes"), ("q2", "yes"), ("q5", "no")),
    action_taken="slowed",
    dechallenge="improved",
    rechallenge="not_done",
)
ENTRY = {
    "revision": 0,
    "reactions": [
        {
            "verbatim": "bankende hodepine", "term": "headache", "severity_term": "headache", "grade": 2,
            "not_serious": True, "expectedness": "expected", "outcome": "recovering",
        }
    ],
    "who_umc": "possible",
    "who_umc_criteria": ["time_reasonable", "other_explains_too"],
    "naranjo": {"q1": "yes", "q2": "yes", "q5": "no"},
    "action_taken": "slowed", "dechallenge": "improved", "rechallenge": "not_done",
    "criteria": {"trali": {"both_lungs": "no"}},
}  # fmt: skip


def minutes(count):
    return NOW + timedelta(minutes=count)


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


class Desk:
    """A physician at an event."""

    def __init__(self, physician, event):
        self.physician, self.event = physician, event

    def save(self, review=WHOLE, *, revision=None, at=60):
        draft = draft_of(self.physician, self.event)
        known = draft.revision if draft else 0
        return services.save_review(
            performer=self.physician,
            event_id=self.event.pk,
            review=review,
            revision=known if revision is None else revision,
            now=minutes(at),
        )

    def sign(self, review=WHOLE, *, at=61, meaning="medical_review"):
        draft = self.save(review, at=at - 1)
        return services.sign_review(
            performer=self.physician,
            event_id=self.event.pk,
            revision=draft.revision,
            meaning=meaning,
            now=minutes(at),
        )


@pytest.fixture
def desk(hospital, event):
    return Desk(hospital.physician, event)


# What the record proposes


def test_the_first_draft_holds_what_the_record_knows_and_nothing_it_does_not(hospital, session, event):
    infusions.resolve_reaction(
        performer=hospital.nurse,
        session_id=session.pk,
        reaction_id=_reaction(session).pk,
        note="",
        now=minutes(55),
    )
    event.refresh_from_db()
    proposal = proposal_for(access_adverse_event(hospital.physician, event.pk))
    first = proposal.first
    (reaction,) = first.reactions
    assert (reaction.term, reaction.severity_term, reaction.grade) == ("headache", "headache", 0)
    assert (reaction.verbatim, reaction.serious) == ("", None)
    assert (first.action_taken, first.dechallenge, first.rechallenge, first.who_umc) == (
        "slowed", "improved", "", "",
    )  # fmt: skip
    assert reaction.outcome == "recovered"
    answers = dict(first.naranjo)
    assert (answers["q2"], answers["q3"], answers["q5"], answers["q8"]) == ("yes", "yes", "unknown", "yes")


def _reaction(session):
    return session.reactions.get()


def test_the_page_tells_the_infusion_at_onset(hospital, session, event):
    observe(hospital, session.pk, minutes(45), systolic_mmhg=100)
    measure(hospital, session.patient_id, "hemoglobin", "140", "g/L", at=minutes(-600))
    measure(hospital, session.patient_id, "hemoglobin", "120", "g/L", at=minutes(3000))
    shown = Door(hospital.physician).get(f"adverse-events/{event.pk}/review/").json()
    around = shown["around"]
    assert around["minutes_since_start"] == 40
    assert around["minutes_since_change"] == 10
    assert (around["rate_before_ml_per_h"], around["rate_ml_per_h"], around["step"]) == ("30", "60", 2)
    assert (around["volume_given_ml"], around["dose_given_g"]) == ("25", "2.5")
    assert [lot["lot_number"] for lot in around["lots"]] == ["LOT-A1204"]
    assert [one["after_onset"] for one in around["signs"]][-1] is True
    assert [(one["value"], one["after_onset"]) for one in around["laboratory"]] == [
        ("140", False),
        ("120", True),
    ]
    assert any("Reaction" in entry["text"] for entry in around["happened"])
    assert {one["code"] for one in shown["conditions"]} >= {"anaphylaxis", "trali", "taco", "rate_related"}


# Drafts


def test_a_draft_may_be_anything_and_is_ones_own(hospital, desk, second):
    draft = desk.save(Review())
    assert (draft.revision, draft.version, draft.state) == (1, 1, "draft")
    assert desk.save(WHOLE).revision == 2
    assert draft_of(second, desk.event) is None
    assert desk.event.status == "new"


def test_a_draft_saved_elsewhere_is_not_overwritten(desk):
    desk.save(Review(comment="in one window"))
    with pytest.raises(ConflictError) as refused:
        desk.save(Review(comment="in the other"), revision=0)
    assert refused.value.code == "review_stale"
    assert Assessment.objects.get().content["comment"] == "in one window"


@pytest.mark.parametrize(
    "review",
    [
        replace(WHOLE, who_umc="sure"),
        replace(WHOLE, who_umc_criteria=("more_data",)),
        replace(WHOLE, naranjo=(("q11", "yes"),)),
        replace(WHOLE, suspected=("flu",)),
        replace(WHOLE, criteria=(("trali.moon", "yes"),)),
        replace(WHOLE, reactions=(replace(WHOLE.reactions[0], severity_term="hiccups"),)),
        replace(WHOLE, reactions=(replace(WHOLE.reactions[0], seriousness=("loud",)),)),
    ],
)
def test_codes_that_nobody_knows_are_refused(desk, review):
    with pytest.raises(DomainError) as refused:
        desk.save(review)
    assert refused.value.code == "guideline_unknown_code"


# Signing


def test_a_signature_holds_name_time_meaning_and_what_was_signed(hospital, desk):
    signed = desk.sign()
    assert (signed.signer_name, signed.signed_at, signed.meaning) == (
        hospital.physician.display_name, minutes(61), "medical_review",
    )  # fmt: skip
    (shown,) = signed_reviews(desk.event)
    assert shown.holds and not shown.record_changed and len(shown.sha256) == 64
    assert shown.review.reactions[0].verbatim == "bankende hodepine"
    assert (shown.naranjo.score, shown.naranjo.band) == (5, "probable")
    desk.event.refresh_from_db()
    assert desk.event.status == "reviewed"
    told = Event.objects.get(name="safety.review.signed")
    assert told.payload["sha256"] == shown.sha256 and told.payload["serious"] is False


def test_what_is_incomplete_is_not_signed_and_says_where(desk):
    with pytest.raises(DomainError) as refused:
        desk.sign(Review())
    assert refused.value.code == "review_incomplete"
    assert set(refused.value.extra["fields"]) >= {"reactions.0.verbatim", "who_umc", "rechallenge"}
    assert Assessment.objects.get().state == "draft"


def test_only_what_was_shown_is_signed(hospital, desk):
    desk.save()
    desk.save(replace(WHOLE, comment="and more"))
    with pytest.raises(ConflictError):
        services.sign_review(
            performer=hospital.physician,
            event_id=desk.event.pk,
            revision=1,
            meaning="medical_review",
            now=minutes(61),
        )


def test_the_database_keeps_what_was_signed(desk):
    signed = desk.sign()
    draft = desk.save(WHOLE, at=70)
    for statement in (
        "UPDATE safety_assessment SET content = '{}' WHERE id = %s",
        "DELETE FROM safety_assessment WHERE id = %s",
        "UPDATE safety_outcomeentry SET outcome = 'fatal' WHERE assessment_id = %s",
        "DELETE FROM safety_outcomeentry WHERE assessment_id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [signed.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        draft.delete()
    assert signed_reviews(desk.event)[0].holds


def test_a_signed_review_is_followed_never_changed(desk):
    first = desk.sign()
    second = desk.sign(replace(WHOLE, rechallenge="recurred"), at=100)
    assert (first.version, second.version) == (1, 2)
    newest, oldest = signed_reviews(desk.event)
    assert (newest.is_newest, oldest.is_newest) == (True, False)
    assert oldest.review.rechallenge == "not_done" and newest.review.rechallenge == "recurred"
    assert [one.version for one in standing_reviews(desk.event)] == [2]


def test_two_physicians_who_differ_both_stand_and_it_is_said(desk, second):
    desk.sign()
    Desk(second, desk.event).sign(
        replace(WHOLE, who_umc="probable", who_umc_criteria=(
            "time_reasonable", "unlikely_other", "withdrawal_reasonable",
        )), at=90, meaning="second_opinion",
    )  # fmt: skip
    standing = standing_reviews(desk.event)
    assert len(standing) == 2
    assert [topic.value for topic in disagreement_between(standing)] == ["causality"]


def test_the_record_goes_on_and_the_signed_review_says_that_it_changed(hospital, session, desk):
    desk.sign()
    observe(hospital, session.pk, minutes(62), systolic_mmhg=95)
    infusions.describe_reaction(
        performer=hospital.nurse,
        session_id=session.pk,
        reaction_id=_reaction(session).pk,
        symptoms=[Symptom("wheezing", "severe")],
        note="",
        now=minutes(63),
    )
    event = access_adverse_event(hospital.physician, desk.event.pk)
    assert event.term == "wheezing" and event.status == "reviewed"
    (shown,) = signed_reviews(event)
    assert shown.record_changed and shown.holds
    assert shown.review.reactions[0].term == "headache"
    queue = Door(hospital.physician).get("adverse-events/to-review/").json()
    assert [one["id"] for one in queue["changed"]] == [event.pk] and queue["waiting"] == []


def test_an_event_entered_in_error_is_not_reviewed(hospital, session, desk):
    infusions.mark_reaction_in_error(
        performer=hospital.physician,
        session_id=session.pk,
        reaction_id=_reaction(session).pk,
        reason="wrong bed",
        now=minutes(45),
    )
    with pytest.raises(DomainError) as refused:
        desk.save()
    assert refused.value.code == "event_entered_in_error"
    assert Timer.objects.get(kind="safety.review.due").state == "cancelled"


def test_only_physicians_of_the_ward_review(hospital, elsewhere, event):
    for user, error in [
        (hospital.nurse, ForbiddenError),
        (hospital.safety_officer, ForbiddenError),
        (elsewhere.physician, NotFoundError),
    ]:
        with pytest.raises(error):
            Desk(user, event).save(revision=0)


# Proof of identity


def test_the_password_is_asked_for_again_and_a_wrong_one_signs_nothing(hospital, event):
    door = Door(hospital.physician)
    saved = door.post(f"adverse-events/{event.pk}/review/", ENTRY).json()
    assert saved["missing"] == [] and saved["naranjo"]["band"] == "probable"
    sign = {"revision": saved["revision"], "meaning": "medical_review", "own_password": "wrong"}
    refused = door.post(f"adverse-events/{event.pk}/review/signature/", sign)
    assert (refused.status_code, refused.json()["code"]) == (400, "identity_not_proved")
    assert refused.json()["extra"]["field"] == "own_password"
    signed = door.post(f"adverse-events/{event.pk}/review/signature/", sign | {"own_password": PASSWORD})
    assert signed.status_code == 201 and signed.json()["holds"] is True
    assert ProofFailures.objects.get().failures == 1


def test_after_five_wrong_ones_the_right_one_looks_the_same_as_a_wrong_one(hospital, event):
    door = Door(hospital.physician)
    door.post(f"adverse-events/{event.pk}/review/", ENTRY)
    address = f"adverse-events/{event.pk}/review/signature/"
    sign = {"revision": 1, "meaning": "medical_review"}
    answers = [door.post(address, sign | {"own_password": f"wrong {number}"}).json() for number in range(5)]
    answers.append(door.post(address, sign | {"own_password": PASSWORD}).json())
    assert len({str(answer) for answer in answers}) == 1
    assert Assessment.objects.get().state == "draft"


def test_a_signature_sent_twice_is_one(hospital, event):
    door = Door(hospital.physician)
    door.post(f"adverse-events/{event.pk}/review/", ENTRY)
    sign = {"revision": 1, "meaning": "medical_review", "own_password": PASSWORD}
    key = "6f1f6e0e-6b1b-4d4c-9d4c-0a1b2c3d4e5f"
    first, again = (
        door.post(f"adverse-events/{event.pk}/review/signature/", sign, key=key) for _ in range(2)
    )
    assert first.json() == again.json() and Assessment.objects.count() == 1


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
    for term, severity in [("wheezing", "severe"), ("headache", "mild")]:
        infusions.describe_reaction(
            performer=hospital.nurse,
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
