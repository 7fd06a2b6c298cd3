"""Reactions: recorded with one tap, described when there is time."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from apps.accounts.selectors import Action, Staff, role_allows
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.infusions.domain import SessionState
from apps.infusions.models import InfusionSession, Reaction
from apps.infusions.reactions import (
    NOT_DESCRIBED,
    leading_symptom,
    open_reactions,
    proposal_of,
    propose,
    reaction_of,
)
from apps.infusions.restarting import reduced_to
from apps.infusions.rows import last_change
from apps.infusions.services.common import locked_session
from apps.infusions.services.ending import stop
from apps.infusions.services.judging import judge_again, judged_now
from apps.infusions.services.rates import go_slower, pause
from apps.infusions.watching import reaction_term_of
from apps.kernel.errors import ConflictError, DomainError, ForbiddenError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work

MESSAGE_REACTION = N_("Reaction during the infusion: %(term)s.")
_PRIORITY = {"mild": Priority.LOW, "moderate": Priority.MEDIUM, "severe": Priority.HIGH}


@dataclass(frozen=True, slots=True)
class Symptom:
    """What is seen, in the sources' terms, and how bad it is: `mild`, `moderate` or `severe`."""

    term: str
    severity: str


_TAPPED = Symptom(NOT_DESCRIBED, "moderate")


def record_reaction(
    *,
    performer: Staff,
    session_id: int,
    symptoms: Sequence[Symptom],
    onset_at: datetime,
    action: str,
    note: str,
    now: datetime,
    effective_at: datetime | None = None,
) -> Reaction:
    """Record a reaction with what was done at once: `none`, `slow`, `pause` or `stop`.

    One tap is enough: without symptoms it is "not yet described", and a second tap meanwhile joins the first.
    The action meets the infusion as it is at this moment and is never refused for being late: on an infusion
    that is already paused or ended only the reaction is recorded. `effective_at`: when the pump was touched, if
    it could not be sent at once; it never reaches back before the newest change of the rate.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        if session.started_at is None or onset_at < session.started_at:
            raise DomainError(
                "onset_before_infusion",
                N_("The reaction cannot have begun before the infusion. Check the time."),
            )
        before = judged_now(session, now)
        waiting = None if symptoms else _not_described(session)
        reaction = waiting or _create(
            session,
            [asdict(symptom) for symptom in symptoms],
            onset_at=onset_at,
            action=action,
            note=note,
            performer=performer,
            now=now,
        )
        _act(session, action, reaction.onset_at, performer=performer, at=effective_at or now, now=now)
        judge_again(session, before=before, performer=performer, now=now)
    return reaction


def describe_reaction(
    *,
    performer: Staff,
    session_id: int,
    reaction_id: int,
    symptoms: Sequence[Symptom],
    note: str,
    now: datetime,
) -> Reaction:
    """Say what is seen: every symptom there is now, in place of what was said before.

    Raises DomainError `symptoms_needed`; ConflictError `reaction_passed`; ForbiddenError `physician_needed` when
    a severe reaction is made out to be less and the performer is no physician.
    """
    if not symptoms:
        raise DomainError("symptoms_needed", N_("Choose at least one symptom."))
    with unit_of_work():
        session = locked_session(performer, session_id)
        reaction = reaction_of(session, reaction_id)
        if reaction.resolved_at is not None:
            raise ConflictError(
                "reaction_passed", N_("This reaction has passed. Record what is seen now as a new one.")
            )
        before, earlier = judged_now(session, now), reaction.term
        listed = [asdict(symptom) for symptom in symptoms]
        leading = leading_symptom(session, listed)
        if not propose(session, leading["term"], leading["severity"]).needs_physician:
            refuse_without_physician(reaction, performer)
        same = (reaction.term, reaction.severity) == (leading["term"], leading["severity"])
        reaction.term, reaction.severity, reaction.symptoms = leading["term"], leading["severity"], listed
        reaction.described_at, reaction.note = now, note or reaction.note
        reaction.save()
        _record(reaction, "infusion.reaction.described", performer=performer, now=now, occurred_at=now)
        if not same:
            _raise(reaction, now)
        if earlier != reaction.term:
            close_reaction_alert(session, earlier, performer=performer, now=now)
        judge_again(session, before=before, performer=performer, now=now)
    return reaction


def refuse_without_physician(reaction: Reaction, performer: Staff) -> None:
    """Raises ForbiddenError `physician_needed`: a severe reaction is not a nurse's to talk down."""
    if proposal_of(reaction).needs_physician and not role_allows(
        performer, Action.ANSWER_FOR_SEVERE_REACTION
    ):
        raise ForbiddenError(
            "physician_needed",
            N_("After a severe reaction only a physician may say that it has passed, or that it was less."),
        )


def close_reaction_alert(session: InfusionSession, term: str, *, performer: Staff, now: datetime) -> None:
    """Resolve the alert of a leading term unless another open reaction still has it."""
    if not any(row.term == term for row in open_reactions(session)):
        codes = frozenset({f"reaction:{term}"})
        resolve_alerts(subject=f"session:{session.pk}", codes=codes, done_by=performer, now=now)


def _not_described(session: InfusionSession) -> Reaction | None:
    return next((row for row in open_reactions(session) if row.described_at is None), None)


def _create(
    session: InfusionSession,
    symptoms: list[dict[str, str]],
    *,
    onset_at: datetime,
    action: str,
    note: str,
    performer: Staff,
    now: datetime,
) -> Reaction:
    listed = symptoms or [asdict(_TAPPED)]
    leading = leading_symptom(session, listed)
    reaction = Reaction.objects.create(
        session=session,
        term=leading["term"],
        severity=leading["severity"],
        symptoms=listed,
        onset_at=onset_at,
        recorded_at=now,
        described_at=now if symptoms else None,
        action=action,
        note=note,
        performer=performer,
    )
    # Recorded before the action: what the rate was at onset belongs to the reaction.
    _record(
        reaction,
        "infusion.reaction.recorded",
        performer=performer,
        now=now,
        occurred_at=onset_at,
        action=action,
    )
    _raise(reaction, now)
    return reaction


def _record(
    reaction: Reaction, name: str, *, performer: Staff, now: datetime, occurred_at: datetime, **more: str
) -> None:
    record_event(
        name=name,
        subject=f"session:{reaction.session_id}",
        ward_id=reaction.session.ward_id,
        actor=actor_of(performer),
        now=now,
        occurred_at=occurred_at,
        payload={
            "reaction_id": reaction.pk,
            "term": reaction.term,
            "severity": reaction.severity,
            "symptoms": reaction.symptoms,
            "note": reaction.note,
            **more,
        },
    )


def _raise(reaction: Reaction, now: datetime) -> None:
    session = reaction.session
    term = reaction_term_of(session, reaction.term)
    urgent = proposal_of(reaction).needs_physician
    raise_alert(
        ward_id=session.ward_id,
        patient_id=session.patient_id,
        subject=f"session:{session.pk}",
        condition=Condition(
            code=f"reaction:{reaction.term}",
            priority=Priority.HIGH if urgent else _PRIORITY[reaction.severity],
            message=MESSAGE_REACTION,
            params={"term": asdict(term.name)},
            source=term.citation.label,
        ),
        now=now,
    )


def _act(
    session: InfusionSession,
    action: str,
    onset_at: datetime,
    *,
    performer: Staff,
    at: datetime,
    now: datetime,
) -> None:
    state, running = SessionState(session.state), last_change(session)
    if running is None or state not in (SessionState.RUNNING, SessionState.PAUSED):
        return
    at = min(max(at, running.started_at), now)
    if action == "stop":
        stop(session, performer=performer, reason="", at=at, now=now)
    elif action == "pause" and state is SessionState.RUNNING:
        pause(session, performer=performer, reason="", at=at, now=now)
    elif action == "slow" and state is SessionState.RUNNING:
        to = reduced_to(session, onset_at)
        if to.rate_ml_per_h < running.rate_ml_per_h:
            go_slower(session, to, performer=performer, reason="", at=at, now=now)
