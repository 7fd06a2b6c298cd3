"""A hold on a lot: one person sets it, two people end it."""

from enum import StrEnum

from apps.kernel.errors import ConflictError
from apps.kernel.text import N_


class HoldState(StrEnum):
    """Where a hold stands. Asked to be released, it still holds."""

    HELD = "held"
    RELEASE_ASKED = "release_asked"
    RELEASED = "released"


def refuse_release(state: HoldState, *, asked_by: int | None, performer: int) -> None:
    """Nothing, when this person may agree to the release now.

    Raises ConflictError `lot_not_held` once it is released, `second_person_same` for whoever asked for it.
    """
    if state == HoldState.RELEASED:
        raise ConflictError("lot_not_held", N_("This lot is not on hold any more."))
    if state == HoldState.RELEASE_ASKED and asked_by == performer:
        raise ConflictError(
            "second_person_same",
            N_("You asked for the release yourself. Somebody else has to look at it and agree."),
        )
