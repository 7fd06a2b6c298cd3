"""What was done or given for a patient during an infusion, with its time."""

from datetime import datetime

from apps.accounts.selectors import Staff
from apps.infusions.models import InfusionSession, Intervention
from apps.infusions.reactions import reaction_of, valid_interventions, with_reaction_data
from apps.infusions.services.common import locked_session
from apps.infusions.services.rechecking import call_for_repeats, plan_repeat, settle_repeats
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work


def record_intervention(
    *,
    performer: Staff,
    session_id: int,
    code: str,
    detail: str,
    given_at: datetime,
    reaction_id: int | None,
    now: datetime,
) -> Intervention:
    """Note what was done or given: a code of the guidelines, with drug, dose and route in words.

    Raises DomainError `guideline_unknown_code`, `detail_needed` for something else, `given_before_infusion`;
    NotFoundError for a reaction that is not there.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        with_reaction_data(session).intervention(code)
        if code == "other" and not detail.strip():
            raise DomainError("detail_needed", N_("Write what was done or given."), extra={"field": "detail"})
        if session.started_at is None or given_at < session.started_at:
            raise DomainError(
                "given_before_infusion",
                N_("This cannot have been done before the infusion. Check the time."),
                extra={"field": "given_at"},
            )
        row = Intervention.objects.create(
            session=session,
            reaction=None if reaction_id is None else reaction_of(session, reaction_id),
            code=code,
            detail=detail.strip(),
            given_at=given_at,
            recorded_at=now,
            performer=performer,
        )
        _record(row, "infusion.intervention.recorded", {"detail": row.detail}, performer=performer, now=now)
        settle_repeats(session, performer=performer, now=now)
        plan_repeat(row, now=now)
    return row


def mark_intervention_in_error(
    *, performer: Staff, session_id: int, intervention_id: int, reason: str, now: datetime
) -> InfusionSession:
    """It was not done, or entered wrongly. It stays, marked, and counts no more."""
    with unit_of_work():
        session = locked_session(performer, session_id)
        row = valid_interventions(session).filter(pk=intervention_id).first()
        if row is None:
            raise NotFoundError(
                "not_found", N_("This is not recorded for this infusion, or was corrected already.")
            )
        row.session = session
        row.status, row.status_reason = Intervention.Status.ENTERED_IN_ERROR, reason
        row.status_changed_at, row.status_changed_by = now, performer
        row.save()
        _record(
            row, "infusion.intervention.entered_in_error", {"reason": reason}, performer=performer, now=now
        )
        settle_repeats(session, performer=performer, now=now)
        call_for_repeats(session, now=now)
    return session


def _record(row: Intervention, name: str, more: dict[str, str], *, performer: Staff, now: datetime) -> None:
    record_event(
        name=name,
        subject=f"session:{row.session_id}",
        ward_id=row.session.ward_id,
        actor=actor_of(performer),
        now=now,
        occurred_at=row.given_at,
        payload={
            "intervention_id": row.pk,
            "code": row.code,
            "reaction_id": row.reaction_id,
            "given_at": row.given_at.isoformat(),
            **more,
        },
    )
