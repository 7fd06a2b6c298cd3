"""What an address asks of the record, and the address that asks for what follows."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from apps.inspection.selectors import Kind, Wanted

_CURSOR = re.compile(r"^e(\d{1,18})?r(\d{1,18})?$")
_NUMBER = re.compile(r"^\d{1,18}$")


def wanted_of(told: Mapping[str, str]) -> Wanted:
    """What an address asks for; what cannot be read is left out."""
    until, since = day_of(told.get("until", "")), day_of(told.get("since", ""))
    cursor = _CURSOR.match(told.get("before", ""))
    kind = told.get("kind", "")
    return Wanted(
        patient_id=_number(told.get("patient", "")),
        person_id=_number(told.get("person", "")),
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        kind=Kind(kind) if kind in set(Kind) else Kind.ALL,
        below_event=int(cursor[1]) if cursor and cursor[1] else None,
        below_reading=int(cursor[2]) if cursor and cursor[2] else None,
    )


def told_again(wanted: Wanted) -> dict[str, Any]:
    """The same as an address says it, without how far one has come."""
    told = {
        "patient": wanted.patient_id,
        "person": wanted.person_id,
        "since": wanted.since.date().isoformat() if wanted.since else None,
        "until": (wanted.until - timedelta(days=1)).date().isoformat() if wanted.until else None,
        "kind": wanted.kind.value if wanted.kind is not Kind.ALL else None,
    }
    return {word: value for word, value in told.items() if value is not None}


def cursor_of(wanted: Wanted) -> str:
    """How far one has come."""
    return f"e{wanted.below_event or ''}r{wanted.below_reading or ''}"


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.match(text) and text.isascii() else None


def day_of(text: str) -> date | None:
    """A day as a form sends it; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2200, 1, 1) else None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
