"""Whoever signed out, was signed out or was deactivated hears nothing more within ten seconds."""

import time
from collections.abc import Callable

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.clients import ApiClient, WardSocket, sign_in
from tests.flow.steps import ward_id
from tests.stack import Stack

WITHIN_S = 10
SIGNED_OUT = 4401


def _post(origin: str, path: str, cookies: dict[str, str], **headers: str) -> None:
    sent = {"Origin": origin, "X-CSRFToken": cookies["csrftoken"]} | headers
    with httpx.Client(base_url=origin, cookies=cookies, timeout=20, trust_env=False) as browser:
        answer = browser.post(path, headers=sent)
    assert answer.status_code in (200, 302), answer.text


def _closes(socket: WardSocket, act: Callable[[], None]) -> float:
    """Seconds from the act until the server closed the socket with SIGNED_OUT."""
    socket.wait_for(lambda message: message["type"] == "hello")
    act()
    acted = time.monotonic()
    with pytest.raises(ConnectionClosed) as closed:
        socket.wait_for(lambda message: False, timeout=30)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == SIGNED_OUT
    return time.monotonic() - acted


def test_a_sockets_session_takes_it_along_within_ten_seconds(stack: Stack) -> None:
    nurse = ApiClient(stack, "nurse")
    ward, origin, mine = ward_id(nurse), nurse.origin, nurse.page_cookies()
    assert mine["device"]

    def end_from_elsewhere() -> None:
        key = {"Idempotency-Key": "6f0c0c8e-3c51-4a6e-9b62-5f3f0c9d7a11"}
        _post(origin, "/api/v1/me/sessions/end-others/", sign_in(origin, "nurse"), **key)

    def deactivate() -> None:
        stack.sql("UPDATE accounts_user SET is_active = false WHERE username = 'physician' RETURNING id")

    with WardSocket(stack, nurse, ward) as socket:
        assert _closes(socket, lambda: _post(origin, "/sign-out/", mine)) < WITHIN_S

    elsewhere = ApiClient(stack, "nurse")
    with WardSocket(stack, elsewhere, ward) as socket:
        assert _closes(socket, end_from_elsewhere) < WITHIN_S

    physician = ApiClient(stack, "physician")
    try:
        with WardSocket(stack, physician, ward) as socket:
            assert _closes(socket, deactivate) < WITHIN_S
    finally:
        stack.sql("UPDATE accounts_user SET is_active = true WHERE username = 'physician' RETURNING id")
