"""Low neutrophils after immunoglobulin. Source: clinical facts 5.1 D-09; the fever path is unverified."""

from collections.abc import Sequence
from datetime import datetime

from apps.guidelines.domain import LaboratoryRule
from apps.kernel.text import N_
from apps.laboratory.domain.series import Exposure, Result, Situation, newest_since, within_days
from apps.laboratory.domain.suspicion import Suspicion

SEVERE = N_(
    "Neutrophils %(value)s ×10⁹/L, below %(threshold)s. Measure the temperature now: with fever this is febrile"
    " neutropenia and a physician must act at once."
)
MARKED = N_(
    "Neutrophils %(value)s ×10⁹/L, below %(threshold)s. Ask about fever; count again with any fever or sore throat."
)
LOW = N_(
    "Neutrophils %(value)s ×10⁹/L, below %(threshold)s, as is often seen after immunoglobulin. Count again with fever."
)
_MESSAGES = {"severe": SEVERE, "marked": MARKED, "low": LOW}
MESSAGES = tuple(_MESSAGES.values())


def neutropenia(
    known: Sequence[Result],
    *,
    at: datetime,
    rule: LaboratoryRule,
    baseline_rule: LaboratoryRule,
    exposure: Exposure | None,
    situation: Situation,
) -> Suspicion | None:
    """The suspicion from the newest count after a dose."""
    if exposure is None or not within_days(exposure, at, rule.figure("window_days")):
        return None
    neutrophils = newest_since(known, "neutrophils", since=exposure.first_at, at=at)
    if neutrophils is None:
        return None
    for level, message in _MESSAGES.items():
        threshold = rule.figure(f"{level}_below_e9_per_l")
        if neutrophils.below(threshold):
            params = {"value": neutrophils.value.normalize() + 0, "threshold": threshold}
            return Suspicion(level, message, params, (neutrophils.number,))
    return None
