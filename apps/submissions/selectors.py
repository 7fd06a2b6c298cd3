"""Readers of submissions, acknowledgements and reports of others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.selectors import Action, Staff, require, wards_of_now
from apps.cases.selectors import CaseVersionRecord, build_icsr, latest_version, version_of
from apps.icsr.acknowledgement import read_acknowledgement
from apps.icsr.domain import Batch, E2bTime, Icsr, Message, message_of
from apps.icsr.domain.acknowledgements import Acknowledgement, Outcome
from apps.icsr.domain.rules import Fault, faults
from apps.icsr.services import ReadMessage, read_batch
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_
from apps.submissions.domain.receivers import SiteReceiver
from apps.submissions.models import (
    ForeignFile,
    ForeignReport,
    Receipt,
    StoredAcknowledgement,
    Submission,
    SubmissionPart,
    SubmittedReport,
)

SubmissionRecord = Submission
SubmittedReportRecord = SubmittedReport
ReceiptRecord = Receipt
StoredAcknowledgementRecord = StoredAcknowledgement
ForeignReportRecord = ForeignReport
ForeignFileRecord = ForeignFile

SHOWN = 200
_GONE = (Submission.State.FAILED, Submission.State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Sendable:
    """The newest version of a case for one receiver: what hinders it, and what was sent before."""

    receiver: SiteReceiver
    version: CaseVersionRecord | None
    faults: tuple[Fault, ...]
    last: SubmittedReportRecord | None
    already_sent: bool


def access_submission(
    user: Staff, submission_id: int, action: Action = Action.SEE_CASES, *, for_update: bool = False
) -> SubmissionRecord:
    """The submission, if it is of one of the person's wards; otherwise NotFoundError."""
    rows = Submission.objects.select_related("ward", "prepared_by")
    rows = rows.select_for_update(of=("self",)) if for_update else rows
    found = rows.filter(pk=submission_id, ward__in=wards_of_now(user)).first()
    if found is None:
        raise NotFoundError("not_found", N_("There is no such submission on your wards."))
    require(user, action)
    return found


def submissions_for(user: Staff) -> list[SubmissionRecord]:
    """The submissions of the person's wards, the newest first."""
    require(user, Action.SEE_CASES)
    rows = Submission.objects.select_related("ward", "prepared_by").prefetch_related("reports")
    return list(rows.filter(ward__in=wards_of_now(user))[:SHOWN])


def submitted_of_case(case_id: int) -> list[SubmittedReportRecord]:
    """Every sending of a case, the newest first."""
    rows = SubmittedReport.objects.select_related("submission").filter(case_id=case_id)
    return list(rows.order_by("-submission__prepared_at", "-pk"))


def last_submitted(case_id: int, receiver: str) -> SubmittedReportRecord | None:
    """What this receiver has of a case, or has on its way: what failed, was withdrawn or refused does not count."""
    rows = SubmittedReport.objects.select_related("submission").filter(
        case_id=case_id, submission__receiver=receiver
    )
    rows = rows.exclude(submission__state__in=_GONE).exclude(outcome=Outcome.REJECTED.value)
    return rows.order_by("-version_number", "-pk").first()


def sendable(case_id: int, receiver: SiteReceiver, *, now: datetime) -> Sendable:
    """The newest version of a case under every rule, as it would go to this receiver now."""
    version = latest_version(case_id)
    last = last_submitted(case_id, receiver.code)
    if version is None:
        return Sendable(receiver, None, (), last, already_sent=False)
    if last is not None and last.version_number >= version.number:
        return Sendable(receiver, version, (), last, already_sent=True)
    batch = batch_for(receiver, number="check", sent=now, zone=version.case.ward.time_zone)
    return Sendable(
        receiver, version, faults_for(version, receiver, batch, last=last, now=now), last, already_sent=False
    )


def faults_for(
    version: CaseVersionRecord,
    receiver: SiteReceiver,
    batch: Batch,
    *,
    last: SubmittedReportRecord | None,
    now: datetime,
) -> tuple[Fault, ...]:
    """Every rule that this version does not keep on its way to this receiver."""
    report = build_icsr(version)
    return faults(
        report,
        now=now,
        message=message_for(report, receiver),
        batch=batch,
        previous=build_icsr(version_of(last.case_id, last.version_number)) if last else None,
    )


def batch_for(receiver: SiteReceiver, *, number: str, sent: datetime, zone: str) -> Batch:
    """The batch's head (N.1)."""
    return Batch(
        number=number,
        sender=receiver.sender,
        receiver=receiver.identifier,
        sent=E2bTime.of(sent.astimezone(ZoneInfo(zone))),
    )


def message_for(report: Icsr, receiver: SiteReceiver) -> Message:
    """The report in its wrapper (N.2.r) for this receiver."""
    return message_of(report, sender=receiver.sender, receiver=receiver.identifier)


def receipts_of(submission: SubmissionRecord) -> list[ReceiptRecord]:
    """The trail, the oldest line first."""
    return list(submission.receipts.select_related("by"))


def parts_of(submission_id: int) -> Iterator[bytes]:
    """The bytes of a submission, a piece at a time."""
    numbers = list(
        SubmissionPart.objects.filter(submission_id=submission_id).values_list("number", flat=True)
    )
    for number in numbers:
        part = SubmissionPart.objects.get(submission_id=submission_id, number=number)
        yield bytes(part.content)


def patients_in(submission_id: int) -> list[tuple[int, int]]:
    """Of whom the reports of a submission tell: patient and ward, for each report."""
    reports = SubmittedReport.objects.filter(submission_id=submission_id)
    return list(reports.values_list("case__patient_id", "case__patient__ward_id"))


def acknowledgements_of(submission: SubmissionRecord) -> list[StoredAcknowledgementRecord]:
    """What came back, the oldest first; repetitions as well."""
    return list(submission.acknowledgements.select_related("received_by"))


def unmatched_acknowledgements(user: Staff) -> list[StoredAcknowledgementRecord]:
    """Answers to nothing that was sent from here, the newest first."""
    require(user, Action.SEND_CASES)
    rows = StoredAcknowledgement.objects.select_related("received_by")
    return list(rows.filter(submission__isnull=True).order_by("-pk")[:SHOWN])


def access_acknowledgement(user: Staff, acknowledgement_id: int) -> StoredAcknowledgementRecord:
    """An answer to a submission of the person's wards, or to none; otherwise NotFoundError."""
    require(user, Action.SEND_CASES)
    rows = StoredAcknowledgement.objects.select_related("submission", "received_by")
    found = rows.filter(
        Q(submission__isnull=True) | Q(submission__ward__in=wards_of_now(user)), pk=acknowledgement_id
    ).first()
    if found is None:
        raise NotFoundError("not_found", N_("There is no such acknowledgement on your wards."))
    return found


def read_stored(stored: StoredAcknowledgementRecord) -> Acknowledgement:
    """What a stored answer says."""
    return read_acknowledgement(bytes(stored.content))


def answers_to(submission: SubmissionRecord) -> list[Acknowledgement]:
    """What was answered to a submission, each answer once."""
    rows = submission.acknowledgements.filter(match=StoredAcknowledgement.Match.MATCHED)
    return [read_stored(one) for one in rows]


def foreign_reports(user: Staff) -> list[ForeignReportRecord]:
    """Cases of others, the newest file first. They are in no count of ours."""
    require(user, Action.SEND_CASES)
    rows = ForeignReport.objects.select_related("file__received_by")
    return list(rows.order_by("-file__received_at", "-file_id", "position")[:SHOWN])


def access_foreign_report(user: Staff, report_id: int) -> ForeignReportRecord:
    """A case of others."""
    require(user, Action.SEND_CASES)
    found = ForeignReport.objects.select_related("file__received_by").filter(pk=report_id).first()
    if found is None:
        raise NotFoundError("not_found", N_("There is no such report of others."))
    return found


def read_foreign(report: ForeignReportRecord) -> ReadMessage:
    """What a report of others says, read again from the file as it came."""
    return read_batch(bytes(report.file.content)).messages[report.position - 1]


def states_of_cases(case_ids: Iterable[int]) -> dict[int, SubmittedReportRecord]:
    """Case -> its newest sending."""
    newer = SubmittedReport.objects.filter(case_id=OuterRef("case_id"), pk__gt=OuterRef("pk"))
    rows: QuerySet[SubmittedReport] = SubmittedReport.objects.select_related("submission")
    return {row.case_id: row for row in rows.filter(~Exists(newer), case_id__in=list(case_ids))}
