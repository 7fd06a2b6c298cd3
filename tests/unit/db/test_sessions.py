"""A session works on the device it was opened on; its person sees where they are signed in, and ends it."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from knox.models import AuthToken

from apps.dashboard.rights import SIGNED_OUT, Visitor, admit
from apps.devices.models import DeviceSession
from apps.kernel import clock as kernel_clock
from apps.ledger.models import Event
from tests.builders import PASSWORD
from tests.device_browsers import Browser

pytestmark = pytest.mark.django_db
TABLET = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


def end(browser, path):
    return browser.post(path, key=str(uuid.uuid4()))


def test_signing_in_gives_the_browser_a_cookie_no_script_and_no_other_site_can_use(hospital):
    browser = Browser().sign_in(hospital.nurse)
    cookie = browser.client.cookies["device"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and len(cookie.value) > 40
    row = DeviceSession.objects.get()
    assert cookie.value not in (row.device_hash, row.session_key)
    assert cookie.value not in str(Session.objects.get(pk=row.session_key).get_decoded())
    assert browser.is_signed_in


def test_the_device_keeps_its_cookie_for_the_next_person_and_one_browser_has_one_session(hospital):
    browser = Browser().sign_in(hospital.nurse)
    device = browser.cookie("device")
    browser.client.post("/sign-out/")
    browser.sign_in(hospital.physician)
    assert browser.cookie("device") == device
    assert [row.user for row in DeviceSession.objects.filter(ended_at=None)] == [hospital.physician]


def test_a_session_cookie_on_another_device_ends_the_session_and_its_person_is_told(hospital):
    browser = Browser().sign_in(hospital.nurse)
    elsewhere = Browser().sign_in(hospital.second_nurse)
    thief = Browser({"sessionid": browser.cookie("sessionid"), "device": elsewhere.cookie("device")})
    assert not thief.is_signed_in
    assert not browser.is_signed_in, "whoever holds the cookie is out, the thief first"
    event = Event.objects.get(name="session.stolen")
    assert event.payload["user"] == hospital.nurse.pk
    browser.sign_in(hospital.nurse)
    page = browser.get("/account/sessions/").content.decode()
    assert "came from another device" in page and 'data-test="stolen-session"' in page
    assert "session of yours was ended: its cookie" not in browser.get("/account/sessions/").content.decode()
    assert elsewhere.is_signed_in


def test_a_session_cookie_without_its_device_opens_nothing_and_ends_nothing(hospital):
    browser = Browser().sign_in(hospital.nurse)
    bare = Browser({"sessionid": browser.cookie("sessionid")})
    assert not bare.is_signed_in
    assert "/sign-in/" in bare.get("/account/sessions/")["Location"]
    assert browser.is_signed_in


def test_a_link_from_a_mail_asks_once_again_from_our_own_page(hospital):
    browser = Browser().sign_in(hospital.nurse)
    by_link = Browser({"sessionid": browser.cookie("sessionid")})
    page = by_link.get("/account/sessions/", **{"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"})
    assert page.status_code == 200 and 'http-equiv="refresh"' in page.content.decode()
    assert "Nurse" not in page.content.decode()


def test_a_socket_asks_for_the_device_too(hospital):
    browser = Browser().sign_in(hospital.nurse)
    key, ward = browser.cookie("sessionid"), hospital.ward.pk
    assert isinstance(admit(key, ward, device=browser.cookie("device")), Visitor)
    assert admit(key, ward, device="") == SIGNED_OUT
    assert browser.is_signed_in
    assert admit(key, ward, device="x" * 43) == SIGNED_OUT
    assert Event.objects.filter(name="session.stolen").count() == 1 and not browser.is_signed_in


def test_a_person_sees_ones_sessions_by_device_and_ends_one(hospital):
    here = Browser().sign_in(hospital.nurse)
    tablet = Browser(agent=TABLET).sign_in(hospital.nurse)
    Browser().sign_in(hospital.physician)
    page = here.get("/account/sessions/").content.decode()
    assert page.count('data-test="session"') == 2 and "Chrome, Android" in page
    row = DeviceSession.objects.get(device_name="Chrome, Android")
    assert end(here, f"me/sessions/{row.pk}/end/").json() == {"ended": 1}
    assert not tablet.is_signed_in and here.is_signed_in
    assert Event.objects.filter(name="session.ended", subject=f"device_session:{row.pk}").count() == 1
    assert here.get("/account/sessions/").content.decode().count('data-test="session"') == 1


def test_nobody_ends_a_session_of_somebody_else(hospital):
    theirs = Browser().sign_in(hospital.physician)
    row = DeviceSession.objects.get(user=hospital.physician)
    mine = Browser().sign_in(hospital.nurse)
    there, nowhere = (end(mine, f"me/sessions/{number}/end/") for number in (row.pk, 987654321))
    assert (there.status_code, there.json()) == (nowhere.status_code, nowhere.json())
    assert there.status_code == 404
    assert theirs.is_signed_in


def test_all_others_end_and_so_do_programs(hospital):
    here, there = Browser().sign_in(hospital.nurse), Browser().sign_in(hospital.nurse)
    other = Browser().sign_in(hospital.physician)
    AuthToken.objects.create(hospital.nurse)
    assert end(here, "me/sessions/end-others/").json() == {"ended": 1}
    assert here.is_signed_in and not there.is_signed_in and other.is_signed_in
    assert not AuthToken.objects.exists()


def test_who_is_deactivated_has_no_session_and_none_comes_back_with_the_account(hospital):
    browser = Browser().sign_in(hospital.nurse)
    AuthToken.objects.create(hospital.nurse)
    hospital.nurse.is_active = False
    hospital.nurse.save()
    assert not Session.objects.exists() and not AuthToken.objects.exists()
    hospital.nurse.is_active = True
    hospital.nurse.save()
    assert not browser.is_signed_in


def test_sign_ins_of_long_ago_are_forgotten_with_the_next_one(hospital):
    browser = Browser().sign_in(hospital.nurse)
    Browser().sign_in(hospital.physician)
    DeviceSession.objects.update(opened_at=kernel_clock.wall_now() - timedelta(days=91))
    browser.client.post("/sign-out/")
    browser.sign_in(hospital.nurse)
    assert DeviceSession.objects.filter(user=hospital.nurse).count() == 1
    assert DeviceSession.objects.filter(user=hospital.physician).count() == 1


def test_a_new_password_leaves_the_other_sessions_out(hospital):
    here, there = Browser().sign_in(hospital.nurse), Browser().sign_in(hospital.nurse)
    hospital.nurse.set_password("another-long-password")
    hospital.nurse.save()
    assert not here.is_signed_in and not there.is_signed_in


def test_signing_in_again_changes_the_sessions_key(hospital):
    browser = Browser().sign_in(hospital.nurse)
    before = browser.cookie("sessionid")
    browser.client.post("/sign-out/")
    assert not Session.objects.exists()
    thief = Browser({"sessionid": before, "device": browser.cookie("device")})
    assert not thief.is_signed_in
    assert browser.sign_in(hospital.nurse).cookie("sessionid") != before
    assert PASSWORD not in str(list(DeviceSession.objects.values()))


def test_an_administrator_sees_who_is_signed_in_and_ends_what_a_lost_device_holds_open(hospital, elsewhere):
    tablet = Browser(agent=TABLET).sign_in(hospital.nurse)
    AuthToken.objects.create(hospital.nurse)
    AuthToken.objects.create(hospital.physician)
    Browser().sign_in(elsewhere.nurse)
    admin = Browser().sign_in(hospital.administrator)

    people = {one["id"]: one for one in admin.get("/api/v1/staff/sessions/").json()}
    assert set(people) == {hospital.nurse.pk, hospital.physician.pk, hospital.administrator.pk}
    nurse = people[hospital.nurse.pk]
    assert (len(nurse["sessions"]), nurse["tokens"], "Chrome" in nurse["sessions"][0]["device_name"]) == (
        1,
        1,
        True,
    )
    page = admin.get("/staff/sessions/").content.decode()
    assert "Sykepleier" in admin.get("/staff/sessions/", **{"accept-language": "nb"}).content.decode()
    assert page.count('data-test="signed-in"') == 3 and page.count('data-test="end-staff-sessions"') == 2

    assert end(admin, f"staff/{hospital.nurse.pk}/sessions/end/").json() == {"ended": 1}
    assert not tablet.is_signed_in
    assert list(AuthToken.objects.values_list("user", flat=True)) == [hospital.physician.pk]
    event = Event.objects.get(name="session.ended")
    assert event.actor == f"user:{hospital.administrator.pk}"
    assert event.payload == {"user": hospital.nurse.pk, "because": "by_administrator"}
    assert end(admin, f"staff/{elsewhere.nurse.pk}/sessions/end/").status_code == 404


def test_only_an_administrator_ends_the_sessions_of_others(hospital):
    tablet = Browser().sign_in(hospital.nurse)
    for person in (hospital.charge_nurse, hospital.physician, hospital.auditor):
        browser = Browser().sign_in(person)
        assert browser.get("/api/v1/staff/sessions/").status_code == 403
        assert end(browser, f"staff/{hospital.nurse.pk}/sessions/end/").status_code == 403
    assert tablet.is_signed_in
