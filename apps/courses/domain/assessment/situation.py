"""What is known around an order: the patient's age, earlier courses, the prescriber, an accepted reading."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class EarlierCourse:
    """A course of the same patient; `given_mg_per_kg` is what its infusion days so far amount to."""

    disease: str
    started_on: date
    weight_kg: Decimal
    weighed_on: date
    given_mg_per_kg: Decimal
    is_open: bool


@dataclass(frozen=True, slots=True)
class AcceptedReading:
    """What a physician and a second person agreed that a queried regimen means (clinical facts 9.3 rule 1)."""

    amount_mg_per_kg_min: Decimal
    amount_mg_per_kg_max: Decimal
    basis: str
    days_min: int | None
    days_max: int | None
    physician: str
    second_person: str
    accepted_on: date


@dataclass(frozen=True, slots=True)
class OpenReaction:
    """An earlier reaction of which it is not known whether it comes back; `reaction` in the physician's words."""

    number: int
    reaction: str
    product: str
    on: date


@dataclass(frozen=True, slots=True)
class Situation:
    """`specialty` is the prescriber's, empty where it is not recorded; `earlier` is newest first.

    `given_g` and `days_given` say what of this very course is given already, when it is being changed.
    """

    today: date
    age_years: int
    sex: str
    specialty: str
    earlier: tuple[EarlierCourse, ...] = ()
    reading: AcceptedReading | None = None
    given_g: Decimal = Decimal(0)
    days_given: int = 0
    open_reactions: tuple[OpenReaction, ...] = ()
