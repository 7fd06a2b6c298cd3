"""Due times keep to the ward's day, windows to medicine; vaccine holds go by the dose."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.followups.domain import plan_course
from apps.followups.domain.calling_hours import in_calling_hours, next_calling_hour, place
from apps.followups.domain.windows import midnight, months_after
from tests.unit.followups.pictures import OSLO, TEHRAN, course, day, local, protocol

MOMENTS = st.integers(0, 10 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = {"Europe/Oslo": OSLO, "Asia/Tehran": TEHRAN}


def at(text, zone):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def hours_of(guidelines, kind="call"):
    return next(one for one in guidelines.calling_hours if one.kind == kind)


@pytest.mark.parametrize(
    ("due", "placed"),
    [
        ("2026-03-02 08:00", "2026-03-02 08:00"),
        ("2026-03-02 07:59", "2026-03-02 08:00"),
        ("2026-03-02 19:59", "2026-03-02 19:59"),
        ("2026-03-02 20:00", "2026-03-02 19:00"),
        ("2026-03-02 03:00", "2026-03-02 08:00"),
        ("2026-03-02 23:00", "2026-03-02 19:00"),
        ("2026-03-02 02:00", "2026-03-02 08:00"),
        # Europe/Oslo changes its clocks on 29 March and 25 October 2026.
        ("2026-03-29 01:45", "2026-03-29 08:00"),
        ("2026-03-29 03:30", "2026-03-29 08:00"),
        ("2026-10-25 02:30", "2026-10-25 08:00"),
        ("2026-03-28 22:00", "2026-03-28 19:00"),
    ],
)
@pytest.mark.parametrize("zone", ZONES)
def test_a_call_moves_to_the_nearest_calling_hour(guidelines, zone, due, placed):
    moment = at(due, ZONES[zone])
    around = {"opens_at": moment - timedelta(days=1), "closes_at": moment + timedelta(days=1)}
    found = place(moment, hours_of(guidelines), ZONES[zone], **around)
    assert local(found, ZONES[zone]) == placed


def test_it_never_leaves_its_window(guidelines):
    due = at("2026-03-02 21:00", OSLO)
    hours = hours_of(guidelines)
    later = place(due, hours, OSLO, opens_at=due, closes_at=due + timedelta(hours=24))
    assert local(later) == "2026-03-03 08:00"
    nowhere = place(due, hours, OSLO, opens_at=due, closes_at=due + timedelta(hours=11))
    assert nowhere == due, "a window without a calling hour keeps its clinical time"


@given(
    due=MOMENTS,
    before=st.integers(0, 200),
    after=st.integers(24, 200),
    zone=st.sampled_from([*ZONES.values()]),
)
def test_a_window_of_a_day_always_holds_a_calling_hour(guidelines, due, before, after, zone):
    opens, closes = due - timedelta(hours=before), due + timedelta(hours=after)
    for kind in ("call", "laboratory", "visit"):
        hours = hours_of(guidelines, kind)
        found = place(due, hours, zone, opens_at=opens, closes_at=closes)
        assert opens <= found < closes
        assert in_calling_hours(found, hours, zone)
        assert abs(found - due) <= timedelta(hours=24)
        assert in_calling_hours(next_calling_hour(due, hours, zone), hours, zone)


@given(
    start=MOMENTS,
    zone=st.sampled_from([*ZONES.values()]),
    known=st.sets(
        st.sampled_from(["outpatient", "inpatient", "heart_failure", "renal_risk", "blood_group_non_o"])
    ),
)
def test_whenever_an_infusion_ends_nobody_is_called_at_night(guidelines, start, zone, known):
    picture = course(start=start, zone=zone, known=known)
    for check in plan_course(picture, protocol(guidelines)):
        window = check.window
        assert window.opens_at <= window.due_at
        assert window.closes_at is None or window.due_at <= window.closes_at
        if check.kind in ("call", "laboratory", "visit"):
            assert in_calling_hours(window.due_at, hours_of(guidelines, check.kind), zone)


@pytest.mark.parametrize(
    ("dose", "measles", "others"),
    [
        (100, 12, 8), (300, 12, 8), (400, 12, 8), (401, 12, 10), (500, 12, 10), (900, 12, 10),
        (1000, 12, 10), (1001, 12, 11), (1500, 12, 11), (1600, 12, 11), (2000, 12, 11), (2001, 12, 11),
        (4000, 12, 11),
    ],
)  # fmt: skip
def test_live_vaccines_wait_by_the_dose_of_the_course(guidelines, dose, measles, others):
    """ACIP 8, 10, 11 months, between rows the next one up; measles by the EU leaflets' year (facts 6)."""
    picture = course(dose=dose)
    ends = {
        check.rule_code: check.window.closes_at for check in plan_course(picture, protocol(guidelines, dose))
    }
    last = picture.days[-1].expected_on
    assert ends["measles_vaccine_hold"] == midnight(months_after(last, measles), OSLO)
    assert ends["varicella_vaccine_hold"] == midnight(months_after(last, others), OSLO)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-03-02", 11, "2027-02-02"),
        ("2026-03-31", 11, "2027-03-01"),
        ("2026-03-31", 8, "2026-12-01"),
        ("2024-02-29", 12, "2025-03-01"),
        ("2026-12-31", 10, "2027-10-31"),
        ("2026-01-31", 10, "2026-12-01"),
        ("2027-02-28", 12, "2028-02-28"),
    ],
)
def test_months_are_never_too_short(start, months, end):
    assert months_after(day(start), months) == day(end)
