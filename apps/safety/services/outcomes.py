"""How a reaction went on after it was reviewed."""

from datetime import datetime

from apps.accounts.selectors import Action, Staff
from apps.guidelines.selectors import current_guidelines
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.safety.domain import Outcome
from apps.safety.models import AdverseEvent, OutcomeEntry
from apps.safety.selectors.events import access_adverse_event
from apps.safety.services.waiting import subject_of

BEFORE_ONSET = N_("This lies before the reaction began. Check date and time.")
IN_THE_FUTURE = N_("This lies in the future. Check date and time.")
NOT_OF_THIS_EVENT = N_("There is no such entry on this event.")
REPLACED_ALREADY = N_("This entry was replaced already. Reload the page.")


def record_outcome(
    *,
    performer: Staff,
    event_id: int,
    severity_term: str,
    outcome: Outcome,
    observed_at: datetime,
    note: str,
    replaces_id: int | None,
    now: datetime,
) -> OutcomeEntry:
    """Add how a reaction stands; empty `severity_term` speaks for all of the event. Nothing is overwritten.

    `replaces_id` names an entry that was wrong. Raises DomainError `outcome_before_onset`, `outcome_in_the_future`,
    `outcome_not_of_this_event`, ConflictError `outcome_replaced_already`.
    """
    with unit_of_work():
        access_adverse_event(performer, event_id, Action.REVIEW_ADVERSE_EVENT)
        event = AdverseEvent.objects.select_for_update().get(pk=event_id)
        if severity_term:
            current_guidelines().severity_term(severity_term)
        if observed_at < event.onset_at:
            raise DomainError("outcome_before_onset", BEFORE_ONSET, extra={"field": "observed_at"})
        if observed_at > now:
            raise DomainError("outcome_in_the_future", IN_THE_FUTURE, extra={"field": "observed_at"})
        entry = OutcomeEntry.objects.create(
            event=event,
            severity_term=severity_term,
            outcome=outcome.value,
            observed_at=observed_at,
            note=note,
            recorded_by=performer,
            recorded_at=now,
            replaces=_wrong_one(event, replaces_id),
        )
        record_event(
            name="safety.outcome.recorded",
            subject=subject_of(event),
            ward_id=event.ward_id,
            actor=actor_of(performer),
            now=now,
            payload={
                "outcome_id": entry.pk,
                "severity_term": severity_term,
                "outcome": outcome.value,
                "observed_at": observed_at.isoformat(),
                "replaces": replaces_id,
            },
        )
    return entry


def _wrong_one(event: AdverseEvent, replaces_id: int | None) -> OutcomeEntry | None:
    if replaces_id is None:
        return None
    entry = OutcomeEntry.objects.filter(event=event, pk=replaces_id).first()
    if entry is None:
        raise DomainError("outcome_not_of_this_event", NOT_OF_THIS_EVENT, extra={"field": "replaces"})
    if OutcomeEntry.objects.filter(replaces=entry).exists():
        raise ConflictError("outcome_replaced_already", REPLACED_ALREADY)
    return entry
