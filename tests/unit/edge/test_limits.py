"""The allowance of requests: floods end at the door, work at a bedside never does."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from apps.edge.limits import BURST_S, Buckets, RequestLimits

PER_SECOND = 20


class Time:
    """Monotonic seconds that pass when a test says so."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Time:
    settings.REQUESTS_PER_SECOND = PER_SECOND
    standing = Time()
    monkeypatch.setattr("apps.edge.limits.time", standing)
    return standing


def answering(*, accepts: bool) -> RequestLimits:
    """The door before a service that finds somebody behind every token, or nobody."""

    def answer(request: Any) -> HttpResponse:
        request.user = SimpleNamespace(is_authenticated=accepts)
        return HttpResponse(status=200 if accepts else 401)

    return RequestLimits(answer)


def knock(
    door: RequestLimits, *, token: str = "", address: str = "10.1.2.3", path: str = "/api/v1/me/"
) -> Any:
    headers = {"HTTP_AUTHORIZATION": f"Token {token}"} if token else {}
    return door(RequestFactory().get(path, REMOTE_ADDR=address, **headers))


def test_a_person_who_writes_ten_times_a_second_is_never_held_up(time: Time) -> None:
    door = answering(accepts=True)
    for _ in range(10 * 60 * 5):
        assert knock(door, token="nurse").status_code == 200
        time.now += 0.1


def test_a_flood_of_one_sign_in_is_told_when_to_come_back_and_then_may(time: Time) -> None:
    door = answering(accepts=True)
    answers = [knock(door, token="script") for _ in range(PER_SECOND * BURST_S + 50)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 40
    assert refused[0].headers["Retry-After"] == "1"
    assert b"too_many_requests" in refused[0].content
    time.now += int(refused[0].headers["Retry-After"])
    assert knock(door, token="script").status_code == 200


def test_nobody_pays_for_a_neighbours_flood(time: Time) -> None:
    """One address, as behind a hospital's proxy: who is signed in has an allowance of their own."""
    door = answering(accepts=True)
    assert knock(door, token="nurse").status_code == 200
    for _ in range(PER_SECOND * BURST_S * 3):
        knock(door, token="script")
        knock(door)
    assert knock(door).status_code == 429
    assert knock(door, token="nurse").status_code == 200
    assert knock(door, address="10.9.9.9").status_code == 200


def test_a_new_token_for_each_request_gains_nothing(time: Time) -> None:
    """Seen to fail while every token had an allowance from its first request on."""
    door = answering(accepts=False)
    answers = [knock(door, token=f"guess-{number}") for number in range(PER_SECOND * BURST_S + 10)]
    assert [answer.status_code for answer in answers[-5:]] == [429] * 5


def test_the_probes_of_the_site_are_never_refused(time: Time) -> None:
    door = answering(accepts=False)
    for _ in range(PER_SECOND * BURST_S + 10):
        assert knock(door, path="/health/live").status_code != 429


def test_what_is_remembered_is_bounded() -> None:
    buckets = Buckets(most=3)
    for number in range(10):
        buckets.take(str(number), per_second=1, now=0)
    assert [buckets.knows(str(number)) for number in (6, 7, 9)] == [False, True, True]
