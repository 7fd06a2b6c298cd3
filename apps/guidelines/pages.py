"""Reading the guideline: search, one indication, two sources side by side, documents, products."""

from typing import Any

from apps.accounts.selectors import Action, require, role_allows, staff_of
from apps.edge.pages import Page
from apps.guidelines import choices
from apps.guidelines.api import SiteDocumentSerializer
from apps.guidelines.selectors import current_guidelines, site_documents

EXAMPLE = """\
code: site_pharmacy
title: Our pharmacy's products
language: en
sources:
  OURLEAFLET: {title: "Leaflet in the box, read on …", read: whole}
products:
  - code: our_product
    name: Name on the box
    concentration_mg_per_ml: "100"
    vial_sizes_ml: [50, 100]
    stabiliser: glycine
    sugar: none
    iga_max_ug_per_ml: null
    sodium: ""
    region: EU
    initial_rate_ml_per_kg_h: "0.3"
    max_rate_ml_per_kg_h: "4.8"
    hazards: []
    unverified: []
    cite: {keys: [OURLEAFLET], section: "2", quote: ""}
    rate_cite: {keys: [OURLEAFLET], section: "4.2", quote: ""}
"""


class GuidelinePage(Page):
    """A page of the guideline; everybody on the staff may read it."""

    rights = Action.READ_GUIDELINE

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


class SiteDocumentPage(GuidelinePage):
    """Documents of the site: write, approve, withdraw, and read every version."""

    template_name = "guidelines/site.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        return super().get_context_data(
            versions=SiteDocumentSerializer(site_documents(), many=True).data,
            can_author=role_allows(user, Action.AUTHOR_GUIDELINE),
            can_approve=role_allows(user, Action.APPROVE_GUIDELINE),
            reader=user.display_name,
            example=EXAMPLE,
            **kwargs,
        )
