"""A password that the administrator chose opens the door for a week, to choose one's own; it signs nothing."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.domain.proof import FIRST_PASSWORD_LASTS
from apps.accounts.models import User
from apps.accounts.services import prove_identity
from apps.kernel import clock as kernel_clock
from apps.kernel.errors import DomainError
from apps.ledger.models import Event

pytestmark = pytest.mark.django_db
CHOSEN, OWN = "chosen-by-the-office-1", "three-herons-by-the-lake"


@pytest.fixture
def office(hospital):
    client = Client()
    client.force_login(hospital.administrator)
    return client


@pytest.fixture
def nurse(hospital, office):
    answer = office.post(
        f"/admin/accounts/user/{hospital.nurse.pk}/password/",
        {"password1": CHOSEN, "password2": CHOSEN, "usable_password": "true"},
    )
    assert answer.status_code == 302
    return User.objects.get(pk=hospital.nurse.pk)


def knock(nurse, password, browser=None):
    browser = browser or Client()
    return browser, browser.post(
        "/sign-in/?next=/patients/", {"username": nurse.username, "password": password}
    )


def choose(browser, new, again=None):
    typed = {"new_password": new, "new_password_again": new if again is None else again}
    return browser.post("/sign-in/first-password/", typed)


def signed_in(browser):
    return browser.get("/api/v1/me/").status_code == 200


def proves(nurse, password):
    try:
        prove_identity(user=nurse, password=password, field="own_password", wall_now=kernel_clock.wall_now())
    except DomainError:
        return False
    return True


def test_its_person_chooses_another_one_before_anything_else(nurse):
    browser, answer = knock(nurse, CHOSEN)
    assert answer["Location"] == "/sign-in/first-password/" and not signed_in(browser)
    assert "The administrator chose" in browser.get("/sign-in/first-password/").content.decode()
    for new, again, said in (
        (CHOSEN, None, "the password you have"),
        ("short", None, "too easy to guess"),
        (OWN, "something-else-42", "not the same"),
    ):
        refused = choose(browser, new, again)
        assert said in refused.content.decode() and not signed_in(browser), new
    done = choose(browser, OWN)
    assert done.status_code == 302 and signed_in(browser)
    assert Event.objects.filter(name="identity.password_changed").count() == 1
    nurse.refresh_from_db()
    assert nurse.first_password_until is None and proves(nurse, OWN)
    assert signed_in(knock(nurse, OWN)[0]) and not signed_in(knock(nurse, CHOSEN)[0])


def test_it_signs_nothing_for_the_administrator_knows_it(nurse):
    assert nurse.check_password(CHOSEN) and not proves(nurse, CHOSEN)


def test_a_program_gets_no_token_for_it(nurse):
    typed = {"username": nurse.username, "password": CHOSEN}
    answer = Client().post("/api/v1/auth/token/", typed, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "password_must_change")


def test_after_a_week_it_opens_nothing(nurse):
    left = nurse.first_password_until - kernel_clock.wall_now()
    assert timedelta(0) < FIRST_PASSWORD_LASTS - left < timedelta(minutes=5)
    User.objects.filter(pk=nurse.pk).update(first_password_until=kernel_clock.wall_now())
    browser, answer = knock(nurse, CHOSEN)
    assert "has run out" in answer.content.decode() and not signed_in(browser)


def test_nobody_comes_to_the_page_without_the_password(nurse):
    browser = Client()
    assert browser.get("/sign-in/first-password/")["Location"] == "/sign-in/"
    assert choose(browser, OWN)["Location"] == "/sign-in/"
    nurse.refresh_from_db()
    assert nurse.check_password(CHOSEN)


def test_an_account_made_by_the_administrator_begins_with_such_a_password(hospital, office):
    typed = {"username": "newcomer", "password1": CHOSEN, "password2": CHOSEN, "usable_password": "true"}
    assert office.post("/admin/accounts/user/add/", typed).status_code == 302
    assert User.objects.get(username="newcomer").first_password_until is not None


def test_a_second_factor_comes_before_the_new_password(nurse, settings):
    settings.SECOND_FACTOR_ROLES = ["nurse"]
    browser, answer = knock(nurse, CHOSEN)
    assert answer["Location"] == "/account/"
    assert choose(browser, OWN)["Location"] == "/sign-in/" and not signed_in(browser)
