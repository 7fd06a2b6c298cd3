"""The administrator's page of programs' tokens."""

from typing import Any

from apps.accounts.selectors import Action, staff_of, wards_of
from apps.edge.pages import Page
from apps.kernel import clock
from apps.machines.domain.scopes import LONGEST, MACHINE_ACTIONS
from apps.machines.selectors import tokens_seen_by


class ServiceTokensPage(Page):
    """Which programs may do what where; give out a token, take one back."""

    rights = Action.ADMINISTER

    template_name = "machines/tokens.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        tokens = [{"row": row, "wards": wards_of(row.person)} for row in tokens_seen_by(user)]
        return super().get_context_data(
            tokens=tokens,
            wards=wards_of(user),
            actions=sorted(MACHINE_ACTIONS),
            longest_days=LONGEST.days,
            wall_now=clock.wall_now(),
            **kwargs,
        )
