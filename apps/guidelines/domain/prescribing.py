"""What a course is planned from: regimens, contraindications, tests, products and their hazards."""

from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.texts import Citation, LocalText


@dataclass(frozen=True, slots=True)
class Contraindication:
    """`handling` is `block`, or `confirm` where a physician may go on with a reason (facts 1.4 S3-03, C2, C13)."""

    code: str
    handling: str
    name: LocalText
    remark: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Regimen:
    """An indication with its course dose (mg/kg in the whole course) and the days it may be spread over."""

    code: str
    name: LocalText
    dose_mg_per_kg: Decimal
    days_options: tuple[int, ...]
    maintenance_quote: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class TestBefore:
    """A blood test before the course (facts 1.7 S3-23)."""

    code: str
    name: LocalText
    repeat_each_course: bool
    citation: Citation


@dataclass(frozen=True, slots=True)
class Hazard:
    """A warning that comes with a product's composition (facts 2.4)."""

    code: str
    text: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class Product:
    """A product in one concentration with its general rate limits in one region (facts 2.1, 2.2).

    `iga_max_ug_per_ml` is None where no verified figure was found: unknown, not zero.
    """

    code: str
    name: str
    concentration_mg_per_ml: Decimal
    vial_sizes_ml: tuple[int, ...]
    stabiliser: str
    iga_max_ug_per_ml: int | None
    region: str
    initial_rate_ml_per_kg_h: Decimal
    max_rate_ml_per_kg_h: Decimal
    hazards: tuple[Hazard, ...]
    citation: Citation
    rate_citation: Citation
