"""The hospital's identity provider is believed when its word is whole, and about accounts that exist."""

import pytest
from django.test import Client
from joserfc.jwk import RSAKey

from apps.accounts.services import prove_identity
from apps.identity.provider import forget_provider
from apps.kernel import clock as kernel_clock
from apps.kernel.errors import DomainError
from apps.ledger.models import Event
from tests.builders import PASSWORD
from tests.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.unit.db.test_sign_in_second_factor import code_of, with_totp

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(hospital, settings):
    with IdentityProvider() as provider:
        at = int(kernel_clock.wall_now().timestamp())
        settings.OIDC_ISSUER, settings.OIDC_CLAIM = provider.issuer, "employee"
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
        provider.claims = {"employee": hospital.nurse.username, "iat": at, "exp": at + 300}
        forget_provider()
        yield provider
        forget_provider()


def leave(browser, provider, next_url=""):
    """To the provider: what it sends back with the browser."""
    answer = browser.get("/sign-in/oidc/", {"next": next_url} if next_url else {})
    assert answer.status_code == 302, answer.content
    return provider.visit(answer["Location"])


def come_back(browser, answer):
    return browser.get("/sign-in/oidc/callback/", answer)


def sign_in(provider, browser=None):
    browser = browser or Client()
    return come_back(browser, leave(browser, provider)), browser


def signed_in(browser):
    return browser.get("/api/v1/me/").status_code == 200


def test_the_provider_signs_a_known_person_in(hospital, provider):
    browser = Client()
    assert come_back(browser, leave(browser, provider, "/patients/"))["Location"] == "/patients/"
    assert browser.get("/api/v1/me/").json()["username"] == hospital.nurse.username
    assert Event.objects.get(name="identity.signed_in").payload["how"] == "oidc"


def test_the_button_is_there_when_a_provider_is_set_up(provider, settings):
    settings.OIDC_NAME = "the hospital's account"
    assert "sign-in-oidc" in Client().get("/sign-in/").content.decode()
    settings.OIDC_CLAIM = ""
    assert "sign-in-oidc" not in Client().get("/sign-in/").content.decode()
    assert Client().get("/sign-in/oidc/").status_code == 404


def test_a_person_nobody_knows_is_refused_with_a_sentence(provider):
    provider.claims["employee"] = "somebody-else"
    answer, browser = sign_in(provider)
    assert answer.status_code == 403
    assert "you have no account here" in answer.content.decode()
    assert not signed_in(browser)


def test_an_account_that_was_closed_stays_closed(hospital, provider):
    hospital.nurse.is_active = False
    hospital.nurse.save()
    assert sign_in(provider)[0].status_code == 403


def test_an_address_of_mail_counts_when_it_is_verified_and_one_persons(hospital, provider, settings):
    settings.OIDC_CLAIM = settings.OIDC_ACCOUNT_FIELD = "email"
    hospital.nurse.email = "nurse@hospital.example"
    hospital.nurse.save()
    provider.claims |= {"email": "Nurse@hospital.example", "email_verified": True}
    assert signed_in(sign_in(provider)[1])
    provider.claims["email_verified"] = False
    assert not signed_in(sign_in(provider)[1])
    provider.claims["email_verified"] = True
    hospital.physician.email = "NURSE@hospital.example"
    hospital.physician.save()
    assert not signed_in(sign_in(provider)[1]), "two accounts have it: nobody guesses which"
    provider.claims["email"] = ""
    assert not signed_in(sign_in(provider)[1]), "accounts without an address are nobody's"


def test_an_answer_belongs_to_the_browser_that_asked(provider):
    victim, attacker = Client(), Client()
    answer = leave(attacker, provider)
    assert come_back(victim, answer).status_code == 400, "nobody is signed in as somebody else unasked"
    leave(victim, provider)
    assert come_back(victim, answer).status_code == 400
    assert not signed_in(victim)


def test_an_answer_counts_once(provider):
    browser = Client()
    answer = leave(browser, provider)
    come_back(browser, answer)
    browser.post("/sign-out/")
    assert come_back(browser, answer).status_code == 400
    assert not signed_in(browser)


def test_a_stolen_code_is_of_no_use_without_the_verifier(provider):
    victim, thief = Client(), Client()
    code = leave(victim, provider)["code"]
    state = leave(thief, provider)["state"]
    assert come_back(thief, {"code": code, "state": state}).status_code == 400
    assert not signed_in(thief)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": ["ivig-monitor", "another"], "azp": "another"},
        {"nonce": "from another sign-in"},
        {"exp": 1},
        {"iat": 1},
        {"sub": None},
    ],
)
def test_a_word_that_is_not_whole_is_refused(provider, change):
    provider.bend = lambda claims: claims | change
    answer, browser = sign_in(provider)
    assert answer.status_code == 400 and not signed_in(browser)


def test_a_signature_of_another_key_is_refused(provider):
    provider.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
    assert not signed_in(sign_in(provider)[1])


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_signature_anybody_can_make_is_refused(provider, algorithm):
    provider.forge = provider.forged(algorithm)
    answer, browser = sign_in(provider)
    assert answer.status_code == 400 and not signed_in(browser)


def test_a_key_that_the_provider_changed_is_fetched_anew(provider):
    assert signed_in(sign_in(provider)[1])
    provider.key = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})
    provider.published.append(provider.key)
    assert signed_in(sign_in(provider)[1])
    assert provider.asked.count("/jwks") == 2


def test_a_configuration_of_another_issuer_or_without_tls_is_refused(provider, monkeypatch):
    whole = provider.configuration()
    for wrong in ({"issuer": "https://evil.example"}, {"authorization_endpoint": "http://evil.example/a"}):
        forget_provider()
        monkeypatch.setattr(provider, "configuration", lambda wrong=wrong: whole | wrong)
        assert Client().get("/sign-in/oidc/").status_code == 400


def test_a_provider_that_does_not_answer_is_told_in_a_sentence(provider, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    answer = Client().get("/sign-in/oidc/")
    assert answer.status_code == 400
    assert "cannot be reached" in answer.content.decode()


def test_a_second_factor_here_is_asked_unless_the_provider_saw_one(hospital, provider, settings):
    secret = with_totp(hospital.nurse)
    answer, browser = sign_in(provider)
    assert answer["Location"] == "/sign-in/second/" and not signed_in(browser)
    browser.post("/sign-in/second/", {"code": code_of(secret)})
    assert signed_in(browser)
    provider.claims["amr"] = ["pwd", "mfa"]
    assert not signed_in(sign_in(provider)[1]), "no setting says that this counts"
    settings.OIDC_AMR = ["mfa"]
    assert signed_in(sign_in(provider)[1])
    provider.claims |= {"amr": ["pwd"], "acr": "Level4"}
    settings.OIDC_ACR = ["Level4"]
    assert signed_in(sign_in(provider)[1])


def test_who_must_have_a_factor_adds_one_after_the_provider_too(provider, settings):
    settings.SECOND_FACTOR_ROLES = ["nurse"]
    answer, browser = sign_in(provider)
    assert answer["Location"] == "/account/" and not signed_in(browser)


NEW = "gran-over-fjell-42"


@pytest.fixture
def without_password(hospital, provider):
    """A browser of somebody who has no password and comes from the provider."""
    hospital.nurse.set_unusable_password()
    hospital.nurse.save()
    return sign_in(provider)[1]


def choose_password(browser, language="en"):
    typed = {"act": "password", "new_password": NEW, "new_password_again": NEW}
    return browser.post("/account/", typed, headers={"accept-language": language})


def may_sign(person):
    try:
        prove_identity(user=person, password=NEW, field="own_password", wall_now=kernel_clock.wall_now())
    except DomainError:
        return False
    return True


def test_who_comes_from_the_provider_chooses_a_password_that_signs_and_opens_no_door(
    hospital, without_password
):
    assert "Password for signing" in without_password.get("/account/").content.decode()
    assert choose_password(without_password).status_code == 200
    assert signed_in(without_password), "the session goes on"
    hospital.nurse.refresh_from_db()
    assert may_sign(hospital.nurse)

    stranger = Client()
    typed = {"username": hospital.nurse.username, "password": NEW}
    refused = stranger.post("/sign-in/", typed)
    assert "for signing only" in refused.content.decode() and not signed_in(stranger)
    asked = stranger.post("/api/v1/auth/token/", typed, content_type="application/json")
    assert (asked.status_code, asked.json()["code"]) == (403, "password_only_signs")
    for _ in range(4):
        stranger.post("/sign-in/", typed)
    assert stranger.post("/sign-in/", typed).status_code == 429, "no way to look for the password"


def test_it_opens_the_door_when_there_is_no_provider_any_more(hospital, without_password, settings):
    choose_password(without_password)
    settings.OIDC_CLAIM = ""
    browser = Client()
    browser.post("/sign-in/", {"username": hospital.nurse.username, "password": NEW})
    assert signed_in(browser)


def test_a_password_one_had_goes_on_opening_the_door(hospital, provider):
    _, browser = sign_in(provider)
    browser.post(
        "/account/", {"act": "password", "password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    )
    hospital.nurse.refresh_from_db()
    assert may_sign(hospital.nurse) and not hospital.nurse.password_only_signs


def test_who_forgot_it_gets_one_from_the_administrator_and_chooses_another_one(
    hospital, without_password, provider
):
    choose_password(without_password)
    chosen = {
        "password1": "chosen-by-the-office-1",
        "password2": "chosen-by-the-office-1",
        "usable_password": "true",
    }
    office = Client()
    office.force_login(hospital.administrator)
    office.post(f"/admin/accounts/user/{hospital.nurse.pk}/password/", chosen)
    hospital.nurse.refresh_from_db()
    assert hospital.nurse.first_password_until is not None and not may_sign(hospital.nurse)
    browser = sign_in(provider)[1]
    assert 'name="password"' not in browser.get("/account/").content.decode()
    assert choose_password(browser).status_code == 200
    hospital.nurse.refresh_from_db()
    assert may_sign(hospital.nurse) and hospital.nurse.password_only_signs
