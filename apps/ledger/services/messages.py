"""Telling the dashboards: numbering on commit, handing over afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from apps.ledger.models import OutboxMessage
from apps.ledger.types import Message
from apps.ledger.unit import BuildMessage, current_unit

BATCH = 200
BACKLOG = 1000


def publish_row(*, ward_id: int, row_id: str, build: BuildMessage) -> None:
    """Queue one message for a ward; several for the same row in one unit become one.

    `build(sequence)` is called at the end of the unit, under the ward's counter lock.
    """
    current_unit().messages[(ward_id, row_id)] = build


def hand_over_messages(
    *, send: Callable[[list[Message]], None], wall_now: datetime, limit: int = BATCH
) -> int:
    """Give unsent messages, oldest first, to `send`, then mark them sent. Returns how many.

    A crash after `send` sends them again: receivers know messages by their sequence. No transaction is open
    while `send` waits for its server; the relay's lock keeps a second one away.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, ward_id, sequence, payload::text FROM ledger_outboxmessage"
            " WHERE sent_at IS NULL ORDER BY id LIMIT %s",
            [limit],
        )
        rows = cursor.fetchall()
        if rows:
            send([Message(*row[1:]) for row in rows])
            cursor.execute(
                "UPDATE ledger_outboxmessage SET sent_at = %s WHERE id = ANY(%s)",
                [wall_now, [row[0] for row in rows]],
            )
    return len(rows)


def skip_backlog(
    *, send: Callable[[list[Message]], None], wall_now: datetime, longer_than: int = BACKLOG
) -> int:
    """Settle a long backlog by one empty message a ward: look for yourself up to this number.

    After a long outage new alerts would wait behind thousands of old rows that boards have pulled meanwhile.
    Returns how many messages were settled; 0 when there are no more than `longer_than`.
    """
    unsent = OutboxMessage.objects.filter(sent_at__isnull=True)
    if not unsent.order_by("id")[longer_than : longer_than + 1].exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH settled AS (UPDATE ledger_outboxmessage SET sent_at = %s WHERE sent_at IS NULL"
            " RETURNING ward_id, sequence)"
            " SELECT ward_id, max(sequence), count(*) FROM settled GROUP BY ward_id",
            [wall_now],
        )
        wards = cursor.fetchall()
        send([Message(ward_id, sequence, "") for ward_id, sequence, _ in wards])
    return sum(count for *_, count in wards)


def forget_sent_messages(
    *, wall_now: datetime, keep: timedelta = timedelta(hours=24), limit: int = 5000
) -> int:
    """Delete the oldest messages, sent long ago; the board's rows hold the state itself. Returns how many."""
    oldest = OutboxMessage.objects.order_by("id").values("pk")[:limit]
    deleted, _ = OutboxMessage.objects.filter(pk__in=oldest, sent_at__lt=wall_now - keep).delete()
    return deleted
