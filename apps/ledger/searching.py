"""Events as an auditor asks for them: newest first, some at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.ledger.models import Event

EventRecord = Event


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events. `names` and `not_names` are beginnings of names; None for `subjects` means any."""

    subjects: Sequence[str] | None = None
    actor: str = ""
    names: Sequence[str] = ()
    not_names: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None


def find_events(query: EventQuery, *, before_id: int | None, limit: int) -> list[EventRecord]:
    """The newest events that fit, numbered below `before_id`."""
    found = Event.objects.order_by("-pk")
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    if query.subjects is not None:
        found = found.filter(subject__in=query.subjects)
    if query.actor:
        found = found.filter(actor=query.actor)
    if query.names:
        found = found.filter(_begins(query.names))
    if query.not_names:
        found = found.exclude(_begins(query.not_names))
    if query.since is not None:
        found = found.filter(recorded_at__gte=query.since)
    if query.until is not None:
        found = found.filter(recorded_at__lt=query.until)
    return list(found[:limit])


def event_numbered(event_id: int) -> EventRecord | None:
    """One event; None when there is none of this number."""
    return Event.objects.filter(pk=event_id).first()


def _begins(names: Sequence[str]) -> Q:
    found = Q()
    for name in names:
        found |= Q(name__startswith=name)
    return found
