"""Sending what is due, one message at a time, outside of any transaction."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from apps.alerts.delivery.channels import alert_target
from apps.alerts.delivery.gateways import GatewayError, Letter, send
from apps.alerts.delivery.messages import settle_not_sent, settle_sent
from apps.alerts.domain.targets import TargetError
from apps.alerts.models import OutgoingMessage
from apps.kernel import clock

logger = logging.getLogger(__name__)

SENDER_LOCK = 0x4956494D  # one sender at a time: a gateway that hangs holds up one process, not all
BUDGET_S = 25.0  # no new attempt after this; with the last one's limit it stays below the task's time limit


def send_waiting() -> bool:
    """Send every message that is marked as being sent. Returns False when time ran out before the end.

    A channel that failed is not asked again in the same round: its messages wait for their next attempt.
    """
    end = time.monotonic() + BUDGET_S
    broken: dict[str, str] = {}
    # Looked at again after the lock is free: what was marked meanwhile found the lock taken.
    while _next() is not None:
        with _only_one() as mine:
            if not mine:
                return True
            while (message := _next()) is not None:
                if time.monotonic() > end:
                    return False
                _attempt(message, broken)
    return True


def _next() -> OutgoingMessage | None:
    return OutgoingMessage.objects.filter(state=OutgoingMessage.State.SENDING).order_by("id").first()


def _attempt(message: OutgoingMessage, broken: dict[str, str]) -> None:
    error = broken.get(message.channel) or _send(message)
    if error:
        broken[message.channel] = error
        settle_not_sent(message_id=message.pk, attempt=message.attempts, error=error)
    else:
        settle_sent(message_id=message.pk, now=clock.now(), wall_now=clock.wall_now())


def _send(message: OutgoingMessage) -> str:
    """Empty when the receiver accepted it, else why not."""
    letter = Letter(
        str(message.message_id), message.title, message.text, {"about": message.about, **message.details}
    )
    try:
        send(alert_target(message.channel), letter)
    except (GatewayError, TargetError) as error:
        logger.error("Message %s was not sent by %s: %s", message.message_id, message.channel, error)
        return str(error)
    return ""


@contextmanager
def _only_one() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SENDER_LOCK])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SENDER_LOCK])
