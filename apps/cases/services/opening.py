"""A case begins with what happened to a patient."""

from collections.abc import Sequence
from datetime import datetime

from apps.accounts.selectors import Action, Staff, require
from apps.cases.models import Case, CaseEvent
from apps.cases.selectors import case_of_event
from apps.cases.services.common import case_to_change, record, save_changed
from apps.cases.services.watching import refresh_clocks
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work
from apps.meddra.selectors import current_meddra
from apps.safety.selectors import AdverseEventRecord, access_adverse_event


def open_case(*, performer: Staff, event_ids: Sequence[int], now: datetime) -> Case:
    """Open a case from one or more adverse events of one patient.

    Its first day is that on which the first of them became known here. Raises DomainError `case_without_event`,
    `events_of_several_patients`, `event_entered_in_error`; ConflictError `event_in_case`.
    """
    with unit_of_work():
        require(performer, Action.MANAGE_CASES)
        events = [access_adverse_event(performer, number) for number in dict.fromkeys(event_ids)]
        if not events:
            raise DomainError(
                "case_without_event",
                N_("A case needs at least one adverse event."),
                extra={"field": "event_ids"},
            )
        if len({event.patient_id for event in events}) > 1:
            raise DomainError(
                "events_of_several_patients",
                N_("A case is about one patient. These adverse events are of several."),
                extra={"field": "event_ids"},
            )
        for event in events:
            _refuse_taken(event)
        current = current_meddra()
        case = Case.objects.create(
            patient_id=events[0].patient_id,
            ward_id=events[0].ward_id,
            first_received_at=min(event.recorded_at for event in events),
            meddra_version=current.number if current else "",
            opened_at=now,
            opened_by=performer,
        )
        for event in events:
            _add(case, event, performer, now)
        record(case, "opened", performer, now, events=[event.pk for event in events])
        refresh_clocks(case_id=case.pk, now=now)
    return case


def add_event(*, performer: Staff, case_id: int, event_id: int, now: datetime) -> Case:
    """Put another adverse event of the same patient into a case. Raises what `open_case` raises."""
    with unit_of_work():
        case = case_to_change(performer, case_id)
        event = access_adverse_event(performer, event_id)
        if event.patient_id != case.patient_id:
            raise DomainError(
                "events_of_several_patients",
                N_("A case is about one patient. These adverse events are of several."),
                extra={"field": "event_id"},
            )
        _refuse_taken(event)
        _add(case, event, performer, now)
        if not case.versions.exists():
            case.first_received_at = min(case.first_received_at, event.recorded_at)
        save_changed(case, "first_received_at")
        record(case, "event_added", performer, now, event=event.pk)
        refresh_clocks(case_id=case.pk, now=now)
    return case


def _add(case: Case, event: AdverseEventRecord, performer: Staff, now: datetime) -> None:
    CaseEvent.objects.create(case=case, event_id=event.pk, added_at=now, added_by=performer)


def _refuse_taken(event: AdverseEventRecord) -> None:
    if event.status == "entered_in_error":
        raise DomainError(
            "event_entered_in_error", N_("This adverse event was entered in error. It is no part of a case.")
        )
    other = case_of_event(event.pk)
    if other is not None:
        raise ConflictError(
            "event_in_case",
            N_("This adverse event belongs to a case already. Open that one."),
            extra={"case_id": other.pk},
        )
