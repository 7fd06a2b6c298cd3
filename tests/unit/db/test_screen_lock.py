"""A shared screen that nobody touches is locked by the server, opened by its person, or taken over quickly."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from apps.dashboard.rights import LOCKED, Visitor, admit, refused
from apps.devices import services
from apps.devices.models import Badge, DeviceSession, Pin
from apps.devices.services import set_pin
from apps.kernel import clock as kernel_clock
from apps.kernel.errors import DomainError
from tests.builders import PASSWORD
from tests.device_browsers import Browser

pytestmark = pytest.mark.django_db
PIN, OTHER_PIN = "280461", "739105"


@pytest.fixture(autouse=True)
def five_minutes(settings):
    settings.SCREEN_LOCK_MINUTES = 5


@pytest.fixture
def tablet(hospital):
    set_pin(performer=hospital.nurse, own_password=PASSWORD, pin=PIN, wall_now=kernel_clock.wall_now())
    return Browser().sign_in(hospital.nurse)


def leave_alone(minutes: float, user) -> None:
    """Nobody touches the person's screen for so long."""
    rows = DeviceSession.objects.filter(user=user, ended_at=None)
    rows.update(touched_at=kernel_clock.wall_now() - timedelta(minutes=minutes))


def code(answer):
    return answer.status_code, answer.json().get("code")


def test_an_untouched_screen_is_locked_for_reads_writes_and_pages(hospital, tablet):
    leave_alone(4, hospital.nurse)
    assert tablet.get("/api/v1/me/").status_code == 200
    leave_alone(6, hospital.nurse)
    assert code(tablet.get("/api/v1/patients/")) == (423, "screen_locked")
    write = tablet.post("alerts/1/acknowledge/", key=str(uuid.uuid4()))
    assert code(write) == (423, "screen_locked")
    page = tablet.get("/patients/")
    assert page.status_code == 423 and 'data-test="lock-page"' in page.content.decode()
    assert "main-nav" not in page.content.decode()


def test_a_touch_keeps_it_open_and_opens_no_lock(hospital, tablet):
    leave_alone(4, hospital.nurse)
    assert tablet.post("screen/touch/", **{"ivig-idle": "2"}).status_code == 200
    leave = DeviceSession.objects.get()
    assert kernel_clock.wall_now() - leave.touched_at < timedelta(seconds=10)
    leave_alone(6, hospital.nurse)
    assert code(tablet.post("screen/touch/", **{"ivig-idle": "0"})) == (423, "screen_locked")
    assert code(tablet.get("/api/v1/me/", **{"ivig-idle": "0"})) == (423, "screen_locked")


def test_a_board_that_asks_by_itself_touches_nothing(hospital, tablet):
    leave_alone(4, hospital.nurse)
    before = DeviceSession.objects.get().touched_at
    tablet.get(f"/api/v1/wards/{hospital.ward.pk}/board/", **{"ivig-idle": "240"})
    tablet.get("/api/v1/me/calls/")
    assert DeviceSession.objects.get().touched_at - before < timedelta(seconds=30)


def test_the_pin_or_the_password_opens_it_again(hospital, tablet):
    for typed in ({"pin": PIN}, {"pin": "۲۸۰۴۶۱"}, {"own_password": PASSWORD}):
        assert tablet.post("screen/lock/").json() == {"locked": True}
        assert code(tablet.get("/api/v1/me/")) == (423, "screen_locked")
        assert tablet.post("screen/unlock/", typed).json() == {"locked": False}
        assert tablet.get("/api/v1/me/").status_code == 200


def test_five_wrong_pins_end_the_session_and_the_right_one_comes_too_late(hospital, tablet):
    tablet.post("screen/lock/")
    for left in (4, 3, 2, 1):
        answer = tablet.post("screen/unlock/", {"pin": "000001"})
        assert code(answer) == (423, "unlock_refused") and f" {left}." in answer.json()["message"]
    assert code(tablet.post("screen/unlock/", {"pin": "000001"})) == (401, "session_ended")
    assert not Session.objects.exists()
    assert tablet.post("screen/unlock/", {"pin": PIN}).status_code in (401, 403)
    assert DeviceSession.objects.get().ended_because == services.WRONG_PIN


def test_a_right_one_begins_the_count_anew(hospital, tablet):
    for _ in range(3):
        tablet.post("screen/lock/")
        tablet.post("screen/unlock/", {"pin": "000001"})
        tablet.post("screen/unlock/", {"pin": "000001"})
        assert tablet.post("screen/unlock/", {"pin": PIN}).status_code == 200


def test_a_pin_is_its_own_persons_and_without_one_only_the_password_opens(hospital, tablet):
    other = Browser().sign_in(hospital.physician)
    other.post("screen/lock/")
    assert code(other.post("screen/unlock/", {"pin": PIN})) == (423, "unlock_refused")
    assert code(other.post("screen/unlock/", {})) == (423, "unlock_refused")
    assert other.post("screen/unlock/", {"own_password": PASSWORD}).status_code == 200


def test_the_page_of_somebody_else_opens_nothing(hospital, tablet):
    tablet.post("screen/lock/")
    answer = tablet.post("screen/unlock/", {"pin": PIN}, **{"ivig-performer": str(hospital.physician.pk)})
    assert code(answer) == (403, "other_person_signed_in")


def test_a_pin_is_set_after_the_password_and_kept_as_a_slow_hash(hospital, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    browser = Browser().sign_in(hospital.nurse)
    wrong = browser.post("me/pin/", {"own_password": "not-this-one", "pin": PIN})
    assert code(wrong) == (400, "identity_not_proved") and not Pin.objects.exists()
    assert browser.post("me/pin/", {"own_password": PASSWORD, "pin": PIN}).json() == {"has_pin": True}
    assert Pin.objects.get().encoded.startswith("argon2")
    browser.post("me/pin/remove/", key=str(uuid.uuid4()))
    assert not Pin.objects.exists()


def test_somebody_else_takes_over_with_the_pin_where_they_signed_in_today(hospital, tablet):
    set_pin(
        performer=hospital.physician, own_password=PASSWORD, pin=OTHER_PIN, wall_now=kernel_clock.wall_now()
    )
    wanted = {"username": hospital.physician.username, "pin": OTHER_PIN}
    tablet.post("screen/lock/")
    assert code(tablet.post("screen/switch/", wanted)) == (423, "quick_refused"), "never signed in here"

    tablet.client.post("/account/leave/")
    tablet.sign_in(hospital.physician)
    back = {"username": hospital.nurse.username, "pin": PIN}
    assert tablet.post("screen/switch/", back).status_code == 200
    assert tablet.get("/api/v1/me/").json()["username"] == hospital.nurse.username
    assert tablet.post("screen/switch/", wanted).status_code == 200
    assert tablet.get("/api/v1/me/").json()["username"] == hospital.physician.username


def test_a_session_opened_with_the_pin_lasts_no_longer_than_the_shift_it_belongs_to(hospital, tablet):
    tablet.client.post("/account/leave/")
    tablet.sign_in(hospital.physician)
    earlier = kernel_clock.wall_now() - timedelta(hours=11, minutes=30)
    DeviceSession.objects.filter(user=hospital.nurse).update(opened_at=earlier)
    assert tablet.client.session.get_expiry_age() > 11 * 3600
    back = {"username": hospital.nurse.username, "pin": PIN}
    assert tablet.post("screen/switch/", back).status_code == 200
    assert 0 < tablet.client.session.get_expiry_age() <= 30 * 60
    tablet.client.post("/account/leave/")
    tablet.sign_in(hospital.nurse)
    assert tablet.client.session.get_expiry_age() > 11 * 3600


@pytest.mark.parametrize(
    "undone", ["twelve hours", "new password", "signed out", "other device", "deactivated"]
)
def test_the_quick_way_ends_with(hospital, tablet, undone):
    tablet.client.post("/sign-out/" if undone == "signed out" else "/account/leave/")
    if undone == "other device":
        tablet = Browser()
    tablet.sign_in(hospital.physician)
    if undone == "twelve hours":
        earlier = kernel_clock.wall_now() - timedelta(hours=12, seconds=1)
        DeviceSession.objects.filter(user=hospital.nurse).update(opened_at=earlier)
    if undone == "new password":
        hospital.nurse.set_password("another-long-password")
        hospital.nurse.save()
    if undone == "deactivated":
        hospital.nurse.is_active = False
        hospital.nurse.save()
    back = {"username": hospital.nurse.username, "pin": PIN}
    assert code(tablet.post("screen/switch/", back)) == (423, "quick_refused")
    assert tablet.get("/api/v1/me/").json()["username"] == hospital.physician.username


def test_five_wrong_pins_close_the_quick_way(hospital, tablet):
    tablet.client.post("/account/leave/")
    tablet.sign_in(hospital.physician)
    for _ in range(5):
        tablet.post("screen/switch/", {"username": hospital.nurse.username, "pin": "000001"})
    back = {"username": hospital.nurse.username, "pin": PIN}
    assert code(tablet.post("screen/switch/", back)) == (423, "quick_refused")


def test_a_locked_screen_hears_nothing_but_one_without_names_goes_on(hospital, tablet):
    ward = hospital.ward.pk
    key, device = tablet.cookie("sessionid"), tablet.cookie("device")
    named = admit(key, ward, device=device)
    nameless = admit(key, ward, device=device, without_names=True)
    assert isinstance(named, Visitor) and isinstance(nameless, Visitor)
    leave_alone(6, hospital.nurse)
    assert refused({named, nameless}) == {named: LOCKED}
    assert admit(key, ward, device=device) == LOCKED
    board = f"/api/v1/wards/{ward}/board/"
    assert code(tablet.get(board)) == (423, "screen_locked")
    assert tablet.get(f"{board}?names=initials").status_code == 200
    assert tablet.get(f"{board}changes/?names=initials&after=0").status_code == 200
    assert tablet.get(f"{board}?names=full").status_code == 423
    assert tablet.get(f"{board}?names=initials&names=full").status_code == 423
    assert tablet.get(f"/wards/{ward}/?view=kiosk").status_code == 200
    assert tablet.get(f"/wards/{ward}/?view=normal").status_code == 423


def test_without_the_setting_nothing_is_locked(hospital, tablet, settings):
    settings.SCREEN_LOCK_MINUTES = 0
    tablet.post("screen/lock/")
    leave_alone(600, hospital.nurse)
    assert tablet.get("/api/v1/me/").status_code == 200


def test_a_refusal_is_a_sentence(hospital):
    with pytest.raises(DomainError, match="six digits"):
        set_pin(performer=hospital.nurse, own_password=PASSWORD, pin="12", wall_now=kernel_clock.wall_now())


def test_a_badge_stands_for_the_name_and_opens_nothing_without_the_pin(hospital, tablet):
    said = tablet.post("me/badge/", {"own_password": "not-this-one", "badge": "0004711A"})
    assert code(said) == (400, "identity_not_proved")
    assert tablet.post("me/badge/", {"own_password": PASSWORD, "badge": "0004711A"}).json() == {
        "has_badge": True
    }
    assert "0004711A" not in str(list(Badge.objects.values()))

    tablet.post("screen/lock/")
    assert code(tablet.post("screen/switch/", {"badge": "0004711A", "pin": "000001"})) == (
        423,
        "unlock_refused",
    )
    mine = tablet.post("screen/switch/", {"badge": "0004711A", "pin": PIN})
    assert mine.json() == {"locked": False, "same_person": True}

    tablet.client.post("/account/leave/")
    tablet.sign_in(hospital.physician)
    tablet.post("screen/lock/")
    assert code(tablet.post("screen/switch/", {"badge": "0004711B", "pin": PIN})) == (423, "quick_refused")
    taken = tablet.post("screen/switch/", {"badge": "0004711A", "pin": PIN})
    assert taken.json() == {"locked": False, "same_person": False}
    assert tablet.get("/api/v1/me/").json()["username"] == hospital.nurse.username


def test_a_badge_stands_for_one_person(hospital, tablet):
    tablet.post("me/badge/", {"own_password": PASSWORD, "badge": "0004711A"})
    other = Browser().sign_in(hospital.physician)
    assert code(other.post("me/badge/", {"own_password": PASSWORD, "badge": "0004711A"})) == (
        400,
        "badge_taken",
    )
    assert code(other.post("me/badge/", {"own_password": PASSWORD, "badge": "12"})) == (
        400,
        "badge_too_short",
    )
    tablet.post("me/badge/remove/", key=str(uuid.uuid4()))
    assert not Badge.objects.exists()
