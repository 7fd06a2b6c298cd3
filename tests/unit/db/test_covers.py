"""Standing in on another ward: for some hours, by somebody of that ward, and then it is as if it had never been."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from apps.accounts.covering import grant_cover
from apps.accounts.selectors import Action, can, staff_who_may, wards_of
from apps.alerts.selectors import calls_to
from apps.dashboard.rights import NO_RIGHT, Visitor, admit, refused
from apps.ledger.models import Event
from apps.ledger.selectors import first_broken_event
from tests.builders import NOW, Door, observe, running_session, vitals_entry

pytestmark = pytest.mark.django_db


def hours(count):
    return NOW + timedelta(hours=count)


@pytest.fixture
def cover(hospital, elsewhere):
    """cover(**changes): the other ward's nurse stands in for eight hours, as the charge nurse says."""

    def grant(**changes):
        entry = {
            "performer": hospital.charge_nurse,
            "ward_id": hospital.ward.pk,
            "person_id": elsewhere.nurse.pk,
            "starts_at": None,
            "ends_at": hours(8),
            "reason": "Two are ill.",
            "now": NOW,
        }
        return grant_cover(**(entry | changes))

    return grant


def test_while_it_holds_the_ward_is_theirs_and_before_and_after_it_is_not(hospital, elsewhere, cover, clock):
    session = running_session(hospital, now=NOW)
    cover(starts_at=hours(1), ends_at=hours(3))
    nurse = Door(elsewhere.nurse)
    seen = []
    for hour in (0, 1, 2, 3):
        clock.set(hours(hour))
        seen.append(
            (
                nurse.get(f"sessions/{session.pk}/").status_code,
                nurse.get(f"wards/{hospital.ward.pk}/board/").status_code,
                len(nurse.get("patients/").json()),
                [ward.name for ward in wards_of(elsewhere.nurse)],
            )
        )
    without, with_ward = ["Haematology"], ["Haematology", "Neurology"]
    assert seen == [
        (404, 404, 0, without),
        (200, 200, 1, with_ward),
        (200, 200, 1, with_ward),
        (404, 404, 0, without),
    ]


def test_at_the_bedside_they_act_in_their_own_role(hospital, elsewhere, cover, clock):
    session = running_session(hospital)
    clock.forward(minutes=1)
    path = f"sessions/{session.pk}/observations/"
    assert Door(elsewhere.nurse).post(path, vitals_entry()).status_code == 404
    cover()
    assert Door(elsewhere.nurse).post(path, vitals_entry()).status_code == 200
    scale = {"scale": 2, "reason": "hypercapnic"}
    assert Door(elsewhere.nurse).post(f"sessions/{session.pk}/spo2-scale/", scale).status_code == 403


def test_who_stands_in_is_called_with_the_ward_and_keeps_a_socket_only_until_the_end(
    hospital, elsewhere, cover, clock
):
    cover(person_id=elsewhere.physician.pk)
    assert elsewhere.physician in staff_who_may(Action.BE_ON_CALL, hospital.ward.pk)
    client = Client()
    client.force_login(elsewhere.physician)
    visitor = admit(client.cookies[settings.SESSION_COOKIE_NAME].value, hospital.ward.pk)
    assert isinstance(visitor, Visitor) and refused({visitor}) == {}
    clock.forward(minutes=8 * 60)
    assert refused({visitor}) == {visitor: NO_RIGHT}
    assert elsewhere.physician not in staff_who_may(Action.BE_ON_CALL, hospital.ward.pk)


def test_ended_early_it_ends_at_once_and_twice_is_once(hospital, elsewhere, cover):
    granted = cover()
    assert can(elsewhere.nurse, Action.SEE_BOARD, hospital.ward.pk)
    for _ in range(2):
        answer = Door(hospital.physician).post(f"covers/{granted.pk}/withdraw/")
        assert answer.status_code == 200
    assert not can(elsewhere.nurse, Action.SEE_BOARD, hospital.ward.pk)
    chain = f"ward:{hospital.ward.pk}"
    assert list(Event.objects.filter(subject=chain).values_list("name", flat=True)) == [
        "cover.granted",
        "cover.withdrawn",
    ]
    assert first_broken_event(chain) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_at": "2026-03-02T09:00"}, "cover_ends_too_early"),
        ({"starts_at": "2026-03-02T21:00", "ends_at": "2026-03-02T20:00"}, "cover_ends_too_early"),
        ({"ends_at": "2026-03-03T09:01"}, "cover_too_long"),
        ({"person_id": 987_654}, "cover_needs_person"),
        ({"reason": " "}, "entries_invalid"),
    ],
)
def test_what_cannot_be_meant_is_refused(hospital, elsewhere, changes, code):
    entry = {"person_id": elsewhere.nurse.pk, "ends_at": "2026-03-02T20:00", "reason": "ill"} | changes
    answer = Door(hospital.charge_nurse).post(f"wards/{hospital.ward.pk}/covers/", entry)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_day_and_not_a_minute_more(hospital, elsewhere):
    entry = {"person_id": elsewhere.nurse.pk, "ends_at": "2026-03-03T09:00", "reason": "ill"}
    assert Door(hospital.charge_nurse).post(f"wards/{hospital.ward.pk}/covers/", entry).status_code == 201


def test_nobody_lets_themselves_in_or_stay(hospital, elsewhere, cover):
    """Not from outside; and who stands in cannot lengthen it."""
    entry = {"person_id": elsewhere.physician.pk, "ends_at": "2026-03-02T20:00", "reason": "ill"}
    path = f"wards/{hospital.ward.pk}/covers/"
    assert Door(elsewhere.physician).post(path, entry).status_code == 404
    cover(person_id=elsewhere.physician.pk, ends_at=hours(2))
    answer = Door(elsewhere.physician).post(path, entry)
    assert (answer.status_code, answer.json()["code"]) == (400, "cover_of_oneself")
    entry["person_id"] = hospital.nurse.pk
    assert Door(hospital.charge_nurse).post(path, entry).json()["code"] == "cover_not_needed"
    assert Door(hospital.nurse).post(path, entry).status_code == 403


def test_a_call_by_name_reaches_who_stands_in(hospital, elsewhere, cover, clock):
    session = running_session(hospital)
    cover(person_id=elsewhere.physician.pk)
    clock.forward(minutes=1)
    observe(hospital, session.pk, clock.forward(minutes=1), systolic_mmhg=84)
    for _ in range(12):  # level by level
        clock.fire(clock.forward(minutes=5))
    assert calls_to(elsewhere.physician).count >= 1
    clock.forward(minutes=8 * 60)
    assert calls_to(elsewhere.physician).count == 0


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_the_page_shows_who_stands_in(hospital, elsewhere, cover, language):
    cover()
    page = Door(hospital.nurse, language=language).client.get("/covers/").content.decode()
    assert elsewhere.nurse.display_name in page and 'data-test="cover-form"' not in page
    page = Door(hospital.charge_nurse, language=language).client.get("/covers/").content.decode()
    assert 'data-test="cover-form"' in page and 'data-test="withdraw-cover"' in page
    assert Door(hospital.nurse).client.get(f"/covers/?ward={elsewhere.ward.pk}").status_code == 404
