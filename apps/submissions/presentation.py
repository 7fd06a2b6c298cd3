"""Submissions as JSON for the API and the pages, in the reader's language."""

from typing import Any

from django.utils.translation import gettext

from apps.accounts.selectors import Staff
from apps.cases.presentation import fault_shown
from apps.cases.selectors import CaseRecord
from apps.edge.messages import fill
from apps.icsr.domain.acknowledgements import Acknowledgement, Remark
from apps.submissions.models import Submission
from apps.submissions.selectors import (
    ForeignReportRecord,
    ReceiptRecord,
    Sendable,
    StoredAcknowledgementRecord,
    SubmissionRecord,
    SubmittedReportRecord,
    acknowledgements_of,
    read_foreign,
    read_stored,
    receipts_of,
)
from apps.submissions.words import (
    ANSWERED,
    BATCH_VERDICTS,
    DELIVERIES,
    MATCHES,
    MESSAGE_VERDICTS,
    ORIGINS,
    OUTCOMES,
    RECEIPTS,
    REMARKS,
    STATES,
)

State = Submission.State


def submission_row(submission: SubmissionRecord) -> dict[str, Any]:
    """A submission in the list of those sent."""
    return {
        "id": submission.pk,
        "batch_number": submission.batch_number,
        "receiver": submission.receiver,
        "receiver_name": gettext(submission.receiver_name),
        "ward": {"id": submission.ward_id, "name": submission.ward.name},
        "delivery": submission.delivery,
        "delivery_name": gettext(DELIVERIES[submission.delivery]),
        "acknowledges": submission.acknowledges,
        "state": submission.state,
        "state_name": gettext(STATES[submission.state]),
        "answered": submission.answered,
        "answered_name": gettext(ANSWERED[submission.answered]),
        "attempts": submission.attempts,
        "sha256": submission.sha256,
        "size_bytes": submission.size_bytes,
        "prepared_at": submission.prepared_at.isoformat(),
        "prepared_by": submission.prepared_by.display_name,
        "sent_at": submission.sent_at.isoformat() if submission.sent_at else None,
        "reports": [report_shown(report) for report in submission.reports.all()],
    }


def submission_shown(submission: SubmissionRecord) -> dict[str, Any]:
    """The whole submission with its trail and its answers."""
    return submission_row(submission) | {
        "receipts": [_receipt(line) for line in receipts_of(submission)],
        "acknowledgements": [acknowledgement_shown(one) for one in acknowledgements_of(submission)],
        "can_hand_over": submission.state in (State.READY, State.FAILED),
        "can_send_again": submission.state == State.FAILED,
        "can_withdraw": submission.state in (State.READY, State.QUEUED, State.FAILED),
    }


def report_shown(report: SubmittedReportRecord) -> dict[str, Any]:
    """A version of a case in a submission, and what the receiver says of it."""
    return {
        "case_id": report.case_id,
        "number": report.message_number,
        "version": report.version_number,
        "outcome": report.outcome,
        "outcome_name": gettext(OUTCOMES[report.outcome]),
        "local_number": report.local_number,
    }


def acknowledgement_shown(stored: StoredAcknowledgementRecord) -> dict[str, Any]:
    """An answer as it was read, with what is peculiar about it."""
    read = read_stored(stored)
    return {
        "id": stored.pk,
        "submission_id": stored.submission_id,
        "match": stored.match,
        "match_name": gettext(MATCHES[stored.match]),
        "origin_name": gettext(ORIGINS[stored.origin]),
        "name": stored.name,
        "number": stored.number,
        "batch_number": stored.batch_number,
        "sender": read.sender,
        "sha256": stored.sha256,
        "received_at": stored.received_at.isoformat(),
        "received_by": stored.received_by.display_name if stored.received_by else None,
        "verdict": read.verdict.value if read.verdict else "",
        "verdict_name": gettext(BATCH_VERDICTS[read.verdict.value]) if read.verdict else "",
        "remarks": [_remark(one) for one in read.remarks],
        "answers": _answers(read),
        "peculiarities": [fill(one.message, one.params) for one in read.peculiarities()],
    }


def sendable_shown(found: Sendable, *, case: CaseRecord, user: Staff) -> dict[str, Any]:
    """How a case stands with one receiver: what hinders it, each with the page that mends it."""
    return {
        "receiver": found.receiver.code,
        "receiver_name": gettext(found.receiver.name),
        "remark": gettext(found.receiver.profile.remark) if found.receiver.profile.remark else "",
        "delivery": found.receiver.delivery.value,
        "delivery_name": gettext(DELIVERIES[found.receiver.delivery.value]),
        "version": found.version.number if found.version else 0,
        "sent_version": found.last.version_number if found.last else 0,
        "already_sent": found.already_sent,
        "sendable": found.version is not None and not found.faults and not found.already_sent,
        "faults": [fault_shown(fault, case=case, user=user) for fault in found.faults],
    }


def foreign_row(report: ForeignReportRecord) -> dict[str, Any]:
    """A case of others in the list."""
    by = report.file.received_by
    return {
        "id": report.pk,
        "number": report.report_number,
        "worldwide_number": report.worldwide_number,
        "sender": report.file.sender,
        "created": report.created,
        "reactions": list(report.reactions),
        "drugs": list(report.drugs),
        "received_at": report.file.received_at.isoformat(),
        "received_by": by.display_name if by else None,
    }


def foreign_shown(report: ForeignReportRecord) -> dict[str, Any]:
    """The whole case of others, as its file says it."""
    read = read_foreign(report)
    said = read.message.report
    return foreign_row(report) | {
        "narrative": said.narrative.text or "",
        "patient": _said(said.patient.name),
        "lots": [dosage.lot for drug in said.drugs for dosage in drug.dosages if dosage.lot],
        "file_name": report.file.name,
        "sha256": report.file.sha256,
        "batch_number": report.file.batch_number,
        "not_understood": [f"{one.path}: {one.text}" for one in read.not_understood],
        "more_not_understood": read.more,
    }


def _receipt(line: ReceiptRecord) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "kind_name": gettext(RECEIPTS[line.kind]),
        "at": line.at.isoformat(),
        "by": line.by.display_name if line.by else None,
        "attempt": line.attempt,
        "note": line.note,
        "sha256": line.sha256,
    }


def _answers(read: Acknowledgement) -> list[dict[str, Any]]:
    return [
        {
            "number": one.message_number,
            "local_number": one.local_number,
            "verdict_name": gettext(MESSAGE_VERDICTS[one.verdict.value]) if one.verdict else "",
            "remarks": [_remark(remark) for remark in one.remarks],
        }
        for one in read.answers
    ]


def _remark(remark: Remark) -> dict[str, str]:
    return {"kind_name": gettext(REMARKS[remark.kind]) if remark.kind else "", "text": remark.text}


def _said(value: Any) -> str:
    return value if isinstance(value, str) and type(value) is str else ""
