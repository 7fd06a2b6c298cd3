"""Hemolysis after immunoglobulin: a fall of hemoglobin against the baseline, a new positive DAT, further signs.

The criteria were written from memory of the Canadian group's and are marked unverified. Source: clinical facts 5.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apps.guidelines.domain import LaboratoryRule
from apps.kernel.text import N_, Param, Phrase
from apps.laboratory.domain.series import (
    Exposure,
    Result,
    Situation,
    baseline_before_course,
    days_between,
    exposure_at,
    newest,
    newest_since,
    within_days,
)
from apps.laboratory.domain.suspicion import Suspicion

# Further signs: analyte, the figure of its limit, whether it speaks when above it, and its words.
_LIMITED = (
    ("reticulocytes", "reticulocytes_above_e9_per_l", True, N_("reticulocytes raised")),
    ("reticulocyte_percent", "reticulocyte_percent_above", True, N_("reticulocytes raised")),
    ("ldh", "ldh_above_u_per_l", True, N_("LDH raised")),
    ("haptoglobin", "haptoglobin_below_g_per_l", False, N_("haptoglobin low")),
    ("bilirubin_indirect", "bilirubin_indirect_above_umol_per_l", True, N_("indirect bilirubin raised")),
)
_IN_WORDS = (
    ("urine_hemoglobin", N_("hemoglobin in the urine")),
    ("spherocytes", N_("many spherocytes")),
)
MARKERS = frozenset({*(analyte for analyte, *_ in _LIMITED), *(analyte for analyte, _ in _IN_WORDS)})
CASE = N_(
    "Hemolysis suspected, every criterion met: hemoglobin %(value)s g/L, fallen by %(fall)s g/L from %(baseline)s g/L"
    " (%(days)s d earlier); the direct antiglobulin test is newly positive; further signs: %(signs)s, among them"
    " %(first)s and %(second)s."
)
FALL_AND_DAT = N_(
    "Hemolysis suspected: hemoglobin %(value)s g/L, fallen by %(fall)s g/L from %(baseline)s g/L (%(days)s d earlier),"
    " and the direct antiglobulin test is newly positive."
)
FALL_AND_SIGNS = N_(
    "Hemolysis suspected: hemoglobin %(value)s g/L, fallen by %(fall)s g/L from %(baseline)s g/L (%(days)s d earlier);"
    " further signs: %(signs)s, among them %(first)s and %(second)s. Is the direct antiglobulin test known?"
)
DAT_AND_SIGNS = N_(
    "Hemolysis suspected: the direct antiglobulin test is newly positive; further signs: %(signs)s, among them"
    " %(first)s and %(second)s. No fall of hemoglobin by %(threshold)s g/L is known."
)
FALL = N_(
    "Hemoglobin %(value)s g/L, fallen by %(fall)s g/L from %(baseline)s g/L (%(days)s d earlier). Look for hemolysis:"
    " antiglobulin test, reticulocytes, LDH, haptoglobin, bilirubin."
)
FALL_EARLY = N_(
    "Hemoglobin %(value)s g/L, fallen by %(fall)s g/L from %(baseline)s g/L (%(days)s d earlier), within %(hours)s"
    " hours of an infusion: this may be dilution and says little. Measure again."
)
MESSAGES = (CASE, FALL_AND_DAT, FALL_AND_SIGNS, DAT_AND_SIGNS, FALL, FALL_EARLY)
MARKER_WORDS = tuple(dict.fromkeys([*(words for *_, words in _LIMITED), *(words for _, words in _IN_WORDS)]))


@dataclass(frozen=True, slots=True)
class Seen:
    """What speaks for hemolysis at a moment."""

    hemoglobin: Result | None
    baseline: Result | None
    fall: Decimal | None
    dat: Result | None
    signs: tuple[tuple[Result, str], ...]


def hemolysis(
    known: Sequence[Result],
    *,
    at: datetime,
    rule: LaboratoryRule,
    baseline_rule: LaboratoryRule,
    exposure: Exposure | None,
    situation: Situation,
) -> Suspicion | None:
    """The suspicion from what was taken by `at`; None without a dose in the last days."""
    if exposure is None or not within_days(exposure, at, rule.figure("window_days")):
        return None
    seen = seen_at(known, at, rule, baseline_rule, exposure)
    threshold = rule.figure("hemoglobin_fall_g_per_l")
    fallen = seen.fall is not None and seen.fall >= threshold
    enough_signs = len(seen.signs) >= int(rule.figure("markers"))
    if fallen and seen.dat and enough_signs:
        level, message = "case", CASE
    elif fallen and seen.dat:
        level, message = "suspected", FALL_AND_DAT
    elif fallen and enough_signs:
        level, message = "suspected", FALL_AND_SIGNS
    elif seen.dat and enough_signs:
        level, message = "suspected", DAT_AND_SIGNS
    elif fallen and _may_be_dilution(seen, rule, situation):
        level, message = "fall_early", FALL_EARLY
    elif fallen:
        level, message = "fall", FALL
    else:
        return None
    return Suspicion(level, message, _params(seen, rule), _rests_on(seen, fallen=fallen))


def seen_at(
    known: Sequence[Result],
    at: datetime,
    rule: LaboratoryRule,
    baseline_rule: LaboratoryRule,
    exposure: Exposure,
) -> Seen:
    """What was taken by `at` and speaks for hemolysis after this course."""
    hemoglobin = newest_since(known, "hemoglobin", since=exposure.first_at, at=at)
    baseline = baseline_before_course(known, "hemoglobin", exposure, baseline_rule)
    fall = baseline.value - hemoglobin.value if baseline is not None and hemoglobin is not None else None
    return Seen(hemoglobin, baseline, fall, _new_dat(known, at, exposure), _signs(known, at, rule, exposure))


def _new_dat(known: Sequence[Result], at: datetime, exposure: Exposure) -> Result | None:
    """A positive DAT, unless the newest one before the course was positive already."""
    dat = newest_since(known, "dat", since=exposure.first_at, at=at)
    before = newest(known, "dat", at=exposure.first_at)
    new = dat is not None and dat.abnormal and not (before is not None and before.abnormal)
    return dat if new else None


def _signs(
    known: Sequence[Result], at: datetime, rule: LaboratoryRule, exposure: Exposure
) -> tuple[tuple[Result, str], ...]:
    """The further signs, each once: beyond its limit, and not already so before the course."""
    found: dict[str, Result] = {}
    for analyte, figure, when_above, words in _LIMITED:
        result = newest_since(known, analyte, since=exposure.first_at, at=at)
        if result is None:
            continue
        limit, before = rule.figure(figure), newest(known, analyte, at=exposure.first_at)
        beyond = result.above(limit) if when_above else result.below(limit)
        worse = before is None or (result.value > before.value if when_above else result.value < before.value)
        if beyond and worse:
            found.setdefault(words, result)
    for analyte, words in _IN_WORDS:
        result = newest_since(known, analyte, since=exposure.first_at, at=at)
        before = newest(known, analyte, at=exposure.first_at)
        if result is not None and result.abnormal and not (before is not None and before.abnormal):
            found.setdefault(words, result)
    return tuple((result, words) for words, result in found.items())


def _may_be_dilution(seen: Seen, rule: LaboratoryRule, situation: Situation) -> bool:
    assert seen.hemoglobin is not None and seen.fall is not None
    then = exposure_at(situation, seen.hemoglobin.taken_at)
    soon = then is not None and (
        seen.hemoglobin.taken_at - then.last_at <= timedelta(hours=int(rule.figure("dilution_h")))
    )
    return soon and seen.fall < rule.figure("dilution_fall_below_g_per_l")


def _params(seen: Seen, rule: LaboratoryRule) -> dict[str, Param]:
    params: dict[str, Param] = {
        "signs": len(seen.signs),
        "threshold": rule.figure("hemoglobin_fall_g_per_l"),
        "hours": int(rule.figure("dilution_h")),
    }
    if seen.hemoglobin is not None and seen.baseline is not None and seen.fall is not None:
        params |= {
            "value": seen.hemoglobin.value.normalize() + 0,
            "fall": seen.fall.normalize() + 0,
            "baseline": seen.baseline.value.normalize() + 0,
            "days": days_between(seen.baseline.taken_at, seen.hemoglobin.taken_at),
        }
    for name, (_, words) in zip(("first", "second"), seen.signs, strict=False):
        params[name] = Phrase(words)
    return params


def _rests_on(seen: Seen, *, fallen: bool) -> tuple[int, ...]:
    results = [
        *((seen.hemoglobin, seen.baseline) if fallen else ()),
        seen.dat,
        *(result for result, _ in seen.signs),
    ]
    return tuple(dict.fromkeys(result.number for result in results if result is not None))
