"""Readers of the record: events and readings together, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from heapq import merge
from typing import Any

from django.contrib.auth import get_user_model

from apps.accounts.selectors import Action, Staff, display_names, require
from apps.audit.collecting import BREAK_GLASS, CARE, EXPORT
from apps.audit.selectors import ReadingQuery, ReadingRecord, find_readings, reading
from apps.inspection.subjects import patient_of, subjects_of
from apps.inspection.words import event_text, reading_text
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_
from apps.ledger.searching import EventQuery, EventRecord, event_numbered, find_events
from apps.patients.selectors import find_patient, pseudonym_and_ward, pseudonyms

PAGE = 50

_EXPORTS = ("audit.export.", "safety.adverse_events.exported")
_SIGN_INS = ("identity.", "session.", "device.", "devices.", "machine.")
_EMERGENCIES = ("access.",)


class Kind(StrEnum):
    """What an auditor asks for."""

    ALL = "all"
    READS = "reads"
    CHANGES = "changes"
    EXPORTS = "exports"
    SIGN_INS = "sign_ins"
    BREAK_GLASS = "break_glass"


_EVENTS: dict[Kind, dict[str, Any] | None] = {
    Kind.ALL: {},
    Kind.READS: None,
    Kind.CHANGES: {"not_names": (*_EXPORTS, *_SIGN_INS, *_EMERGENCIES)},
    Kind.EXPORTS: {"names": _EXPORTS},
    Kind.SIGN_INS: {"names": _SIGN_INS},
    Kind.BREAK_GLASS: {"names": _EMERGENCIES},
}
_PURPOSES: dict[Kind, tuple[str, ...] | None] = {
    Kind.ALL: (),
    Kind.READS: (CARE, BREAK_GLASS),
    Kind.CHANGES: None,
    Kind.EXPORTS: (EXPORT,),
    Kind.SIGN_INS: None,
    Kind.BREAK_GLASS: (BREAK_GLASS,),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, and how far one has come: below which event and reading."""

    patient_id: int | None = None
    person_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    kind: Kind = Kind.ALL
    below_event: int | None = None
    below_reading: int | None = None


@dataclass(slots=True)
class Entry:
    """One row of the record in words."""

    source: str
    id: int
    at: datetime
    person_id: int | None
    what: str
    subject: str
    patient_id: int | None
    reason: str
    name: str
    request_id: str
    address: str
    device: str
    hash: str
    who: str = ""
    pseudonym: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def find_entries(user: Staff, wanted: Wanted, *, limit: int = PAGE) -> tuple[list[Entry], Wanted | None]:
    """The newest entries that fit, and how to ask for the next ones (None when there are no more)."""
    require(user, Action.SEE_AUDIT)
    events = _events(wanted, limit)
    readings = _readings(wanted, limit)
    # Each list goes by its numbers and is taken from its beginning: a clock that was put back hides no row.
    both = list(merge(events, readings, key=lambda one: one.at, reverse=True))
    shown = both[:limit]
    _name(shown)
    if len(both) <= limit:
        return shown, None
    event_ids = [one.id for one in shown if one.source == "event"]
    reading_ids = [one.id for one in shown if one.source == "reading"]
    return shown, Wanted(
        wanted.patient_id,
        wanted.person_id,
        wanted.since,
        wanted.until,
        wanted.kind,
        min(event_ids, default=wanted.below_event),
        min(reading_ids, default=wanted.below_reading),
    )


def every_entry(user: Staff, wanted: Wanted, *, limit: int) -> Iterator[Entry]:
    """The same for a file: up to `limit` of them, newest first."""
    require(user, Action.EXPORT_AUDIT)
    left, following = limit, wanted
    while left > 0:
        entries, more = find_entries(user, following, limit=min(left, 1000))
        yield from entries
        left -= len(entries)
        if more is None or not entries:
            return
        following = more


def access_event(user: Staff, event_id: int) -> Entry:
    """One event with all it says. Raises NotFoundError."""
    require(user, Action.SEE_AUDIT)
    event = event_numbered(event_id)
    if event is None:
        raise _missing()
    entry = _of_event(event)
    payload = dict(event.payload)
    before = payload.pop("before", None)
    entry.before = before if isinstance(before, dict) else {}
    if "rate_ml_per_h_before" in payload:
        entry.before = {**entry.before, "rate_ml_per_h": payload.pop("rate_ml_per_h_before")}
    after = payload.pop("after", None)
    entry.after = after if isinstance(after, dict) else payload
    entry.patient_id = patient_of(event.subject)
    _name([entry])
    return entry


def access_reading(user: Staff, reading_id: int) -> Entry:
    """One reading with all it says. Raises NotFoundError."""
    require(user, Action.SEE_AUDIT)
    row = reading(reading_id)
    if row is None:
        raise _missing()
    entry = _of_reading(row)
    _name([entry])
    return entry


def patient_number(user: Staff, text: str) -> int | None:
    """The patient of a record number or pseudonym; None when there is none. Looking one up is a reading itself."""
    require(user, Action.SEE_AUDIT)
    return find_patient(text)


def person_number(user: Staff, username: str) -> int | None:
    """The member of staff of a sign-in name; None when there is none."""
    require(user, Action.SEE_AUDIT)
    found = get_user_model()._default_manager.filter(username__iexact=username.strip())
    number: int | None = found.values_list("pk", flat=True).first()
    return number


def sign_in_name(user: Staff, person_id: int) -> str:
    """A member of staff's sign-in name; empty when there is nobody of this number."""
    require(user, Action.SEE_AUDIT)
    found = get_user_model()._default_manager.filter(pk=person_id)
    return found.values_list("username", flat=True).first() or ""


def _events(wanted: Wanted, limit: int) -> list[Entry]:
    names = _EVENTS[wanted.kind]
    if names is None:
        return []
    query = EventQuery(
        subjects=None if wanted.patient_id is None else subjects_of(wanted.patient_id),
        actor="" if wanted.person_id is None else f"user:{wanted.person_id}",
        since=wanted.since,
        until=wanted.until,
        **names,
    )
    return [_of_event(one) for one in find_events(query, before_id=wanted.below_event, limit=limit + 1)]


def _readings(wanted: Wanted, limit: int) -> list[Entry]:
    purposes = _PURPOSES[wanted.kind]
    if purposes is None:
        return []
    ward_id = None
    if wanted.patient_id is not None:
        _, ward_id = pseudonym_and_ward(wanted.patient_id) or ("", None)
    query = ReadingQuery(
        patient_id=wanted.patient_id,
        ward_id=ward_id,
        user_id=wanted.person_id,
        since=wanted.since,
        until=wanted.until,
        purposes=purposes,
    )
    return [_of_reading(one) for one in find_readings(query, before_id=wanted.below_reading, limit=limit + 1)]


def _of_event(event: EventRecord) -> Entry:
    number = event.actor.removeprefix("user:")
    origin = event.origin if isinstance(event.origin, dict) else {}
    patient_id = event.payload.get("patient_id")
    return Entry(
        source="event",
        id=event.pk,
        at=event.recorded_at,
        person_id=int(number) if number.isascii() and number.isdigit() else None,
        what=event_text(event.name, event.payload),
        subject=event.subject,
        patient_id=patient_id if isinstance(patient_id, int) else None,
        reason=str(event.payload.get("reason") or ""),
        name=event.name,
        request_id=str(origin.get("request_id", "")),
        address=str(origin.get("address", "")),
        device=str(origin.get("device", "")),
        hash=event.hash,
    )


def _of_reading(row: ReadingRecord) -> Entry:
    return Entry(
        source="reading",
        id=row.pk,
        at=row.read_at,
        person_id=row.user_id,
        what=reading_text(row.kind, row.purpose),
        subject=f"ward:{row.ward_id}" if row.patient_id is None else f"patient:{row.patient_id}",
        patient_id=row.patient_id,
        reason="",
        name=row.kind,
        request_id=row.request_id,
        address=row.address,
        device=row.device,
        hash=row.hash,
    )


def _name(entries: list[Entry]) -> None:
    """Who, and of whom: names of staff, pseudonyms of patients."""
    people = display_names(entry.person_id for entry in entries)
    patients = pseudonyms(entry.patient_id for entry in entries if entry.patient_id)
    for entry in entries:
        entry.who = people.get(entry.person_id or 0, "")
        entry.pseudonym = patients.get(entry.patient_id or 0, "")


def _missing() -> NotFoundError:
    return NotFoundError("not_found", N_("There is no such entry in the record."))
