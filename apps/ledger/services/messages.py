"""Telling the dashboards: numbering on commit, handing over afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from apps.ledger.models import OutboxMessage
from apps.ledger.unit import ReadRow, RowChange, StoreRows, current_unit


def publish_row(*, ward_id: int, row_id: str, read: ReadRow, store: StoreRows | None = None) -> None:
    """Queue one message for a ward; several for the same row in one unit become one.

    `read()` gives the row's content at the end of the unit, None when it leaves the board; the unit holds the lock
    of what it shows. `store(rows)` keeps the numbered rows, those of one ward in one call.
    """
    current_unit().rows[(ward_id, row_id)] = RowChange(ward_id, row_id, read, store)


def hand_over_messages(
    *, send: Callable[[list[OutboxMessage]], None], wall_now: datetime, limit: int = 200
) -> int:
    """Give unsent messages, oldest first, to `send`, then mark them sent. Returns how many.

    A crash after `send` sends them again: receivers know messages by their sequence.
    """
    with transaction.atomic():
        batch = list(
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(sent_at__isnull=True)
            .order_by("id")[:limit]
        )
        if batch:
            send(batch)
            OutboxMessage.objects.filter(pk__in=[message.pk for message in batch]).update(sent_at=wall_now)
    return len(batch)


def forget_sent_messages(*, wall_now: datetime, keep: timedelta = timedelta(hours=24)) -> int:
    """Delete messages sent long ago; the board's rows hold the state itself."""
    deleted, _ = OutboxMessage.objects.filter(sent_at__lt=wall_now - keep).delete()
    return deleted
