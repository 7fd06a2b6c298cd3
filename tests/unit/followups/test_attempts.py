"""A patient who was not reached is tried again, by day, in the ward's time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.followups.domain.attempts import must_be_told, next_attempt_at, within_calling_hours
from apps.guidelines.domain import AttemptPlan, CallingHours, Citation

CITE = Citation(sources=(), section="", quote="")
PLAN = AttemptPlan(code="attempts", wait_h=(4, 20, 24), escalate_after=3, citation=CITE)
DAY = CallingHours(code="calls", kind="call", from_hour=8, until_hour=20, spread_minutes=5, citation=CITE)
OSLO, TEHRAN = ZoneInfo("Europe/Oslo"), ZoneInfo("Asia/Tehran")


def tried(at, in_vain=1, zone=OSLO, hours=DAY):
    again = next_attempt_at(now=at.astimezone(UTC), in_vain=in_vain, plan=PLAN, hours=hours, zone=zone)
    return again.astimezone(zone).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("at", "in_vain", "again"),
    [
        (datetime(2026, 3, 2, 9, 15, tzinfo=OSLO), 1, "03-02 13:15"),
        (datetime(2026, 3, 2, 15, 59, tzinfo=OSLO), 1, "03-02 19:59"),
        (datetime(2026, 3, 2, 16, 0, tzinfo=OSLO), 1, "03-03 08:00"),
        (datetime(2026, 3, 2, 23, 0, tzinfo=OSLO), 1, "03-03 08:00"),
        (datetime(2026, 3, 2, 13, 15, tzinfo=OSLO), 2, "03-03 09:15"),
        (datetime(2026, 3, 2, 9, 15, tzinfo=OSLO), 3, "03-03 09:15"),
        (datetime(2026, 3, 2, 9, 15, tzinfo=OSLO), 9, "03-03 09:15"),
    ],
)
def test_the_wait_of_each_attempt_ends_by_day(at, in_vain, again):
    assert tried(at, in_vain) == again


def test_the_night_is_the_ward_s_own():
    noon_utc = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    assert tried(noon_utc, zone=OSLO) == "03-02 18:00"
    assert tried(noon_utc, zone=TEHRAN) == "03-03 08:00"


@pytest.mark.parametrize(
    "change", [datetime(2026, 3, 28, 22, 30, tzinfo=OSLO), datetime(2026, 10, 24, 22, 30, tzinfo=OSLO)]
)
def test_the_night_the_clocks_change_ends_at_the_same_hour_of_the_morning(change):
    assert tried(change)[-5:] == "08:00"


def test_without_calling_hours_any_hour_will_do():
    assert tried(datetime(2026, 3, 2, 22, 0, tzinfo=OSLO), hours=None) == "03-03 02:00"


@given(
    minutes=st.integers(0, 15 * 366 * 24 * 60),
    in_vain=st.integers(1, 10),
    zone=st.sampled_from([OSLO, TEHRAN, ZoneInfo("Asia/Kathmandu")]),
    first=st.integers(0, 22),
    length=st.integers(1, 24),
)
def test_nobody_is_called_at_night_and_nobody_waits_a_day_longer(minutes, in_vain, zone, first, length):
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    hours = CallingHours("c", "call", first, min(24, first + length), 0, CITE)
    again = next_attempt_at(now=at, in_vain=in_vain, plan=PLAN, hours=hours, zone=zone)
    wait = timedelta(hours=PLAN.wait_h[min(in_vain, 3) - 1])
    assert at + wait <= again <= at + wait + timedelta(hours=25)
    assert hours.from_hour <= again.astimezone(zone).hour < hours.until_hour
    assert within_calling_hours(again, hours=hours, zone=zone) == again


def test_the_third_attempt_in_vain_is_told():
    assert [must_be_told(count, PLAN) for count in (1, 2, 3, 4)] == [False, False, True, True]


def test_the_shipped_plan_rises_to_a_day_and_tells_after_three(guidelines):
    (plan,) = guidelines.attempt_plans
    assert (plan.wait_h, plan.escalate_after) == ((4, 20, 24), 3)
