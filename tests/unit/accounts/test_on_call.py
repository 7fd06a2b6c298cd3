"""Who is called when entries overlap: always the one made last, and never two or a gap by accident."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.domain.on_call import Duty, duty_at, stretches

START = datetime(2026, 3, 2, tzinfo=UTC)
SPAN = 48


def hour(count):
    return START + timedelta(hours=count)


def test_an_evening_inside_a_week_gives_the_week_back():
    week, evening = Duty(1, 10, hour(0), hour(48)), Duty(2, 20, hour(16), hour(22))
    found = stretches([week, evening], since=hour(1), until=hour(40))
    assert [(one.duty.physician_id, one.starts_at, one.ends_at) for one in found] == [
        (10, hour(1), hour(16)),
        (20, hour(16), hour(22)),
        (10, hour(22), hour(40)),
    ]


def test_a_duty_counts_from_its_first_moment_until_just_before_its_last():
    duty = Duty(1, 10, hour(1), hour(2))
    assert [duty_at([duty], hour(count)) for count in (0, 1, 2)] == [None, duty, None]


def test_with_no_entry_nobody_is_on_call():
    (only,) = stretches([], since=hour(0), until=hour(5))
    assert (only.duty, only.starts_at, only.ends_at) == (None, hour(0), hour(5))


@st.composite
def entries(draw):
    found = []
    for number in range(draw(st.integers(0, 8))):
        start = draw(st.integers(-10, SPAN))
        length = draw(st.integers(1, 30))
        found.append(Duty(number, draw(st.integers(1, 3)), hour(start), hour(start + length)))
    return draw(st.permutations(found))


@given(entries())
def test_the_roster_has_no_gap_and_agrees_with_each_moment(duties):
    found = stretches(duties, since=hour(0), until=hour(SPAN))
    assert (found[0].starts_at, found[-1].ends_at) == (hour(0), hour(SPAN))
    for before, after in pairwise(found):
        assert before.ends_at == after.starts_at and before.duty != after.duty
    for one in found:
        middle = one.starts_at + (one.ends_at - one.starts_at) / 2
        assert one.starts_at < one.ends_at
        assert duty_at(duties, one.starts_at) == duty_at(duties, middle) == one.duty
