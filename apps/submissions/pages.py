"""Submissions as pages: what was sent and what came back, one case's sendings, reports of others."""

from typing import Any

from django.utils.translation import gettext

from apps.accounts.selectors import Action, role_allows, staff_of
from apps.cases import pages as cases_pages
from apps.cases.selectors import access_case
from apps.edge.messages import translated
from apps.edge.pages import Page
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.submissions.models import Submission
from apps.submissions.presentation import (
    acknowledgement_shown,
    foreign_row,
    foreign_shown,
    report_shown,
    sendable_shown,
    submission_row,
    submission_shown,
)
from apps.submissions.selectors import (
    SubmittedReportRecord,
    access_foreign_report,
    access_submission,
    foreign_reports,
    sendable,
    submissions_for,
    submitted_of_case,
    unmatched_acknowledgements,
)
from apps.submissions.site import site_receivers
from apps.submissions.words import OUTCOMES, STATES

_MARKS = {
    "accepted": "active",
    "accepted_with_remarks": "active",
    "rejected": "severe",
    "contradicting": "severe",
}


class OutboxPage(Page):
    """What was sent, and answers to nothing of ours."""

    rights = Action.SEE_CASES
    template_name = "submissions/outbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        sends = role_allows(user, Action.SEND_CASES)
        rows = [submission_row(one) for one in submissions_for(user)]
        return super().get_context_data(
            submissions=[row | {"mark": mark_of(row)} for row in rows],
            unmatched=[acknowledgement_shown(one) for one in unmatched_acknowledgements(user)]
            if sends
            else [],
            can_send=sends,
            **kwargs,
        )


class SubmissionPage(Page):
    """One submission: its reports, its trail, its answers."""

    rights = Action.SEE_CASES
    template_name = "submissions/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        shown = submission_shown(access_submission(user, kwargs["submission_id"]))
        return super().get_context_data(
            submission=shown | {"mark": mark_of(shown)},
            can_send=role_allows(user, Action.SEND_CASES),
            **kwargs,
        )


class CasePage(cases_pages.CasePage):
    """A case with what became of it at its receivers."""

    tabs = {**cases_pages.TABS, "sending": N_("Sending")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        case = access_case(staff_of(self.request), kwargs["case_id"])
        sent = submitted_of_case(case.pk)
        context["sending"] = _state(sent[0]) if sent else None
        if context["tab"] == "sending":
            context["sendings"] = [
                report_shown(one) | {"submission": submission_row(one.submission)} for one in sent
            ]
            context.update(self._receivers(case))
        return context

    def _receivers(self, case: Any) -> dict[str, Any]:
        user, now = staff_of(self.request), clock.now()
        try:
            receivers = site_receivers()
        except DomainError as error:
            return {"receivers_fault": translated(error), "receivers": []}
        rows = [sendable_shown(sendable(case.pk, one, now=now), case=case, user=user) for one in receivers]
        # A nullified case is closed to changes, yet its nullification must be sent.
        return {"receivers": rows, "can_send": role_allows(user, Action.SEND_CASES)}


class ForeignListPage(Page):
    """Cases of others."""

    rights = Action.SEND_CASES
    template_name = "submissions/foreign_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = foreign_reports(staff_of(self.request))
        return super().get_context_data(reports=[foreign_row(one) for one in rows], **kwargs)


class ForeignPage(Page):
    """One case of others, to be read and not changed."""

    rights = Action.SEND_CASES
    template_name = "submissions/foreign.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = access_foreign_report(staff_of(self.request), kwargs["report_id"])
        return super().get_context_data(report=foreign_shown(report), **kwargs)


def mark_of(row: dict[str, Any]) -> str:
    """How a submission is marked on the page."""
    if row["answered"] != "not_yet":
        return _MARKS.get(row["answered"], "due")
    return "severe" if row["state"] == Submission.State.FAILED else "due"


def _state(report: SubmittedReportRecord) -> dict[str, Any]:
    """What became of the newest sending of a case: the receiver's word, before it how the file stands."""
    told = report.outcome != "not_told"
    words = OUTCOMES[report.outcome] if told else STATES[report.submission.state]
    return {
        "submission_id": report.submission_id,
        "name": gettext(words),
        "mark": _MARKS.get(report.outcome, "due"),
    }
