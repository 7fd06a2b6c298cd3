"""An antibody test misleads from the first dose until 60 days after the last, anti-HBc until 90 days."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.laboratory.domain.serology import PassiveAntibodies, guard_serology, samples_before

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
END = START + timedelta(days=4, hours=3)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
ANY, ANTI_HBC = 60, 90


def course(number=1, began=START, ended=END, days=ANY):
    return PassiveAntibodies(number, began, ended, days * 24, "source")


@pytest.mark.parametrize(
    ("days", "taken_at", "misleads"),
    [
        (ANY, START - DAY, False),
        (ANY, START, False),
        (ANY, START + SECOND, True),
        (ANY, START + 2 * DAY, True),
        (ANY, END, True),
        (ANY, END + 59 * DAY, True),
        (ANY, END + 60 * DAY - SECOND, True),
        (ANY, END + 60 * DAY, False),
        (ANY, END + 89 * DAY, False),
        (ANTI_HBC, START, False),
        (ANTI_HBC, START + SECOND, True),
        (ANTI_HBC, END + 60 * DAY, True),
        (ANTI_HBC, END + 90 * DAY - SECOND, True),
        (ANTI_HBC, END + 90 * DAY, False),
    ],
)
def test_the_boundaries(days, taken_at, misleads):
    warning = guard_serology([course(days=days)], taken_at=taken_at)
    assert (warning is not None) is misleads
    if warning:
        assert warning.until == END + days * DAY
        assert warning.sample_before == START


def test_without_a_course_nothing_misleads():
    assert guard_serology([], taken_at=START) is None


def test_while_an_infusion_runs_the_end_is_counted_from_the_sample_and_said_to_move():
    warning = guard_serology([course(ended=None)], taken_at=START + DAY)
    assert warning.is_running and warning.until == START + 61 * DAY


def test_a_course_that_begins_after_the_sample_says_nothing_of_it():
    later = course(2, END + 30 * DAY, END + 34 * DAY)
    warning = guard_serology([course(), later], taken_at=END + DAY)
    assert (warning.course_id, warning.until) == (1, END + 60 * DAY)


def test_of_two_courses_the_later_end_counts_and_a_clean_sample_lies_before_both():
    again = course(2, END + 21 * DAY, END + 25 * DAY)
    warning = guard_serology([course(), again], taken_at=END + 70 * DAY)
    assert (warning.course_id, warning.until) == (2, END + 85 * DAY)
    assert warning.sample_before == START


def test_after_a_long_gap_the_time_before_the_second_course_is_clean():
    again = course(2, END + 61 * DAY, END + 65 * DAY)
    warning = guard_serology([course(), again], taken_at=END + 70 * DAY)
    assert warning.sample_before == END + 61 * DAY


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 5)), max_size=6),
    st.integers(-30, 600),
    st.sampled_from([ANY, ANTI_HBC]),
)
def test_a_sample_from_before_the_pointer_never_misleads_and_one_at_the_end_no_more(spans, taken, days):
    courses = [
        course(number, START + begins * DAY, START + (begins + lasts) * DAY, days)
        for number, (begins, lasts) in enumerate(spans)
    ]
    warning = guard_serology(courses, taken_at=START + taken * DAY)
    if warning is not None:
        assert warning.sample_before <= START + taken * DAY < warning.until
        assert guard_serology(courses, taken_at=warning.sample_before) is None
        so_far = [one for one in courses if one.began_at < START + taken * DAY]
        assert guard_serology(so_far, taken_at=warning.until) is None


def test_samples_from_before_are_pointed_to_the_newest_first_and_none_from_another_courses_window():
    again = course(2, END + 100 * DAY, END + 104 * DAY)
    courses = [course(), again]
    warning = guard_serology(courses, taken_at=END + 105 * DAY)
    before, within, between, after = START - DAY, END + DAY, END + 80 * DAY, END + 102 * DAY
    assert samples_before(courses, warning, [before, within, between, after, before]) == (between, before)
    assert samples_before(courses, warning, [START]) == (START,), "taken as the first dose began"
