"""Writers of outgoing messages.

An attempt has two phases. The timer's handler marks it and sets the timer of the next attempt, in one short
transaction. Then the message is sent outside of any transaction, and settled. Whatever dies in between, the
next attempt's timer is there: a message goes out at least once, always under the same id.
"""

from datetime import datetime, timedelta
from typing import Any

from apps.alerts.models import OutgoingMessage
from apps.ledger.services import cancel_timers, record_event, schedule_timer, unit_of_work
from apps.ledger.types import DueTimer

SEND = "message.send"
State = OutgoingMessage.State
OPEN = (State.QUEUED, State.SENDING)
# After each attempt, in real time; the first is longer than an attempt may last.
PAUSES = (15, 30, 60, 120, 240, 480, 900, 900, 900)
MAX_ATTEMPTS = len(PAUSES) + 1


def queue_message(
    *,
    about: str,
    ward_id: int | None,
    channel: str,
    title: str,
    text: str,
    details: dict[str, Any],
    now: datetime,
) -> OutgoingMessage:
    """Queue a message in the open unit of work; its first attempt is a timer that is due now."""
    message = OutgoingMessage.objects.create(
        about=about,
        ward_id=ward_id,
        channel=channel,
        title=title,
        text=text,
        details=details,
        created_at=now,
    )
    _schedule(message, attempt=1, due_at=now)
    return message


def begin_attempt(timer: DueTimer, *, now: datetime, clock_speed: float) -> bool:
    """Mark the message as being sent and set the next attempt's timer. Returns False when nothing is to be sent.

    When the last attempt has failed too, the message has failed.
    """
    message = OutgoingMessage.objects.select_for_update().get(pk=timer.subject_id)
    if message.state not in OPEN:
        return False
    if message.attempts >= MAX_ATTEMPTS:
        message.state = State.FAILED
        message.save(update_fields=["state"])
        _record(message, "message.failed", now)
        return False
    message.attempts += 1
    message.state = State.SENDING
    message.save(update_fields=["attempts", "state"])
    pause = timedelta(seconds=PAUSES[min(message.attempts, len(PAUSES)) - 1]) * max(clock_speed, 1)
    _schedule(message, attempt=message.attempts + 1, due_at=now + pause)
    return True


def settle_sent(*, message_id: int, now: datetime, wall_now: datetime) -> None:
    """The receiver has accepted it."""
    with unit_of_work():
        message = OutgoingMessage.objects.select_for_update().get(pk=message_id)
        if message.state == State.SENT:
            return
        message.state, message.sent_at, message.last_error = State.SENT, wall_now, ""
        message.save(update_fields=["state", "sent_at", "last_error"])
        cancel_timers(subject=f"message:{message.pk}", kinds=(SEND,))
        _record(message, "message.sent", now)


def settle_not_sent(*, message_id: int, attempt: int, error: str) -> None:
    """This attempt failed; the next one's timer is set already."""
    OutgoingMessage.objects.filter(pk=message_id, state=State.SENDING, attempts=attempt).update(
        state=State.QUEUED, last_error=error[:500]
    )


def withdraw_messages(*, about: str) -> None:
    """What has not left yet is not sent any more. One that is being settled this moment is let go."""
    waiting = OutgoingMessage.objects.select_for_update(skip_locked=True).filter(about=about, state__in=OPEN)
    for message in waiting:
        message.state = State.WITHDRAWN
        message.save(update_fields=["state"])
        cancel_timers(subject=f"message:{message.pk}", kinds=(SEND,))


def channels_being_tried(*, about: str, priority: str) -> frozenset[str]:
    """The channels to which a message about this, of this priority, is still on its way."""
    waiting = OutgoingMessage.objects.filter(about=about, state__in=OPEN, details__priority=priority)
    return frozenset(waiting.values_list("channel", flat=True))


def outcome_of(about: str) -> str:
    """`sent` when a newest message about this arrived, `failed` when all of them failed, else empty."""
    newest = OutgoingMessage.objects.filter(about=about).order_by("channel", "-pk").distinct("channel")
    states = {message.state for message in newest}
    if State.SENT in states:
        return "sent"
    return "failed" if states == {State.FAILED} else ""


def _schedule(message: OutgoingMessage, *, attempt: int, due_at: datetime) -> None:
    schedule_timer(
        kind=SEND,
        subject=f"message:{message.pk}",
        occurrence=str(attempt),
        due_at=due_at,
        ward_id=message.ward_id,
        priority=2,
    )


def _record(message: OutgoingMessage, name: str, now: datetime) -> None:
    record_event(
        name=name,
        subject=f"message:{message.pk}",
        ward_id=message.ward_id,
        actor="system",
        now=now,
        payload={"about": message.about, "channel": message.channel, "attempts": message.attempts},
    )
