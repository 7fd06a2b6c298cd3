"""A second factor counts once, is kept sealed, and is asked of whom the settings ask it."""

import pyotp
import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from apps.identity import services
from apps.identity.domain.throttle import FREE_TRIES
from apps.identity.models import Factors, RecoveryCode
from apps.identity.sealing import seal, unseal
from apps.kernel import clock as kernel_clock
from apps.kernel.errors import DomainError
from apps.ledger.models import Event
from tests.builders import NOW, PASSWORD
from tests.unit.db.test_sign_in import wall  # noqa: F401

pytestmark = pytest.mark.django_db


def code_of(secret, steps=0):
    return pyotp.TOTP(secret).at(kernel_clock.wall_now(), counter_offset=steps)


def with_totp(user):
    """The user's authenticator, taken into use; its secret. The first code is used up."""
    secret = services.wait_for_totp(user=user)
    services.confirm_totp(user=user, code=code_of(secret, -1), wall_now=kernel_clock.wall_now(), now=NOW)
    return secret


def enter(browser, user, code=None):
    """Name and password, then a code where one is given: the last answer."""
    answer = browser.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    return answer if code is None else browser.post("/sign-in/second/", {"code": code})


def signed_in(browser):
    return browser.get("/api/v1/me/").status_code == 200


def act(browser, name, **fields):
    return browser.post("/account/", {"act": name, "password": PASSWORD, **fields})


def names_of_events(user):
    return list(
        Event.objects.filter(subject=f"user:{user.pk}").order_by("position").values_list("name", flat=True)
    )


@pytest.fixture
def nurse(hospital):
    return hospital.nurse


def test_between_the_password_and_the_code_nobody_is_signed_in(nurse, wall):  # noqa: F811
    secret = with_totp(nurse)
    browser = Client()
    assert enter(browser, nurse)["Location"] == "/sign-in/second/"
    assert not signed_in(browser)
    assert browser.get("/account/").status_code == 302
    assert enter(browser, nurse, code_of(secret))["Location"] == "/"
    assert signed_in(browser)
    assert Event.objects.get(name="identity.signed_in").payload["how"] == "password+totp"


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_telephones_clock_may_be_one_step_off(nurse, wall, steps, counts):  # noqa: F811
    secret = with_totp(nurse)
    browser = Client()
    enter(browser, nurse, code_of(secret, steps))
    assert signed_in(browser) is counts


def test_a_code_that_was_used_opens_nothing_again(nurse, wall):  # noqa: F811
    secret = with_totp(nurse)
    code = code_of(secret)
    enter(Client(), nurse, code)
    thief = Client()
    answer = enter(thief, nurse, code)
    assert answer.status_code == 400 and not signed_in(thief)
    wall.pass_by(seconds=30)  # the code is still within the drift that is allowed
    enter(thief, nurse, code)
    assert not signed_in(thief)
    enter(thief, nurse, code_of(secret))
    assert signed_in(thief), "the next code is a fresh one"


def test_codes_are_not_guessed_either(nurse, wall):  # noqa: F811
    secret = with_totp(nurse)
    browser = Client()
    enter(browser, nurse)
    wrong = "000000" if code_of(secret) != "000000" else "000001"
    statuses = [browser.post("/sign-in/second/", {"code": wrong}).status_code for _ in range(FREE_TRIES)]
    assert statuses == [400] * FREE_TRIES
    closed = browser.post("/sign-in/second/", {"code": code_of(secret)})
    assert (closed.status_code, closed["Retry-After"]) == (429, "30")
    enter(browser, nurse)  # beginning again opens no new series
    assert browser.post("/sign-in/second/", {"code": code_of(secret)}).status_code == 429


def test_the_second_step_waits_ten_minutes_and_no_longer(nurse, wall):  # noqa: F811
    secret = with_totp(nurse)
    browser = Client()
    enter(browser, nurse)
    wall.pass_by(minutes=11)
    assert browser.post("/sign-in/second/", {"code": code_of(secret)})["Location"] == "/sign-in/"
    assert not signed_in(browser)


def test_a_password_changed_meanwhile_ends_what_was_begun(nurse, wall):  # noqa: F811
    secret = with_totp(nurse)
    browser = Client()
    enter(browser, nurse)
    services.change_password(user=nurse, new_password="quite-another-password", now=NOW)
    browser.post("/sign-in/second/", {"code": code_of(secret)})
    assert not signed_in(browser)


def test_the_session_has_a_new_key_at_each_stage(nurse, wall):  # noqa: F811
    secret = with_totp(nurse)
    browser = Client()
    browser.session.save()
    enter(browser, nurse)
    between = browser.cookies["sessionid"].value
    browser.post("/sign-in/second/", {"code": code_of(secret)})
    assert browser.cookies["sessionid"].value != between
    onlooker = Client()
    onlooker.cookies["sessionid"] = between
    assert not signed_in(onlooker)


def test_a_token_needs_the_code_too(nurse, wall):  # noqa: F811
    secret = with_totp(nurse)

    def token(**entry):
        body = {"username": nurse.username, "password": PASSWORD, **entry}
        return APIClient().post("/api/v1/auth/token/", body, format="json")

    assert token().json()["code"] == "code_needed"
    assert token(code="000000").json()["code"] == "code_refused"
    assert token(code=code_of(secret)).status_code == 200


def test_an_authenticator_is_added_on_the_page_and_the_session_is_renewed(nurse, wall):  # noqa: F811
    browser = Client()
    enter(browser, nurse)
    before = browser.cookies["sessionid"].value
    page = act(browser, "totp_begin")
    secret = page.context["secret"].replace(" ", "")
    assert secret not in str(Factors.objects.values_list()), "sealed in the database"
    wrong = act(browser, "totp_confirm", code="000000")
    assert wrong.status_code == 400
    page = act(browser, "totp_confirm", code=code_of(secret))
    codes = page.context["codes"]
    assert len(set(codes)) == 10
    assert browser.cookies["sessionid"].value != before and signed_in(browser)
    assert names_of_events(nurse)[-2:] == ["identity.totp_added", "identity.recovery_codes_made"]
    assert secret not in str(Event.objects.values_list())


def test_each_recovery_code_opens_once(nurse, wall):  # noqa: F811
    with_totp(nurse)
    codes = services.make_recovery_codes(user=nurse, now=NOW)
    assert not any(code.replace("-", "")[4:] in str(RecoveryCode.objects.values_list()) for code in codes)
    first, again, other = Client(), Client(), Client()
    enter(first, nurse, codes[0].lower())
    enter(again, nurse, codes[0])
    enter(other, nurse, codes[1])
    assert (signed_in(first), signed_in(again), signed_in(other)) == (True, False, True)
    assert Event.objects.filter(name="identity.recovery_code_used").last().payload == {"left": 8}
    fresh = services.make_recovery_codes(user=nurse, now=NOW)
    late = Client()
    enter(late, nurse, codes[2])
    assert not signed_in(late), "new codes end the old ones"
    enter(late, nurse, fresh[0])
    assert signed_in(late)


@pytest.mark.parametrize("name", ["totp_begin", "totp_remove", "recovery_codes", "password"])
def test_each_change_asks_for_the_password_again(nurse, wall, name):  # noqa: F811
    with_totp(nurse)
    browser = Client()
    browser.force_login(nurse)
    before = names_of_events(nurse)
    new = {"new_password": "quite-another-password", "new_password_again": "quite-another-password"}
    for password in ("", "not-mine"):
        answer = browser.post("/account/", {"act": name, "password": password, **new})
        assert answer.status_code == 400
    nurse.refresh_from_db()
    assert nurse.check_password(PASSWORD) and names_of_events(nurse) == before


def test_a_change_is_told_at_the_next_sign_in_once(nurse, wall):  # noqa: F811
    services.make_recovery_codes(user=nurse, now=NOW)
    browser = Client()
    enter(browser, nurse)
    assert "New recovery codes were made." in browser.get("/account/").content.decode()
    again = Client()
    enter(again, nurse)
    assert "New recovery codes were made." not in again.get("/account/").content.decode()


def test_a_new_password_ends_tokens_and_other_sessions(nurse, wall):  # noqa: F811
    here, elsewhere = Client(), Client()
    enter(here, nurse)
    enter(elsewhere, nurse)
    body = {"username": nurse.username, "password": PASSWORD}
    token = APIClient().post("/api/v1/auth/token/", body, format="json").json()["token"]
    weak = act(here, "password", new_password=nurse.username, new_password_again=nurse.username)
    assert weak.status_code == 400
    act(here, "password", new_password="quite-another-password", new_password_again="quite-another-password")
    machine = APIClient(headers={"Authorization": f"Token {token}"})
    assert (signed_in(here), signed_in(elsewhere), machine.get("/api/v1/me/").status_code) == (
        True,
        False,
        403,
    )


def test_who_must_have_a_factor_reaches_nothing_before(hospital, wall, settings):  # noqa: F811
    settings.SECOND_FACTOR_ROLES = ["physician"]
    browser = Client()
    assert enter(browser, hospital.physician)["Location"] == "/account/"
    assert not signed_in(browser)
    for path in ("/", "/patients/", f"/wards/{hospital.ward.pk}/", "/guidelines/"):
        assert browser.get(path).status_code == 302, path
    assert act(browser, "password", new_password="x", new_password_again="x").status_code == 400
    body = {"username": hospital.physician.username, "password": PASSWORD}
    token = APIClient().post("/api/v1/auth/token/", body, format="json")
    assert (token.status_code, token.json()["code"]) == (403, "factor_needed")

    secret = act(browser, "totp_begin").context["secret"].replace(" ", "")
    page = act(browser, "totp_confirm", code=code_of(secret))
    assert len(page.context["codes"]) == 10
    assert signed_in(browser)
    removal = act(browser, "totp_remove")
    assert removal.status_code == 403 and Factors.objects.get(user=hospital.physician).totp_sealed
    nurse = Client()
    enter(nurse, hospital.nurse)
    assert signed_in(nurse), "nothing is asked of the others"


def test_who_lost_everything_is_let_in_again_by_whoever_runs_the_service(nurse, wall):  # noqa: F811
    with_totp(nurse)
    call_command("reset_second_factor", nurse.username)
    browser = Client()
    enter(browser, nurse)
    assert signed_in(browser)
    assert "An administrator removed your second factors." in browser.get("/account/").content.decode()
    assert Event.objects.get(name="identity.factors_reset").actor == "system"


def test_a_sealed_secret_opens_for_its_person_under_any_key_that_is_kept(settings):
    settings.IDENTITY_KEYS = ["an old key"]
    sealed = seal("JBSWY3DPEHPK3PXP", user_id=7)
    settings.IDENTITY_KEYS = ["a new key", "an old key"]
    assert unseal(sealed, user_id=7) == "JBSWY3DPEHPK3PXP"
    assert unseal(sealed, user_id=8) is None, "copied into another's row"
    settings.IDENTITY_KEYS = ["a new key"]
    assert unseal(sealed, user_id=7) is None


def test_a_waiting_secret_does_not_replace_the_one_in_use_before_its_first_code(nurse, wall):  # noqa: F811
    secret = with_totp(nurse)
    services.wait_for_totp(user=nurse)
    with pytest.raises(DomainError):
        services.confirm_totp(user=nurse, code="000000", wall_now=kernel_clock.wall_now(), now=NOW)
    browser = Client()
    enter(browser, nurse, code_of(secret))
    assert signed_in(browser)


def test_a_code_seals_its_secret_under_the_newest_key(nurse, wall, settings):  # noqa: F811
    settings.IDENTITY_KEYS = ["an old key"]
    secret = with_totp(nurse)
    settings.IDENTITY_KEYS = ["a new key", "an old key"]
    services.prove_code(user=nurse, code=code_of(secret), wall_now=kernel_clock.wall_now(), now=NOW)
    settings.IDENTITY_KEYS = ["a new key"]
    assert unseal(Factors.objects.get(user=nurse).totp_sealed, user_id=nurse.pk) == secret
