"""Readers of lots on hold."""

from apps.accounts.selectors import Action, Staff, require
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_
from apps.lots.domain import HoldState, same_lot
from apps.lots.models import LotHold

__all__ = ["LotHold", "access_hold", "hold_on", "holds"]


def hold_on(product_code: str, lot_number: str) -> LotHold | None:
    """The hold on this lot of a product, however its number is written; None when it may be hung."""
    return (
        LotHold.objects.filter(product_code=product_code, matches=same_lot(lot_number))
        .exclude(state=HoldState.RELEASED.value)
        .first()
    )


def holds() -> list[LotHold]:
    """Every hold, open ones first, then by when it was set, newest first."""
    rows = LotHold.objects.select_related("held_by", "release_asked_by", "released_by")
    return sorted(rows, key=lambda row: row.state == HoldState.RELEASED.value)


def access_hold(user: Staff, hold_id: int, action: Action, *, for_update: bool = False) -> LotHold:
    """One hold. Raises ForbiddenError without the right, NotFoundError when there is none."""
    require(user, action)
    rows = LotHold.objects.select_for_update() if for_update else LotHold.objects
    hold = rows.filter(pk=hold_id).first()
    if hold is None:
        raise NotFoundError("not_found", N_("There is no such lot on hold."))
    return hold
