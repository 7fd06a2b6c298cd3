"""Low sodium after immunoglobulin, real or only measured low. Source: clinical facts 5.1 D-08; limits unverified."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from apps.guidelines.domain import LaboratoryRule
from apps.kernel.text import N_, Param
from apps.laboratory.domain.series import Exposure, Result, Situation, newest, newest_since, within_days
from apps.laboratory.domain.suspicion import Suspicion

UNKNOWN_OSMOLALITY = N_(
    "Sodium %(value)s mmol/L, below %(threshold)s. After immunoglobulin it may only be measured low, because of the"
    " protein: measure osmolality, and sodium by a direct electrode, before fluids are restricted."
)
NORMAL_OSMOLALITY = N_(
    "Sodium %(value)s mmol/L, below %(threshold)s, with an osmolality of %(osmolality)s mOsm/kg that is not low: this"
    " speaks for a sodium that is only measured low. Restricting fluids would do harm."
)
LOW_OSMOLALITY = N_(
    "Sodium %(value)s mmol/L, below %(threshold)s, and osmolality %(osmolality)s mOsm/kg is low as well: the sodium is"
    " low indeed."
)
MESSAGES = (UNKNOWN_OSMOLALITY, NORMAL_OSMOLALITY, LOW_OSMOLALITY)
_LEVELS = ("severe", "marked", "low")


def hyponatremia(
    known: Sequence[Result],
    *,
    at: datetime,
    rule: LaboratoryRule,
    baseline_rule: LaboratoryRule,
    exposure: Exposure | None,
    situation: Situation,
) -> Suspicion | None:
    """The suspicion from the newest sodium after a dose; osmolality of about the same time explains it."""
    if exposure is None or not within_days(exposure, at, rule.figure("window_days")):
        return None
    sodium = newest_since(known, "sodium", since=exposure.first_at, at=at)
    if sodium is None:
        return None
    for level in _LEVELS:
        threshold = rule.figure(f"{level}_below_mmol_per_l")
        if sodium.below(threshold):
            osmolality = _beside(known, sodium, at, rule)
            params: dict[str, Param] = {"value": sodium.value.normalize() + 0, "threshold": threshold}
            if osmolality is None:
                return Suspicion(level, UNKNOWN_OSMOLALITY, params, (sodium.number,))
            params["osmolality"] = osmolality.value.normalize() + 0
            low = osmolality.below(rule.figure("osmolality_low_below"))
            message = LOW_OSMOLALITY if low else NORMAL_OSMOLALITY
            return Suspicion(level, message, params, (sodium.number, osmolality.number))
    return None


def _beside(known: Sequence[Result], sodium: Result, at: datetime, rule: LaboratoryRule) -> Result | None:
    osmolality = newest(known, "osmolality", at=at)
    near = timedelta(hours=int(rule.figure("osmolality_within_h")))
    if osmolality is None or abs(osmolality.taken_at - sodium.taken_at) > near:
        return None
    return osmolality
