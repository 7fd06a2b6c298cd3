"""A submission on its way, in two phases as alerts have them.

The timer's handler marks the attempt and sets the next one's timer; then the same bytes are sent outside of any
transaction, and settled. Whatever dies in between, the next attempt sends the same bytes under the same numbers.
"""

from datetime import datetime, timedelta

from apps.accounts.selectors import Action, Staff
from apps.alerts.domain.escalation import Priority
from apps.kernel.errors import ConflictError
from apps.kernel.text import N_
from apps.ledger.services import cancel_timers, unit_of_work
from apps.ledger.types import DueTimer
from apps.submissions.domain.outcomes import MAX_ATTEMPTS, Answered, pause_after
from apps.submissions.domain.receivers import Delivery
from apps.submissions.models import Receipt, Submission
from apps.submissions.selectors import access_submission
from apps.submissions.services.common import (
    FAILED,
    LATE,
    LOOK,
    SEND,
    UNANSWERED,
    add_line,
    meet_clocks,
    record,
    schedule,
    subject_of,
    tell_no_more,
    tell_officers,
)
from apps.submissions.site import site_receivers

State = Submission.State
LOOKED_EVERY = timedelta(minutes=15)
LOOKED_FOR = timedelta(days=30)
_HOURS = 48


def begin_attempt(timer: DueTimer, *, now: datetime, clock_speed: float) -> bool:
    """Mark the submission and set the next attempt's timer. Returns False when nothing is to be sent."""
    submission = _locked(timer.subject_id)
    if submission.state not in (State.QUEUED, State.SENDING):
        return False
    if submission.attempts >= MAX_ATTEMPTS:
        _give_up(submission, now)
        return False
    submission.attempts += 1
    submission.state = State.SENDING
    submission.save(update_fields=["attempts", "state"])
    add_line(submission, Receipt.Kind.ATTEMPTED, now, attempt=submission.attempts, sha256=submission.sha256)
    pause = pause_after(submission.attempts) * max(clock_speed, 1)
    schedule(submission, SEND, f"{submission.round}.{submission.attempts + 1}", now + pause)
    return True


def settle_sent(*, submission_id: int, note: str, now: datetime, answer_sha256: str = "") -> None:
    """The receiver has it; answering is next."""
    with unit_of_work():
        submission = _locked(submission_id)
        if submission.state == State.SENT:
            return
        _arrived(submission, now)
        add_line(
            submission,
            Receipt.Kind.DELIVERED,
            now,
            attempt=submission.attempts,
            note=note,
            sha256=answer_sha256,
        )
        record(submission, "delivered", None, now)


def settle_not_sent(*, submission_id: int, attempt: int, error: str, now: datetime) -> None:
    """This attempt failed; the next one's timer is set already. After the last one officers are told."""
    with unit_of_work():
        submission = _locked(submission_id)
        if submission.state != State.SENDING or submission.attempts != attempt:
            return
        add_line(submission, Receipt.Kind.NOT_DELIVERED, now, attempt=attempt, note=error)
        if attempt >= MAX_ATTEMPTS:
            _give_up(submission, now)
            return
        submission.state = State.QUEUED
        submission.save(update_fields=["state"])


def send_again(*, performer: Staff, submission_id: int, now: datetime) -> Submission:
    """Begin a new round of attempts with the same bytes, after giving up. Raises ConflictError `not_given_up`."""
    with unit_of_work():
        submission = access_submission(performer, submission_id, Action.SEND_CASES, for_update=True)
        if submission.state != State.FAILED:
            raise ConflictError(
                "not_given_up",
                N_("This submission is not waiting to be sent again. Reload to see its state."),
            )
        submission.state, submission.attempts = State.QUEUED, 0
        submission.round += 1
        submission.save(update_fields=["state", "attempts", "round"])
        add_line(submission, Receipt.Kind.SENT_AGAIN, now, by=performer)
        record(submission, "sent_again", performer, now)
        tell_no_more(submission, now, FAILED)
        schedule(submission, SEND, f"{submission.round}.1", now)
    return submission


def withdraw_submission(*, performer: Staff, submission_id: int, reason: str, now: datetime) -> Submission:
    """Take back what has not left. Raises ConflictError `submission_left`."""
    with unit_of_work():
        submission = access_submission(performer, submission_id, Action.SEND_CASES, for_update=True)
        if submission.state not in (State.READY, State.QUEUED, State.FAILED):
            raise ConflictError(
                "submission_left",
                N_("This submission has left, or was taken back. Send a new version or a nullification."),
            )
        submission.state = State.WITHDRAWN
        submission.save(update_fields=["state"])
        cancel_timers(subject=subject_of(submission), kinds=(SEND,))
        add_line(submission, Receipt.Kind.WITHDRAWN, now, by=performer, note=reason)
        record(submission, "withdrawn", performer, now, reason=reason)
        tell_no_more(submission, now, FAILED)
    return submission


def note_taken(*, performer: Staff, submission_id: int, now: datetime) -> Submission:
    """Somebody takes the file: a line of the trail."""
    with unit_of_work():
        submission = access_submission(performer, submission_id, for_update=True)
        add_line(submission, Receipt.Kind.TAKEN, now, by=performer, sha256=submission.sha256)
    return submission


def note_handed_over(*, performer: Staff, submission_id: int, reference: str, now: datetime) -> Submission:
    """A person brought the file to the receiver; `reference` is the receiver's receipt, if it gave one.

    Raises ConflictError `not_to_hand_over` for what is sent by itself or has arrived.
    """
    with unit_of_work():
        submission = access_submission(performer, submission_id, Action.SEND_CASES, for_update=True)
        if submission.state not in (State.READY, State.FAILED):
            raise ConflictError(
                "not_to_hand_over",
                N_("This submission is not waiting for somebody to hand it over. Reload to see its state."),
            )
        _arrived(submission, now)
        add_line(submission, Receipt.Kind.HANDED_OVER, now, by=performer, note=reference)
        record(submission, "handed_over", performer, now, reference=reference)
    return submission


def answer_is_late(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: the receiver should have answered by now."""
    submission = _locked(timer.subject_id)
    if submission.answered == Answered.NOT_YET and submission.state == State.SENT:
        add_line(submission, Receipt.Kind.UNANSWERED, now)
        tell_officers(submission, UNANSWERED, Priority.MEDIUM, now)


def next_look(timer: DueTimer, *, now: datetime) -> bool:
    """Set the next look into the directory of answers. Returns whether to look now."""
    submission = _locked(timer.subject_id)
    if submission.answered != Answered.NOT_YET or submission.sent_at is None:
        return False
    if now - submission.sent_at < LOOKED_FOR:
        schedule(submission, LOOK, str(int(timer.occurrence) + 1), now + LOOKED_EVERY)
    return True


def _locked(submission_id: int) -> Submission:
    return Submission.objects.select_for_update(of=("self",)).select_related("ward").get(pk=submission_id)


def _arrived(submission: Submission, now: datetime) -> None:
    """The receiver has it: no more attempts; the answer is waited for, or the clocks are met."""
    submission.state, submission.sent_at = State.SENT, now
    submission.save(update_fields=["state", "sent_at"])
    cancel_timers(subject=subject_of(submission), kinds=(SEND,))
    tell_no_more(submission, now, FAILED)
    if not submission.acknowledges:
        for report in submission.reports.select_related("submission").order_by("case_id"):
            report.submission = submission
            meet_clocks(report, now)
        return
    if submission.answered != Answered.NOT_YET:
        return
    receiver = next((one for one in site_receivers() if one.code == submission.receiver), None)
    hours = receiver.answer_within_hours if receiver else _HOURS
    schedule(submission, LATE, str(submission.round), now + timedelta(hours=hours))
    if receiver and receiver.answers_directory and submission.delivery != Delivery.DOWNLOAD:
        schedule(submission, LOOK, str(submission.round * 100_000), now + LOOKED_EVERY)


def _give_up(submission: Submission, now: datetime) -> None:
    submission.state = State.FAILED
    submission.save(update_fields=["state"])
    cancel_timers(subject=subject_of(submission), kinds=(SEND,))
    add_line(submission, Receipt.Kind.GIVEN_UP, now, attempt=submission.attempts)
    record(submission, "given_up", None, now)
    tell_officers(submission, FAILED, Priority.HIGH, now)
