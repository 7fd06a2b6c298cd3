"""Courses as the planner sees them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.followups.domain import CourseDay, CoursePicture, Protocol

OSLO, TEHRAN = ZoneInfo("Europe/Oslo"), ZoneInfo("Asia/Tehran")
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
RUNS = timedelta(hours=3)
END = START + RUNS


def hours(count, since=END):
    return since + timedelta(hours=count)


def protocol(guidelines, dose=2000):
    return Protocol(
        rules=guidelines.follow_up_rules,
        derived={fact.code: fact.any_of for fact in guidelines.follow_up_facts},
        hours={one.kind: one for one in guidelines.calling_hours},
        vaccine_months={
            interval.code: interval.months
            for interval in guidelines.live_vaccine_intervals_for(Decimal(dose))
        },
    )


def course(*, days=1, ended=1, running=False, start=START, dose=2000, zone=OSLO, **facts):
    """A course of which `ended` days are given, one a day, and perhaps the next one runs."""

    def day(number):
        began = start + timedelta(days=number - 1)
        begun = number <= ended + running
        return CourseDay(
            number=number,
            expected_on=began.astimezone(zone).date(),
            started_at=began if begun else None,
            ended_at=began + RUNS if number <= ended else None,
        )

    return CoursePicture(
        days=tuple(day(number) for number in range(1, days + 1)),
        zone=zone,
        dose_mg_per_kg=Decimal(dose),
        known=frozenset(facts.get("known", ())),
        unknown=frozenset(facts.get("unknown", ())),
        figures=facts.get("figures", {}),
    )


def local(moment, zone=OSLO):
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes", sep=" ")


def day(text):
    return date.fromisoformat(text)
