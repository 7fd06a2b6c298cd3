"""One tap for a reaction: it acts, it is never refused for being late, and the adverse event is already filled in."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.alerts.models import Alert
from apps.infusions import services
from apps.infusions.models import RateChange, Reaction
from apps.infusions.selectors import access_session
from apps.infusions.services.reacting import Symptom
from apps.kernel.errors import DomainError, ForbiddenError
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from tests.builders import (
    NOW,
    Door,
    admit_patient,
    climb,
    order_course,
    react,
    running_session,
    start_day,
    vial,
)

pytestmark = pytest.mark.django_db


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def session(hospital):
    session = running_session(hospital)
    climb(hospital, session.pk, to_step=2)  # 120 mL/h from minute 35
    return session


@pytest.fixture
def now(hospital, session):
    return lambda: access_session(hospital.nurse, session.pk)


@pytest.mark.parametrize(
    ("action", "state", "step_index", "rate"),
    [
        ("none", "running", 2, 120),
        ("slow", "running", 1, 60),
        ("pause", "paused", 2, 0),
        ("stop", "stopped", 2, 0),
    ],
)
def test_the_action_is_taken_in_the_same_tap(hospital, session, now, action, state, step_index, rate):
    react(hospital, session.pk, minutes(36), action=action)
    assert (now().state, now().step_index) == (state, step_index)
    assert RateChange.objects.filter(session=session).last().rate_ml_per_h == rate
    assert Reaction.objects.get().action == action


def test_below_the_first_step_it_is_half_of_it_and_again_half(hospital):
    session = running_session(hospital)
    for minute, rate, step_index in ((5, 15, -1), (9, 7, -1)):
        react(hospital, session.pk, minutes(minute), action="slow")
        assert RateChange.objects.last().rate_ml_per_h == rate
        assert access_session(hospital.nurse, session.pk).step_index == step_index
    events = AdverseEvent.objects.order_by("onset_at").values_list("rate_ml_per_h", "step_index")
    assert list(events) == [(30, 0), (15, None)], "below the first rate there is no step"


def test_one_tap_without_a_word_pauses_and_can_be_described_later(hospital, session, now, clock):
    clock.set(minutes(36))
    shown = Door(hospital.nurse).post(f"sessions/{session.pk}/reactions/", {}).json()
    assert (shown["state"], shown["alerts"][0]["code"]) == ("paused", "reaction:unspecified")
    row = Reaction.objects.get()
    assert (row.term, row.severity, row.described_at) == ("unspecified", "moderate", None)
    assert (row.action, row.onset_at) == ("pause", minutes(36))


def test_of_several_symptoms_the_worst_one_leads(hospital, session):
    services.record_reaction(
        performer=hospital.nurse,
        session_id=session.pk,
        symptoms=[
            Symptom("headache", "mild"),
            Symptom("urticaria", "moderate"),
            Symptom("nausea", "moderate"),
        ],
        onset_at=minutes(36),
        action="pause",
        note="",
        now=minutes(36),
    )
    row = Reaction.objects.get()
    assert (row.term, row.severity, row.described_at) == ("urticaria", "moderate", minutes(36))
    assert [symptom["term"] for symptom in row.symptoms] == ["headache", "urticaria", "nausea"]
    assert AdverseEvent.objects.get().term == "urticaria"


@pytest.mark.parametrize("action", ["none", "slow", "pause"])
def test_on_a_paused_infusion_it_is_recorded_all_the_same(hospital, session, now, action):
    services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(36))
    react(hospital, session.pk, minutes(37), action=action)
    assert now().state == "paused"
    assert AdverseEvent.objects.count() == Reaction.objects.count() == 1


def test_a_paused_infusion_can_be_stopped_by_a_reaction(hospital, session, now):
    services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(36))
    react(hospital, session.pk, minutes(37), action="stop")
    assert (now().state, now().ended_at) == ("stopped", minutes(37))


@pytest.mark.parametrize("action", ["none", "slow", "pause", "stop"])
def test_on_an_ended_infusion_it_is_recorded_all_the_same(hospital, session, now, action):
    services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(36))
    react(hospital, session.pk, minutes(50), action=action)
    assert (now().state, now().ended_at) == ("stopped", minutes(36))
    event = AdverseEvent.objects.get()
    assert (event.rate_ml_per_h, event.volume_given_ml) == (None, 22)  # 20 mL by 35, a minute at 120


def test_it_cannot_begin_before_the_infusion(hospital, session):
    with pytest.raises(DomainError) as refused:
        react(hospital, session.pk, minutes(36), onset_at=NOW - timedelta(seconds=1))
    assert refused.value.code == "onset_before_infusion"
    assert not Reaction.objects.exists() and not AdverseEvent.objects.exists()


def test_an_unknown_term_is_refused_and_stops_nothing(hospital, session, now):
    with pytest.raises(DomainError) as refused:
        react(hospital, session.pk, minutes(36), term="feeling odd", action="stop")
    assert refused.value.code == "guideline_unknown_code"
    assert now().state == "running"


@pytest.mark.parametrize(
    ("severity", "priority"), [("mild", "low"), ("moderate", "medium"), ("severe", "high")]
)
def test_the_ward_is_alerted_as_urgently_as_it_is_severe(hospital, session, severity, priority):
    react(hospital, session.pk, minutes(36), term="urticaria", severity=severity)
    alert = Alert.objects.get()
    assert (alert.code, alert.priority, alert.state) == ("reaction:urticaria", priority, "raised")
    assert alert.params["term"] == {"en": "Urticaria", "nb": "Urtikaria", "fa": "کهیر"}
    assert alert.source


def test_the_adverse_event_is_filled_in(hospital):
    patient = admit_patient(hospital)
    vials = [
        vial(volume_ml=Decimal(200)),
        vial(lot_number="LOT-B7731", expires_on=date(2027, 6, 30), volume_ml=Decimal(50)),
    ]
    session = start_day(hospital, order_course(hospital, patient), vials=vials)
    climb(hospital, session.pk, to_step=2)
    react(
        hospital,
        session.pk,
        minutes(37),
        term="urticaria",
        severity="moderate",
        action="pause",
        note="Forearms.",
    )
    event = AdverseEvent.objects.get()
    assert (event.patient_id, event.ward_id, event.session_id) == (patient.pk, hospital.ward.pk, session.pk)
    assert (event.term, event.severity, event.action, event.note) == (
        "urticaria", "moderate", "pause", "Forearms.",
    )  # fmt: skip
    assert (event.step_index, event.rate_ml_per_h, event.rate_ml_per_kg_h) == (2, 120, 2)
    assert event.volume_given_ml == 24  # 20 mL by minute 35, two minutes at 120 mL/h
    assert (event.onset_at, event.infusion_started_at, event.infusion_ended_at) == (minutes(37), NOW, None)
    assert event.lots == [
        {"lot_number": "LOT-A1204", "expires_on": "2027-12-31"},
        {"lot_number": "LOT-B7731", "expires_on": "2027-06-30"},
    ]
    assert (event.product_code, event.reported_by, event.status) == ("kiovig", hospital.nurse, "new")


def test_rate_step_and_volume_are_those_of_the_onset_not_of_the_typing(hospital, session):
    react(hospital, session.pk, minutes(38), onset_at=minutes(32), action="stop")
    event = AdverseEvent.objects.get()
    assert (event.step_index, event.rate_ml_per_h, event.volume_given_ml) == (1, 60, 17)
    assert event.recorded_at == minutes(38)


def test_one_reaction_is_one_adverse_event(hospital, session):
    from apps.ledger.types import RecordedEvent
    from apps.ledger.unit import unit_of_work
    from apps.safety.handlers import open_from_reaction

    react(hospital, session.pk, minutes(36))
    stored = Event.objects.get(name="infusion.reaction.recorded")
    fields = ("name", "subject", "ward_id", "actor", "occurred_at", "recorded_at", "payload")
    with unit_of_work():
        open_from_reaction(RecordedEvent(**{name: getattr(stored, name) for name in fields}))
    assert AdverseEvent.objects.count() == 1
    assert Event.objects.filter(name="safety.adverse_event.opened").count() == 1


def resolve(performer, session, at):
    return services.resolve_reaction(
        performer=performer, session_id=session.pk, reaction_id=Reaction.objects.get().pk, now=at
    )


def test_after_a_severe_reaction_only_a_physician_says_that_it_has_passed(hospital, session, clock):
    reaction = react(hospital, session.pk, minutes(36), term="anaphylaxis", severity="severe", action="pause")
    with pytest.raises(ForbiddenError) as refused:
        resolve(hospital.nurse, session, minutes(50))
    assert refused.value.code == "physician_needed"
    answer = Door(hospital.nurse).post(f"sessions/{session.pk}/reactions/{reaction.pk}/resolve/")
    assert (answer.status_code, answer.json()["code"]) == (403, "physician_needed")
    assert Reaction.objects.get().resolved_at is None

    resolve(hospital.physician, session, minutes(55))
    resolved = Reaction.objects.get()
    assert (resolved.resolved_at, resolved.resolved_by) == (minutes(55), hospital.physician)


def test_saying_twice_that_it_has_passed_keeps_the_first_name(hospital, session):
    react(hospital, session.pk, minutes(36))
    resolve(hospital.nurse, session, minutes(40))
    resolve(hospital.second_nurse, session, minutes(44))
    assert (Reaction.objects.get().resolved_by, Reaction.objects.get().resolved_at) == (
        hospital.nurse,
        minutes(40),
    )
    assert Event.objects.filter(name="infusion.reaction.resolved").count() == 1
    alert = Alert.objects.get()
    assert (alert.state, alert.acknowledged_by) == ("resolved", hospital.nurse)


def test_a_proposal_stands_beside_it_with_its_source(hospital, session, clock):
    clock.set(minutes(36))
    entry = {"symptoms": [{"term": "anaphylaxis", "severity": "severe"}], "action": "stop"}
    shown = Door(hospital.nurse).post(f"sessions/{session.pk}/reactions/", entry).json()
    [reaction] = shown["reactions"]
    assert reaction["proposal"]["action"] == "stop_emergency"
    assert reaction["proposal"]["text"] and reaction["proposal"]["source"]
    assert (shown["state"], shown["volume_given_ml"]) == ("stopped", "22")
    assert Decimal(shown["grams_given"]) == Decimal("2.2")
