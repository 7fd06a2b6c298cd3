"""Reading the guideline: search, one indication, two sources side by side, documents, products."""

from typing import Any

from apps.accounts.selectors import Action, require, role_allows, staff_of
from apps.edge.pages import Page
from apps.guidelines import choices
from apps.guidelines.selectors import current_guidelines


class GuidelinePage(Page):
    """A page of the guideline; everybody on the staff may read it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        require(staff_of(self.request), Action.READ_GUIDELINE)
        return super().get_context_data(**kwargs)


class SearchPage(GuidelinePage):
    """Find an indication in three languages."""

    template_name = "guidelines/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**choices.search_page(self.request.GET), **kwargs)


class IndicationPage(GuidelinePage):
    """One indication: the source's words beside their meaning, and every caution."""

    template_name = "guidelines/indication.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        indication = current_guidelines().indication(kwargs["slug"])
        return super().get_context_data(
            **choices.indication_page(indication),
            bases=[{"code": code, "name": name} for code, name in choices.words.BASIS.items()],
            can_accept=role_allows(staff_of(self.request), Action.ACCEPT_READING),
            **kwargs,
        )


class ComparePage(GuidelinePage):
    """Two sources on one disease, side by side."""

    template_name = "guidelines/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        guidelines = current_guidelines()
        sides = [
            choices.indication_shown(guidelines, guidelines.indication(kwargs[side]), with_readings=True)
            for side in ("one", "other")
        ]
        return super().get_context_data(sides=sides, **kwargs)


class DocumentListPage(GuidelinePage):
    """Every document the product plans and watches by."""

    template_name = "guidelines/documents.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**choices.documents_page(), **kwargs)


class DocumentPage(GuidelinePage):
    """One document: its letter, what it states, its indications."""

    template_name = "guidelines/document.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**choices.document_page(kwargs["code"]), **kwargs)


class ProductListPage(GuidelinePage):
    """Products, what is in them, and what each label says about the rate."""

    template_name = "guidelines/products.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**choices.products_page(), **kwargs)
