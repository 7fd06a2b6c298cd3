"""When a patient can be discharged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from apps.kernel.errors import ConflictError
from apps.kernel.text import N_

NOTHING_GIVEN = N_("No infusion of this course has begun. There is nothing to go home after.")


class Infusion(Protocol):
    """An infusion of the course that was begun; `ended_at` None while it runs."""

    @property
    def session_id(self) -> int: ...
    @property
    def ended_at(self) -> datetime | None: ...


def stay_to_end(infusions: Sequence[Infusion], discharged: Sequence[int]) -> int:
    """The newest infusion of the stay that ends now; `discharged` are those of the stays that have ended.

    Raises ConflictError `nothing_given`, `infusion_running` or `discharged_already`.
    """
    if not infusions:
        raise ConflictError("nothing_given", NOTHING_GIVEN)
    if any(infusion.ended_at is None for infusion in infusions):
        raise ConflictError(
            "infusion_running", N_("An infusion is running. Stop or complete it, then discharge the patient.")
        )
    newest = max(infusion.session_id for infusion in infusions)
    if newest in discharged:
        raise ConflictError(
            "discharged_already", N_("The patient was discharged already. Reload to see when and by whom.")
        )
    return newest
