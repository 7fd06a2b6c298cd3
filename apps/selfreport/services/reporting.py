"""What a patient sends: kept at once, judged at once, put into the check that is open."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from apps.followups.services import answer_check
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work
from apps.selfreport.asking import Form, form_of
from apps.selfreport.models import SelfReport, SelfReportEntry, SelfReportLink
from apps.selfreport.selectors import link_of_token, open_report
from apps.selfreport.services.common import LINK_CLOSED, record
from apps.selfreport.services.flagging import raise_note, raise_red_flag, raise_symptoms

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
    entry = _Entry(key, dict(answers), note, complete)
    try:
        return _recorded(token, entry, now)
    except ConflictError as error:
        if error.code != "check_closed":
            raise
        # Somebody settled the check this very moment: the answers are kept all the same.
        return _recorded(token, entry, now)


@dataclass(frozen=True, slots=True)
class _Entry:
    key: uuid.UUID
    answers: dict[str, str]
    note: str
    complete: bool

    @property
    def request_hash(self) -> str:
        content = json.dumps([self.answers, self.note, self.complete], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def _recorded(token: str, entry: _Entry, now: datetime) -> SelfReport:
    with unit_of_work():
        link = link_of_token(token, now=now, for_update=True)
        if link is None:
            raise NotFoundError("link_closed", LINK_CLOSED)
        known = SelfReportEntry.objects.select_related("report").filter(link=link, key=entry.key).first()
        if known is not None:
            return _known_report(known, entry)
        report = open_report(link, now=now) or _begin(link, now)
        form = form_of(link, report, now=now)
        _refuse_unknown(entry.answers, form)
        taken_back = {code for code in entry.answers if report.answers.get(code, "no") != "no"}
        report.check_id = form.check.pk if form.check else None
        report.answers = report.answers | entry.answers
        report.note, report.changed_at = entry.note or report.note, now
        _keep(link, report, entry, now)
        _pass_on(report, form, taken_back=taken_back, complete=entry.complete, now=now)
        if entry.complete:
            report.completed_at = report.ended_at = now
            _record(report, "selfreport.form.completed", now)
            if report.note:
                raise_note(report, now=now)
        report.save()
    return report


def _known_report(known: SelfReportEntry, entry: _Entry) -> SelfReport:
    if known.request_hash != entry.request_hash:
        raise ConflictError(
            "idempotency_key_reused",
            N_("These answers came with the number of others. Open the page again and answer once more."),
        )
    return known.report


def _begin(link: SelfReportLink, now: datetime) -> SelfReport:
    """A new form; one that lay for long ends unsent, with what it holds."""
    left = SelfReport.objects.filter(link=link, ended_at__isnull=True)
    left.update(ended_at=F("changed_at"))
    return SelfReport(link=link, started_at=now, changed_at=now)


def _keep(link: SelfReportLink, report: SelfReport, entry: _Entry, now: datetime) -> None:
    begun = report.pk is not None
    report.save()
    if not begun:
        _record(report, "selfreport.form.begun", now)
    SelfReportEntry.objects.create(
        link=link,
        report=report,
        key=entry.key,
        request_hash=entry.request_hash,
        answers=entry.answers,
        note=entry.note,
        completes=entry.complete,
        recorded_at=now,
    )


def _pass_on(report: SelfReport, form: Form, *, taken_back: set[str], complete: bool, now: datetime) -> None:
    """Into the check, while it takes answers. What it cannot take any more calls by itself."""
    judgement = form.judge(report.answers)
    before, report.urgency = report.urgency, max(report.urgency, int(judgement.urgency))
    settles = complete and form.may_settle(now)
    answers = {code: answer for code, answer in report.answers.items() if code in form.symptom_codes}
    if settles:
        # What was left open must not be filled by what an earlier form of this check said.
        answers |= {code: "unknown" for code in judgement.unanswered}
    elif not form.may_settle(now):
        # Too early for this check: a "no" of today must not count as one when its time has come.
        answers = {code: answer for code, answer in answers.items() if answer != "no" or code in taken_back}
    if form.check is not None and form.takes_answers:
        if answers:
            answer_check(
                check_id=form.check.pk,
                answers=answers,
                note=report.note,
                source="self_report",
                performer=None,
                now=now,
                complete=settles,
            )
    elif report.urgency > before:
        raise_red_flag(report, judgement, now=now)
    heard = settles and judgement.is_complete
    if complete and judgement.reported and not judgement.flags and not heard:
        raise_symptoms(report, form, judgement, now=now)


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
