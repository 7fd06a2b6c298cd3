"""Reactions during the infusion."""

from dataclasses import asdict
from datetime import datetime

from apps.accounts.selectors import Role, Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.guidelines.selectors import guidelines_version
from apps.infusions.domain import SessionState
from apps.infusions.models import InfusionSession, Reaction
from apps.infusions.services.common import locked_session
from apps.infusions.services.ending import stop
from apps.infusions.services.rates import go_back, pause
from apps.kernel.errors import DomainError, ForbiddenError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work

MESSAGE_REACTION = N_("Reaction during the infusion: %(term)s.")
_PRIORITY = {"mild": Priority.LOW, "moderate": Priority.MEDIUM, "severe": Priority.HIGH}


def record_reaction(
    *,
    performer: Staff,
    session_id: int,
    term: str,
    severity: str,
    onset_at: datetime,
    action: str,
    note: str,
    now: datetime,
) -> Reaction:
    """Record a reaction with what was done at once: `none`, `slow`, `pause` or `stop`.

    The action meets the infusion as it is at this moment and is never refused for being late: on an
    infusion that is already paused or ended only the reaction is recorded.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        if session.started_at is None or onset_at < session.started_at:
            raise DomainError(
                "onset_before_infusion",
                N_("The reaction cannot have begun before the infusion. Check the time."),
            )
        reaction_term = guidelines_version(session.guideline_version).reaction_term(term)
        reaction = Reaction.objects.create(
            session=session,
            term=term,
            severity=severity,
            onset_at=onset_at,
            recorded_at=now,
            action=action,
            note=note,
            performer=performer,
        )
        # Recorded before the action: what the rate was at onset belongs to the reaction.
        record_event(
            name="infusion.reaction.recorded",
            subject=f"session:{session.pk}",
            ward_id=session.ward_id,
            actor=actor_of(performer),
            now=now,
            occurred_at=onset_at,
            payload={"reaction_id": reaction.pk, "term": term, "severity": severity, "action": action},
        )
        raise_alert(
            ward_id=session.ward_id,
            patient_id=session.patient_id,
            subject=f"session:{session.pk}",
            condition=Condition(
                code=f"reaction:{term}",
                priority=_PRIORITY[severity],
                message=MESSAGE_REACTION,
                params={"term": asdict(reaction_term.name)},
                source=reaction_term.citation.label,
            ),
            now=now,
        )
        _act(session, action, performer=performer, reason=f"reaction: {term}", now=now)
    return reaction


def resolve_reaction(
    *, performer: Staff, session_id: int, reaction_id: int, now: datetime
) -> InfusionSession:
    """Say that a reaction has passed. After a severe one only a physician may (ForbiddenError)."""
    with unit_of_work():
        session = locked_session(performer, session_id)
        reaction = Reaction.objects.select_for_update().filter(pk=reaction_id, session=session).first()
        if reaction is None:
            raise NotFoundError("not_found", N_("This infusion has no such reaction."))
        if reaction.severity == "severe" and performer.role != Role.PHYSICIAN:
            raise ForbiddenError(
                "physician_needed", N_("After a severe reaction only a physician may say that it has passed.")
            )
        if reaction.resolved_at is None:
            reaction.resolved_at, reaction.resolved_by = now, performer
            reaction.save(update_fields=["resolved_at", "resolved_by"])
            record_event(
                name="infusion.reaction.resolved",
                subject=f"session:{session.pk}",
                ward_id=session.ward_id,
                actor=actor_of(performer),
                now=now,
                payload={"reaction_id": reaction.pk, "term": reaction.term},
            )
            resolve_alerts(
                subject=f"session:{session.pk}",
                codes=frozenset({f"reaction:{reaction.term}"}),
                done_by=performer,
                now=now,
            )
    return session


def _act(session: InfusionSession, action: str, *, performer: Staff, reason: str, now: datetime) -> None:
    running = session.state == SessionState.RUNNING
    if action == "slow" and running and session.step_index > 0:
        go_back(session, session.step_index - 1, performer=performer, reason=reason, now=now)
    elif action == "pause" and running:
        pause(session, performer=performer, reason=reason, now=now)
    elif action == "stop" and session.state in (SessionState.RUNNING, SessionState.PAUSED):
        stop(session, performer=performer, reason=reason, now=now)
