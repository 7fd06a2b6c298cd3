"""Nobody guesses a password, and nobody is kept out of the ward by somebody else's guesses."""

from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.identity.domain.throttle import FREE_TRIES, NAMES_AT_MOST
from apps.identity.models import SignInLane, VainName
from apps.kernel import clock as kernel_clock
from apps.ledger.models import Event
from tests.builders import PASSWORD

pytestmark = pytest.mark.django_db
WARD, FOREIGN = "10.20.1.7", "203.0.113.9"


@pytest.fixture
def wall(monkeypatch):
    """Real time, moved by the test."""

    class Wall:
        now = kernel_clock.wall_now()

        def pass_by(self, **span):
            self.now += timedelta(**span)

    wall = Wall()
    monkeypatch.setattr(kernel_clock, "wall_now", lambda: wall.now)
    return wall


def page_sign_in(browser, username, password, address=WARD):
    return browser.post("/sign-in/", {"username": username, "password": password}, REMOTE_ADDR=address)


def token(username, password, address=WARD):
    return APIClient().post(
        "/api/v1/auth/token/",
        {"username": username, "password": password},
        format="json",
        REMOTE_ADDR=address,
    )


def guess(username, times, address=FOREIGN):
    return [token(username, f"guess-{number}", address).status_code for number in range(times)]


def is_in(answer):
    return answer.status_code == 302


def test_a_right_password_opens_and_the_ledger_says_how(hospital, wall):
    assert is_in(page_sign_in(Client(), hospital.nurse.username, PASSWORD))
    event = Event.objects.get(name="identity.signed_in")
    assert (event.subject, event.payload) == (
        f"user:{hospital.nurse.pk}",
        {"how": "password", "device": "new"},
    )


def test_guessing_is_answered_with_growing_waits_and_a_clear_429(hospital, wall):
    """Seen to fail with a lane that never closes (`wait_before_try` answering zero)."""
    name = hospital.nurse.username
    assert guess(name, FREE_TRIES) == [400] * FREE_TRIES
    closed = token(name, "guess-6", FOREIGN)
    assert (closed.status_code, closed.json()["code"]) == (429, "too_many_tries")
    assert closed.headers["Retry-After"] == "30"
    wall.pass_by(seconds=29)
    assert token(name, PASSWORD, FOREIGN).status_code == 429, "not even the right one is looked at"
    wall.pass_by(seconds=1)
    assert token(name, "guess-7", FOREIGN).status_code == 400
    assert token(name, "guess-8", FOREIGN).headers["Retry-After"] == "60"


def test_the_page_says_the_same_in_a_sentence(hospital, wall):
    guess(hospital.nurse.username, FREE_TRIES)
    answer = page_sign_in(Client(), hospital.nurse.username, PASSWORD, FOREIGN)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "30"
    assert "Too many tries in vain" in answer.content.decode()


def test_page_and_api_count_together(hospital, wall):
    guess(hospital.nurse.username, FREE_TRIES - 1)
    page_sign_in(Client(), hospital.nurse.username, "wrong", FOREIGN)
    assert token(hospital.nurse.username, PASSWORD, FOREIGN).status_code == 429


def test_a_name_nobody_has_is_answered_the_same_all_along(hospital, wall):
    def course(name):
        answers = [token(name, "wrong", "198.51.100.1") for _ in range(FREE_TRIES + 2)]
        return [(one.status_code, one.content, one.headers.get("Retry-After")) for one in answers]

    assert course(hospital.nurse.username) == course("nobody-of-this-name")


def test_as_much_is_asked_of_the_database_for_a_name_nobody_has(
    hospital, wall, django_assert_max_num_queries
):
    def asked(name):
        with django_assert_max_num_queries(60) as seen:
            token(name, "wrong", "198.51.100.1")
        return len(seen)

    for _ in range(FREE_TRIES):  # the fifth failure is told in the ledger
        assert asked(hospital.nurse.username) == asked("nobody-of-this-name")


def test_a_person_under_attack_signs_in_where_they_did_lately(hospital, wall):
    tablet = Client()
    assert is_in(page_sign_in(tablet, hospital.nurse.username, PASSWORD))
    tablet.post("/sign-out/")
    guess(hospital.nurse.username, 30)
    assert is_in(page_sign_in(tablet, hospital.nurse.username, PASSWORD, "10.99.0.1")), "by the device"
    assert is_in(page_sign_in(Client(), hospital.nurse.username, PASSWORD)), "by the address"
    assert token(hospital.nurse.username, PASSWORD).status_code == 200
    assert token(hospital.nurse.username, PASSWORD, FOREIGN).status_code == 429, (
        "but not where nobody knows them"
    )


def test_a_person_under_attack_signs_in_for_the_first_time_on_a_ward_where_others_did(hospital, wall):
    for colleague in (hospital.second_nurse, hospital.physician, hospital.charge_nurse):
        assert token(colleague.username, PASSWORD).status_code == 200
    guess(hospital.nurse.username, 30)
    assert is_in(page_sign_in(Client(), hospital.nurse.username, PASSWORD))


def test_one_persons_mistakes_close_no_tablet_to_the_others(hospital, wall):
    tablet = Client()
    for _ in range(40):
        page_sign_in(tablet, hospital.nurse.username, "caps lock")
    assert page_sign_in(tablet, hospital.nurse.username, PASSWORD).status_code == 429
    for colleague in (hospital.second_nurse, hospital.physician, hospital.charge_nurse):
        assert is_in(page_sign_in(Client(), colleague.username, PASSWORD)), colleague.username


def test_many_names_from_one_address_close_it_to_new_names_only(hospital, wall):
    assert token(hospital.nurse.username, PASSWORD).status_code == 200  # one person is known here
    for number in range(NAMES_AT_MOST + 1):
        assert token(f"name-{number}", "spring-2026").status_code == 400
    closed = token("one-more", "spring-2026")
    assert (closed.status_code, int(closed.headers["Retry-After"])) == (429, 3600)
    assert token(hospital.nurse.username, PASSWORD).status_code == 200, "known here"
    assert token(hospital.physician.username, PASSWORD, FOREIGN).status_code == 200, "from elsewhere"
    wall.pass_by(hours=1, seconds=1)
    assert token("one-more", "spring-2026").status_code == 400


def test_a_mistyped_name_that_came_right_is_not_held_against_the_ward(hospital, wall):
    for _ in range(3):
        token(hospital.nurse.username, "wrong")
    token(hospital.nurse.username, PASSWORD)
    assert not VainName.objects.exists() and not SignInLane.objects.exists()


def test_neighbours_in_one_ipv6_network_are_one_address(hospital, wall):
    for number in range(NAMES_AT_MOST):
        token(f"name-{number}", "spring-2026", f"2001:db8:1:2::{number:x}")
    assert token("one-more", "spring-2026", "2001:db8:1:2:ffff::1").status_code == 429
    assert token("one-more", "spring-2026", "2001:db8:1:3::1").status_code == 400


def test_behind_the_proxy_its_header_counts_and_what_a_client_puts_before_it_does_not(
    hospital, wall, settings
):
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR"

    def attempt(name, forwarded):
        return APIClient().post(
            "/api/v1/auth/token/",
            {"username": name, "password": "spring-2026"},
            format="json",
            HTTP_X_FORWARDED_FOR=forwarded,
        )

    for number in range(NAMES_AT_MOST):
        attempt(f"name-{number}", f"1.1.1.{number}, {FOREIGN}")
    assert attempt("one-more", f"9.9.9.9, {FOREIGN}").status_code == 429


def test_a_siege_is_told_in_the_ledger_but_not_each_guess(hospital, wall):
    for _ in range(12):
        guess(hospital.nurse.username, 1)
        wall.pass_by(minutes=15)
    told = Event.objects.filter(name="identity.sign_in.refused", subject=f"user:{hospital.nurse.pk}")
    assert [one.payload["failures_in_a_row"] for one in told] == [5, 10]


def test_no_name_password_or_address_is_kept_in_the_open(hospital, wall):
    token("my-password-typed-as-name", "secret-guess", FOREIGN)
    kept = str(
        [*SignInLane.objects.values_list(), *VainName.objects.values_list(), *Event.objects.values_list()]
    )
    for secret in ("my-password-typed-as-name", "secret-guess", FOREIGN):
        assert secret not in kept


def test_the_session_is_another_one_after_signing_in(hospital, wall):
    """Seen to fail with sessions whose `cycle_key` and `flush` do nothing."""
    browser = Client()
    session = browser.session
    session["planted"] = "by somebody who knows this key"
    session.save()
    planted = session.session_key
    browser.cookies["sessionid"] = planted
    assert is_in(page_sign_in(browser, hospital.nurse.username, PASSWORD))
    assert browser.cookies["sessionid"].value != planted
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert attacker.get("/account/").status_code == 302, "the planted key opens nothing"


def test_whoever_is_no_longer_active_is_told_what_a_stranger_is_told(hospital, wall):
    stranger = token("nobody", "wrong", FOREIGN)
    hospital.nurse.is_active = False
    hospital.nurse.save()
    assert token(hospital.nurse.username, PASSWORD, FOREIGN).content == stranger.content


def test_the_administration_has_no_door_of_its_own(hospital, wall):
    answer = Client().get("/admin/login/?next=/admin/")
    assert answer["Location"] == "/sign-in/?next=/admin/"
    assert Client().post("/admin/login/", {"username": "x", "password": "y"}).status_code == 405
    nurse = Client()
    nurse.force_login(hospital.nurse)
    assert nurse.get("/admin/", follow=True).status_code == 403


def test_nobody_is_sent_to_another_site_after_signing_in(hospital, wall):
    answer = Client().post(
        "/sign-in/",
        {"username": hospital.nurse.username, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert answer["Location"] == "/"
