"""Reactions during the infusion."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from apps.accounts.selectors import Role, Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.infusions.domain import SessionState, SetRate
from apps.infusions.models import InfusionSession, Reaction
from apps.infusions.restarting import reduced_from
from apps.infusions.rows import last_change
from apps.infusions.services.common import locked_session
from apps.infusions.services.ending import stop
from apps.infusions.services.judging import judge_again, judged_now
from apps.infusions.services.rates import go_slower, pause
from apps.infusions.watching import reaction_term_of
from apps.kernel.errors import DomainError, ForbiddenError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work

MESSAGE_REACTION = N_("Reaction during the infusion: %(term)s.")
_PRIORITY = {"mild": Priority.LOW, "moderate": Priority.MEDIUM, "severe": Priority.HIGH}


@dataclass(frozen=True, slots=True)
class Symptom:
    """What is seen, in the sources' terms, and how bad it is: `mild`, `moderate` or `severe`."""

    term: str
    severity: str


NOT_DESCRIBED = Symptom("unspecified", "moderate")
_BAD = ("mild", "moderate", "severe")


def record_reaction(
    *,
    performer: Staff,
    session_id: int,
    symptoms: Sequence[Symptom],
    onset_at: datetime,
    action: str,
    note: str,
    now: datetime,
) -> Reaction:
    """Record a reaction with what was done at once: `none`, `slow`, `pause` or `stop`.

    One tap is enough: without symptoms it is "not yet described". The action meets the infusion as it is at
    this moment and is never refused for being late: on an infusion that is already paused or ended only the
    reaction is recorded.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        if session.started_at is None or onset_at < session.started_at:
            raise DomainError(
                "onset_before_infusion",
                N_("The reaction cannot have begun before the infusion. Check the time."),
            )
        before = judged_now(session, now)
        leading = leading_symptom(symptoms)
        reaction = Reaction.objects.create(
            session=session,
            term=leading.term,
            severity=leading.severity,
            symptoms=[asdict(symptom) for symptom in symptoms] or [asdict(NOT_DESCRIBED)],
            onset_at=onset_at,
            recorded_at=now,
            described_at=now if symptoms else None,
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
            payload={
                "reaction_id": reaction.pk,
                "term": leading.term,
                "severity": leading.severity,
                "action": action,
            },
        )
        _raise(session, leading, now)
        _act(session, reaction, performer=performer, now=now)
        judge_again(session, before=before, performer=performer, now=now)
    return reaction


def leading_symptom(symptoms: Sequence[Symptom]) -> Symptom:
    """The worst one, of these the first named."""
    return max(symptoms, key=lambda symptom: _BAD.index(symptom.severity), default=NOT_DESCRIBED)


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


def _raise(session: InfusionSession, symptom: Symptom, now: datetime) -> None:
    term = reaction_term_of(session, symptom.term)
    raise_alert(
        ward_id=session.ward_id,
        patient_id=session.patient_id,
        subject=f"session:{session.pk}",
        condition=Condition(
            code=f"reaction:{symptom.term}",
            priority=_PRIORITY[symptom.severity],
            message=MESSAGE_REACTION,
            params={"term": asdict(term.name)},
            source=term.citation.label,
        ),
        now=now,
    )


def _act(session: InfusionSession, reaction: Reaction, *, performer: Staff, now: datetime) -> None:
    state = SessionState(session.state)
    if reaction.action == "stop" and state in (SessionState.RUNNING, SessionState.PAUSED):
        stop(session, performer=performer, reason="", at=now, now=now)
    elif reaction.action == "pause" and state is SessionState.RUNNING:
        pause(session, performer=performer, reason="", at=now, now=now)
    elif reaction.action == "slow" and state is SessionState.RUNNING:
        reduced = reduced_from(session, reaction.onset_at)
        running = last_change(session)
        if running is not None and reduced.rate_ml_per_h < running.rate_ml_per_h:
            to = SetRate(reduced.step_index, reduced.rate_ml_per_kg_h, reduced.rate_ml_per_h)
            go_slower(session, to, performer=performer, reason="", at=now, now=now)
