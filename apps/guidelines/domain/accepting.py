"""Accepting a reading of a regimen under query: what may be stated, and what it was stated about."""

from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.documents import content_hash
from apps.guidelines.domain.indications import BASES, DoseRegimen, Indication
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

# No course of IVIG in any source goes beyond the 4 g/kg of two Kawasaki doses (clinical facts 9.3 rule 2).
HIGHEST_READING_MG_PER_KG = Decimal(4000)


@dataclass(frozen=True, slots=True)
class StatedReading:
    """A reading as typed: mg/kg for `basis`, and the days of one course where they matter."""

    amount_mg_per_kg_min: Decimal
    amount_mg_per_kg_max: Decimal
    basis: str
    days_min: int | None
    days_max: int | None


def fingerprint(indication: Indication, regimen: DoseRegimen) -> str:
    """A hash of the regimen as printed, in its row."""
    return content_hash(repr((indication.document, indication.row, indication.slug, regimen)).encode())


def check_reading(regimen: DoseRegimen, reading: StatedReading) -> None:
    """Refuse what cannot be a reading of this regimen.

    Raises DomainError `regimen_not_queried`, `reading_basis_unknown`, `reading_amounts_reversed`,
    `reading_too_high`, `reading_days_reversed`.
    """
    if not regimen.queried:
        raise DomainError(
            "regimen_not_queried", N_("This dose is not under query: it can be used as printed.")
        )
    if reading.basis not in BASES:
        raise _refuse(
            "basis", "reading_basis_unknown", N_("Say whether the dose is per day, per dose or in all.")
        )
    if not 0 < reading.amount_mg_per_kg_min <= reading.amount_mg_per_kg_max:
        raise _refuse(
            "amount_mg_per_kg_max",
            "reading_amounts_reversed",
            N_("The lower amount must be above zero and not above the higher one."),
        )
    if reading.days_min and reading.days_max and reading.days_min > reading.days_max:
        raise _refuse(
            "days_max", "reading_days_reversed", N_("The fewest days must not be more than the most days.")
        )
    days = (reading.days_max or reading.days_min or 1) if reading.basis == "per_day" else 1
    if reading.amount_mg_per_kg_max * days > HIGHEST_READING_MG_PER_KG:
        raise _refuse(
            "amount_mg_per_kg_max",
            "reading_too_high",
            N_("This reading comes to more than %(limit)s g/kg in a course. No source allows that."),
            limit=HIGHEST_READING_MG_PER_KG / 1000,
        )


def _refuse(field: str, code: str, message: str, **params: Decimal) -> DomainError:
    return DomainError(code, message, extra={"field": field}, **params)
