"""Limits on the infusion rate, each with its reason. The lowest that applies wins (facts 9.3 rule 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.kernel.errors import DomainError
from apps.kernel.text import N_, Params


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A highest rate in mL/kg/h at the concentration being infused.

    `message` is an English %-template filled by `params`. Values in `params` that are names come from
    the guideline and are already in words.
    """

    code: str
    rate_ml_per_kg_h: Decimal
    message: str
    params: Params
    source: str


def product_maximum(*, product: str, region: str, rate_ml_per_kg_h: Decimal, source: str) -> Ceiling:
    """The label's highest rate for this product, concentration and region (clinical facts 2.2)."""
    return Ceiling(
        code="product_maximum",
        rate_ml_per_kg_h=rate_ml_per_kg_h,
        message=N_("Highest rate for %(product)s (%(region)s): %(rate)s mL/kg/h."),
        params={"product": product, "region": region, "rate": rate_ml_per_kg_h},
        source=source,
    )


def indication_maximum(*, product: str, region: str, rate_ml_per_kg_h: Decimal, source: str) -> Ceiling:
    """What a label says of the highest rate for the very disease that is treated (clinical facts 2.2, 9.2 L1)."""
    return Ceiling(
        code="indication_maximum",
        rate_ml_per_kg_h=rate_ml_per_kg_h,
        message=N_("Highest rate for %(product)s in this disease (%(region)s): %(rate)s mL/kg/h."),
        params={"product": product, "region": region, "rate": rate_ml_per_kg_h},
        source=source,
    )


def product_initial(*, product: str, region: str, rate_ml_per_kg_h: Decimal, source: str) -> Ceiling:
    """The label's first rate for this product, concentration and region (clinical facts 2.2, 9.2 L2)."""
    return Ceiling(
        code="product_initial",
        rate_ml_per_kg_h=rate_ml_per_kg_h,
        message=N_("First rate for %(product)s (%(region)s): %(rate)s mL/kg/h."),
        params={"product": product, "region": region, "rate": rate_ml_per_kg_h},
        source=source,
    )


def risk_maximum(*, code: str, rate_ml_per_kg_h: Decimal, source: str) -> Ceiling:
    """The highest rate for a patient at risk, `code` being renal_risk or thrombosis_risk (clinical facts 2.3)."""
    messages = {
        "renal_risk": N_("Renal risk: not above %(rate)s mL/kg/h."),
        "thrombosis_risk": N_("Thrombosis risk: not above %(rate)s mL/kg/h."),
    }
    return Ceiling(
        code=code,
        rate_ml_per_kg_h=rate_ml_per_kg_h,
        message=messages.get(code, N_("Patient at risk: not above %(rate)s mL/kg/h.")),
        params={"rate": rate_ml_per_kg_h},
        source=source,
    )


def lowest(ceilings: Sequence[Ceiling]) -> Ceiling:
    """The ceiling that applies; the first of equals. Raises DomainError `rate_ceiling_missing` without any."""
    if not ceilings:
        raise DomainError(
            "rate_ceiling_missing", N_("No highest rate is known for this product: the rate plan is refused.")
        )
    return min(ceilings, key=lambda ceiling: ceiling.rate_ml_per_kg_h)
