"""What submissions hear from the ledger."""

from datetime import datetime

from django.db import transaction

from apps.kernel import clock
from apps.ledger.types import DueTimer
from apps.submissions.delivering import start_looking, start_sending
from apps.submissions.services import begin_attempt, next_look


def send_submission(timer: DueTimer, *, now: datetime) -> None:
    """A file is to be sent: the attempt is marked here, and made in a thread of its own after the commit."""
    if begin_attempt(timer, now=now, clock_speed=clock.speed()):
        transaction.on_commit(start_sending, robust=True)


def look_for_answers(timer: DueTimer, *, now: datetime) -> None:
    """It is time to look into the directories of answers."""
    if next_look(timer, now=now):
        transaction.on_commit(start_looking, robust=True)
