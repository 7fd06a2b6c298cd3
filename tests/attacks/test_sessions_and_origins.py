"""Riding on somebody's session: stale CSRF tokens, foreign pages, foreign sockets, another person's key.

Guessing passwords and fixed sessions: beside apps/identity. Numbers of other wards: tests/unit/db/test_access.py,
which walks every address.
"""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.test import Client

from apps.infusions.models import InfusionSession, Observation
from tests.builders import Door, running_session, vitals_entry

pytestmark = pytest.mark.django_db
KEY = "0b3f6a52-0a51-4c3e-9c1f-2f7f4b9a4a10"


def csrf_cookie(door: Door) -> str:
    door.client.get("/patients/new/")
    return str(door.client.cookies["csrftoken"].value)


def state(session: Any) -> str:
    return InfusionSession.objects.get(pk=session.pk).state


def test_a_csrf_token_from_before_the_sign_in_is_worth_nothing_after_it(hospital):
    """Seen to succeed with `django.middleware.csrf.rotate_token` replaced by nothing."""
    session = running_session(hospital)
    door = Door(None, enforce_csrf_checks=True)
    door.client.get("/sign-in/")
    stale = door.client.cookies["csrftoken"].value
    form = {"username": hospital.nurse.username, "password": "a-long-test-password"}
    signed_in = door.client.post("/sign-in/", form | {"csrfmiddlewaretoken": stale})
    assert signed_in.status_code == 302
    fresh = csrf_cookie(door)
    refused = door.post(f"sessions/{session.pk}/pause/", {}, headers={"X-CSRFToken": stale})
    assert (refused.status_code, state(session)) == (403, "running")
    accepted = door.post(f"sessions/{session.pk}/pause/", {}, headers={"X-CSRFToken": fresh})
    assert (accepted.status_code, state(session)) == (200, "paused")


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "https://testserver.elsewhere.example"]
)
def test_a_foreign_page_cannot_write_even_with_a_token(hospital, origin):
    """Seen to succeed with the origins' check of CsrfViewMiddleware taken out (`_origin_verified` always true)."""
    session = running_session(hospital)
    door = Door(hospital.nurse, enforce_csrf_checks=True)
    headers = {"X-CSRFToken": csrf_cookie(door), "Origin": origin}
    assert door.post(f"sessions/{session.pk}/pause/", {}, headers=headers).status_code == 403
    assert state(session) == "running"


def test_a_form_of_another_site_has_no_content_type_that_the_api_takes(hospital):
    """What a browser sends without asking first: forms and plain text. Seen to succeed with DRF's own parsers."""
    session = running_session(hospital)
    door = Door(hospital.nurse)
    for media_type in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"):
        answer = door.client.generic(
            "POST",
            f"/api/v1/sessions/{session.pk}/pause/",
            "{}",
            content_type=media_type,
            headers={"Idempotency-Key": KEY},
        )
        assert answer.status_code == 415, media_type
    assert state(session) == "running"


def handshake(origin: bytes | None) -> bool:
    """Whether the service opens a socket for a page of this origin."""
    from ivig_monitor.asgi import application

    async def attempt() -> bool:
        headers = [(b"host", b"testserver"), *([(b"origin", origin)] if origin is not None else [])]
        scope = {"type": "websocket", "path": "/ws/wards/1/", "query_string": b"", "headers": headers}
        socket = ApplicationCommunicator(application, scope | {"subprotocols": []})
        await socket.send_input({"type": "websocket.connect"})
        answer = await socket.receive_output(timeout=5)
        await socket.send_input({"type": "websocket.disconnect", "code": 1005})
        await socket.wait(timeout=5)
        return bool(answer["type"] == "websocket.accept")

    return bool(async_to_sync(attempt)())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("origin", "opened"),
    [
        (b"http://localhost", True),
        (b"https://elsewhere.example", False),
        (b"https://localhost.elsewhere.example", False),
        (b"https://elsewhere.example/?http://localhost", False),
        (b"null", False),
        (b"", False),
        (None, False),
    ],
)
def test_a_socket_opens_for_our_own_pages_only(origin, opened):
    """A browser sends cookies along with a socket of any page: the origin is the token of the handshake.

    Seen to open for everybody without OriginValidator in ivig_monitor/asgi.py.
    """
    assert handshake(origin) is opened


def test_a_key_belongs_to_who_used_it(hospital):
    """A key that somebody else used is a fresh one: nobody gets another's answer, nobody's entry is swallowed.

    Seen to answer the second nurse with the first one's entry when the key alone was looked for.
    """
    session = running_session(hospital)
    path = f"sessions/{session.pk}/observations/"
    first = Door(hospital.nurse).post(path, vitals_entry(pulse_per_min=71), key=KEY)
    second = Door(hospital.second_nurse).post(path, vitals_entry(pulse_per_min=93), key=KEY)
    assert (first.status_code, second.status_code) == (200, 200)
    entered = Observation.objects.filter(is_baseline=False).order_by("pk")
    assert [(one.performer_id, one.pulse_per_min) for one in entered] == [
        (hospital.nurse.pk, 71),
        (hospital.second_nurse.pk, 93),
    ]


def test_a_strangers_replay_of_a_key_learns_nothing(hospital, elsewhere):
    session = running_session(hospital)
    path = f"sessions/{session.pk}/observations/"
    assert Door(hospital.nurse).post(path, vitals_entry(), key=KEY).status_code == 200
    answer = Door(elsewhere.nurse).post(path, vitals_entry(), key=KEY)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "https:elsewhere.example",
        "javascript:alert(1)",
        "\thttps://elsewhere.example",
    ],
)
def test_nobody_is_led_away_after_signing_in_or_choosing_a_language(hospital, target):
    """Seen to lead away with `redirect(request.POST["next"])`."""
    form = {"username": hospital.nurse.username, "password": "a-long-test-password", "next": target}
    for answer in (
        Client().post("/sign-in/", form),
        Client().post("/i18n/setlang/", {"language": "nb", "next": target}),
    ):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/") and "elsewhere" not in answer.headers["Location"]
