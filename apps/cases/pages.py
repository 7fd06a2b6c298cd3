"""Cases as pages: the queue of pharmacovigilance, one case in tabs, the questions a ward answers."""

from typing import Any

from django.utils.translation import gettext

from apps.accounts.selectors import Action, require, role_allows, staff_of
from apps.alerts.api import AlertSerializer
from apps.alerts.selectors import alerts_for_officer
from apps.cases.domain.versions import Kind
from apps.cases.presentation import (
    case_shown,
    clock_shown,
    event_shown,
    fault_shown,
    nullified_row,
    patient_shown,
    query_shown,
    queue_row,
)
from apps.cases.selectors import (
    access_case,
    calendar_for,
    case_number,
    case_queue,
    cases_for,
    cases_of_clocks,
    events_without_case,
    faults_of,
    latest_version,
    nullified_cases_for,
    picture_of,
    queries_to_answer,
)
from apps.cases.site import unknown_regimes
from apps.cases.words import KINDS, QUALIFICATIONS
from apps.edge.pages import Page
from apps.guidelines.selectors import current_guidelines
from apps.kernel import clock
from apps.kernel.text import N_
from apps.meddra.api import MeddraTermSerializer
from apps.meddra.selectors import meddra_versions, search_terms

TABS = {
    "events": N_("Events and coding"),
    "patient": N_("Patient and product"),
    "narrative": N_("Narrative"),
    "clocks": N_("Clocks"),
    "questions": N_("Questions"),
    "versions": N_("Versions"),
}


class CaseQueuePage(Page):
    """What is due, what is told of it, and which adverse events belong to no case yet."""

    rights = Action.SEE_CASES
    template_name = "cases/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = staff_of(self.request), clock.now()
        rows = [queue_row(row, now=now) for row in case_queue(user, now=now)]
        numbers = {row["id"]: row["number"] for row in rows}
        calendar = [clock_shown(one, now=now) for one in calendar_for(user)]
        return super().get_context_data(
            cases=rows,
            standing=len(cases_for(user)),
            nullified=[nullified_row(case) for case in nullified_cases_for(user)],
            calendar=[one | {"number": numbers.get(one["case_id"], "")} for one in calendar],
            events=[event_shown(event) for event in events_without_case(user)],
            alerts=_alerts(user),
            can_manage=role_allows(user, Action.MANAGE_CASES),
            **kwargs,
        )


class CasePage(Page):
    """One case, a tab at a time. Rooms above may add `tabs` of their own."""

    rights = Action.SEE_CASES
    template_name = "cases/detail.html"
    tabs = TABS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = staff_of(self.request), clock.now()
        case = access_case(user, kwargs["case_id"])
        tab = self.request.GET.get("tab", "events")
        tab = tab if tab in self.tabs else "events"
        version = latest_version(case.pk) if tab == "versions" else None
        return super().get_context_data(
            case=case_shown(picture_of(case, now=now), user=user, now=now),
            tab=tab,
            tabs=[{"code": code, "name": gettext(name)} for code, name in self.tabs.items()],
            can_manage=role_allows(user, Action.MANAGE_CASES) and case.state == case.State.OPEN,
            sees_patients=role_allows(user, Action.SEE_PATIENTS),
            faults=[fault_shown(one, case=case, user=user) for one in faults_of(version, now=now)]
            if version
            else [],
            time_zone=case.ward.time_zone,
            **_of_tab(tab, self.request.GET, user, case),
            **kwargs,
        )


class QuestionsPage(Page):
    """What pharmacovigilance asks the wards of the person who reads."""

    rights = Action.ANSWER_CASE_QUERY
    template_name = "cases/questions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        require(user, Action.ANSWER_CASE_QUERY)
        queries = [
            query_shown(query) | {"patient": query.case.patient, "about": patient_shown(query.case)}
            for query in queries_to_answer(user)
        ]
        return super().get_context_data(queries=queries, **kwargs)


def _alerts(user: Any) -> list[dict[str, Any]]:
    """What officers are told about clocks, each with its case."""
    alerts = alerts_for_officer(user)
    cases = cases_of_clocks(alert.subject for alert in alerts)
    return [{**AlertSerializer(alert).data, "case_id": cases.get(alert.subject)} for alert in alerts]


def _of_tab(tab: str, query: Any, user: Any, case: Any) -> dict[str, Any]:
    """What only one of the tabs shows."""
    if tab == "events":
        about, typed = query.get("about", "")[:80], query.get("q", "")[:120].replace("\0", "")
        found = (
            search_terms(user, typed, version=case.meddra_version) if typed and case.meddra_version else []
        )
        others = [
            event_shown(event) for event in events_without_case(user) if event.patient_id == case.patient_id
        ]
        return {
            "about": about,
            "typed": typed,
            "found": MeddraTermSerializer(found, many=True).data,
            "meddra_versions": [one.number for one in meddra_versions()],
            "other_events": others,
        }
    if tab == "patient":
        return {
            "qualifications": [{"code": code, "name": gettext(name)} for code, name in QUALIFICATIONS.items()]
        }
    if tab == "clocks":
        return {"unknown_regimes": unknown_regimes(current_guidelines())}
    if tab == "versions":
        first = not case.versions.exists()
        kinds = [Kind.INITIAL] if first else [Kind.FOLLOW_UP, Kind.AMENDMENT, Kind.NULLIFICATION]
        return {
            "kinds": [{"code": kind.value, "name": gettext(KINDS[kind.value])} for kind in kinds],
            "other_cases": [
                {"id": other.pk, "number": case_number(other)}
                for other in cases_for(user)
                if other.pk != case.pk and other.patient_id == case.patient_id
            ],
        }
    return {}
