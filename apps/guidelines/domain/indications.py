"""What a source says about treating one disease: who, how much, how often, and what in it must be queried."""

from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.texts import LocalText
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

CATEGORIES = (
    "neurology",
    "hematology",
    "immunodeficiency",
    "transplantation",
    "rheumatology",
    "infection",
    "neonatology",
    "reproduction",
    "dermatology",
    "ophthalmology",
    "nephrology",
    "oncology",
    "critical_care",
)
EVIDENCE = ("recommended", "conditional", "limited", "unproven")
POPULATIONS = ("any", "adult", "child", "neonate", "infant", "pregnant")
PHASES = (
    "single",
    "initial",
    "induction",
    "maintenance",
    "repeat",
    "acute",
    "chronic",
    "prophylaxis",
    "any",
)
BASES = ("per_dose", "per_day", "total_course", "per_week")
ANOMALY_KINDS = (
    "misprint",
    "lost_leading_zero",
    "above_daily_ceiling",
    "above_course_ceiling",
    "missing_amount",
    "ambiguous_basis",
    "repeated_text",
    "lost_cell",
    "shifted_columns",
    "dose_without_disease",
    "disease_without_dose",
    "contradicts_row",
    "duplicate_row",
    "wrong_word",
    "fast_infusion",
    "uncited_target",
)


@dataclass(frozen=True, slots=True)
class Target:
    """A measurable goal or threshold, such as an IgG trough; a bound is None where the source leaves it open."""

    code: str
    minimum: Decimal | None
    maximum: Decimal | None
    unit: str
    quote: str


@dataclass(frozen=True, slots=True)
class DoseRegimen:
    """One dose statement as printed; None where the source is silent.

    Amounts are mg/kg for `basis` (`per_dose`, `per_day`, `total_course`, `per_week`). What the source probably
    meant stands beside them in `probable_…`. While `queried`, nothing may be calculated from it until a
    physician and a second person have accepted a reading (facts 1.11, 9.3 rule 1).
    """

    code: str
    phase: str
    amount_mg_per_kg_min: Decimal | None
    amount_mg_per_kg_max: Decimal | None
    probable_amount_mg_per_kg_min: Decimal | None
    probable_amount_mg_per_kg_max: Decimal | None
    basis: str | None
    probable_basis: str | None
    days_min: int | None
    days_max: int | None
    interval_days_min: Decimal | None
    interval_days_max: Decimal | None
    infusion_hours_min: Decimal | None
    infusion_hours_max: Decimal | None
    repeats_max: int | None
    max_cumulative_mg_per_kg: Decimal | None
    queried: bool
    quote: str


OWN_DOSE = DoseRegimen(
    code="own_dose",
    phase="any",
    amount_mg_per_kg_min=None,
    amount_mg_per_kg_max=None,
    probable_amount_mg_per_kg_min=None,
    probable_amount_mg_per_kg_max=None,
    basis=None,
    probable_basis=None,
    days_min=None,
    days_max=None,
    interval_days_min=None,
    interval_days_max=None,
    infusion_hours_min=None,
    infusion_hours_max=None,
    repeats_max=None,
    max_cumulative_mg_per_kg=None,
    queried=False,
    quote="",
)


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something in the source that a pharmacist must query, with the regimens and the other rows it touches."""

    kind: str
    text: LocalText
    regimen_codes: tuple[str, ...]
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indication:
    """One row of a source. `row` is its place in the document, None where it is not a table.

    `name_fa` is None where the source's own words were lost; `disease` is the code under which rows of
    different sources about the same disease can be compared.
    """

    document: str
    row: int | None
    slug: str
    disease: str
    name_fa: str | None
    name_en: str
    name_nb: str
    name_fa_inferred: bool
    category: str
    evidence: str
    population: tuple[str, ...]
    conditions: tuple[LocalText, ...]
    targets: tuple[Target, ...]
    regimens: tuple[DoseRegimen, ...]
    anomalies: tuple[Anomaly, ...]
    quotes: tuple[str, ...]

    @property
    def name(self) -> LocalText:
        """The name for readers; where the Persian was lost, the English one stands in."""
        return LocalText(en=self.name_en, nb=self.name_nb, fa=self.name_fa or self.name_en)

    @property
    def place(self) -> str:
        """Where in its document it stands: the number of its row, or its slug."""
        return f"row {self.row}" if self.row is not None else self.slug

    def regimen(self, code: str) -> DoseRegimen:
        """The regimen with this code. Raises DomainError `guideline_unknown_code`.

        A row without any dose has one regimen of its own, `own_dose`: the prescriber's.
        """
        for regimen in self.regimens or (OWN_DOSE,):
            if regimen.code == code:
                return regimen
        raise DomainError(
            "guideline_unknown_code", N_("The guideline does not know “%(unknown)s”."), unknown=code
        )

    def anomalies_of(self, regimen_code: str) -> tuple[Anomaly, ...]:
        """The anomalies that touch this regimen."""
        return tuple(anomaly for anomaly in self.anomalies if regimen_code in anomaly.regimen_codes)
