"""The patient as a prescriber describes them when ordering, and the facts that follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

BLOOD_GROUPS = ("O", "A", "B", "AB", "unknown")
IGA = ("normal", "deficient", "unknown")
ANTI_IGA = ("negative", "positive", "unknown")
PRIOR_IVIG = ("never", "before", "unknown")
GLUCOSE_METERS = ("none", "glucose_specific", "maltose_sensitive", "unknown")

_ELDERLY_ABOVE_YEARS = 65  # review, Side effects; US boxed warning (clinical facts 2.3)
_INFANT_BELOW_YEARS = 2  # sorbitol: fructose intolerance may be undiagnosed (clinical facts 2.4)


@dataclass(frozen=True, slots=True)
class PatientProfile:
    """What is known on the day of the order.

    `conditions` are codes of risk factors, contraindications, allergies and intolerances that were ticked.
    `prior_product` is a product code, empty where it is not known; `allergies` are in the prescriber's words.
    """

    weight_kg: Decimal
    weighed_on: date
    height_cm: Decimal | None = None
    blood_group: str = "unknown"
    iga: str = "unknown"
    anti_iga: str = "unknown"
    prior_ivig: str = "unknown"
    prior_product: str = ""
    prior_given_on: date | None = None
    prior_reaction: str = ""
    allergies: str = ""
    pregnant: bool = False
    diabetes: bool = False
    glucose_meter: str = "unknown"
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exposure:
    """How the patient stands to the product: all three call for the lowest first rate (clinical facts 2.3)."""

    first: bool
    product_switch: bool
    long_gap: bool


def exposure(
    profile: PatientProfile, *, product_code: str, today: date, long_gap_after_days: Decimal
) -> Exposure:
    """Exposure to the product about to be ordered; what is unknown counts as first, switched and long ago."""
    seen = profile.prior_ivig == "before"
    return Exposure(
        first=not seen,
        product_switch=seen and profile.prior_product != product_code,
        long_gap=seen
        and (profile.prior_given_on is None or (today - profile.prior_given_on).days >= long_gap_after_days),
    )


def facts_of(
    profile: PatientProfile, *, age_years: int, exposed: Exposure, risks: Iterable[str] = ()
) -> frozenset[str]:
    """The codes under which guideline items apply to this patient; `risks` adds codes derived from them."""
    derived = {
        "iga_deficiency": profile.iga == "deficient",
        "anti_iga": profile.anti_iga == "positive",
        "pregnant": profile.pregnant,
        "diabetes": profile.diabetes,
        "glucose_meter_maltose_sensitive": _meter_misreads(profile),
        "blood_group_non_o": profile.blood_group in ("A", "B", "AB"),
        "age_over_65": age_years > _ELDERLY_ABOVE_YEARS,
        "age_under_2": age_years < _INFANT_BELOW_YEARS,
        "first_exposure": exposed.first,
        "product_switch": exposed.product_switch,
        "long_gap": exposed.long_gap,
    }
    return frozenset({code for code, holds in derived.items() if holds} | {*profile.conditions} | {*risks})


def _meter_misreads(profile: PatientProfile) -> bool:
    # A diabetic whose meter nobody asked about may have the dangerous one.
    return profile.glucose_meter == "maltose_sensitive" or (
        profile.diabetes and profile.glucose_meter == "unknown"
    )
