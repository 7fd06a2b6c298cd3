"""Timers of a running infusion. Each looks again whether what it was set for still holds."""

from datetime import datetime

from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.infusions.domain import SessionState
from apps.infusions.dues import OBSERVATION, OFFER_WAITS, STEP, VIAL, VIAL_AHEAD, VOLUME
from apps.infusions.held_lots import tell_where_it_hangs
from apps.infusions.in_hand import lock_session
from apps.infusions.models import Handover, InfusionSession
from apps.infusions.reactions import open_reactions, repeat_due, valid_interventions
from apps.infusions.services.common import observation_overdue_at
from apps.infusions.services.judging import raise_overdue
from apps.infusions.services.rechecking import raise_recheck, raise_repeat
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event
from apps.ledger.types import DueTimer, RecordedEvent
from apps.lots.selectors import hold_on

MESSAGE_VIAL_EMPTY = N_("By calculation the vial is empty. Hang the next one, or pause the pump.")
MESSAGE_HANDOVER_OPEN = N_(
    "Offered to %(given_to)s %(minutes)s minutes ago, not accepted. Until then %(given_by)s has this patient."
)


def step_falls_due(timer: DueTimer, *, now: datetime) -> None:
    """The present rate has run its shortest time: the board asks for the next step."""
    session = _locked(timer)
    if session.state == SessionState.RUNNING and session.step_due_at == timer.due_at:
        _ask(session, STEP, "infusion.step.due", now)


def observation_falls_due(timer: DueTimer, *, now: datetime) -> None:
    """Vital signs are due: the board asks for them."""
    session = _locked(timer)
    if session.observation_due_at == timer.due_at:
        _ask(session, OBSERVATION, "infusion.observation.due", now)


def observation_is_overdue(timer: DueTimer, *, now: datetime) -> None:
    """Nobody measured in time: an alert."""
    session = _locked(timer)
    if session.observation_due_at is not None and observation_overdue_at(session) == timer.due_at:
        raise_overdue(session, now)


def reaction_recheck_is_due(timer: DueTimer, *, now: datetime) -> None:
    """A reaction is open and nobody measured in time: an alert."""
    session = _locked(timer)
    row = next((row for row in open_reactions(session) if row.pk == timer.payload["reaction_id"]), None)
    if session.watched_until is None and row is not None and row.recheck_due_at == timer.due_at:
        raise_recheck(row, now)


def repeat_is_due(timer: DueTimer, *, now: datetime) -> None:
    """What was given may have to be given again: an alert, unless it was, or the reaction has passed."""
    session = _locked(timer)
    row = valid_interventions(session).filter(pk=timer.payload["intervention_id"]).first()
    if session.watched_until is None and row is not None and repeat_due(row) == timer.due_at:
        row.session = session
        raise_repeat(row, now)


def vial_falls_due(timer: DueTimer, *, now: datetime) -> None:
    """What hangs will soon be in: the board asks for the next vial."""
    session = _locked(timer)
    if session.vial_due_at is not None and session.vial_due_at - VIAL_AHEAD == timer.due_at:
        _ask(session, VIAL, "infusion.vial.due", now)


def vial_is_empty(timer: DueTimer, *, now: datetime) -> None:
    """By the clock nothing hangs any more: an alert."""
    session = _locked(timer)
    if session.vial_due_at != timer.due_at:
        return
    raise_alert(
        ward_id=session.ward_id,
        patient_id=session.patient_id,
        subject=timer.subject,
        condition=Condition(
            code="vial_empty",
            priority=Priority.MEDIUM,
            message=MESSAGE_VIAL_EMPTY,
            params={},
            due_at=timer.due_at,
        ),
        now=now,
    )


def handover_waits(timer: DueTimer, *, now: datetime) -> None:
    """An offered patient was not accepted in time: an alert, because each may think the other has the patient."""
    session = _locked(timer)
    offers = Handover.objects.select_related("given_by", "given_to")
    offer = offers.get(pk=int(timer.occurrence), session=session)
    if offer.accepted_at or offer.withdrawn_at or session.watched_until is not None:
        return
    raise_alert(
        ward_id=session.ward_id,
        patient_id=session.patient_id,
        subject=timer.subject,
        condition=Condition(
            code="handover_open",
            priority=Priority.LOW,
            message=MESSAGE_HANDOVER_OPEN,
            params={
                "given_to": offer.given_to.display_name,
                "given_by": offer.given_by.display_name,
                "minutes": int(OFFER_WAITS.total_seconds() // 60),
            },
        ),
        now=now,
    )


def tell_of_held_lot(event: RecordedEvent) -> None:
    """A lot was put on hold: who has it on the drip is told."""
    hold = hold_on(event.payload["product_code"], event.payload["lot_number"])
    if hold is not None:
        tell_where_it_hangs(hold, now=event.recorded_at)


def close_alerts_after_end(event: RecordedEvent) -> None:
    """An alert of an infusion that is watched no more was taken: there is nothing left to watch it by."""
    subject = str(event.payload["about"])
    kind, _, number = subject.partition(":")
    if (
        kind == "session"
        and InfusionSession.objects.filter(pk=int(number), watched_until__isnull=False).exists()
    ):
        resolve_alerts(subject=subject, now=event.recorded_at)


def volume_is_in(timer: DueTimer, *, now: datetime) -> None:
    """By the clock the bag is empty: the board asks for completion."""
    session = _locked(timer)
    if session.state == SessionState.RUNNING and session.finish_at == timer.due_at:
        _ask(session, VOLUME, "infusion.volume.due", now)


def _locked(timer: DueTimer) -> InfusionSession:
    session = lock_session(timer.subject_id)
    assert session is not None
    return session


def _ask(session: InfusionSession, what: str, event: str, now: datetime) -> None:
    if what in session.asked:
        return
    session.asked = [*session.asked, what]
    session.save(update_fields=["asked"])
    record_event(
        name=event,
        subject=f"session:{session.pk}",
        ward_id=session.ward_id,
        actor=actor_of(None),
        now=now,
    )
