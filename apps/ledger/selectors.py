"""The ledger's readers."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection

from apps.ledger.models import Event, Heartbeat, WardSequence
from apps.ledger.statements import Statement
from apps.ledger.types import Message
from apps.ledger.unit import write_collected
from apps.ledger.writing import chain_hash


def last_sequences(ward_ids: Iterable[int]) -> dict[int, int]:
    """Ward id -> number of the last message committed for it (0 when there was none)."""
    found = dict(WardSequence.objects.filter(pk__in=list(ward_ids)).values_list("ward_id", "last_sequence"))
    return {ward_id: found.get(ward_id, 0) for ward_id in ward_ids}


def messages_after(heard: Mapping[int, int], *, limit: int) -> list[Message]:
    """Of each ward (id -> number) up to `limit` messages that follow its number, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT following.* FROM unnest(%s::bigint[], %s::bigint[]) AS heard(ward_id, sequence)"
            " CROSS JOIN LATERAL (SELECT ward_id, sequence, payload::text FROM ledger_outboxmessage AS message"
            " WHERE message.ward_id = heard.ward_id AND message.sequence > heard.sequence"
            " ORDER BY message.sequence LIMIT %s) AS following",
            [list(heard), list(heard.values()), limit],
        )
        return [Message(*row) for row in cursor.fetchall()]


def sequence_statement(ward_id: int) -> Statement:
    """A ward's last number, to be read together with something else; no row when there was no message yet."""
    return "SELECT last_sequence FROM ledger_wardsequence WHERE ward_id = %s", [ward_id]


def first_broken_event(subject: str) -> int | None:
    """Position of the first event whose hash does not follow from the one before; None when sound."""
    return first_break(Event.objects.filter(subject=subject).order_by("position"))


def first_break(chain: Iterable[Event]) -> int | None:
    """The same for the events of one subject, given in order of their positions."""
    previous = ""
    for expected, event in enumerate(chain, start=1):
        sound = event.position == expected and event.previous_hash == previous
        if not sound or chain_hash(event, position=expected, previous_hash=previous) != event.hash:
            return expected
        previous = event.hash
    return None


def events_of(subject: str) -> list[tuple[str, datetime, str, dict[str, object]]]:
    """(name, occurred_at, actor, payload) of a subject's events, oldest first."""
    write_collected()
    rows = Event.objects.filter(subject=subject).order_by("position")
    return [(event.name, event.occurred_at, event.actor, event.payload) for event in rows]


def heartbeats() -> list[tuple[str, str, datetime, dict[str, object]]]:
    """(kind, process, real time, details) of every part that ever showed life, the newest first."""
    rows = Heartbeat.objects.order_by("-at")
    return [(row.kind, row.process, row.at, row.details) for row in rows]
