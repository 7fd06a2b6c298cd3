"""From version to version: numbers stay, new information moves its date, and nothing follows a nullification."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.icsr.domain import E2bTime
from apps.icsr.domain.rules import faults
from apps.icsr.xml.batches import batch_bytes
from apps.icsr.xml.reading import read_batch
from tests.unit.icsr.valid_cases import amendment, fatal_case, full_case, neonate_case, nullification, wrapped

BEGAN = datetime(2026, 3, 4, 8, tzinfo=UTC)
KINDS = st.sampled_from(("follow_up", "amendment"))
STEPS = st.lists(st.tuples(KINDS, st.integers(1, 60 * 24 * 30)), max_size=6)
CHANGES = {"follow_up": None, "nullification": "1", "amendment": "2"}


def version(report, kind, at):
    """The next version, as the rules want it: only a follow-up moves the date of the newest information."""
    change = CHANGES[kind]
    moved = {"most_recent": E2bTime.of(at)} if change is None else {}
    about = replace(
        report.identification,
        created=E2bTime.of(at),
        change=change,
        change_reason="Misread" if change else None,
        **moved,
    )
    return replace(report, identification=about)


def codes(report, previous, now):
    return [fault.code for fault in faults(report, now=now, previous=previous)]


@given(steps=STEPS, closed=st.booleans())
@settings(max_examples=40)
def test_a_history_that_keeps_the_rules_is_never_refused(steps, closed):
    at = BEGAN
    current = version(full_case(), "follow_up", at)
    previous = None
    assert codes(current, previous, at) == []
    for kind, minutes in [*steps, *([("nullification", 5)] if closed else [])]:
        at += timedelta(minutes=minutes)
        previous, current = current, version(current, kind, at)
        assert codes(current, previous, at) == [], kind
        about, before = current.identification, previous.identification
        assert (about.most_recent == before.most_recent) == (kind != "follow_up")
    if closed:
        after = version(current, "follow_up", at + timedelta(minutes=1))
        assert codes(after, current, at + timedelta(minutes=1)) == ["after_nullification"]


@given(
    kind=st.sampled_from(("follow_up", "amendment", "nullification")), minutes=st.integers(0, 60 * 24 * 30)
)
@settings(max_examples=40)
def test_a_version_from_before_its_predecessor_is_refused(kind, minutes):
    first = version(full_case(), "follow_up", BEGAN)
    earlier = version(first, kind, BEGAN - timedelta(minutes=minutes))
    assert "created_not_moved" in codes(earlier, first, BEGAN)


@pytest.mark.parametrize("report", [full_case(), fatal_case(), neonate_case(), nullification(), amendment()])
def test_what_passes_the_rules_passes_them_again_after_writing_and_reading(report):
    message, batch = wrapped(report)
    read = read_batch(batch_bytes(batch, [message]))
    (back,) = read.messages
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    previous = full_case() if report.identification.change else None
    assert back.message.report == report
    assert (
        faults(back.message.report, now=now, message=back.message, batch=read.batch, previous=previous) == ()
    )
