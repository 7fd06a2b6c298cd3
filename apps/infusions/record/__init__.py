"""The infusion record: one infusion as a paper for the patient's file, in the reader's language."""

from apps.infusions.record.build import infusion_record
from apps.infusions.record.content import InfusionRecord
from apps.infusions.record.pdf import render_pdf

__all__ = ["InfusionRecord", "infusion_record", "render_pdf"]
