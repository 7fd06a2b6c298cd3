"""Writers of sendings: a link on its way to a patient.

Two phases, as alerts have them: the timer's handler marks the attempt and sets the next one's timer, then the
letter is sent outside of any transaction, and settled. The link lies sealed until then, and is wiped after.
"""

import uuid
from datetime import datetime, timedelta

from apps.accounts.selectors import Action, Staff
from apps.alerts.delivery.messages import MAX_ATTEMPTS, PAUSES
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, cancel_timers, schedule_timer, unit_of_work
from apps.ledger.types import DueTimer
from apps.selfreport.channels import AddressError, ChannelError, patient_target
from apps.selfreport.domain import token_digest
from apps.selfreport.models import Sending
from apps.selfreport.sealing import seal
from apps.selfreport.selectors import access_link, expiry_of
from apps.selfreport.services.common import LINK_CLOSED, OPEN_SENDINGS, SEND, record

State = Sending.State


def send_link(
    *,
    performer: Staff,
    link_id: int,
    token: str,
    channel: str,
    address: str,
    consent: bool,
    now: datetime,
) -> Sending:
    """Send a link that was just given out to the address the patient named, with their consent noted.

    Raises DomainError `consent_missing`, `address_invalid`, `channel_not_set_up` or `token_not_of_link`;
    ConflictError `link_closed`.
    """
    with unit_of_work():
        link = access_link(performer, link_id, Action.RECORD_FOLLOW_UP, for_update=True)
        if link.revoked_at is not None or expiry_of(link) <= now:
            raise ConflictError("link_closed", LINK_CLOSED)
        if token_digest(token) != link.token_hash:
            raise DomainError(
                "token_not_of_link",
                N_("This is not the link that is open now. Give out a new one and send it."),
            )
        address = _checked(channel, address, consent)
        message_id = uuid.uuid4()
        sending = Sending(
            message_id=message_id,
            link=link,
            channel=channel,
            sealed_token=seal(token, message_id=str(message_id)),
            consent_at=now,
            consent_noted_by=performer,
        )
        sending.address = address
        sending.save()
        _schedule(sending, link.ward_id, attempt=1, due_at=now)
        record(
            link,
            "selfreport.link.sending_asked",
            actor_of(performer),
            now,
            channel=channel,
            sending=sending.pk,
        )
    return sending


def _checked(channel: str, address: str, consent: bool) -> str:
    """The address as it is used, when this may be sent at all."""
    if not consent:
        raise DomainError(
            "consent_missing",
            N_("Ask the patient first, and note the consent: a message leaves the house."),
            extra={"field": "consent"},
        )
    try:
        return patient_target(channel, address)[1]
    except AddressError as error:
        raise DomainError("address_invalid", error.message, extra={"field": "address"}) from error
    except ChannelError as error:
        raise DomainError(
            "channel_not_set_up",
            N_("This way of sending is not set up here. Show the QR code, or tell the administrator."),
        ) from error


def begin_attempt(timer: DueTimer, *, now: datetime, clock_speed: float) -> bool:
    """Mark the sending and set the next attempt's timer. Returns False when nothing is to be sent.

    When the last attempt has failed too, the sending has failed, and the sealed link is wiped.
    """
    sending = Sending.objects.select_for_update(of=("self",)).select_related("link").get(pk=timer.subject_id)
    if sending.state not in OPEN_SENDINGS:
        return False
    if sending.attempts >= MAX_ATTEMPTS:
        sending.state, sending.sealed_token = State.FAILED, ""
        sending.save(update_fields=["state", "sealed_token"])
        record(sending.link, "selfreport.link.not_sent", actor_of(None), now, sending=sending.pk)
        return False
    sending.attempts += 1
    sending.state = State.SENDING
    sending.save(update_fields=["attempts", "state"])
    pause = timedelta(seconds=PAUSES[min(sending.attempts, len(PAUSES)) - 1]) * max(clock_speed, 1)
    _schedule(sending, sending.link.ward_id, attempt=sending.attempts + 1, due_at=now + pause)
    return True


def settle_sent(*, sending_id: int, now: datetime, wall_now: datetime) -> None:
    """The receiver has accepted it."""
    with unit_of_work():
        sending = Sending.objects.select_for_update(of=("self",)).select_related("link").get(pk=sending_id)
        if sending.state == State.SENT:
            return
        sending.state, sending.sent_at, sending.last_error, sending.sealed_token = (
            State.SENT,
            wall_now,
            "",
            "",
        )
        sending.save(update_fields=["state", "sent_at", "last_error", "sealed_token"])
        cancel_timers(subject=_subject(sending), kinds=(SEND,))
        record(sending.link, "selfreport.link.sent", actor_of(None), now, sending=sending.pk)


def settle_not_sent(*, sending_id: int, attempt: int, error: str) -> None:
    """This attempt failed; the next one's timer is set already."""
    Sending.objects.filter(pk=sending_id, state=State.SENDING, attempts=attempt).update(
        state=State.QUEUED, last_error=error[:500]
    )


def _subject(sending: Sending) -> str:
    return f"self_report_sending:{sending.pk}"


def _schedule(sending: Sending, ward_id: int, *, attempt: int, due_at: datetime) -> None:
    schedule_timer(
        kind=SEND,
        subject=_subject(sending),
        occurrence=str(attempt),
        due_at=due_at,
        ward_id=ward_id,
        priority=4,
    )
