"""Pages of break-glass: opening a patient of another ward, and the list of those to judge."""

from typing import Any

from apps.accounts.domain.cover import EMERGENCY_LASTS
from apps.accounts.emergency import my_emergencies
from apps.accounts.selectors import Action, role_allows, staff_of
from apps.edge.pages import Page
from apps.patients.emergency_api import reviewed
from apps.patients.selectors import pseudonyms


class EmergencyPage(Page):
    """One form, no search: without a reason nobody learns who lies where."""

    rights = Action.BREAK_GLASS
    template_name = "patients/emergency.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        rows = my_emergencies(user)
        names = pseudonyms(row.patient_id for row in rows)
        return super().get_context_data(
            accesses=[{"row": row, "pseudonym": names.get(row.patient_id, "")} for row in rows],
            hours=int(EMERGENCY_LASTS.total_seconds() // 3600),
            may_review=role_allows(user, Action.REVIEW_BREAK_GLASS),
            **kwargs,
        )


class EmergencyReviewPage(Page):
    """What was opened in an emergency on my wards, the unjudged first, and judging it."""

    rights = Action.REVIEW_BREAK_GLASS
    template_name = "patients/emergency_review.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        return super().get_context_data(accesses=reviewed(user), own_id=user.pk, **kwargs)
