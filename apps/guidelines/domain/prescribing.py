"""What a course is checked against: contraindications, tests, products, hazards, ceilings, premedication.

Many items carry `when`: codes of facts about a patient (see apps/courses/domain/profile.py), any of which
makes the item apply.
"""

from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.texts import Citation, LocalText
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

HANDLINGS = ("block", "confirm", "caution")
DOSE_CEILING_KINDS = ("day_mg_per_kg", "course_mg_per_kg", "cumulative_mg_per_kg", "day_grams")
PREMEDICATION_KINDS = ("antihistamine", "steroid", "analgesic", "nsaid", "antiemetic", "hydration", "measure")
# Facts about a patient that items may name in `when`, beside the codes of risk factors and risk ceilings.
PATIENT_FACTS = (
    "iga_deficiency",
    "anti_iga",
    "prior_ivig_anaphylaxis",
    "ivig_allergy",
    "severe_renal_failure",
    "severe_heart_failure",
    "heart_failure",
    "hyperprolinemia",
    "hereditary_fructose_intolerance",
    "corn_allergy",
    "age_under_2",
    "age_over_65",
    "diabetes",
    "glucose_meter_maltose_sensitive",
    "pregnant",
    "blood_group_non_o",
    "first_exposure",
    "product_switch",
    "long_gap",
)
UNVERIFIED_FIELDS = (
    "concentration_mg_per_ml",
    "vial_sizes_ml",
    "stabiliser",
    "sugar",
    "iga_max_ug_per_ml",
    "sodium",
    "initial_rate_ml_per_kg_h",
    "max_rate_ml_per_kg_h",
)


@dataclass(frozen=True, slots=True)
class Contraindication:
    """`handling` is `block`, or `confirm` where a physician may go on with a reason (facts 1.4 S3-03, C2, C13).

    `citations` holds every source, as they differ; `remark` says how.
    """

    code: str
    handling: str
    name: LocalText
    remark: LocalText | None
    when: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def warning(self) -> LocalText:
        """Name and remark in one text."""
        if self.remark is None:
            return self.name
        return LocalText(
            en=f"{self.name.en}. {self.remark.en}",
            nb=f"{self.name.nb}. {self.remark.nb}",
            fa=f"{self.name.fa}. {self.remark.fa}",
        )


@dataclass(frozen=True, slots=True)
class TestBefore:
    """A test before the course, with every source that asks for it (facts 9.1 C16)."""

    code: str
    name: LocalText
    repeat_each_course: bool
    before_first_dose_only: bool
    remark: LocalText | None
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Hazard:
    """A warning that comes with a product's composition and the patients it touches (facts 2.4)."""

    code: str
    text: LocalText
    handling: str
    when: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class UnverifiedValue:
    """A figure no source was read for. It is shown as such and drives nothing."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class PlannableProduct:
    """The verified figures a course and its rates are planned with."""

    concentration_mg_per_ml: Decimal
    vial_sizes_ml: tuple[int, ...]
    initial_rate_ml_per_kg_h: Decimal
    max_rate_ml_per_kg_h: Decimal
    rate_citation: Citation


@dataclass(frozen=True, slots=True)
class Product:
    """A product in one concentration with its general rate limits in one region (facts 2.1, 2.2).

    None means that no verified figure was found: unknown, not zero.
    """

    code: str
    name: str
    concentration_mg_per_ml: Decimal | None
    vial_sizes_ml: tuple[int, ...]
    stabiliser: str
    sugar: str
    iga_max_ug_per_ml: int | None
    sodium: str
    region: str
    initial_rate_ml_per_kg_h: Decimal | None
    max_rate_ml_per_kg_h: Decimal | None
    hazards: tuple[Hazard, ...]
    unverified: tuple[UnverifiedValue, ...]
    citation: Citation
    rate_citation: Citation | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The figures without which no course can be planned with this product."""
        needed = {
            "concentration_mg_per_ml": self.concentration_mg_per_ml,
            "vial_sizes_ml": self.vial_sizes_ml,
            "initial_rate_ml_per_kg_h": self.initial_rate_ml_per_kg_h,
            "max_rate_ml_per_kg_h": self.max_rate_ml_per_kg_h,
        }
        return tuple(name for name, value in needed.items() if not value)

    def require_complete(self) -> PlannableProduct:
        """The figures to plan with. Raises DomainError `product_incomplete` where one is not verified."""
        concentration, initial, highest = (
            self.concentration_mg_per_ml,
            self.initial_rate_ml_per_kg_h,
            self.max_rate_ml_per_kg_h,
        )
        if not (concentration and self.vial_sizes_ml and initial and highest and self.rate_citation):
            raise DomainError(
                "product_incomplete",
                N_(
                    "%(product)s cannot be planned with: its %(missing)s is not verified. "
                    "Add it as a document of your site."
                ),
                product=self.name,
                missing=_in_each_language(self.missing),
            )
        return PlannableProduct(
            concentration_mg_per_ml=concentration,
            vial_sizes_ml=self.vial_sizes_ml,
            initial_rate_ml_per_kg_h=initial,
            max_rate_ml_per_kg_h=highest,
            rate_citation=self.rate_citation,
        )


_FIGURE_NAMES = {
    "concentration_mg_per_ml": LocalText(en="concentration", nb="konsentrasjon", fa="غلظت"),
    "vial_sizes_ml": LocalText(en="vial sizes", nb="hetteglasstørrelser", fa="اندازهٔ ویال‌ها"),
    "initial_rate_ml_per_kg_h": LocalText(en="first rate", nb="starthastighet", fa="سرعت آغاز"),
    "max_rate_ml_per_kg_h": LocalText(en="highest rate", nb="høyeste hastighet", fa="بالاترین سرعت"),
}


def _in_each_language(figures: tuple[str, ...]) -> dict[str, str]:
    names = [_FIGURE_NAMES[figure] for figure in figures]
    return {
        "en": ", ".join(name.en for name in names),
        "nb": ", ".join(name.nb for name in names),
        "fa": "، ".join(name.fa for name in names),
    }


@dataclass(frozen=True, slots=True)
class DoseCeiling:
    """A dose above which a course carries a caution (facts 2.3, 9.3 rule 2).

    `kind`: `day_mg_per_kg`, `course_mg_per_kg`, `cumulative_mg_per_kg` (with `window_days`) or `day_grams`.
    `diseases` empty means any; `when` empty means any patient.
    """

    code: str
    kind: str
    limit: Decimal
    window_days: int | None
    diseases: tuple[str, ...]
    when: tuple[str, ...]
    text: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class Premedication:
    """A drug or measure the sources offer before an infusion; not with any fact of `avoid_when` (facts C12)."""

    code: str
    kind: str
    name: LocalText
    remark: LocalText | None
    avoid_when: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class LiveVaccineInterval:
    """Months between IVIG and live vaccines for doses up to `dose_mg_per_kg_max` (facts 6); None: any dose."""

    code: str
    authority: str
    vaccines: LocalText
    dose_mg_per_kg_max: Decimal | None
    months: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class MaintenanceAlgorithm:
    """How repeated courses follow from the response (facts 1.9)."""

    code: str
    diseases: tuple[str, ...]
    evaluate_after_days: int
    second_course_after_days: int
    course_dose_mg_per_kg: Decimal
    reduction_percent: Decimal
    remark: LocalText
    citation: Citation
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeightFormula:
    """A body weight formula; the coefficients are kg, and kg per cm above `base_height_cm`."""

    code: str
    name: LocalText
    base_male_kg: Decimal
    base_female_kg: Decimal
    per_cm_kg: Decimal
    base_height_cm: Decimal
    adjustment: Decimal
    citation: Citation
