"""Events that open an adverse event."""

from apps.followups.selectors import get_check, last_attempt
from apps.infusions.selectors import get_reaction, infusion_at
from apps.ledger.types import RecordedEvent
from apps.safety.services import open_adverse_event


def open_from_reaction(event: RecordedEvent) -> None:
    """A reaction during the infusion is an adverse event."""
    reaction = get_reaction(event.payload["reaction_id"])
    open_adverse_event(
        origin=f"reaction:{reaction.pk}",
        moment=infusion_at(reaction.session_id, reaction.onset_at),
        term=reaction.term,
        severity=reaction.severity,
        onset_at=reaction.onset_at,
        action=reaction.action,
        note=reaction.note,
        reported_by=reaction.performer,
        now=event.recorded_at,
    )


def open_from_follow_up(event: RecordedEvent) -> None:
    """A delayed effect suspected at follow-up is an adverse event."""
    check = get_check(event.subject_id)
    attempt = last_attempt(check.pk)
    open_adverse_event(
        origin=f"check:{check.pk}",
        moment=infusion_at(check.session_id, event.occurred_at),
        term=check.effect,
        severity="",
        onset_at=event.occurred_at,
        action="",
        note=attempt.note,
        reported_by=attempt.recorded_by,
        now=event.recorded_at,
    )
