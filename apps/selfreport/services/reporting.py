"""What a patient sends: kept at once, judged at once, put into the check that is open."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import datetime

from apps.followups.services import answer_check
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work
from apps.selfreport.asking import Form, form_of
from apps.selfreport.models import SelfReport, SelfReportEntry, SelfReportLink
from apps.selfreport.selectors import link_of_token, open_report
from apps.selfreport.services.common import LINK_CLOSED, record
from apps.selfreport.services.flagging import raise_beside_check

PATIENT = "patient"
ANSWERS = frozenset({"yes", "no", "unknown"})


def record_answers(
    *,
    token: str,
    key: uuid.UUID,
    answers: Mapping[str, str],
    note: str,
    complete: bool,
    now: datetime,
) -> SelfReport:
    """Keep what the holder of a link sent; the same key again changes nothing and gives the same report.

    `answers` are yes, no or unknown by symptom code: those of this sending, the earlier ones stay. A red flag is
    judged with each sending. `complete` ends the form; what was left open stays unknown.

    Raises NotFoundError `link_closed`, DomainError `answer_unknown`, ConflictError `idempotency_key_reused`.
    """
    with unit_of_work():
        link = link_of_token(token, now=now, for_update=True)
        if link is None:
            raise NotFoundError("link_closed", LINK_CLOSED)
        request_hash = _hash(answers, note, complete)
        known = SelfReportEntry.objects.select_related("report").filter(link=link, key=key).first()
        if known is not None:
            if known.request_hash != request_hash:
                raise ConflictError(
                    "idempotency_key_reused",
                    N_(
                        "These answers came with the number of others. Open the page again and answer once more."
                    ),
                )
            return known.report
        report = open_report(link) or SelfReport(link=link, started_at=now, changed_at=now)
        form = form_of(link, report, now=now)
        _refuse_unknown(answers, form)
        first = report.pk is None
        _take_in(report, answers, note, form, now=now)
        SelfReportEntry.objects.create(
            link=link,
            report=report,
            key=key,
            request_hash=request_hash,
            answers=dict(answers),
            note=note,
            completes=complete,
            recorded_at=now,
        )
        if first:
            _record(report, "selfreport.form.begun", now)
        _pass_on(report, form, complete=complete, now=now)
        if complete:
            report.completed_at = now
            _record(report, "selfreport.form.completed", now)
        report.save()
    return report


def _take_in(report: SelfReport, answers: Mapping[str, str], note: str, form: Form, *, now: datetime) -> None:
    report.check_id = form.check.pk if form.check else None
    report.answers = report.answers | dict(answers)
    report.note = note or report.note
    report.changed_at = now
    report.save()


def _pass_on(report: SelfReport, form: Form, *, complete: bool, now: datetime) -> None:
    """Into the check, while it takes answers; a new red flag that it cannot take any more calls by itself."""
    judgement = form.judge(report.answers)
    before, report.urgency = report.urgency, max(report.urgency, int(judgement.urgency))
    if form.check is not None and form.takes_answers:
        answer_check(
            check_id=form.check.pk,
            answers=report.answers,
            note=report.note,
            source="self_report",
            performer=None,
            now=now,
            complete=complete and form.may_settle(now),
        )
    elif report.urgency > before:
        raise_beside_check(report, judgement, now=now)


def _refuse_unknown(answers: Mapping[str, str], form: Form) -> None:
    if not set(answers) <= set(form.symptom_codes) or not set(answers.values()) <= ANSWERS:
        raise DomainError(
            "answer_unknown",
            N_(
                "This answer is to a question that is not asked here. Open the page again and answer once more."
            ),
        )


def _record(report: SelfReport, name: str, now: datetime) -> None:
    link: SelfReportLink = report.link
    record(link, name, PATIENT, now, report=report.pk, check=report.check_id)


def _hash(answers: Mapping[str, str], note: str, complete: bool) -> str:
    content = json.dumps([dict(answers), note, complete], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
