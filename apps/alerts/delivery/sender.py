"""Sending what is due, one message at a time, outside of any transaction. Needs neither Redis nor Celery."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from django.db import connection, connections
from django.db.models import F

from apps.alerts.delivery.channels import alert_target
from apps.alerts.delivery.gateways import GatewayError, Letter, send
from apps.alerts.delivery.messages import settle_not_sent, settle_sent
from apps.alerts.delivery.rounds import Round
from apps.alerts.domain.targets import TargetError
from apps.alerts.models import OutgoingMessage
from apps.kernel import clock

logger = logging.getLogger(__name__)

SENDER_LOCK = 0x4956494D  # one sender at a time: a gateway that hangs holds up one thread, not many


def start_sending() -> None:
    """Send in a thread of its own: whoever calls goes on with its timers at once.

    Should the process end meanwhile, each message's next attempt has its timer.
    """
    Thread(target=_send_and_hang_up, name="sender", daemon=True).start()


def _send_and_hang_up() -> None:
    try:
        send_waiting()
    except Exception:
        logger.exception("Messages could not be sent now; their next attempt comes by itself.")
    finally:
        connections.close_all()


def send_waiting() -> None:
    """Send every message that is marked as being sent.

    A channel that failed rests for the round (see `Round`): its messages wait for their next attempt.
    """
    this_round = Round()
    # Looked at again after the lock is free: what was marked meanwhile found the lock taken.
    while _next() is not None:
        with _only_one() as mine:
            if not mine:
                return
            while (message := _next()) is not None:
                _attempt(message, this_round)


def _next() -> OutgoingMessage | None:
    """Who has waited longest for a gateway to be asked: one it never takes must not keep the others from it."""
    waiting = OutgoingMessage.objects.filter(state=OutgoingMessage.State.SENDING)
    return waiting.order_by(F("tried_at").asc(nulls_first=True), "id").first()


def _attempt(message: OutgoingMessage, this_round: Round) -> None:
    error = this_round.why_not(message)
    if not error:
        OutgoingMessage.objects.filter(pk=message.pk).update(tried_at=clock.wall_now())
        error = _send(message)
        if error:
            this_round.failed(message, error)
    if error:
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
