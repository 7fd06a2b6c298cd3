"""Every event says from where it came, and a change says what was there before."""

from datetime import timedelta

import pytest
from django.test import Client
from knox.models import AuthToken

from apps.accounts.models import User
from apps.infusions.services import set_spo2_scale
from apps.ledger.models import Event
from apps.ledger.origin import Origin, came_from
from apps.ledger.selectors import first_broken_event
from apps.ledger.services import record_event, unit_of_work
from apps.ledger.statements import run_together
from apps.ledger.types import RecordedEvent
from apps.ledger.writing import append_events
from tests.builders import NOW, Door, climb, observe, running_session, vitals_entry

pytestmark = pytest.mark.django_db


def last(name):
    return Event.objects.filter(name=name).order_by("-pk").first()


def test_an_entry_at_the_bedside_says_from_which_request_address_and_session(hospital, clock):
    session = running_session(hospital)
    clock.forward(minutes=1)
    answer = Door(hospital.nurse).post(f"sessions/{session.pk}/observations/", vitals_entry())
    origin = last("infusion.observation.recorded").origin
    assert origin["request_id"] == answer.headers["X-Request-ID"].replace("-", "")
    assert origin["address"] == "127.0.0.1"
    assert len(origin["device"]) == 16
    assert first_broken_event(f"session:{session.pk}") is None


def test_two_sessions_are_told_apart_and_neither_is_given_away(hospital, clock):
    session = running_session(hospital)
    doors = [Door(hospital.nurse), Door(hospital.nurse)]
    for door in doors:
        clock.forward(minutes=1)
        assert door.post(f"sessions/{session.pk}/observations/", vitals_entry()).status_code == 200
    devices = [
        event.origin["device"]
        for event in Event.objects.filter(name="infusion.observation.recorded", origin__has_key="device")
    ]
    assert len(set(devices)) == 2
    keys = {door.client.cookies["sessionid"].value for door in doors}
    assert not any(device in key or key in device for key in keys for device in devices)


def test_a_patient_at_home_leaves_no_address():
    origin = Origin(request_id="r", address="10.0.0.9", device="d")
    with came_from(origin), unit_of_work():
        for actor in ("system", "patient", "user:3"):
            record_event(name="test.told", subject=f"test:{actor}", ward_id=None, actor=actor, now=NOW)
    told = {event.actor: event.origin for event in Event.objects.filter(name="test.told")}
    assert told == {
        "system": {"request_id": "r"},
        "patient": {"request_id": "r"},
        "user:3": {"request_id": "r", "address": "10.0.0.9", "device": "d"},
    }


def test_what_a_timer_does_came_from_no_request():
    with unit_of_work():
        record_event(name="test.loose", subject="test:1", ward_id=None, actor="system", now=NOW)
    assert last("test.loose").origin == {}


def test_a_chain_begun_by_the_recipe_of_before_goes_on_with_the_new_one():
    old = RecordedEvent("test.old", "test:1", None, "system", NOW, NOW, {"a": 1}, {}, 1)
    run_together([append_events([old], {})])
    with unit_of_work():
        record_event(name="test.new", subject="test:1", ward_id=None, actor="system", now=NOW)
    assert list(Event.objects.order_by("pk").values_list("recipe", flat=True)) == [1, 2]
    assert first_broken_event("test:1") is None


# Old and new


def test_a_rate_says_what_it_was_before(hospital):
    session = running_session(hospital)
    climb(hospital, session.pk, to_step=2)
    steps = Event.objects.filter(name="infusion.rate.changed").order_by("pk")
    told = [(one.payload["rate_ml_per_h_before"], one.payload["rate_ml_per_h"]) for one in steps]
    assert told[0][1] == told[1][0]
    assert all(before != after for before, after in told)


def test_a_scale_says_what_it_was_before(hospital):
    session = running_session(hospital)
    set_spo2_scale(
        performer=hospital.physician, session_id=session.pk, scale=2, reason="hypercapnic", now=NOW
    )
    assert last("infusion.spo2_scale.changed").payload["before"] == {"scale": 1}


def test_corrected_vital_signs_say_what_they_were(hospital, clock):
    session = running_session(hospital)
    wrong = observe(hospital, session.pk, clock.forward(minutes=1), systolic_mmhg=184)
    number = session.observations.order_by("-pk").first().pk
    clock.forward(minutes=1)
    entry = vitals_entry(systolic_mmhg="124") | {"replaces": number, "reason": "mistyped"}
    answer = Door(hospital.nurse).post(f"sessions/{session.pk}/observations/", entry)
    assert answer.status_code == 200, (answer.content, wrong)
    payload = last("infusion.observation.corrected").payload
    assert (payload["before"]["systolic_mmhg"], payload["systolic_mmhg"]) == ("184", "124")
    assert payload["reason"] == "mistyped"


# The administrator's pages


@pytest.fixture
def office(hospital):
    client = Client()
    client.force_login(hospital.administrator)
    return client


def account(user, **changes):
    """What the administrator's form sends for an account."""
    form = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": "",
        "role": user.role,
        "specialty": "",
        "is_active": "on",
        "wards": [ward.pk for ward in user.wards.all()],
        "date_joined_0": "2026-03-02",
        "date_joined_1": "08:00:00",
    }
    return form | changes


def test_a_role_given_by_the_administrator_is_on_record_with_the_old_one(hospital, office):
    User.objects.filter(pk=hospital.nurse.pk).update(date_joined=NOW, last_login=None)
    hospital.nurse.refresh_from_db()
    answer = office.post(
        f"/admin/accounts/user/{hospital.nurse.pk}/change/",
        account(hospital.nurse, role="physician", wards=[]),
    )
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    event = last("user.changed")
    assert event.payload["before"] == {"role": "nurse", "wards": ["Neurology"]}
    assert event.payload["after"] == {"role": "physician", "wards": []}
    assert event.actor == f"user:{hospital.administrator.pk}"
    assert event.origin["address"] == "127.0.0.1"


def test_saving_an_account_as_it_is_records_nothing(hospital, office):
    User.objects.filter(pk=hospital.nurse.pk).update(date_joined=NOW, last_login=None)
    hospital.nurse.refresh_from_db()
    answer = office.post(f"/admin/accounts/user/{hospital.nurse.pk}/change/", account(hospital.nurse))
    assert answer.status_code == 302
    assert last("user.changed") is None


def test_a_password_set_by_the_administrator_is_on_record_without_it(hospital, office):
    new = "another-long-test-password"
    AuthToken.objects.create(hospital.nurse)
    answer = office.post(
        f"/admin/accounts/user/{hospital.nurse.pk}/password/",
        {"password1": new, "password2": new, "usable_password": "true"},
    )
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    event = last("user.changed")
    assert event.payload["after"] == {"password": "set anew"}
    hospital.nurse.refresh_from_db()
    assert hospital.nurse.password not in str(event.payload) and new not in str(event.payload)
    assert not AuthToken.objects.filter(user=hospital.nurse).exists()


def test_a_ward_added_and_renamed_is_on_record(hospital, office):
    assert (
        office.post("/admin/accounts/ward/add/", {"name": "Surgery", "time_zone": "UTC"}).status_code == 302
    )
    assert last("ward.added").payload["after"]["name"] == "Surgery"
    number = last("ward.added").subject.partition(":")[2]
    office.post(f"/admin/accounts/ward/{number}/change/", {"name": "Surgery 2", "time_zone": "UTC"})
    assert last("ward.changed").payload == {
        "before": {"name": "Surgery"},
        "after": {"name": "Surgery 2"},
        "reason": "",
    }
    assert first_broken_event(f"ward:{number}") is None


def test_a_clock_of_the_past_changes_no_chain(hospital):
    with unit_of_work():
        for minutes in (10, 0):
            record_event(
                name="test.late",
                subject="test:1",
                ward_id=None,
                actor="system",
                now=NOW + timedelta(minutes=minutes),
            )
    assert first_broken_event("test:1") is None
