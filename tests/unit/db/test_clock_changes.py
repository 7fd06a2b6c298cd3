"""Where the clocks are changed, hours stay hours: a due time is a moment, not a reading of the wall clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.followups.domain import clinical_window
from apps.guidelines.selectors import current_guidelines
from apps.ledger.models import Timer
from apps.ledger.services import schedule_timer
from apps.ledger.services.timers import claim_due_timers

pytestmark = pytest.mark.django_db

ENDS = [
    pytest.param("Europe/Oslo", "2026-03-28 14:30", timedelta(hours=25), id="Oslo in spring"),
    pytest.param("Europe/Oslo", "2026-10-24 14:30", timedelta(hours=23), id="Oslo in autumn"),
    pytest.param("Asia/Tehran", "2026-03-20 23:45", timedelta(hours=24), id="Tehran, half an hour off"),
]


@pytest.mark.parametrize(("zone", "ended", "a_day_on_the_wall"), ENDS)
def test_follow_ups_fall_due_after_real_hours(
    release: None, zone: str, ended: str, a_day_on_the_wall: timedelta
) -> None:
    ended_local = datetime.fromisoformat(ended)
    ended_at = ended_local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    rules = [rule for rule in current_guidelines().follow_up_rules if rule.is_asked]
    for number, rule in enumerate(sorted(rules, key=lambda rule: rule.due_after_h)):
        subject = f"check:{number}"
        window = clinical_window(rule, ended_at)
        schedule_timer(
            kind="followup.check.due", subject=subject, occurrence="1", due_at=window.due_at, ward_id=None
        )
        due_at = ended_at + timedelta(hours=rule.due_after_h)
        assert Timer.objects.get(subject=subject).due_at == due_at
        just_before = due_at - timedelta(microseconds=1)
        assert claim_due_timers(now=just_before, wall_now=just_before) == []
        assert len(claim_due_timers(now=due_at, wall_now=due_at)) == 1
    wall = (ended_at + timedelta(hours=24)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) - ended_local
    assert wall == a_day_on_the_wall


@pytest.mark.parametrize("zone", ["Europe/Oslo", "Asia/Tehran"])
def test_both_hours_that_the_wall_clock_shows_twice_are_two_moments(zone: str) -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 in Oslo, and an hour later 02:30 again
    for hour in (0, 1):
        due_at = (first + timedelta(hours=hour)).astimezone(ZoneInfo(zone))
        schedule_timer(
            kind="infusion.step.due", subject=f"session:{hour}", occurrence="1", due_at=due_at, ward_id=None
        )
    assert len(claim_due_timers(now=first, wall_now=first)) == 1
    assert claim_due_timers(now=first + timedelta(minutes=59), wall_now=first) == []
    assert len(claim_due_timers(now=first + timedelta(hours=1), wall_now=first)) == 1
