"""Lots on hold at the bedside: not hung, and told of where they hang."""

from datetime import datetime

from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert
from apps.infusions.models import HungVial, InfusionSession
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.lots.domain import same_lot
from apps.lots.selectors import LotHold, hold_on

LOT_ON_HOLD = "lot_on_hold"
MESSAGE_REFUSED = N_(
    "Lot %(lot)s is on hold: %(reason)s Do not hang it. Take a vial of another lot, and keep this one for the"
    " pharmacy."
)
MESSAGE_HANGS = N_(
    "Lot %(lot)s, which this patient was given, is on hold: %(reason)s Ask the physician whether to stop."
)


def refuse_held_lot(session: InfusionSession, lot_number: str) -> None:
    """Raises DomainError `lot_on_hold` when the vial in hand must not be hung."""
    hold = hold_on(session.product_code, lot_number)
    if hold is not None:
        raise DomainError(LOT_ON_HOLD, MESSAGE_REFUSED, lot=lot_number, reason=hold.reason)


def tell_of_held_lot(session: InfusionSession, lot_number: str, *, now: datetime) -> None:
    """A vial that hangs, or hung, in an infusion that is still watched turns out to be on hold: an alert.

    It was hung before anybody knew, or entered late: to refuse the entry would hide what the patient was given.
    """
    hold = hold_on(session.product_code, lot_number)
    if hold is not None and session.watched_until is None:
        _alert(session, hold, now)


def tell_where_it_hangs(hold: LotHold, *, now: datetime) -> None:
    """A lot was put on hold: an alert on each infusion that is still watched and had a vial of it."""
    vials = (
        HungVial.objects.filter(
            session__product_code=hold.product_code,
            session__started_at__isnull=False,
            session__watched_until__isnull=True,
        )
        .exclude(status=HungVial.Status.ENTERED_IN_ERROR)
        .select_related("session")
        .order_by("session_id")
    )
    sessions = {vial.session_id: vial.session for vial in vials if same_lot(vial.lot_number) == hold.matches}
    for session in sessions.values():
        _alert(session, hold, now)


def _alert(session: InfusionSession, hold: LotHold, now: datetime) -> None:
    raise_alert(
        ward_id=session.ward_id,
        patient_id=session.patient_id,
        subject=f"session:{session.pk}",
        condition=Condition(
            code=LOT_ON_HOLD,
            priority=Priority.HIGH,
            message=MESSAGE_HANGS,
            params={"lot": hold.lot_number, "reason": hold.reason},
        ),
        now=now,
        physician_at_once=True,
    )
