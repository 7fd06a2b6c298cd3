"""Sending what is due and looking for answers, outside of any transaction."""

import logging
import os
from threading import Thread

from django.conf import settings
from django.db import connection, connections

from apps.icsr.acknowledgement import LARGEST_FILE_BYTES
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.submissions.delivery.directory import DropError, drop, lying_in, put_away
from apps.submissions.delivery.https import Answer, Post, PostError, post
from apps.submissions.domain.gateways import GatewayAddressError, gateway
from apps.submissions.domain.receivers import Delivery, SiteReceiver
from apps.submissions.models import StoredAcknowledgement, Submission
from apps.submissions.selectors import parts_of
from apps.submissions.services import import_acknowledgement, settle_not_sent, settle_sent
from apps.submissions.site import private_networks, site_receiver, site_receivers

logger = logging.getLogger(__name__)

SENDER_LOCK = 0x53554253  # one sender at a time: a gateway that hangs holds up one thread, not many
Origin = StoredAcknowledgement.Origin


def start_sending() -> None:
    """Send in a thread of its own; should the process end, each submission's next attempt has its timer."""
    Thread(target=_send_and_hang_up, name="submission sender", daemon=True).start()


def start_looking() -> None:
    """Look for answers in a thread of its own."""
    Thread(target=_look_and_hang_up, name="submission answers", daemon=True).start()


def send_waiting() -> None:
    """Send everything that is marked as being sent, one file after the other."""
    while _next() is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [SENDER_LOCK])
            if not cursor.fetchone()[0]:
                return
        try:
            while (submission := _next()) is not None:
                _attempt(submission)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SENDER_LOCK])


def pick_up_answers() -> int:
    """Import what lies in the directories of answers. Returns how many files were imported."""
    count = 0
    for directory in sorted({one.answers_directory for one in site_receivers()} - {""}):
        try:
            for found in lying_in(directory, largest_bytes=LARGEST_FILE_BYTES):
                was_read = _import(found.content, Origin.DIRECTORY, found.path.name)
                put_away(found.path, was_read=was_read)
                count += was_read
        except DropError as error:
            logger.error("Answers in %s could not be picked up: %s", directory, error)
    return count


def _send_and_hang_up() -> None:
    try:
        send_waiting()
    except Exception:
        logger.exception("Submissions could not be sent now; their next attempt comes by itself.")
    finally:
        connections.close_all()


def _look_and_hang_up() -> None:
    try:
        pick_up_answers()
    except Exception:
        logger.exception("Answers could not be picked up now; the next look comes by itself.")
    finally:
        connections.close_all()


def _next() -> Submission | None:
    return Submission.objects.filter(state=Submission.State.SENDING).order_by("id").first()


def _attempt(submission: Submission) -> None:
    try:
        note, answer = _deliver(submission, site_receiver(submission.receiver))
    except (PostError, DropError, GatewayAddressError, DomainError) as error:
        logger.error("Submission %s did not leave: %s", submission.batch_number, error)
        settle_not_sent(
            submission_id=submission.pk,
            attempt=submission.attempts,
            error=str(error),
            now=clock.now(),
        )
        return
    settle_sent(submission_id=submission.pk, note=note, now=clock.now())
    if answer is not None and answer.body and answer.body.lstrip()[:1] == b"<":
        _import(answer.body, Origin.GATEWAY, "")


def _deliver(submission: Submission, receiver: SiteReceiver) -> tuple[str, Answer | None]:
    """(a note for the trail, what a gateway answered)."""
    if submission.delivery == Delivery.DIRECTORY:
        name = f"{submission.batch_number}.xml"
        drop(receiver.directory, name, parts_of(submission.pk))
        return name, None
    target = gateway(receiver.url, allowed_hosts=settings.SUBMISSION_GATEWAY_HOSTS)
    answer = post(
        target,
        Post(
            number=submission.batch_number,
            parts=parts_of(submission.pk),
            size_bytes=submission.size_bytes,
            sha256=submission.sha256,
            token=os.environ.get(receiver.token_variable, "") if receiver.token_variable else "",
        ),
        private=private_networks(),
    )
    return f"{target.host}: {answer.status}", answer


def _import(content: bytes, origin: str, name: str) -> bool:
    """Whether it was an acknowledgement that could be read."""
    try:
        import_acknowledgement(performer=None, content=content, origin=origin, now=clock.now(), name=name)
    except DomainError as error:
        logger.error("An answer could not be read (%s): %s", name or origin, error)
        return False
    return True
