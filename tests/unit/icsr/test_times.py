"""A time says as much as is known, and never more."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.icsr.domain import E2bTime, Precision
from apps.kernel.errors import DomainError

TEHRAN = timezone(timedelta(hours=3, minutes=30))


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "latest"),
    [
        ("2026", Precision.YEAR, "2025-12-31T10:00", "2027-01-01T12:00"),
        ("202602", Precision.MONTH, "2026-01-31T10:00", "2026-03-01T12:00"),
        ("20260301", Precision.DAY, "2026-02-28T10:00", "2026-03-02T12:00"),
        ("2026030110+0330", Precision.HOUR, "2026-03-01T06:30", "2026-03-01T07:30"),
        ("202603011015+01", Precision.MINUTE, "2026-03-01T09:15", "2026-03-01T09:16"),
        ("20260301101500-0500", Precision.SECOND, "2026-03-01T15:15", "2026-03-01T15:15:01"),
        ("20260301101500.250000+0000", Precision.SECOND, "2026-03-01T10:15:00.25", "2026-03-01T10:15:00.25"),
    ],
)
def test_a_time_spans_all_that_it_may_mean(text, precision, earliest, latest):
    time = E2bTime(text)
    assert time.precision == precision
    assert time.earliest() == datetime.fromisoformat(earliest).replace(tzinfo=UTC)
    assert time.latest() == datetime.fromisoformat(latest).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-03-01",
        "20261301",
        "20260230",
        "2026030124",
        "202603011060",
        "20260301+0100",  # an offset on a date
        "202603011015+0160",
        "202603011015+1500",
        "202603011015.5",
        "202603011015Z",
        "٢٠٢٦",
        "20260301\n",
        "00010101",
        "99990101",
    ],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(DomainError) as refused:
        E2bTime(text)
    assert refused.value.code == "icsr_time_invalid"


def test_a_moment_is_cut_off_not_rounded():
    moment = datetime(2026, 3, 1, 23, 59, 59, tzinfo=TEHRAN)
    assert E2bTime.of(moment).text == "20260301235959+0330"
    assert E2bTime.of(moment, Precision.MINUTE).text == "202603012359+0330"
    assert E2bTime.of(moment, Precision.DAY).text == "20260301"
    assert E2bTime.of_date(date(2026, 3, 1)).day == date(2026, 3, 1)


def test_a_moment_without_a_zone_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="time zone"):
        E2bTime.of(datetime(2026, 3, 1))  # noqa: DTZ001 - that is the mistake


@given(moment=st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(TEHRAN)))  # noqa: DTZ001 - naive on purpose
def test_a_moment_lies_in_what_it_is_written_as(moment):
    for precision in Precision:
        time = E2bTime.of(moment, precision)
        assert time.earliest() <= moment < time.latest()
        assert time.precision == precision
