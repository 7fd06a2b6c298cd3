"""The page on which two people erase who a patient is."""

from typing import Any

from apps.accounts.selectors import Action
from apps.edge.pages import Page


class ErasurePage(Page):
    """One form, by pseudonym: who erases does not need to read the name."""

    rights = Action.ADMINISTER
    template_name = "retention/erasure.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(done="done" in self.request.GET, **kwargs)
