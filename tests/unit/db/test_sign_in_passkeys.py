"""A passkey opens this site, for its person, once per challenge, and a copy of it is found out."""

import json

import pytest
from django.test import Client

from apps.identity.models import Passkey
from apps.ledger.models import Event
from tests.builders import PASSWORD
from tests.passkey_device import PasskeyDevice
from tests.unit.db.test_sign_in import wall  # noqa: F401

pytestmark = pytest.mark.django_db
ORIGIN, RP_ID = "https://ivig.hospital.example", "ivig.hospital.example"


@pytest.fixture(autouse=True)
def address(settings):
    settings.PUBLIC_URL = ORIGIN
    settings.ALLOWED_HOSTS = [RP_ID, "testserver"]


def browser_at(host=RP_ID, **options):
    return Client(SERVER_NAME=host, **({"SERVER_PORT": "443"} | options), headers={})


def send(browser, path, body):
    return browser.post(path, json.dumps(body), content_type="application/json", secure=True)


def signed_in(browser):
    return browser.get("/api/v1/me/", secure=True).status_code == 200


def enrol(user, device, name="My telephone", password=PASSWORD):
    browser = browser_at()
    browser.force_login(user)
    options = send(browser, "/account/passkeys/options/", {"password": password})
    if options.status_code != 200:
        return options
    body = {"credential": device.create(options.json()), "name": name}
    return send(browser, "/account/passkeys/", body)


def enter(browser, device, options=None, **entry):
    options = options or send(browser, "/sign-in/passkey/options/", {}).json()
    return send(browser, "/sign-in/passkey/", {"credential": device.get(options), **entry})


@pytest.fixture
def device(hospital):
    made = PasskeyDevice(ORIGIN, RP_ID)
    assert enrol(hospital.nurse, made).json() == {"next": "/account/"}
    return made


def test_a_passkey_signs_in_without_name_and_password(hospital, device, wall):  # noqa: F811
    browser = browser_at()
    assert enter(browser, device, next="/patients/").json() == {"next": "/patients/"}
    assert signed_in(browser)
    assert Event.objects.get(name="identity.signed_in").payload["how"] == "passkey"
    passkey = Passkey.objects.get()
    assert (passkey.name, passkey.sign_count) == ("My telephone", 1)


def test_who_is_asked_for_it_must_be_known_to_the_device(hospital, device, wall):  # noqa: F811
    options = send(browser_at(), "/sign-in/passkey/options/", {}).json()
    assert options["userVerification"] == "required" and not options.get("allowCredentials")
    device.verifies_user = False
    browser = browser_at()
    assert enter(browser, device).json()["code"] == "passkey_refused"
    assert not signed_in(browser)


def test_a_device_that_does_not_verify_its_person_is_not_registered(hospital):
    made = PasskeyDevice(ORIGIN, RP_ID, verifies_user=False)
    assert enrol(hospital.nurse, made).json()["code"] == "passkey_refused"
    assert not Passkey.objects.exists()


@pytest.mark.parametrize(
    ("origin", "rp_id"),
    [
        ("https://ivig.hospital.example.evil.example", RP_ID),
        ("http://ivig.hospital.example", RP_ID),
        ("https://ivig.hospital.example:8443", RP_ID),
        (ORIGIN, "evil.example"),
    ],
)
def test_what_was_signed_for_another_site_opens_nothing(hospital, device, wall, origin, rp_id):  # noqa: F811
    device.origin, device.rp_id = origin, rp_id
    browser = browser_at()
    assert enter(browser, device).json()["code"] == "passkey_refused"
    assert not signed_in(browser)
    fresh = PasskeyDevice(origin, rp_id)
    assert enrol(hospital.physician, fresh).json()["code"] == "passkey_refused"


def test_an_answer_to_another_challenge_opens_nothing(hospital, device, wall):  # noqa: F811
    mine, theirs = browser_at(), browser_at()
    foreign = send(theirs, "/sign-in/passkey/options/", {}).json()
    send(mine, "/sign-in/passkey/options/", {})
    assert enter(mine, device, options=foreign).json()["code"] == "passkey_refused"
    assert not signed_in(mine)


def test_a_challenge_is_answered_once_and_in_time(hospital, device, wall):  # noqa: F811
    browser = browser_at()
    options = send(browser, "/sign-in/passkey/options/", {}).json()
    device.verifies_user = False
    assert enter(browser, device, options=options).json()["code"] == "passkey_refused"
    device.verifies_user = True
    assert enter(browser, device, options=options).json()["code"] == "sign_in_again", (
        "spent by the first answer"
    )
    options = send(browser, "/sign-in/passkey/options/", {}).json()
    wall.pass_by(minutes=6)
    assert enter(browser, device, options=options).json()["code"] == "sign_in_again"
    assert not signed_in(browser)


def test_a_challenge_for_signing_in_registers_nothing(hospital, wall):  # noqa: F811
    browser = browser_at()
    browser.force_login(hospital.nurse)
    options = send(browser, "/sign-in/passkey/options/", {}).json()
    made = PasskeyDevice(ORIGIN, RP_ID)
    credential = made.create({"user": {"id": "AAAA"}, "challenge": options["challenge"]})
    answer = send(browser, "/account/passkeys/", {"credential": credential, "name": "x"})
    assert answer.json()["code"] == "sign_in_again"


@pytest.mark.parametrize("back_to", [0, 4, 3])
def test_a_counter_that_goes_back_is_refused_and_told(hospital, device, wall, back_to):  # noqa: F811
    for _ in range(5):
        enter(browser_at(), device)
    device.counter = back_to
    browser = browser_at()
    assert enter(browser, device).json()["code"] == "passkey_refused"
    assert not signed_in(browser)
    told = Event.objects.get(name="identity.passkey_counter_back")
    assert told.payload["kept"] == 5 and told.payload["sent"] == back_to + 1
    assert Passkey.objects.get().sign_count == 5


def test_a_passkey_opens_for_its_own_person_only(hospital, device, wall):  # noqa: F811
    other = PasskeyDevice(ORIGIN, RP_ID)
    enrol(hospital.physician, other)
    device.user_handle = other.user_handle
    browser = browser_at()
    assert enter(browser, device).json()["code"] == "passkey_refused"


def test_a_signature_of_another_key_opens_nothing(hospital, device, wall):  # noqa: F811
    thief = PasskeyDevice(ORIGIN, RP_ID, credential_id=device.credential_id, user_handle=device.user_handle)
    browser = browser_at()
    assert enter(browser, thief).json()["code"] == "passkey_refused"
    assert not signed_in(browser)


@pytest.mark.parametrize("credential", [None, [], {}, {"id": "AAAA"}, {"id": 7, "response": {}}, {"id": "é"}])
def test_what_is_no_credential_at_all_is_refused_with_a_sentence(hospital, wall, credential):  # noqa: F811
    browser = browser_at()
    send(browser, "/sign-in/passkey/options/", {})
    answer = send(browser, "/sign-in/passkey/", {"credential": credential})
    assert (answer.status_code, answer.json()["code"]) == (400, "passkey_refused")


def test_registering_asks_for_the_password(hospital):
    assert enrol(hospital.nurse, PasskeyDevice(ORIGIN, RP_ID), password="not-mine").json()["code"] == (
        "identity_not_proved"
    )
    assert not Passkey.objects.exists()


def test_the_same_passkey_is_not_two_peoples(hospital, device):
    assert enrol(hospital.physician, device).json()["code"] == "passkey_refused"
    assert Passkey.objects.get().user_id == hospital.nurse.pk


def test_a_password_alone_is_not_enough_any_more(hospital, device, wall):  # noqa: F811
    browser = browser_at()
    answer = browser.post(
        "/sign-in/", {"username": hospital.nurse.username, "password": PASSWORD}, secure=True
    )
    assert answer["Location"] == "/sign-in/second/" and not signed_in(browser)
    assert enter(browser, device).status_code == 200 and signed_in(browser)


def test_a_removed_passkey_opens_nothing(hospital, device, wall):  # noqa: F811
    browser = browser_at()
    browser.force_login(hospital.nurse)
    number = Passkey.objects.get().pk
    entry = {"passkey": number, "password": PASSWORD}
    browser.post("/account/", {"act": "passkey_rename", "name": "Old telephone", **entry}, secure=True)
    assert Passkey.objects.get().name == "Old telephone"
    browser.post("/account/", {"act": "passkey_remove", **entry}, secure=True)
    stranger = browser_at()
    assert enter(stranger, device).json()["code"] == "passkey_refused"
    names = Event.objects.filter(subject=f"user:{hospital.nurse.pk}").values_list("name", flat=True)
    assert {"identity.passkey_added", "identity.passkey_renamed", "identity.passkey_removed"} <= set(names)


def test_nobody_changes_anothers_passkey(hospital, device):
    browser = browser_at()
    browser.force_login(hospital.physician)
    entry = {"act": "passkey_remove", "passkey": Passkey.objects.get().pk, "password": PASSWORD}
    assert browser.post("/account/", entry, secure=True).status_code == 404
    assert Passkey.objects.exists()


def test_who_is_no_longer_active_has_no_passkey_that_opens(hospital, device, wall):  # noqa: F811
    hospital.nurse.is_active = False
    hospital.nurse.save()
    assert enter(browser_at(), device).json()["code"] == "passkey_refused"


def test_no_foreign_page_can_post_here(hospital, device):
    browser = browser_at(enforce_csrf_checks=True)
    assert send(browser, "/sign-in/passkey/options/", {}).status_code == 403


def test_by_a_number_or_another_name_no_passkey_is_offered(hospital, device, settings):
    settings.ALLOWED_HOSTS = ["10.1.2.3", "testserver", RP_ID]
    for host in ("10.1.2.3", "testserver"):
        page = browser_at(host).get("/sign-in/", secure=True)
        assert 'data-passkey="sign-in"' not in page.content.decode(), host
    assert 'data-passkey="sign-in"' in browser_at().get("/sign-in/", secure=True).content.decode()


def test_who_must_have_a_factor_may_add_a_passkey_as_one(hospital, settings, wall):  # noqa: F811
    settings.SECOND_FACTOR_ROLES = ["nurse"]
    browser = browser_at()
    browser.post("/sign-in/", {"username": hospital.nurse.username, "password": PASSWORD}, secure=True)
    assert not signed_in(browser)
    options = send(browser, "/account/passkeys/options/", {}).json()
    made = PasskeyDevice(ORIGIN, RP_ID)
    send(browser, "/account/passkeys/", {"credential": made.create(options), "name": "Telephone"})
    assert signed_in(browser)
