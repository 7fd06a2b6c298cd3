"""The laboratory results a check asked for: what has come, what has not. Closing the check stays a person's act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from apps.followups.models import FollowUpCheck
from apps.guidelines.domain import Analyte
from apps.guidelines.selectors import current_guidelines, guidelines_version
from apps.laboratory.selectors import LabResultRecord, results_since


@dataclass(frozen=True, slots=True)
class AskedTest:
    """One test of a check and its newest result since the check opened; None: not known."""

    analyte: Analyte
    result: LabResultRecord | None


def asked_tests(check: FollowUpCheck, *, now: datetime) -> tuple[AskedTest, ...]:
    """The tests that the check's rule names, with what has come since its window opened."""
    codes = guidelines_version(check.guideline_version).follow_up_rule(check.code).analyte_codes
    if not codes:
        return ()
    known: Mapping[str, Analyte] = {analyte.code: analyte for analyte in current_guidelines().analytes}
    newest = {row.analyte: row for row in results_since(check.patient_id, since=check.opens_at, until=now)}
    return tuple(AskedTest(known[code], newest.get(code)) for code in codes if code in known)
