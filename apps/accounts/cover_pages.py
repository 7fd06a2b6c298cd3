"""The board of covers of one of my wards."""

from typing import Any

from apps.accounts.covering import covers_of_ward, people_elsewhere
from apps.accounts.domain.cover import LONGEST_COVER, holds
from apps.accounts.selectors import Action, access_ward, role_allows, staff_of, wards_of
from apps.edge.pages import Page
from apps.kernel import clock
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_


class CoverPage(Page):
    """Who stands in on one of my wards now and next (`?ward=`, else the first), and letting somebody do so."""

    rights = Action.SEE_COVERS
    template_name = "accounts/covers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = staff_of(self.request), clock.now()
        wards = wards_of(user)
        wanted = self.request.GET.get("ward", "")
        ward_id = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else 0
        ward = access_ward(user, ward_id, Action.SEE_COVERS) if wanted else next(iter(wards), None)
        if ward is None:
            raise NotFoundError("not_found", N_("You belong to no ward. Ask the administrator."))
        may_grant = role_allows(user, Action.GRANT_COVER)
        return super().get_context_data(
            ward=ward,
            other_wards=[other for other in wards if other.pk != ward.pk],
            time_zone=ward.time_zone,
            covers=[
                {
                    "row": cover,
                    "holds": holds(
                        starts_at=cover.starts_at,
                        ends_at=cover.ends_at,
                        ended_at=cover.withdrawn_at,
                        moment=now,
                    ),
                    "is_over": cover.withdrawn_at is not None or cover.ends_at <= now,
                }
                for cover in covers_of_ward(ward.pk, now=now)
            ],
            people=[one for one in people_elsewhere(ward) if one.pk != user.pk] if may_grant else [],
            longest_hours=int(LONGEST_COVER.total_seconds() // 3600),
            may_grant=may_grant,
            **kwargs,
        )
