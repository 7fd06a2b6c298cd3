"""The lot watch: after each adverse event its lots are looked at, and officers told of one that stands out."""

from datetime import datetime

from apps.accounts.selectors import every_ward
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.guidelines.selectors import current_guidelines
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.ledger.types import DueTimer
from apps.lots.domain import same_lot
from apps.safety.selectors import infusion_of_event
from apps.signals.domain import LotLook
from apps.signals.models import LotSignal
from apps.signals.selectors import counted_on, looks_at

LOOK = "signals.lots.look"
STANDS_OUT = "lot_stands_out"
_EVERY = N_(
    "%(product)s, lot %(lot)s stands out: an adverse event in %(events)s of %(infusions)s infusions with it, and in"
    " %(other_events)s of %(other_infusions)s with other lots. Look at the lot and who was given it."
)
_SERIOUS = N_(
    "%(product)s, lot %(lot)s stands out: a serious adverse event in %(events)s of %(infusions)s infusions with it,"
    " and in %(other_events)s of %(other_infusions)s with other lots. Look at the lot and who was given it."
)


def look_at_lots_of_event(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: compare the lots of an adverse event's infusion with the other lots of the product.

    Counted over all wards. A look that stands out is kept and told once; a later one takes its place. One that stands
    out no longer closes what somebody has taken, and hides nothing that nobody has.
    """
    session_id, product_code = infusion_of_event(timer.subject_id)
    counted = counted_on(every_ward(), product_code=product_code)
    looks = looks_at(counted)
    lots = next((one.lots for one in counted.given if one.session_id == session_id), ())
    with unit_of_work():
        for lot in lots:
            every, serious = looks[product_code, lot]
            for look, serious_only in ((every, False), (serious, True)):
                _tell(timer, product_code, lot, look, serious_only=serious_only, now=now)


def _tell(
    timer: DueTimer, product_code: str, lot: str, look: LotLook, *, serious_only: bool, now: datetime
) -> None:
    assert timer.ward_id is not None, "an adverse event is on a ward"
    same = {"product_code": product_code, "matches": same_lot(lot), "serious_only": serious_only}
    if not look.stands_out:
        _close(list(LotSignal.objects.filter(**same)), now, settled=False)
        return
    count = look.count
    signal, created = LotSignal.objects.get_or_create(
        **same,
        lot_events=count.lot_events,
        defaults={
            "lot_number": lot,
            "lot_infusions": count.lot_infusions,
            "other_infusions": count.other_infusions,
            "other_events": count.other_events,
            "probability": look.probability,
            "bound": look.bound,
            "adverse_event_id": timer.subject_id,
            "ward_id": timer.ward_id,
            "found_at": now,
        },
    )
    if created:
        _close(list(LotSignal.objects.filter(**same).exclude(pk=signal.pk)), now, settled=True)
        _raise(signal, now)


def _close(signals: list[LotSignal], now: datetime, *, settled: bool) -> None:
    for signal in signals:
        resolve_alerts(subject=f"lot_signal:{signal.pk}", now=now, settled=settled)


def _raise(signal: LotSignal, now: datetime) -> None:
    names = {product.code: product.name for product in current_guidelines().products}
    counts = {
        "infusions": signal.lot_infusions,
        "events": signal.lot_events,
        "other_infusions": signal.other_infusions,
        "other_events": signal.other_events,
    }
    told = {"product": names.get(signal.product_code, signal.product_code), "lot": signal.lot_number}
    record_event(
        name="signals.lot.stands_out",
        subject=f"lot_signal:{signal.pk}",
        ward_id=signal.ward_id,
        actor=actor_of(None),
        now=now,
        payload={
            "product_code": signal.product_code,
            "lot_number": signal.lot_number,
            "serious_only": signal.serious_only,
            **counts,
        },
    )
    raise_alert(
        ward_id=signal.ward_id,
        patient_id=None,
        subject=f"lot_signal:{signal.pk}",
        condition=Condition(
            code=STANDS_OUT,
            priority=Priority.HIGH if signal.serious_only else Priority.MEDIUM,
            message=_SERIOUS if signal.serious_only else _EVERY,
            params={**told, **counts},
        ),
        now=now,
        for_officers=True,
    )
