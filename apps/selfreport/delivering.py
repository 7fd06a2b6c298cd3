"""Sending what is due, one letter at a time, outside of any transaction."""

import logging
from threading import Thread

from django.db import connection, connections
from django.db.models import F

from apps.alerts.delivery.gateways import GatewayError, send
from apps.alerts.delivery.rounds import Round
from apps.kernel import clock
from apps.selfreport.channels import AddressError, ChannelError, patient_target
from apps.selfreport.letters import letter
from apps.selfreport.models import Sending
from apps.selfreport.sealing import unseal
from apps.selfreport.services import settle_not_sent, settle_sent

logger = logging.getLogger(__name__)

SENDER_LOCK = 0x53454C46  # one sender at a time: a gateway that hangs holds up one thread, not many


def start_sending() -> None:
    """Send in a thread of its own; should the process end, each sending's next attempt has its timer."""
    Thread(target=_send_and_hang_up, name="self-report sender", daemon=True).start()


def send_waiting() -> None:
    """Send every link that is marked as being sent. A channel that failed waits for its next attempt."""
    this_round = Round()
    while _next() is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [SENDER_LOCK])
            if not cursor.fetchone()[0]:
                return
        try:
            while (sending := _next()) is not None:
                _attempt(sending, this_round)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SENDER_LOCK])


def _send_and_hang_up() -> None:
    try:
        send_waiting()
    except Exception:
        logger.exception("Links could not be sent now; their next attempt comes by itself.")
    finally:
        connections.close_all()


def _next() -> Sending | None:
    """Who has waited longest for a gateway to be asked: one it never takes must not keep the others from it."""
    waiting = Sending.objects.select_related("link").filter(state=Sending.State.SENDING)
    return waiting.order_by(F("tried_at").asc(nulls_first=True), "id").first()


def _attempt(sending: Sending, this_round: Round) -> None:
    error = this_round.why_not(sending)
    if not error:
        Sending.objects.filter(pk=sending.pk).update(tried_at=clock.wall_now())
        error, of_channel = _send(sending)
        if of_channel:
            this_round.failed(sending, error)
    if error:
        settle_not_sent(sending_id=sending.pk, attempt=sending.attempts, error=error)
    else:
        settle_sent(sending_id=sending.pk, now=clock.now(), wall_now=clock.wall_now())


def _send(sending: Sending) -> tuple[str, bool]:
    """(why it was not sent, whether the channel itself is to blame); empty when the receiver accepted it."""
    token = unseal(
        sending.sealed_token, message_id=str(sending.message_id), token_hash=sending.link.token_hash
    )
    if token is None:
        return "The sealed link cannot be read: SECRET_KEY has changed. Give out a new link.", False
    try:
        target, address = patient_target(sending.channel, sending.address)
        sending.address = address
        send(target, letter(sending, token))
    except (GatewayError, ChannelError) as error:
        logger.error("Sending %s did not leave by %s: %s", sending.message_id, sending.channel, error)
        # Who answers may refuse one recipient and take the next; who does not answer need not be asked again.
        return str(error), "answered" not in str(error)
    except AddressError:
        return "The address is not one of this channel.", False
    return "", False
