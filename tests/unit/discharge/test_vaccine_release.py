"""Live vaccines wait by dose and authority, until the longer of the two (clinical facts 6)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.discharge.domain.vaccines import CourseGiven, override_of, vaccine_release
from apps.followups.domain.windows import months_after

ACIP, EU = "ACIP (US)", "EU leaflets"
LAST = date(2026, 3, 6)
MEASLES, OTHERS = "measles_vaccine_hold", "varicella_vaccine_hold"


def release(guidelines, vaccine, *courses):
    rule = guidelines.follow_up_rule(vaccine)
    return vaccine_release(rule.code, rule.interval_codes, courses)


def given_course(guidelines, dose, last=LAST, number=1, running=False):
    intervals = guidelines.live_vaccine_intervals_for(Decimal(dose))
    return CourseGiven(number, Decimal(dose), last, running, intervals)


@pytest.mark.parametrize(
    ("dose", "acip_months"),
    [
        ("300", 8), ("400", 8), ("400.01", 10), ("500", 10), ("900", 10), ("1000", 10), ("1000.01", 11),
        ("1500", 11), ("1600", 11), ("2000", 11), ("2000.01", 11), ("2400", 11), ("5000", 11),
    ],
)  # fmt: skip
def test_months_by_dose_between_two_rows_the_longer(guidelines, dose, acip_months):
    given = given_course(guidelines, dose)
    for vaccine, eu_months in ((MEASLES, 12), (OTHERS, 3)):
        found = release(guidelines, vaccine, given)
        months = {one.authority: one.months for one in found.dates}
        assert months == {ACIP: acip_months, EU: eu_months}, vaccine
        assert found.blocked_until == months_after(LAST, max(acip_months, eu_months))
        assert [one.months for one in found.dates] == sorted(months.values(), reverse=True)


@pytest.mark.parametrize(
    ("last", "months", "on"),
    [
        (date(2026, 3, 6), 8, date(2026, 11, 6)),
        (date(2026, 3, 6), 11, date(2027, 2, 6)),
        (date(2026, 3, 6), 12, date(2027, 3, 6)),
        (date(2026, 8, 31), 6, date(2027, 3, 1)),
        (date(2026, 8, 31), 3, date(2026, 12, 1)),
        (date(2026, 3, 31), 11, date(2027, 3, 1)),
        (date(2026, 3, 31), 8, date(2026, 12, 1)),
        (date(2027, 6, 29), 8, date(2028, 2, 29)),
        (date(2026, 6, 29), 8, date(2027, 3, 1)),
        (date(2028, 2, 29), 12, date(2029, 3, 1)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 12, 31), 10, date(2027, 10, 31)),
    ],
)
def test_ends_of_months_are_never_too_soon(last, months, on):
    assert months_after(last, months) == on


def test_the_day_itself_is_free_and_the_day_before_is_not(guidelines):
    found = release(guidelines, OTHERS, given_course(guidelines, "2000"))
    assert found.blocked_until == date(2027, 2, 6)
    assert found.is_blocked(date(2027, 2, 5)) and not found.is_blocked(date(2027, 2, 6))


def test_of_several_courses_each_authority_takes_the_latest_day(guidelines):
    high = given_course(guidelines, "2000", date(2026, 1, 5), 1)
    low = given_course(guidelines, "400", date(2026, 3, 6), 2)
    found = release(guidelines, OTHERS, high, low)
    assert {(one.authority, one.on, one.course_id) for one in found.dates} == {
        (ACIP, date(2026, 12, 5), 1),
        (EU, date(2026, 6, 6), 2),
    }
    assert found.blocked_until == date(2026, 12, 5)


def test_while_an_infusion_runs_the_dates_are_said_to_move(guidelines):
    assert release(guidelines, MEASLES, given_course(guidelines, "2000", running=True)).is_running


def test_without_a_course_nothing_waits(guidelines):
    assert release(guidelines, MEASLES) is None


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(0, 720))
def test_more_dose_or_a_later_day_never_frees_a_vaccine_sooner(guidelines, one, other, days):
    less, more = sorted((one, other))
    later = date.fromordinal(LAST.toordinal() + days)
    for vaccine in (MEASLES, OTHERS):
        first = release(guidelines, vaccine, given_course(guidelines, less))
        second = release(guidelines, vaccine, given_course(guidelines, more, later))
        assert first.blocked_until <= second.blocked_until


@dataclass(frozen=True)
class Decided:
    vaccine: str
    blocked_until: date


@pytest.mark.parametrize(
    ("vaccine", "days", "holds"),
    [(MEASLES, 0, True), (MEASLES, 1, True), (MEASLES, -1, False), (OTHERS, 0, False)],
)
def test_a_decision_sets_aside_the_block_it_knew_and_no_later_one(guidelines, vaccine, days, holds):
    found = release(guidelines, MEASLES, given_course(guidelines, "2000"))
    decided = Decided(vaccine, found.blocked_until + timedelta(days=days))
    assert override_of(found, [decided]) == (decided if holds else None)


def test_another_dose_blocks_anew(guidelines):
    first = given_course(guidelines, "2000")
    decided = Decided(MEASLES, release(guidelines, MEASLES, first).blocked_until)
    again = given_course(guidelines, "2000", last=LAST + timedelta(days=30), number=2)
    assert override_of(release(guidelines, MEASLES, first, again), [decided]) is None
