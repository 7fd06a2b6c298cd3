"""What receivers answer: kept as it came, matched to what was sent, summed up."""

import hashlib
from datetime import datetime

from django.db import connection

from apps.accounts.selectors import Action, Staff, require
from apps.alerts.domain.escalation import Priority
from apps.icsr.acknowledgement import read_acknowledgement
from apps.icsr.domain.acknowledgements import Acknowledgement, Outcome, combined_outcome
from apps.ledger.services import cancel_timers, unit_of_work
from apps.submissions.domain.outcomes import ARRIVED, Answered, summed_up
from apps.submissions.models import Receipt, StoredAcknowledgement, Submission, SubmittedReport
from apps.submissions.selectors import answers_to
from apps.submissions.services.common import (
    FAILED,
    LATE,
    LOOK,
    REFUSED,
    SEND,
    UNANSWERED,
    add_line,
    meet_clocks,
    record,
    subject_of,
    tell_no_more,
    tell_officers,
)

Origin, Match = StoredAcknowledgement.Origin, StoredAcknowledgement.Match
_BAD = (Answered.PARTLY, Answered.REJECTED, Answered.CONTRADICTING)
_IMPORT_LOCK = 0x41434B4E


def import_acknowledgement(
    *, performer: Staff | None, content: bytes, origin: str, now: datetime, name: str = ""
) -> StoredAcknowledgement:
    """Keep an answer and let it change the state of what it answers. `performer` None: it came by itself.

    The same bytes again are kept as a repetition and change nothing; from a directory, under the same name, they are
    the file that was kept already. An answer to nothing sent from here is kept as unmatched. Raises what
    `read_acknowledgement` raises.
    """
    read = read_acknowledgement(content)
    digest = hashlib.sha256(content).hexdigest()
    with unit_of_work():
        if performer is not None:
            require(performer, Action.SEND_CASES)
        _one_at_a_time()
        known = StoredAcknowledgement.objects.filter(sha256=digest).order_by("pk").first()
        if known is not None and origin == Origin.DIRECTORY and known.origin == origin and known.name == name:
            return known
        submission = known.submission if known else _answered_by(read)
        fresh = Match.MATCHED if submission else Match.UNMATCHED
        match = Match.REPEATED if known is not None else fresh
        stored = StoredAcknowledgement.objects.create(
            submission=submission,
            match=match,
            origin=origin,
            name=name[:255],
            number=read.number[:200],
            batch_number=read.batch_number[:200],
            content=content,
            sha256=digest,
            received_at=now,
            received_by=performer,
        )
        if submission is not None:
            locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
            add_line(
                locked,
                Receipt.Kind.ACKNOWLEDGED,
                now,
                by=performer,
                note=" ".join(filter(None, (read.number, read.verdict.value if read.verdict else ""))),
                sha256=digest,
            )
            if match == Match.MATCHED:
                _apply(locked, performer, now)
    return stored


def _one_at_a_time() -> None:
    """Two imports of the same answer at once: the second waits, and is the repetition."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])


def _answered_by(read: Acknowledgement) -> Submission | None:
    """What an answer is about: by the batch it names; only without one by the one batch that held its reports."""
    if read.batch_number:
        return Submission.objects.filter(batch_number=read.batch_number).first()
    reports = SubmittedReport.objects.select_related("submission").exclude(
        submission__state=Submission.State.WITHDRAWN
    )
    named = {
        word for answer in read.answers for word in (answer.message_number, *answer.message_number.split())
    }
    found = {report.submission_id: report.submission for report in reports.filter(message_number__in=named)}
    return next(iter(found.values())) if len(found) == 1 else None


def _apply(submission: Submission, performer: Staff | None, now: datetime) -> None:
    """Bring reports, submission, clocks and alerts to what all answers say together."""
    answers = answers_to(submission)
    reports = list(submission.reports.order_by("case_id", "position"))
    _note_arrival(submission, now)
    for report in reports:
        report.submission = submission
        outcome = combined_outcome(answers, report.message_number)
        local = next(
            (
                answer.local_number
                for one in reversed(answers)
                for answer in one.answers_about(report.message_number)
                if answer.local_number
            ),
            "",
        )
        newly = outcome in ARRIVED and Outcome(report.outcome) not in ARRIVED
        report.outcome, report.local_number = outcome.value, local[:100]
        report.save(update_fields=["outcome", "local_number"])
        if newly:
            meet_clocks(report, now)
    answered = summed_up(Outcome(report.outcome) for report in reports)
    submission.answered = answered.value
    submission.save(update_fields=["answered"])
    record(
        submission,
        "answered",
        performer,
        now,
        answered=answered.value,
        outcomes={str(report.case_id): report.outcome for report in reports},
    )
    if answered is Answered.NOT_YET:
        return
    cancel_timers(subject=subject_of(submission), kinds=(LATE, LOOK))
    tell_no_more(submission, now, UNANSWERED, FAILED)
    if answered in _BAD:
        tell_officers(submission, REFUSED, Priority.HIGH, now)
    else:
        tell_no_more(submission, now, REFUSED)


def _note_arrival(submission: Submission, now: datetime) -> None:
    """Who answers a file has it, whatever became of our own attempts to see it arrive."""
    if submission.state != Submission.State.SENT:
        submission.state, submission.sent_at = Submission.State.SENT, now
        submission.save(update_fields=["state", "sent_at"])
        cancel_timers(subject=subject_of(submission), kinds=(SEND,))
