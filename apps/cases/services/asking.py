"""Questions to the ward, and their answers."""

from datetime import datetime

from apps.accounts.selectors import Action, Staff
from apps.cases.gathering import events_of
from apps.cases.models import CaseQuery
from apps.cases.selectors import access_query
from apps.cases.services.common import case_to_change, record, save_changed
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work


def ask_ward(
    *, performer: Staff, case_id: int, question: str, event_id: int | None, now: datetime
) -> CaseQuery:
    """Ask the ward of the case. Raises DomainError `coding_of_nothing` for an event of another case."""
    with unit_of_work():
        case = case_to_change(performer, case_id)
        if event_id is not None and event_id not in {event.pk for event in events_of(case)}:
            raise DomainError(
                "event_of_another_case",
                N_("This adverse event is no part of the case."),
                extra={"field": "event_id"},
            )
        query = CaseQuery.objects.create(
            case=case,
            ward_id=case.ward_id,
            event_id=event_id,
            question=question,
            asked_at=now,
            asked_by=performer,
        )
        record(case, "query_asked", performer, now, query=query.pk)
    return query


def answer_query(*, performer: Staff, query_id: int, answer: str, now: datetime) -> CaseQuery:
    """Answer a question; the answer is part of the case. Raises ConflictError `query_closed`."""
    with unit_of_work():
        query = access_query(performer, query_id, Action.ANSWER_CASE_QUERY, for_update=True)
        _refuse_closed(query)
        query.answer, query.answered_at, query.answered_by = answer, now, performer
        query.save(update_fields=["answer", "answered_at", "answered_by"])
        save_changed(query.case)
        record(query.case, "query_answered", performer, now, query=query.pk)
    return query


def withdraw_query(*, performer: Staff, query_id: int, now: datetime) -> CaseQuery:
    """Take a question back that nobody has answered. Raises ConflictError `query_closed`."""
    with unit_of_work():
        query = access_query(performer, query_id, Action.MANAGE_CASES, for_update=True)
        _refuse_closed(query)
        query.withdrawn_at = now
        query.save(update_fields=["withdrawn_at"])
        record(query.case, "query_withdrawn", performer, now, query=query.pk)
    return query


def _refuse_closed(query: CaseQuery) -> None:
    if query.answered_at is not None or query.withdrawn_at is not None:
        raise ConflictError("query_closed", N_("This question was answered or taken back meanwhile."))
