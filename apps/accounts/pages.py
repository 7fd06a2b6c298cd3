"""Who is on call."""

from typing import Any

from apps.accounts.api import roster
from apps.accounts.selectors import (
    Action,
    access_ward,
    require,
    role_allows,
    staff_of,
    staff_who_may,
    wards_of,
)
from apps.edge.pages import Page
from apps.kernel import clock
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_


class OnCallPage(Page):
    """Who is called now and next on one of my wards (`?ward=`, else the first), and saying who is."""

    rights = Action.SEE_ON_CALL
    template_name = "accounts/on_call.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        require(user, Action.SEE_ON_CALL)
        wards = wards_of(user)
        wanted = self.request.GET.get("ward", "")
        ward_id = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else 0
        ward = access_ward(user, ward_id, Action.SEE_ON_CALL) if wanted else next(iter(wards), None)
        if ward is None:
            raise NotFoundError("not_found", N_("You belong to no ward. Ask the administrator."))
        return super().get_context_data(
            ward=ward,
            other_wards=[other for other in wards if other.pk != ward.pk],
            time_zone=ward.time_zone,
            roster=roster(ward.pk, now=clock.now()),
            physicians=staff_who_may(Action.BE_ON_CALL, ward.pk),
            may_set=role_allows(user, Action.SET_ON_CALL),
            **kwargs,
        )
