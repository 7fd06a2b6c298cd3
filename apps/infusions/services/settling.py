"""What becomes of a reaction: passed, never there, or so mild that the infusion goes on more slowly."""

from datetime import datetime

from apps.accounts.selectors import Staff
from apps.infusions.domain import Resume, decide
from apps.infusions.models import InfusionSession, Reaction
from apps.infusions.reactions import reaction_of, refuse_unless_mild
from apps.infusions.restarting import highest_restart
from apps.infusions.services.common import carry_out, locked_session, standing
from apps.infusions.services.judging import judge_again, judged_now
from apps.infusions.services.reacting import close_reaction_alert, refuse_without_physician
from apps.infusions.services.rechecking import settle_repeats
from apps.infusions.watching import next_due
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work


def resolve_reaction(
    *, performer: Staff, session_id: int, reaction_id: int, now: datetime, note: str = ""
) -> InfusionSession:
    """Say that a reaction has passed.

    Raises ForbiddenError `physician_needed` after a severe one; DomainError `reaction_not_described`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        reaction = reaction_of(session, reaction_id)
        refuse_without_physician(reaction, performer)
        if reaction.described_at is None:
            raise DomainError("reaction_not_described", N_("Say first what you see."))
        if reaction.resolved_at is None:
            reaction.resolved_at, reaction.resolved_by, reaction.resolution_note = now, performer, note
            reaction.save(update_fields=["resolved_at", "resolved_by", "resolution_note"])
            _record(reaction, "infusion.reaction.resolved", {"note": note}, performer=performer, now=now)
            close_reaction_alert(session, reaction.term, performer=performer, now=now)
            settle_repeats(session, performer=performer, now=now)
            judge_again(session, before=judged_now(session, now), performer=performer, now=now)
    return session


def mark_reaction_in_error(
    *, performer: Staff, session_id: int, reaction_id: int, reason: str, now: datetime
) -> InfusionSession:
    """There was no reaction: tapped by mistake, or on the wrong patient. It stays, marked, and counts no more.

    Raises ForbiddenError `physician_needed` for a severe one.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        reaction = reaction_of(session, reaction_id)
        refuse_without_physician(reaction, performer)
        before = judged_now(session, now)
        reaction.status, reaction.status_reason = Reaction.Status.ENTERED_IN_ERROR, reason
        reaction.status_changed_at, reaction.status_changed_by = now, performer
        reaction.save()
        _record(
            reaction, "infusion.reaction.entered_in_error", {"reason": reason}, performer=performer, now=now
        )
        close_reaction_alert(session, reaction.term, performer=performer, now=now)
        settle_repeats(session, performer=performer, now=now)
        judge_again(session, before=before, performer=performer, now=now)
    return session


def go_on_slower(
    *, performer: Staff, session_id: int, reaction_id: int, version: int, now: datetime
) -> InfusionSession:
    """Go on at the reduced rate although a mild reaction has not passed (clinical facts 1.8, 3.2).

    Raises what `refuse_going_on_slower` names; ConflictError `session_changed`, `session_transition_refused`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id, version=version)
        reaction = reaction_of(session, reaction_id)
        refuse_unless_mild(session)
        highest = highest_restart(session)
        decision = decide(standing(session, now), Resume(highest, highest, open_reaction=False), now)
        session.observation_due_at = next_due(session, now, since=now)
        carry_out(
            session,
            decision,
            event="infusion.session.resumed",
            performer=performer,
            at=now,
            now=now,
            payload={"reaction_id": reaction.pk},
        )
    return session


def _record(reaction: Reaction, name: str, more: dict[str, str], *, performer: Staff, now: datetime) -> None:
    record_event(
        name=name,
        subject=f"session:{reaction.session_id}",
        ward_id=reaction.session.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={"reaction_id": reaction.pk, "term": reaction.term, **more},
    )
