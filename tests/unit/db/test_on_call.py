"""The physician on call: entered by those who may, in the ward's time, and asked at the moment somebody is called."""

from datetime import timedelta

import pytest

from apps.accounts.selectors import on_call_at
from apps.accounts.services import withdraw_on_call
from apps.ledger.models import Event
from apps.ledger.selectors import first_broken_event
from tests.builders import NOW, Door, put_on_call

pytestmark = pytest.mark.django_db


def hours(count):
    return NOW + timedelta(hours=count)


def on_call(hospital, moment):
    found = on_call_at(hospital.ward.pk, moment)
    return found.username if found else None


def test_a_later_entry_counts_and_taken_back_the_earlier_one_does_again(hospital):
    put_on_call(hospital, hospital.physician, until=hours(24))
    evening = put_on_call(hospital, hospital.second_physician, since=hours(8), until=hours(12))
    first, second = hospital.physician.username, hospital.second_physician.username
    assert [on_call(hospital, hours(count)) for count in (-1, 0, 8, 12, 24)] == [
        None, first, second, first, None,
    ]  # fmt: skip
    for _ in range(2):
        withdraw_on_call(performer=hospital.physician, duty_id=evening.pk, now=hours(1))
    assert on_call(hospital, hours(8)) == first
    names = Event.objects.filter(subject=f"ward:{hospital.ward.pk}").values_list("name", flat=True)
    assert list(names) == ["on_call.set", "on_call.set", "on_call.withdrawn"]
    assert first_broken_event(f"ward:{hospital.ward.pk}") is None


def test_who_left_the_ward_or_the_house_is_not_called(hospital):
    put_on_call(hospital, hospital.physician)
    put_on_call(hospital, hospital.second_physician)
    assert on_call(hospital, NOW) == hospital.second_physician.username
    hospital.second_physician.is_active = False
    hospital.second_physician.save()
    assert on_call(hospital, NOW) == hospital.physician.username
    hospital.physician.wards.clear()
    assert on_call(hospital, NOW) is None


def test_over_the_api_a_time_without_an_offset_is_the_wards(hospital, elsewhere, clock):
    for place, utc_hour in ((hospital, "19:00"), (elsewhere, "16:30")):
        entry = {"physician_id": place.physician.pk, "ends_at": "2026-03-02T20:00"}
        answer = Door(place.charge_nurse).post(f"wards/{place.ward.pk}/on-call/", entry)
        assert answer.status_code == 201, answer.json()
        first, rest = answer.json()
        assert (first["physician_id"], rest["physician"]) == (place.physician.pk, None)
        assert first["ends_at"] == f"2026-03-02T{utc_hour}:00Z"
        assert Door(place.nurse).get(f"wards/{place.ward.pk}/on-call/").json() == answer.json()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_at": "2026-03-02T08:00"}, "on_call_ends_too_early"),
        ({"starts_at": "2026-03-02T21:00"}, "on_call_ends_too_early"),
        ({"starts_at": "2026-03-01T01:00", "ends_at": "2026-03-01T21:00"}, "on_call_ends_too_early"),
        ({"ends_at": "2062-03-02T20:00"}, "on_call_too_long"),
        ({"physician_id": 0}, "entries_invalid"),
        ({"ends_at": "tomorrow"}, "entries_invalid"),
    ],
)
def test_what_cannot_be_meant_is_refused(hospital, clock, changes, code):
    entry = {"physician_id": hospital.physician.pk, "ends_at": "2026-03-02T20:00"} | changes
    answer = Door(hospital.charge_nurse).post(f"wards/{hospital.ward.pk}/on-call/", entry)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.json()
    assert on_call(hospital, NOW) is None


@pytest.mark.parametrize("who", ["nurse", "safety_officer"])
def test_only_who_may_says_who_is_on_call(hospital, who):
    entry = {"physician_id": hospital.physician.pk, "ends_at": "2026-03-02T20:00"}
    answer = Door(getattr(hospital, who)).post(f"wards/{hospital.ward.pk}/on-call/", entry)
    assert answer.status_code == 403


def test_nobody_but_a_physician_of_the_ward_is_put_on_call(hospital, elsewhere, clock):
    for stranger in (hospital.nurse, elsewhere.physician):
        entry = {"physician_id": stranger.pk, "ends_at": "2026-03-02T20:00"}
        answer = Door(hospital.administrator).post(f"wards/{hospital.ward.pk}/on-call/", entry)
        assert answer.json()["code"] == "on_call_not_a_physician"


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_the_page_says_who_is_on_call_now_and_next(hospital, elsewhere, clock, language):
    put_on_call(hospital, until=hours(8))
    door = Door(hospital.nurse, language=language)
    page = door.client.get("/on-call/")
    assert page.status_code == 200 and hospital.physician.display_name in page.content.decode()
    assert 'data-test="on-call-form"' not in page.content.decode()
    assert 'data-test="on-call-form"' in Door(hospital.charge_nurse).client.get("/on-call/").content.decode()
    assert door.client.get(f"/on-call/?ward={elsewhere.ward.pk}").status_code == 404
    assert door.client.get("/on-call/?ward=x").status_code == 404
    assert Door(hospital.safety_officer).client.get("/on-call/").status_code == 403
