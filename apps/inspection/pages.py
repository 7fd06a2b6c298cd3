"""The auditor's pages: search, one entry, whether the chain is whole, and the record as a file.

What names a patient or a person is typed into a form that is posted; addresses carry numbers only.
"""

import re
from collections.abc import Iterator
from datetime import UTC
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from apps.accounts.selectors import Action, display_names, require, role_allows, staff_of
from apps.audit.collecting import note_records
from apps.audit.verifying import PROBLEMS, Fault, Report, verify_last_days, verify_subject
from apps.cases.exports.tables import CSV_TYPE, csv_lines
from apps.edge.messages import fill
from apps.edge.pages import Page
from apps.inspection import selectors
from apps.inspection.asking import cursor_of, day_of, told_again, wanted_of
from apps.inspection.selectors import Entry, Kind
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.patients.selectors import pseudonyms

KINDS = {
    Kind.ALL: N_("Everything"),
    Kind.READS: N_("Who saw it"),
    Kind.CHANGES: N_("Changes"),
    Kind.EXPORTS: N_("Files taken out"),
    Kind.SIGN_INS: N_("Sign-ins"),
    Kind.BREAK_GLASS: N_("Access in an emergency"),
}
MOST_ROWS = 50_000
COLUMNS = (
    "at", "who", "what", "patient", "reason", "subject", "name", "address", "device", "request_id", "source", "id",
    "hash",
)  # fmt: skip
_SUBJECT = re.compile(r"^[a-z_]{1,30}:[0-9a-f-]{1,40}$")


class AuditPage(Page):
    """The record, newest first."""

    rights = Action.SEE_AUDIT
    template_name = "inspection/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        require(user, Action.SEE_AUDIT)
        wanted = wanted_of(self.request.GET)
        entries, more = selectors.find_entries(user, wanted)
        asked = told_again(wanted)
        return super().get_context_data(
            entries=entries,
            kinds=[
                {"code": kind.value, "name": fill(name, {}), "chosen": kind is wanted.kind}
                for kind, name in KINDS.items()
            ],
            asked=asked,
            address=urlencode(asked),
            more=urlencode(asked | {"before": cursor_of(more)}) if more else "",
            begun=wanted.below_event is not None or wanted.below_reading is not None,
            patient=pseudonyms([wanted.patient_id]).get(wanted.patient_id, "") if wanted.patient_id else "",
            person=display_names([wanted.person_id]).get(wanted.person_id, "") if wanted.person_id else "",
            username=selectors.sign_in_name(user, wanted.person_id) if wanted.person_id else "",
            missing=self.request.GET.get("missing", ""),
            may_export=role_allows(user, Action.EXPORT_AUDIT),
            time_zone="UTC",
            **kwargs,
        )


class EventPage(Page):
    """One event: old and new, why, from where, and whether its chain holds."""

    rights = Action.SEE_AUDIT
    template_name = "inspection/entry.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = selectors.access_event(staff_of(self.request), kwargs["entry_id"])
        return super().get_context_data(
            entry=entry,
            values=_values(entry),
            report=_report_shown(verify_subject(entry.subject)),
            time_zone="UTC",
            **kwargs,
        )


class ReadingPage(Page):
    """One reading: of whom, from where."""

    rights = Action.SEE_AUDIT
    template_name = "inspection/entry.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = selectors.access_reading(staff_of(self.request), kwargs["entry_id"])
        return super().get_context_data(entry=entry, values=[], report=None, time_zone="UTC", **kwargs)


class WholePage(Page):
    """Is the chain whole? Of one subject, and of the last days with all that followed."""

    rights = Action.SEE_AUDIT
    template_name = "inspection/whole.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        require(staff_of(self.request), Action.SEE_AUDIT)
        subject = self.request.GET.get("subject", "")
        subject = subject if _SUBJECT.match(subject) else ""
        return super().get_context_data(
            subject=subject,
            of_subject=_report_shown(verify_subject(subject)) if subject else None,
            of_days=_report_shown(verify_last_days(now=clock.now())),
            checked_at=clock.now(),
            time_zone="UTC",
            **kwargs,
        )


class FindView(LoginRequiredMixin, View):
    """Takes what was typed, and leads to an address that names nobody."""

    rights = Action.SEE_AUDIT

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            return HttpResponseRedirect(f"{reverse('inspection:list')}?{urlencode(_found(request))}")
        except DomainError as error:
            return _refused(request, error)


class ExportView(LoginRequiredMixin, View):
    """The record as CSV; that it was taken is put on record with what was asked for and its hash."""

    rights = Action.EXPORT_AUDIT

    def get(self, request: HttpRequest) -> HttpResponse:
        user = staff_of(request)
        try:
            require(user, Action.EXPORT_AUDIT)
            entries = list(selectors.every_entry(user, wanted_of(request.GET), limit=MOST_ROWS))
        except DomainError as error:
            return _refused(request, error)
        note_records(len(entries))
        answer = HttpResponse("".join(csv_lines(COLUMNS, _lines(entries))), content_type=CSV_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="record-{clock.now():%Y%m%d-%H%M}.csv"'
        return answer


def _lines(entries: list[Entry]) -> Iterator[tuple[str, ...]]:
    for one in entries:
        yield (
            one.at.astimezone(UTC).isoformat(),
            one.who,
            one.what,
            one.pseudonym,
            one.reason,
            one.subject,
            one.name,
            one.address,
            one.device,
            one.request_id,
            one.source,
            str(one.id),
            one.hash,
        )


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    context = {"message": fill(error.message, error.params), "status": error.http_status}
    return render(request, "refused.html", context, status=error.http_status)


def _found(request: HttpRequest) -> dict[str, Any]:
    """What was typed, as numbers; `missing` says what nobody and nothing answers to."""
    user = staff_of(request)
    require(user, Action.SEE_AUDIT)
    asked: dict[str, Any] = {}
    for word, look_up in (("patient", selectors.patient_number), ("person", selectors.person_number)):
        typed = request.POST.get(word, "").strip()[:150]
        if not typed:
            continue
        number = look_up(user, typed)
        if number is None:
            return {"missing": word}
        asked[word] = number
    for word in ("since", "until"):
        day = day_of(request.POST.get(word, ""))
        if day:
            asked[word] = day.isoformat()
    kind = request.POST.get("kind", "")
    if kind in set(Kind) and kind != Kind.ALL:
        asked["kind"] = kind
    return asked


def _values(entry: Entry) -> list[dict[str, Any]]:
    """Old beside new, the ones that changed first."""
    names = [*entry.before, *(name for name in entry.after if name not in entry.before)]
    return [
        {"name": name, "before": _told(entry.before.get(name)), "after": _told(entry.after.get(name))}
        for name in names
        if name not in ("reason", "patient_id")
    ]


def _told(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_told(one)}" for name, one in value.items()) or "–"
    if isinstance(value, list):
        return ", ".join(_told(one) for one in value) or "–"
    return str(value)


def _report_shown(report: Report) -> dict[str, Any]:
    fault = report.fault
    return {
        "whole": fault is None,
        "events": report.events,
        "readings": report.readings,
        "days": report.days,
        "fault": _fault_shown(fault) if fault else None,
    }


def _fault_shown(fault: Fault) -> dict[str, Any]:
    return {
        "table": fault.table,
        "id": fault.id,
        "subject": fault.subject,
        "position": fault.position,
        "day": fault.day.isoformat() if fault.day else "",
        "problem": fill(PROBLEMS[fault.problem], {}),
        "expected": fault.expected,
        "found": fault.found,
    }
