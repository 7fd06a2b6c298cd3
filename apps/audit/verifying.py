"""Is the chain whole? Walks along all rows and names the first that is not as it was written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from apps.audit.domain import DaySum, reading_hash
from apps.audit.selectors import (
    ClosedDay,
    closed_day,
    closed_days,
    day_before,
    day_sum,
    newest_day,
    walk_readings,
)
from apps.kernel.text import N_
from apps.ledger.settling import settled_id
from apps.ledger.walking import Link, event_hashes, hashes_at, walk_events, walk_subject

HEAD_FORMAT = 1
EVENTS, READINGS, DAYS = "ledger_event", "audit_reading", "audit_daychain"

# What is wrong, in words; the code comes first so that a program can tell.
PROBLEMS = {
    "position": N_("this event is missing"),
    "link": N_("it does not name the hash of the one before it"),
    "hash": N_("its content is not what was hashed"),
    "events": N_("the number of events is not what it was when the day was closed"),
    "readings": N_("the number of readings is not what it was when the day was closed"),
    "day": N_("a day before it is missing"),
    "sum": N_("the rows of the day are not those that were sealed"),
    "head": N_("it is not what the head that was kept elsewhere says"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that is not as it was written."""

    table: str
    problem: str
    id: int | None = None
    subject: str = ""
    position: int | None = None
    day: date | None = None
    expected: int | None = None
    found: int | None = None

    def __str__(self) -> str:
        where = [f"{self.table} row {self.id}" if self.id is not None else self.table]
        if self.subject:
            where.append(f"{self.subject}, position {self.position}")
        if self.day:
            where.append(f"day {self.day}")
        counts = f" ({self.found} instead of {self.expected})" if self.expected is not None else ""
        return f"{', '.join(where)}: {PROBLEMS[self.problem]}{counts} [{self.problem}]"


@dataclass(frozen=True, slots=True)
class Report:
    """How much was looked at, and the first fault; None when everything is whole."""

    fault: Fault | None
    events: int = 0
    readings: int = 0
    days: int = 0


def verify_subject(subject: str) -> Report:
    """One chain by its positions."""
    looked_at = 0
    for expected, link in enumerate(walk_subject(subject), start=1):
        if link.position != expected:
            return Report(_missing(link), looked_at)
        problem = link.fault()
        if problem:
            return Report(_of_event(link, problem), looked_at)
        looked_at += 1
    return Report(None, looked_at)


def verify_day(day: date) -> Report:
    """One closed day with all its rows; a day that is not closed has none."""
    row = closed_day(day)
    return _verify_days([row], day_before(day)) if row else Report(None)


def verify_all(*, since: date | None = None) -> Report:
    """Every closed day from `since` on, and the rows that no day has taken yet."""
    days = closed_days(since=since)
    before = day_before(days[0].day) if days else None
    report = _verify_days(days, before)
    if report.fault:
        return report
    last = days[-1] if days else newest_day()
    tail = _verify_tail(last)
    return Report(tail.fault, report.events + tail.events, report.readings + tail.readings, report.days)


def verify_last_days(*, now: datetime, days: int = 7) -> Report:
    """The days closed lately and what follows them: quick enough for a page."""
    return verify_all(since=now.astimezone(UTC).date() - timedelta(days=days))


def take_head(*, wall_now: datetime) -> dict[str, Any]:
    """The newest closed day, and the sum and heads of what follows it: to be kept out of this database's reach."""
    last = newest_day()
    after_event, after_reading = (last.last_event_id, last.last_reading_id) if last else (0, 0)
    events, readings = settled_id(EVENTS), settled_id(READINGS)
    heads = {
        subject: [position, own_hash]
        for _, own_hash, subject, position in event_hashes(after_id=after_event, up_to_id=events)
    }
    open_sum = day_sum("", None, events=(after_event, events), readings=(after_reading, readings))
    return {
        "format": HEAD_FORMAT,
        "taken_at": wall_now.isoformat(),
        "day": {"day": last.day.isoformat(), "hash": last.hash} if last else None,
        "open": {
            "after_event_id": after_event,
            "last_event_id": events,
            "events": open_sum.events,
            "after_reading_id": after_reading,
            "last_reading_id": readings,
            "readings": open_sum.readings,
            "hash": open_sum.digest(),
        },
        "heads": heads,
    }


def verify_head(head: Mapping[str, Any]) -> Report:
    """Whether everything that a kept head vouches for is still here. Raises ValueError for another format."""
    if head.get("format") != HEAD_FORMAT:
        raise ValueError("This file is no head of this product's chain, or of another version.")
    if head["day"]:
        day = date.fromisoformat(head["day"]["day"])
        row = closed_day(day)
        if row is None or row.hash != head["day"]["hash"]:
            return Report(Fault(DAYS, "head", id=row.pk if row else None, day=day))
    kept = {(subject, position): own_hash for subject, (position, own_hash) in head["heads"].items()}
    there = hashes_at(kept)
    for (subject, position), own_hash in kept.items():
        if there.get((subject, position)) != own_hash:
            return Report(Fault(EVENTS, "head", subject=subject, position=position))
    part = head["open"]
    whole = day_sum(
        "",
        None,
        events=(part["after_event_id"], part["last_event_id"]),
        readings=(part["after_reading_id"], part["last_reading_id"]),
    )
    for table, name, found in ((EVENTS, "events", whole.events), (READINGS, "readings", whole.readings)):
        if found != part[name]:
            return Report(Fault(table, "head", expected=part[name], found=found))
    if whole.digest() != part["hash"]:
        return Report(Fault(EVENTS, "head"))
    return Report(None, whole.events, whole.readings, 1 if head["day"] else 0)


def _verify_days(days: Iterable[ClosedDay], before: ClosedDay | None) -> Report:
    events = readings = count = 0
    for row in days:
        first_event, first_reading = (before.last_event_id, before.last_reading_id) if before else (0, 0)
        whole = DaySum(row.previous_hash, row.day)
        fault = _walk(whole, (first_event, row.last_event_id), (first_reading, row.last_reading_id))
        fault = fault or _of_day(row, before, whole)
        if fault:
            return Report(fault, events, readings, count)
        events, readings, count, before = events + whole.events, readings + whole.readings, count + 1, row
    return Report(None, events, readings, count)


def _verify_tail(last: ClosedDay | None) -> Report:
    whole = DaySum("", None)
    first_event, first_reading = (last.last_event_id, last.last_reading_id) if last else (0, 0)
    fault = _walk(whole, (first_event, _NO_END), (first_reading, _NO_END))
    return Report(fault, whole.events, whole.readings)


_NO_END = 2**62


def _walk(whole: DaySum, events: tuple[int, int], readings: tuple[int, int]) -> Fault | None:
    for link in walk_events(after_id=events[0], up_to_id=events[1]):
        problem = link.fault()
        if problem:
            return _missing(link) if problem == "position" else _of_event(link, problem)
        whole.add_event(link.id, link.hash)
    for row in walk_readings(after_id=readings[0], up_to_id=readings[1]):
        proper = reading_hash(user_id=row["user_id"], read_at=row["read_at"], told=row)
        if proper != row["hash"]:
            return Fault(READINGS, "hash", id=row["id"])
        whole.add_reading(row["id"], row["hash"])
    return None


def _of_day(row: ClosedDay, before: ClosedDay | None, whole: DaySum) -> Fault | None:
    if before is not None and row.day != before.day + timedelta(days=1):
        return Fault(DAYS, "day", id=row.pk, day=row.day)
    if row.previous_hash != (before.hash if before else ""):
        return Fault(DAYS, "link", id=row.pk, day=row.day)
    for name, kept, found in (
        ("events", row.events, whole.events),
        ("readings", row.readings, whole.readings),
    ):
        if kept != found:
            return Fault(DAYS, name, id=row.pk, day=row.day, expected=kept, found=found)
    return None if whole.digest() == row.hash else Fault(DAYS, "sum", id=row.pk, day=row.day)


def _missing(link: Link) -> Fault:
    return Fault(EVENTS, "position", id=link.id, subject=link.subject, position=link.position - 1)


def _of_event(link: Link, problem: str) -> Fault:
    return Fault(EVENTS, problem, id=link.id, subject=link.subject, position=link.position)
