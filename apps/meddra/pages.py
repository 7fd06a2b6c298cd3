"""The terminology as a page: versions, search, and loading the site's archive."""

from typing import Any

from apps.accounts.selectors import Action, require, role_allows, staff_of
from apps.edge.pages import Page
from apps.meddra.api import MeddraTermSerializer, MeddraVersionSerializer
from apps.meddra.selectors import current_meddra, meddra_versions, search_terms


class TerminologyPage(Page):
    """Which MedDRA the site has, and what is in it."""

    rights = Action.SEARCH_TERMINOLOGY
    template_name = "meddra/terminology.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        require(user, Action.SEARCH_TERMINOLOGY)
        typed = self.request.GET.get("q", "")[:120].replace("\0", "")
        current = current_meddra()
        versions = MeddraVersionSerializer(meddra_versions(), many=True, context={"current": current})
        return super().get_context_data(
            versions=versions.data,
            current=current,
            typed=typed,
            found=MeddraTermSerializer(search_terms(user, typed), many=True).data if typed else [],
            can_load=role_allows(user, Action.LOAD_TERMINOLOGY),
            **kwargs,
        )
