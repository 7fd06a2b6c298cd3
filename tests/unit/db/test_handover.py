"""At every moment one person has the patient, by name; an offer changes that only when it is accepted."""

from datetime import timedelta

import pytest

from apps.accounts.domain.roles import Role
from apps.accounts.services import ensure_staff
from apps.alerts.models import Alert
from apps.infusions import services
from apps.infusions.models import Handover
from apps.infusions.presentation.handing_over import handover_sheet
from apps.infusions.selectors import access_session, offers_to, session_row
from apps.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from apps.ledger.models import Timer
from tests.builders import NOW, PASSWORD, Door, finish, observe, react, running_session

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def session(hospital):
    return running_session(hospital)


@pytest.fixture
def evening(hospital):
    """A nurse who is neither the giver nor the receiver."""
    return ensure_staff(
        username="evening",
        full_name=("Evening", "Nurse"),
        role=Role.NURSE,
        wards=[hospital.ward],
        password=PASSWORD,
    )


def offer(hospital, *sessions, to=None, note="", now=LATER):
    offers = services.offer_handover(
        performer=hospital.nurse,
        session_ids=[session.pk for session in sessions],
        given_to_id=(to or hospital.second_nurse).pk,
        note=note,
        now=now,
    )
    return offers[0]


def who_has(hospital, session):
    return access_session(hospital.nurse, session.pk).responsible


def timeline(hospital, session):
    shown = Door(hospital.nurse).get(f"sessions/{session.pk}/").json()
    return [(entry["text"], entry["by"]) for entry in shown["timeline"]]


def test_who_starts_the_infusion_has_the_patient(hospital, session):
    assert who_has(hospital, session) == hospital.nurse


def test_until_it_is_accepted_the_giver_has_the_patient(hospital, session):
    handover = offer(hospital, session, note="Veins are difficult on the left.")
    assert who_has(hospital, session) == hospital.nurse
    services.accept_handover(performer=hospital.second_nurse, handover_id=handover.pk, now=LATER)
    assert who_has(hospital, session) == hospital.second_nurse
    assert session_row(session.pk)["responsible"]["id"] == hospital.second_nurse.pk
    assert timeline(hospital, session)[:2] == [
        (f"Taken over from {hospital.nurse.display_name}.", hospital.second_nurse.display_name),
        (
            f"Offered to {hospital.second_nurse.display_name}, not yet accepted.",
            hospital.nurse.display_name,
        ),
    ]


def test_a_handover_is_no_change_of_the_infusion(hospital, session):
    """Nobody's rate change is refused because a colleague was asked to take the patient."""
    before = access_session(hospital.nurse, session.pk).version
    handover = offer(hospital, session)
    services.accept_handover(performer=hospital.second_nurse, handover_id=handover.pk, now=LATER)
    assert access_session(hospital.nurse, session.pk).version == before


def test_several_patients_are_offered_in_one_call(hospital, session):
    other = running_session(hospital, name="Testperson Furu")
    offer(hospital, session, other)
    assert {handover.session_id for handover in offers_to(hospital.second_nurse)} == {session.pk, other.pk}


def test_all_are_offered_or_none(hospital, session):
    other = running_session(hospital, name="Testperson Furu")
    services.take_over(performer=hospital.second_nurse, session_id=other.pk, now=LATER)
    door = Door(hospital.nurse)
    entry = {"session_ids": [session.pk, other.pk], "given_to_id": hospital.physician.pk}
    answer = door.post("handovers/", entry)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_patient")
    assert "Testperson Furu" in answer.json()["message"]
    assert not Handover.objects.exists()


def test_a_new_offer_takes_the_place_of_the_old_one(hospital, session):
    first = offer(hospital, session)
    second = offer(hospital, session, to=hospital.physician)
    with pytest.raises(ConflictError) as refusal:
        services.accept_handover(performer=hospital.second_nurse, handover_id=first.pk, now=LATER)
    assert refusal.value.code == "handover_not_open"
    services.accept_handover(performer=hospital.physician, handover_id=second.pk, now=LATER)
    assert who_has(hospital, session) == hospital.physician


def test_only_the_named_colleague_accepts(hospital, session, evening):
    handover = offer(hospital, session)
    with pytest.raises(ForbiddenError) as refusal:
        services.accept_handover(performer=evening, handover_id=handover.pk, now=LATER)
    assert refusal.value.code == "not_offered_to_you"
    assert hospital.second_nurse.display_name in str(refusal.value)


def test_the_giver_takes_it_back_and_the_other_may_decline(hospital, session, evening):
    for performer in (hospital.nurse, hospital.second_nurse):
        handover = offer(hospital, session)
        services.withdraw_handover(performer=performer, handover_id=handover.pk, now=LATER)
        assert who_has(hospital, session) == hospital.nurse
        assert not offers_to(hospital.second_nurse).exists()
    handover = offer(hospital, session)
    with pytest.raises(ForbiddenError):
        services.withdraw_handover(performer=evening, handover_id=handover.pk, now=LATER)


def test_a_patient_is_taken_without_an_offer(hospital, session, evening):
    waiting = offer(hospital, session)
    services.take_over(performer=evening, session_id=session.pk, now=LATER)
    assert who_has(hospital, session) == evening
    waiting.refresh_from_db()
    assert waiting.withdrawn_at == LATER
    assert timeline(hospital, session)[0] == (
        f"Taken over without an offer. Before: {hospital.nurse.display_name}.",
        evening.display_name,
    )
    with pytest.raises(ConflictError) as refusal:
        services.take_over(performer=evening, session_id=session.pk, now=LATER)
    assert refusal.value.code == "already_yours"


def test_taking_what_was_offered_accepts_it(hospital, session):
    handover = offer(hospital, session)
    services.take_over(performer=hospital.second_nurse, session_id=session.pk, now=LATER)
    handover.refresh_from_db()
    assert (handover.accepted_at, handover.withdrawn_at) == (LATER, None)


@pytest.mark.parametrize("role", ["safety_officer", "administrator"])
def test_only_those_who_may_run_infusions_can_be_given_one(hospital, session, role):
    with pytest.raises(DomainError) as refusal:
        offer(hospital, session, to=getattr(hospital, role))
    assert refusal.value.code == "not_of_this_ward"


def test_nobody_of_another_ward_gives_or_takes(hospital, elsewhere, session):
    with pytest.raises(DomainError) as refusal:
        offer(hospital, session, to=elsewhere.nurse)
    assert refusal.value.code == "not_of_this_ward"
    handover = offer(hospital, session)
    with pytest.raises(NotFoundError):
        services.take_over(performer=elsewhere.nurse, session_id=session.pk, now=LATER)
    with pytest.raises(NotFoundError):
        services.withdraw_handover(performer=elsewhere.nurse, handover_id=handover.pk, now=LATER)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"session_ids": []}, "handover_empty"),
        ({"given_to_id": "oneself"}, "handover_to_oneself"),
    ],
)
def test_an_offer_says_what_it_needs(hospital, session, entry, code):
    body = {"session_ids": [session.pk], "given_to_id": hospital.second_nurse.pk} | entry
    if body["given_to_id"] == "oneself":
        body["given_to_id"] = hospital.nurse.pk
    assert Door(hospital.nurse).post("handovers/", body).json()["code"] == code


def test_a_watched_patient_is_handed_over_and_nobody_after_the_watch(hospital, session):
    ended = finish(hospital, session.pk)
    offer(hospital, session, now=ended)
    services.end_watch(performer=hospital.nurse, session_id=session.pk, reason="home", now=ended)
    assert not offers_to(hospital.second_nurse).exists()
    with pytest.raises(ConflictError) as refusal:
        offer(hospital, session, now=ended)
    assert refusal.value.code == "session_not_open"


def test_an_offer_that_nobody_accepts_is_told_after_a_quarter_of_an_hour(hospital, session, clock):
    clock.set(LATER)
    handover = offer(hospital, session)
    observe(hospital, session.pk, LATER)
    clock.fire(LATER + timedelta(minutes=14))
    assert not Alert.objects.filter(code="handover_open").exists()
    clock.fire(LATER + timedelta(minutes=15))
    alert = Alert.objects.get(code="handover_open")
    assert (alert.priority, alert.subject) == ("low", f"session:{session.pk}")
    assert alert.params["given_to"] == hospital.second_nurse.display_name
    services.accept_handover(performer=hospital.second_nurse, handover_id=handover.pk, now=clock.now)
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by) == ("resolved", hospital.second_nurse)


@pytest.mark.parametrize("answer", ["accept", "withdraw", "take_over"])
def test_an_answered_offer_is_not_asked_after(hospital, session, clock, answer):
    handover = offer(hospital, session)
    if answer == "take_over":
        services.take_over(performer=hospital.physician, session_id=session.pk, now=LATER)
    else:
        act = getattr(services, f"{answer}_handover")
        act(performer=hospital.second_nurse, handover_id=handover.pk, now=LATER)
    assert Timer.objects.get(kind="infusion.handover.open").state == "cancelled"
    clock.fire(LATER + timedelta(minutes=15))
    assert not Alert.objects.filter(code="handover_open").exists()


def test_the_sheet_says_what_the_next_nurse_must_know(hospital, session):
    react(hospital, session.pk, LATER, note="Better after a glass of water.")
    offer(hospital, session, note="Likes the window open.")
    sheet = handover_sheet(hospital.second_nurse, now=LATER)
    (offered,) = sheet["offers"]
    assert offered["session"] == session
    assert str(offered["rate_ml_per_h"]) == "30.00"
    assert str(offered["volume_left_ml"]) == "245.0"
    assert [due["code"] for due in offered["dues"]][:2] == ["vitals_due", "recheck_due"]
    assert [reaction["name"] for reaction in offered["reactions"]] == ["Headache"]
    assert [alert.code for alert in offered["alerts"]] == ["reaction:headache"]
    assert offered["score"]["total"] == 0
    assert offered["notes"][0]["text"] == "Better after a glass of water."
    (ward,) = sheet["wards"]
    assert (ward["mine"], [other["session"] for other in ward["others"]]) == ([], [session])
    assert hospital.second_nurse not in ward["colleagues"]
    everybody_else = {hospital.nurse, hospital.charge_nurse, hospital.physician, hospital.second_physician}
    assert everybody_else == set(ward["colleagues"])


def test_the_page_and_the_count_of_offers(hospital, session):
    offer(hospital, session, note="Likes the window open.")
    door = Door(hospital.second_nurse)
    page = door.client.get("/handover/").content.decode()
    assert "Likes the window open." in page
    assert 'data-test="offers-to-me">1<' in page
    assert door.get("handovers/").json()[0]["session_id"] == session.pk
    assert Door(hospital.safety_officer).client.get("/handover/").status_code == 403
