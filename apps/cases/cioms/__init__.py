"""A version of a case on the CIOMS I form: one page, and what does not fit on pages behind it."""

from apps.cases.cioms.content import CiomsForm
from apps.cases.cioms.mapping import cioms_form
from apps.cases.cioms.pdf import render_cioms

__all__ = ["CiomsForm", "cioms_form", "render_cioms"]
