"""Events that open an adverse event."""

from typing import Any

from apps.alerts.services import resolve_alerts
from apps.followups.selectors import get_check, last_attempt
from apps.infusions.selectors import infusion_at, reaction_account, reactions_of
from apps.ledger.types import RecordedEvent
from apps.safety.selectors import awaits_review
from apps.safety.services import (
    fill_in_adverse_event,
    open_adverse_event,
    reinstate_adverse_event,
    withdraw_adverse_event,
)


def open_from_reaction(event: RecordedEvent) -> None:
    """A reaction during the infusion is an adverse event."""
    reaction = reaction_account(event.payload["reaction_id"])
    open_adverse_event(
        origin=reaction.origin,
        moment=infusion_at(reaction.session_id, reaction.onset_at),
        term=reaction.term,
        severity=reaction.severity,
        onset_at=reaction.onset_at,
        action=reaction.action,
        note=reaction.note,
        reported_by=reaction.performer,
        now=event.recorded_at,
        details=reaction.details,
    )


def fill_in_from_infusion(event: RecordedEvent) -> None:
    """What was described, done or measured since belongs to the adverse event's record, signed or not."""
    for reaction in reactions_of(event.subject_id):
        fill_in_adverse_event(
            origin=reaction.origin,
            term=reaction.term,
            severity=reaction.severity,
            note=reaction.note,
            details=reaction.details,
        )


def withdraw_mistaken_reaction(event: RecordedEvent) -> None:
    """A reaction that was none is no adverse event."""
    withdraw_adverse_event(
        origin=reaction_account(event.payload["reaction_id"]).origin,
        actor=event.actor,
        reason=event.payload["reason"],
        now=event.recorded_at,
    )


def open_from_follow_up(event: RecordedEvent) -> None:
    """A delayed effect suspected at follow-up, or a symptom told there, is an adverse event.

    A patient's own report has nobody who recorded it. What is told later at the same check joins it.
    """
    check = get_check(event.subject_id)
    attempt = last_attempt(check.pk)
    told = {
        "term": event.payload.get("term", check.effect),
        "severity": "",
        "note": attempt.note,
        "details": {
            "symptoms": [{"term": code, "severity": ""} for code in event.payload.get("symptoms", [])]
        },
    }
    open_adverse_event(
        origin=f"check:{check.pk}",
        moment=infusion_at(check.session_id, event.occurred_at),
        onset_at=event.occurred_at,
        action="",
        reported_by=attempt.recorded_by,
        now=event.recorded_at,
        **told,
    )
    fill_in_adverse_event(origin=f"check:{check.pk}", **told)


def open_from_laboratory(event: RecordedEvent) -> None:
    """A finding in the laboratory after an infusion is an adverse event; a worse one brings it up to date.

    Without an infusion in the time before there is nothing it could be an effect of.
    """
    if event.payload["session_id"] is None:
        return
    origin, details = _laboratory_origin(event), _laboratory_details(event)
    opened = open_adverse_event(
        origin=origin,
        moment=infusion_at(event.payload["session_id"], event.occurred_at),
        term=event.payload["effect"],
        severity="",
        onset_at=event.occurred_at,
        action="",
        note=event.payload["explanation"],
        reported_by=None,
        now=event.recorded_at,
        details=details,
    )
    if opened.details != details:
        reinstate_adverse_event(origin=origin, actor=event.actor, now=event.recorded_at)
        fill_in_adverse_event(
            origin=origin,
            term=event.payload["effect"],
            severity="",
            note=event.payload["explanation"],
            details=details,
        )


def withdraw_from_laboratory(event: RecordedEvent) -> None:
    """A finding that rested on a wrong result alone is no adverse event."""
    if event.payload["session_id"] is not None:
        withdraw_adverse_event(
            origin=_laboratory_origin(event),
            actor=event.actor,
            reason="the laboratory result it rested on was entered in error or corrected",
            now=event.recorded_at,
        )


def close_alerts_after_review(event: RecordedEvent) -> None:
    """The call for a review was taken, and there is nothing to review any more."""
    kind, _, number = str(event.payload["about"]).partition(":")
    if kind == "adverse_event" and not awaits_review(int(number)):
        resolve_alerts(subject=f"{kind}:{number}", now=event.recorded_at)


def _laboratory_origin(event: RecordedEvent) -> str:
    payload = event.payload
    return f"laboratory:{payload['patient_id']}:{payload['code']}:{payload['session_id']}"


def _laboratory_details(event: RecordedEvent) -> dict[str, Any]:
    return {"laboratory": {name: event.payload[name] for name in ("code", "level", "source", "results")}}
