"""Which vital signs a form asks for."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.guidelines.choices import entry_signs
from apps.infusions.domain import MEASURED_SIGNS, VITAL_SIGNS, age_on
from apps.infusions.rows import bedside_guidelines


def signs_before_start(
    *, birth_date: date, time_zone: str, guideline_version: str, now: datetime
) -> list[dict[str, Any]]:
    """The signs that a baseline of this patient needs."""
    guidelines = bedside_guidelines(guideline_version)
    age = age_on(birth_date, now.astimezone(ZoneInfo(time_zone)).date())
    return entry_signs(guidelines, guidelines.signs_needed_for(age.group.value) or MEASURED_SIGNS)


def signs_of_version(guideline_version: str) -> list[dict[str, Any]]:
    """Every sign that can be entered, with its name in the reader's language."""
    return entry_signs(bedside_guidelines(guideline_version), VITAL_SIGNS)
