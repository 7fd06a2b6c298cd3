"""A silent part of the system makes noise: the watchdog names it within 30 s, and says when it is over."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from apps.kernel.clock import wall_now
from tests.clients import ApiClient
from tests.conftest import MakeStack
from tests.findings import PARTS, alive, open_codes, opened_at, said
from tests.flow.steps import running_infusion
from tests.stack import Stack
from tests.webhook import Webhook

NOTICED_WITHIN = timedelta(seconds=30)


@pytest.fixture
def watched(fresh_stack: Stack) -> Stack:
    """A stack whose watchdog has seen every part alive and has nothing to say."""
    stack = fresh_stack
    stack.start("watchdog")
    stack.wait_until(lambda: alive(stack) >= PARTS, 90, "A part shows no life")
    stack.wait_until(lambda: not open_codes(stack), 90, "A service that works has findings")
    return stack


def test_a_killed_beat_is_named_on_every_screen_and_its_return_too(watched: Stack) -> None:
    stack = watched
    struck = wall_now()
    stack.kill("beat")
    assert opened_at(stack, "beat_silent") - struck < NOTICED_WITHIN
    assert any(line.get("code") == "beat_silent" and line["level"] == "ERROR" for line in said(stack))

    def shown() -> list[str]:
        return [
            one["code"]
            for one in httpx.get(f"{stack.url}/health/findings", trust_env=False).json()["findings"]
        ]

    stack.wait_until(lambda: "beat_silent" in shown(), message="The screens are not told")
    ready = httpx.get(f"{stack.url}/health/ready", trust_env=False)
    assert (ready.status_code, ready.json()["beat"]) == (200, "beat_silent")
    stack.start("beat")
    stack.wait_until(lambda: not open_codes(stack), 90, "The finding stayed open")
    stack.wait_until(lambda: shown() == [], message="The screens still show it")


def test_a_worker_that_hangs_is_named(watched: Stack) -> None:
    stack = watched
    pids = stack.worker_pids()
    struck = wall_now()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert opened_at(stack, "workers_silent") - struck < NOTICED_WITHIN
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    stack.wait_until(lambda: "workers_silent" not in open_codes(stack), 120, "The finding stayed open")


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as listening:
        yield listening


def test_without_redis_the_outbox_that_grows_is_named_and_the_administrator_told(
    fresh_stack: Stack, webhook: Webhook
) -> None:
    stack = fresh_stack
    stack.environment |= {"VIGILANCE_NOTIFY": "tests.webhook.post", "TEST_WEBHOOK": webhook.url}
    stack.start("watchdog")
    stack.wait_until(lambda: alive(stack) >= PARTS, 90, "A part shows no life")
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "outbox-1")
    struck = wall_now()
    stack.kill("valkey")
    nurse.write(f"sessions/{session['id']}/observations/", {"systolic_mmhg": "80"})
    assert opened_at(stack, "redis_down") - struck < NOTICED_WITHIN
    assert opened_at(stack, "outbox_stuck") - struck < NOTICED_WITHIN
    stack.wait_until(
        lambda: any("Redis does not answer" in text for text in webhook.texts), 60, "Nobody was told"
    )
    stack.start("valkey")
    stack.wait_until(lambda: not open_codes(stack), 120, "The findings stayed open")


def test_a_timer_that_nobody_fires_is_named(watched: Stack) -> None:
    stack = watched
    stack.stop("worker")
    stack.sql(
        "INSERT INTO ledger_timer (kind, subject, occurrence, due_at, priority, payload, state, attempts, last_error)"
        " VALUES ('deployment.trial', 'trial:1', '1', now() - interval '1 hour', 5, '{}', 'pending', 0, '')"
    )
    struck = wall_now()
    assert opened_at(stack, "timers_late") - struck < NOTICED_WITHIN


def test_a_watchdog_that_dies_is_itself_named(watched: Stack) -> None:
    stack = watched
    struck = wall_now()
    stack.kill("watchdog")

    def shown() -> list[dict[str, str]]:
        answer = httpx.get(f"{stack.url}/health/findings", trust_env=False).json()
        return [one for one in answer["findings"] if one["code"] == "watchdog_silent"]

    stack.wait_until(shown, 60, "The screens are not told")
    assert wall_now() - struck > timedelta(seconds=10)
    assert httpx.get(f"{stack.url}/health/ready", trust_env=False).json()["watchdog"] == "watchdog_silent"


@pytest.mark.parametrize("hours", [2, pytest.param(-2, marks=pytest.mark.long)])
def test_a_clock_that_jumps_is_named_and_is_no_silence(make_stack: MakeStack, hours: int) -> None:
    stack = make_stack(shifted_clock=True)
    stack.start_all()
    stack.start("watchdog")
    stack.wait_until(lambda: alive(stack) >= PARTS, 90, "A part shows no life")
    # By this test's own clock: a look under way when the clock jumped bears the time from before.
    struck = time.monotonic()
    stack.shift_real_time(timedelta(hours=hours).total_seconds())
    for code in ("clock_jumped", "clock_apart"):
        assert opened_at(stack, code)
        assert time.monotonic() - struck < NOTICED_WITHIN.total_seconds()
    silent = {"beat_silent", "workers_silent", "timers_silent", "relay_silent"}
    assert not {line.get("code") for line in said(stack)} & silent
