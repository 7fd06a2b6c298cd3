"""What stands on a CIOMS I form, field by field, in the words of the report.

Text is a tuple of paragraphs. Boxes hold the codes that are ticked; the numbers are those of the form. What is
written in comes from the report, which is English with the ward's own words beside it; labels alone are
translated.
"""

from dataclasses import dataclass
from datetime import datetime

Paragraphs = tuple[str, ...]
DatePart = tuple[str, str, str]  # day, month, year as far as known

YES, NO, NOT_APPLICABLE = "yes", "no", "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class CiomsForm:
    """One form. `version` counts the case's versions; `nullified` tells the reader on every page."""

    # I. Reaction information
    initials: str
    country: str
    born: DatePart
    age: str
    sex: str
    onset: DatePart
    description: Paragraphs
    seriousness: frozenset[str]
    # II. Suspect drugs
    suspect_drugs: Paragraphs
    daily_doses: Paragraphs
    routes: Paragraphs
    indications: Paragraphs
    therapy_dates: Paragraphs
    therapy_duration: Paragraphs
    abated: frozenset[str]
    reappeared: frozenset[str]
    # III. Concomitant drugs and history
    concomitant: Paragraphs
    history: Paragraphs
    # IV. Who reports
    sender: Paragraphs
    control_number: str
    received: str
    sources: frozenset[str]
    report_date: str
    report_type: frozenset[str]
    remarks: Paragraphs
    # Around the form
    version: int
    nullified: bool
    printed_at: datetime
