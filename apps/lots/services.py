"""Writers of lots on hold."""

from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.selectors import Action, Staff, require
from apps.accounts.signing import signature_of
from apps.kernel.errors import ConflictError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.lots.domain import HoldState, refuse_release, same_lot
from apps.lots.models import LotHold
from apps.lots.selectors import access_hold


def hold_lot(*, performer: Staff, product_code: str, lot_number: str, reason: str, now: datetime) -> LotHold:
    """Put a lot on hold, on every ward at once: it is not hung any more, and who has it on the drip is told.

    Raises ConflictError `lot_held_already`.
    """
    require(performer, Action.HOLD_LOT)
    with unit_of_work():
        try:
            with transaction.atomic():
                hold = LotHold.objects.create(
                    product_code=product_code,
                    lot_number=lot_number,
                    matches=same_lot(lot_number),
                    reason=reason,
                    held_at=now,
                    held_by=performer,
                )
        except IntegrityError as error:
            raise ConflictError("lot_held_already", N_("This lot is on hold already.")) from error
        _record(hold, "lots.lot.held", performer, now, reason=reason)
    return hold


def agree_to_release(*, performer: Staff, hold_id: int, reason: str, now: datetime) -> LotHold:
    """One of the two who release a lot: the first asks, the second, somebody else, ends the hold.

    Who agrees has proved who they are (`accounts.services.prove_identity`). Raises ConflictError `lot_not_held`,
    `second_person_same`.
    """
    with unit_of_work():
        hold = access_hold(performer, hold_id, Action.HOLD_LOT, for_update=True)
        state_before = hold.state
        refuse_release(HoldState(hold.state), asked_by=hold.release_asked_by_id, performer=performer.pk)
        if hold.state == HoldState.HELD:
            hold.state = HoldState.RELEASE_ASKED
            hold.release_asked_at, hold.release_asked_by, hold.release_reason = now, performer, reason
            name = "lots.release.asked"
        else:
            hold.state = HoldState.RELEASED
            hold.released_at, hold.released_by, hold.agreement = now, performer, reason
            name = "lots.lot.released"
        hold.save()
        _record(hold, name, performer, now, reason=reason, state_before=state_before)
    return hold


def keep_on_hold(*, performer: Staff, hold_id: int, reason: str, now: datetime) -> LotHold:
    """Whoever does not agree to a release says so, or takes back having asked: the lot stays on hold.

    Raises ConflictError `release_not_asked`.
    """
    with unit_of_work():
        hold = access_hold(performer, hold_id, Action.HOLD_LOT, for_update=True)
        if hold.state != HoldState.RELEASE_ASKED:
            raise ConflictError("release_not_asked", N_("Nobody has asked for the release of this lot."))
        hold.state = HoldState.HELD
        hold.release_asked_at, hold.release_asked_by, hold.release_reason = None, None, ""
        hold.save()
        _record(
            hold, "lots.release.refused", performer, now, reason=reason, state_before=HoldState.RELEASE_ASKED
        )
    return hold


def _record(
    hold: LotHold, name: str, performer: Staff, now: datetime, *, reason: str, state_before: str = ""
) -> None:
    record_event(
        name=name,
        subject=f"lot_hold:{hold.pk}",
        ward_id=None,
        actor=actor_of(performer),
        now=now,
        payload={
            "product_code": hold.product_code,
            "lot_number": hold.lot_number,
            "reason": reason,
            "state": str(hold.state),
            "signatures": [
                signature_of(
                    performer, meaning=name, signed=[hold.pk, hold.product_code, hold.lot_number, reason]
                )
            ],
            **({"before": {"state": str(state_before)}} if state_before else {}),
        },
    )
