"""The discharge sheet: one course as a paper for the patient, in their language."""

from apps.discharge.sheet.build import discharge_sheet
from apps.discharge.sheet.content import DischargeSheet
from apps.discharge.sheet.pdf import render_sheet

__all__ = ["DischargeSheet", "discharge_sheet", "render_sheet"]
