"""Making a submission: every rule checked, the bytes written once and kept."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import RawIOBase
from typing import Any, BinaryIO, cast
from uuid import uuid4

from apps.accounts.selectors import Action, Staff, require
from apps.cases.selectors import CaseVersionRecord, access_case, build_icsr, case_number, latest_version
from apps.edge.messages import fill
from apps.icsr.domain import Batch, Message
from apps.icsr.services import schema_faults, write_batch
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work
from apps.submissions.domain.receivers import Delivery, SiteReceiver
from apps.submissions.models import Receipt, Submission, SubmissionPart, SubmittedReport
from apps.submissions.selectors import batch_for, faults_for, last_submitted, message_for, parts_of
from apps.submissions.services.common import SEND, add_line, record, schedule
from apps.submissions.site import site_receiver

PART_BYTES = 512 * 1024
MOST_CASES = 500
_SCHEMA_CHECKED = 20 * 1024 * 1024  # larger files are checked by the rules alone
_FAULTS_TOLD = 50


def prepare_submission(
    *, performer: Staff, case_ids: Sequence[int], receiver: str, now: datetime
) -> Submission:
    """Put the newest versions of these cases of one ward into a file for the receiver, and send it on its way.

    A receiver of delivery `download` waits for a person; for others the first attempt is a timer due now. Raises
    DomainError `receiver_unknown`, `no_case_to_send`, `cases_of_several_wards`, `case_without_version`,
    `rules_not_kept` (`extra.faults` lists them), `schema_not_kept`; ConflictError `already_sent`.
    """
    with unit_of_work():
        require(performer, Action.SEND_CASES)
        chosen = site_receiver(receiver)
        versions = _versions(performer, case_ids)
        ward = versions[0].case.ward
        number = f"{chosen.sender[:40]}-{now:%Y%m%d%H%M%S}-{uuid4().hex[:12]}"
        batch = batch_for(chosen, number=number, sent=now, zone=ward.time_zone)
        _refuse_faulty(versions, chosen, batch, now)
        submission = Submission.objects.create(
            ward=ward,
            receiver=chosen.code,
            receiver_name=chosen.name,
            batch_number=number,
            delivery=chosen.delivery.value,
            acknowledges=chosen.acknowledges,
            state=Submission.State.READY if chosen.delivery is Delivery.DOWNLOAD else Submission.State.QUEUED,
            size_bytes=0,
            prepared_at=now,
            prepared_by=performer,
        )
        _write(submission, batch, chosen, versions)
        _refuse_by_schema(submission)
        for position, version in enumerate(versions, start=1):
            SubmittedReport.objects.create(
                submission=submission,
                position=position,
                case_id=version.case_id,
                version_number=version.number,
                version_kind=version.kind,
                message_number=version.case.report_id,
            )
        add_line(submission, Receipt.Kind.PREPARED, now, by=performer, sha256=submission.sha256)
        record(
            submission,
            "prepared",
            performer,
            now,
            sha256=submission.sha256,
            cases=[version.case_id for version in versions],
        )
        if submission.state == Submission.State.QUEUED:
            schedule(submission, SEND, "1.1", now)
    return submission


def messages_of(versions: Sequence[CaseVersionRecord], receiver: SiteReceiver) -> Iterator[Message]:
    """Each version as a message, one at a time."""
    for version in versions:
        yield message_for(build_icsr(version), receiver)


def _versions(performer: Staff, case_ids: Sequence[int]) -> list[CaseVersionRecord]:
    """The newest version of each case, the cases locked in order."""
    numbers = sorted(set(case_ids))
    if not numbers or len(numbers) > MOST_CASES:
        raise DomainError(
            "no_case_to_send",
            N_("Choose at least one case, and at most %(most)s at once."),
            extra={"field": "case_ids"},
            most=MOST_CASES,
        )
    found = []
    for number in numbers:
        case = access_case(performer, number, Action.SEND_CASES, for_update=True)
        version = latest_version(case.pk)
        if version is None:
            raise DomainError(
                "case_without_version",
                N_("Case %(case)s has no version yet. Make one first: it is what is sent."),
                case=case_number(case),
            )
        found.append(version)
    if len({version.case.ward_id for version in found}) > 1:
        raise DomainError(
            "cases_of_several_wards",
            N_("These cases are of several wards. Send those of each ward by themselves."),
            extra={"field": "case_ids"},
        )
    return found


def _refuse_faulty(
    versions: Sequence[CaseVersionRecord], receiver: SiteReceiver, batch: Batch, now: datetime
) -> None:
    told: list[dict[str, Any]] = []
    for version in versions:
        last = last_submitted(version.case_id, receiver.code)
        if last is not None and last.version_number >= version.number:
            raise ConflictError(
                "already_sent",
                N_("Version %(version)s of case %(case)s is on its way to %(receiver)s already, or arrived."),
                extra={"submission_id": last.submission_id},
                version=last.version_number,
                case=version.case.report_id,
                receiver=receiver.name,
            )
        told.extend(
            {
                "case_id": version.case_id,
                "code": fault.code,
                "element": fault.label,
                "text": fill(fault.message, fault.params),
            }
            for fault in faults_for(version, receiver, batch, last=last, now=now)
        )
    if told:
        raise DomainError(
            "rules_not_kept",
            N_(
                "The receiver would refuse this: %(count)s rules are not kept. See the case for what to mend."
            ),
            extra={"faults": told[:_FAULTS_TOLD]},
            count=len(told),
        )


def _refuse_by_schema(submission: Submission) -> None:
    if submission.size_bytes > _SCHEMA_CHECKED:
        return
    found = schema_faults(b"".join(parts_of(submission.pk)))
    if found:
        raise DomainError(
            "schema_not_kept",
            N_("The file does not keep ICH's schema: %(fault)s Tell the administrator."),
            extra={"faults": list(found)},
            fault=found[0],
        )


def _write(
    submission: Submission, batch: Batch, receiver: SiteReceiver, versions: Sequence[CaseVersionRecord]
) -> None:
    out = _Parts(submission)
    write_batch(cast(BinaryIO, out), batch, messages_of(versions, receiver), receiver.profile)
    out.finish()
    submission.sha256, submission.size_bytes = out.digest.hexdigest(), out.size
    submission.save(update_fields=["sha256", "size_bytes"])


class _Parts(RawIOBase):
    """Keeps what is written in rows of PART_BYTES, and its digest."""

    def __init__(self, submission: Submission) -> None:
        super().__init__()
        self.submission, self.digest, self.size = submission, hashlib.sha256(), 0
        self._waiting, self._number = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.digest.update(data)
        self._waiting += data
        self.size += len(data)
        while len(self._waiting) >= PART_BYTES:
            self._keep(bytes(self._waiting[:PART_BYTES]))
            del self._waiting[:PART_BYTES]
        return len(data)

    def finish(self) -> None:
        """Keep what is left."""
        if self._waiting:
            self._keep(bytes(self._waiting))
            self._waiting.clear()

    def _keep(self, content: bytes) -> None:
        self._number += 1
        SubmissionPart.objects.create(submission=self.submission, number=self._number, content=content)
