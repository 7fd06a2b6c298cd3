"""How long a link lives, which check an answer belongs to, and who is counted together."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.selfreport.domain import (
    LIMITS,
    LONGEST_LIFE,
    WITHOUT_CHECKS,
    Limit,
    address_group,
    choose_check,
    expires_at,
    is_token,
    new_token,
    window_start,
)
from apps.selfreport.domain.checks import is_open, takes_answers

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
GRACE = timedelta(hours=48)


@dataclass(frozen=True)
class Check:
    name: str
    status: str
    opens_h: int
    closes_h: int
    kind: str = "call"

    @property
    def opens_at(self):
        return START + timedelta(hours=self.opens_h)

    due_at = opens_at

    @property
    def closes_at(self):
        return START + timedelta(hours=self.closes_h)


CALL, WEEK, FORTNIGHT = ("call", 24, 48), ("week", 156, 192), ("fortnight", 324, 360)


def check(window, status, kind="call"):
    return Check(window[0], status, window[1], window[2], kind)


def chosen(hours, *checks):
    found = choose_check(checks, now=START + timedelta(hours=hours))
    return found.name if found else None


@pytest.mark.parametrize(
    ("hours", "statuses", "expected"),
    [
        (3, ("planned", "planned", "planned"), "call"),  # the next one, though nothing is open yet
        (24, ("planned", "planned", "planned"), "call"),  # the timer that says due may come a moment later
        (30, ("due", "planned", "planned"), "call"),
        (60, ("overdue", "planned", "planned"), "call"),  # late is worth more than never
        (60, ("done", "planned", "planned"), "week"),
        (160, ("overdue", "due", "planned"), "week"),  # what is open now comes before what is late
        (200, ("overdue", "overdue", "planned"), "week"),  # the newest of the late ones
        (200, ("done", "lost", "planned"), "fortnight"),
        (400, ("done", "done", "done"), None),
        (30, ("superseded", "done", "lost"), None),
    ],
)
def test_where_an_answer_goes(hours, statuses, expected):
    checks = [check(window, status) for window, status in zip((CALL, WEEK, FORTNIGHT), statuses, strict=True)]
    assert chosen(hours, *checks) == expected
    assert chosen(hours, *reversed(checks)) == expected


def test_a_laboratory_test_is_not_answered():
    assert chosen(30, check(CALL, "due", kind="laboratory")) is None


@pytest.mark.parametrize(
    ("status", "hours", "opened", "takes"),
    [
        ("planned", 23, False, True),
        ("planned", 24, True, True),
        ("planned", 48, True, True),
        ("planned", 49, False, True),
        ("due", 23, True, True),
        ("overdue", 60, True, True),
        ("done", 30, False, False),
        ("superseded", 30, False, False),
        ("lost", 30, False, False),
    ],
)
def test_only_a_check_whose_time_has_come_can_be_settled(status, hours, opened, takes):
    found = check(CALL, status)
    assert is_open(found, START + timedelta(hours=hours)) is opened
    assert takes_answers(found) is takes


def test_a_link_lives_until_the_last_window_and_the_grace():
    closings = [START + timedelta(days=2), START + timedelta(days=14)]
    assert expires_at(issued_at=START, closings=closings, grace=GRACE) == closings[1] + GRACE
    assert expires_at(issued_at=START, closings=[], grace=GRACE) == START + WITHOUT_CHECKS
    far = [START + timedelta(days=400)]
    assert expires_at(issued_at=START, closings=far, grace=GRACE) == START + LONGEST_LIFE


@given(st.lists(st.integers(0, 500), max_size=6))
def test_no_link_outlives_the_longest_life_and_none_dies_before_its_last_window(days):
    closings = [START + timedelta(days=day) for day in days]
    end = expires_at(issued_at=START, closings=closings, grace=GRACE)
    assert end <= START + LONGEST_LIFE
    assert all(closing < end for closing in closings if closing + GRACE <= START + LONGEST_LIFE)


def test_what_can_be_a_token():
    assert is_token(new_token())
    for text in ("", "x" * 42, "x" * 44, "x" * 42 + "/", "x" * 42 + "\n", "é" * 43, "x" * 43 + "\n"):
        assert not is_token(text), text


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("somewhere", ""),
    ],
)
def test_one_home_is_one_address(address, group):
    assert address_group(address) == group


@given(st.integers(0, 10**6), st.integers(1, 4000))
def test_a_window_holds_its_moment(seconds, length):
    moment = START + timedelta(seconds=seconds)
    begin = window_start(Limit(1, timedelta(seconds=length)), moment)
    assert begin <= moment < begin + timedelta(seconds=length)


def test_no_patient_reaches_a_limit():
    assert all(limit.requests >= 30 and limit.window == timedelta(minutes=10) for limit in LIMITS.values())
    assert LIMITS["link"].requests >= 3 * 60  # each symptom corrected twice
