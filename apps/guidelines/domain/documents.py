"""A guideline document's identity, and all documents together as one immutable value."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from apps.guidelines.domain.bedside import (
    AssessedSign,
    GradeAction,
    ObservationRule,
    ObservationSchedule,
    ReactionTerm,
    VitalSign,
)
from apps.guidelines.domain.followup import CallingHours, FollowUpFact, FollowUpRule, RiskWindow
from apps.guidelines.domain.guiding import AdrenalineRule, InterventionKind, ReactionGuidance
from apps.guidelines.domain.indications import Indication
from apps.guidelines.domain.laboratory import Analyte, LaboratoryRule
from apps.guidelines.domain.order_checks import OrderCheck
from apps.guidelines.domain.prescribing import (
    Contraindication,
    DoseCeiling,
    LiveVaccineInterval,
    MaintenanceAlgorithm,
    Premedication,
    Product,
    TestBefore,
    WeightFormula,
)
from apps.guidelines.domain.rates import RateLimit, RateRule, RateTable, RiskCeiling, RiskFactor
from apps.guidelines.domain.readings import Letter, NamedItem, SiteApproval, Statement
from apps.guidelines.domain.reporting import ReportingRegime
from apps.guidelines.domain.reviewing import (
    CausalityCategory,
    CausalityScale,
    ReactionLabel,
    ReviewClock,
    SeriousnessCriterion,
    SeverityScale,
    SeverityTerm,
    SuspectedCondition,
)
from apps.guidelines.domain.scores import ReferenceRange, ScoreTable, ScoreThreshold
from apps.guidelines.domain.screening import AttemptPlan, ScreeningQuestion
from apps.guidelines.domain.texts import Source
from apps.kernel.errors import DomainError
from apps.kernel.text import N_


def content_hash(content: bytes) -> str:
    """The version of a document: SHA-256 of its bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """The header of one file: code, title in its own language, language code, the letter it came with."""

    code: str
    title: str
    language: str
    letter: Letter | None
    site: SiteApproval | None = None

    @property
    def as_source(self) -> Source:
        """The document as something to be cited: it is here, so it was read whole."""
        return Source(key=self.code, title=self.title, read="whole")


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_Item = TypeVar("_Item", bound=_Coded)


@dataclass(frozen=True, slots=True)
class Guidelines:
    """Everything the product plans and watches by. Look-ups raise DomainError `guideline_unknown_code`."""

    documents: tuple[Document, ...]
    indications: tuple[Indication, ...]
    specialties: tuple[NamedItem, ...]
    settings: tuple[NamedItem, ...]
    statements: tuple[Statement, ...]
    contraindications: tuple[Contraindication, ...]
    tests_before: tuple[TestBefore, ...]
    premedications: tuple[Premedication, ...]
    dose_ceilings: tuple[DoseCeiling, ...]
    order_checks: tuple[OrderCheck, ...]
    weight_formulas: tuple[WeightFormula, ...]
    live_vaccine_intervals: tuple[LiveVaccineInterval, ...]
    maintenance_algorithms: tuple[MaintenanceAlgorithm, ...]
    products: tuple[Product, ...]
    rate_limits: tuple[RateLimit, ...]
    rate_rules: tuple[RateRule, ...]
    rate_tables: tuple[RateTable, ...]
    risk_ceilings: tuple[RiskCeiling, ...]
    risk_factors: tuple[RiskFactor, ...]
    vital_signs: tuple[VitalSign, ...]
    assessed_signs: tuple[AssessedSign, ...]
    observation_schedules: tuple[ObservationSchedule, ...]
    score_tables: tuple[ScoreTable, ...]
    reference_ranges: tuple[ReferenceRange, ...]
    observation_rules: tuple[ObservationRule, ...]
    grade_actions: tuple[GradeAction, ...]
    reaction_terms: tuple[ReactionTerm, ...]
    reaction_guidance: tuple[ReactionGuidance, ...]
    interventions: tuple[InterventionKind, ...]
    adrenaline_rules: tuple[AdrenalineRule, ...]
    follow_up_rules: tuple[FollowUpRule, ...]
    screening_questions: tuple[ScreeningQuestion, ...]
    attempt_plans: tuple[AttemptPlan, ...]
    follow_up_facts: tuple[FollowUpFact, ...]
    risk_windows: tuple[RiskWindow, ...]
    calling_hours: tuple[CallingHours, ...]
    analytes: tuple[Analyte, ...] = ()
    laboratory_rules: tuple[LaboratoryRule, ...] = ()
    reporting_regimes: tuple[ReportingRegime, ...] = ()
    severity_scales: tuple[SeverityScale, ...] = ()
    severity_terms: tuple[SeverityTerm, ...] = ()
    causality_scales: tuple[CausalityScale, ...] = ()
    causality_categories: tuple[CausalityCategory, ...] = ()
    seriousness_criteria: tuple[SeriousnessCriterion, ...] = ()
    reaction_labels: tuple[ReactionLabel, ...] = ()
    suspected_conditions: tuple[SuspectedCondition, ...] = ()
    review_clocks: tuple[ReviewClock, ...] = ()

    def product(self, code: str) -> Product:
        """The product with this code."""
        return _by_code(self.products, code)

    def document(self, code: str) -> Document:
        """The document with this code."""
        return _by_code(self.documents, code)

    def indication(self, slug: str) -> Indication:
        """The indication with this slug; slugs are unique over all documents."""
        for indication in self.indications:
            if indication.slug == slug:
                return indication
        raise _unknown(slug)

    def order_check(self, code: str) -> OrderCheck:
        """The order check with this code."""
        return _by_code(self.order_checks, code)

    def weight_formula(self, code: str) -> WeightFormula:
        """The body weight formula with this code."""
        return _by_code(self.weight_formulas, code)

    def rate_table(self, code: str) -> RateTable:
        """The rate table with this code."""
        return _by_code(self.rate_tables, code)

    def rate_rule(self, code: str) -> RateRule:
        """The rule around a plan with this code."""
        return _by_code(self.rate_rules, code)

    def rate_tables_for(self, product: Product) -> tuple[RateTable, ...]:
        """Every plan that fits this product: what a site made for it, the general ones for its concentration, then
        those of its label.

        A plan for another concentration never fits (facts 9.2 L5).
        """
        fitting = [
            table
            for table in self.rate_tables
            if table.concentration_mg_per_ml == product.concentration_mg_per_ml
            and (not table.product_codes or product.code in table.product_codes)
        ]
        return tuple(sorted(fitting, key=lambda table: (table.from_label, not table.product_codes)))

    def rate_limits_for(self, product_code: str, disease: str) -> tuple[RateLimit, ...]:
        """What labels of every region say about this product's rate, those for other diseases left out."""
        return tuple(
            limit
            for limit in self.rate_limits
            if limit.product_code == product_code and (not limit.diseases or disease in limit.diseases)
        )

    def disease_rate_limits(self, product_code: str, disease: str) -> tuple[RateLimit, ...]:
        """What labels of any region say of the highest rate for this very disease.

        Limits with a condition ("tolerated before") are left out: they never raise a ceiling (facts 2.2).
        """
        return tuple(
            limit
            for limit in self.rate_limits_for(product_code, disease)
            if limit.diseases and limit.condition is None and limit.max_rate_ml_per_kg_h is not None
        )

    def risk_rate_limits(self, product_code: str, risk: str) -> tuple[RateLimit, ...]:
        """What labels say of this product's highest rate at a risk, the code of a risk ceiling (facts 2.3)."""
        return tuple(
            limit
            for limit in self.rate_limits
            if limit.product_code == product_code
            and limit.risk == risk
            and limit.max_rate_ml_per_kg_h is not None
        )

    def live_vaccine_intervals_for(self, dose_mg_per_kg: Decimal) -> tuple[LiveVaccineInterval, ...]:
        """What each authority says for a dose of the whole course: of its rows that reach the dose, the
        nearest, so that a dose between two rows takes the next row up (facts 6)."""
        reaching = [
            interval
            for interval in self.live_vaccine_intervals
            if interval.dose_mg_per_kg_max is None or dose_mg_per_kg <= interval.dose_mg_per_kg_max
        ]
        reaching.sort(key=lambda interval: interval.dose_mg_per_kg_max or Decimal("Infinity"))
        nearest: dict[tuple[str, str], LiveVaccineInterval] = {}
        for interval in reaching:
            nearest.setdefault((interval.authority, interval.vaccines.en), interval)
        return tuple(nearest.values())

    def signs_needed_for(self, age_group: str) -> tuple[str, ...]:
        """The codes of the signs without which a set of this age group is not complete, in data order."""
        signs: tuple[VitalSign | AssessedSign, ...] = (*self.vital_signs, *self.assessed_signs)
        return tuple(sign.code for sign in signs if age_group in sign.needed_for)

    def score_thresholds(self, score_code: str) -> tuple[ScoreThreshold, ...]:
        """The response thresholds of a score; none in a release from before there were scores."""
        return tuple(
            threshold
            for table in self.score_tables
            if table.code == score_code
            for threshold in table.thresholds
        )

    def reaction_term(self, code: str) -> ReactionTerm:
        """The reaction term with this code."""
        return _by_code(self.reaction_terms, code)

    def intervention(self, code: str) -> InterventionKind:
        """The intervention with this code."""
        return _by_code(self.interventions, code)

    def follow_up_rule(self, code: str) -> FollowUpRule:
        """The follow-up rule with this code."""
        return _by_code(self.follow_up_rules, code)

    def analyte(self, code: str) -> Analyte:
        """The analyte with this code."""
        return _by_code(self.analytes, code)

    def laboratory_rule(self, code: str) -> LaboratoryRule:
        """What is looked for under this code."""
        return _by_code(self.laboratory_rules, code)

    def reporting_regime(self, code: str) -> ReportingRegime:
        """How soon a case must be reported under this regime."""
        return _by_code(self.reporting_regimes, code)

    def severity_term(self, code: str) -> SeverityTerm:
        """The term of a grading scale with this code."""
        return _by_code(self.severity_terms, code)

    def severity_scale(self, code: str) -> SeverityScale:
        """The grading scale with this code."""
        return _by_code(self.severity_scales, code)

    def causality_scale(self, code: str) -> CausalityScale:
        """The scale of questions on causality with this code."""
        return _by_code(self.causality_scales, code)

    def causality_category(self, code: str) -> CausalityCategory:
        """The category of causality with this code."""
        return _by_code(self.causality_categories, code)

    def reaction_label(self, product_code: str) -> ReactionLabel | None:
        """The label that this product's reactions are held against; None where none was read."""
        return next((one for one in self.reaction_labels if product_code in one.product_codes), None)

    def contraindication(self, code: str) -> Contraindication:
        """The contraindication with this code."""
        return _by_code(self.contraindications, code)

    def risk_factor(self, code: str) -> RiskFactor:
        """The risk factor with this code."""
        return _by_code(self.risk_factors, code)

    def rate_table_for(self, product: Product) -> RateTable:
        """The default plan: the first of `rate_tables_for`.

        So 100 mg/mL follows the Norwegian page, another strength the label of its product. At 100 mg/mL the label's
        plan climbs more slowly (facts 9.2 L3) and is chosen in the order. Raises DomainError `rate_table_missing`:
        a plan for another concentration is never used (facts 9.2 L5).
        """
        fitting = self.rate_tables_for(product)
        if not fitting:
            raise DomainError(
                "rate_table_missing", N_("There is no rate plan for %(product)s."), product=product.name
            )
        return fitting[0]

    def risk_ceilings_for(self, risk_factor_codes: Iterable[str]) -> tuple[RiskCeiling, ...]:
        """The ceilings these risk factors bring, each once, in document order (facts 2.3)."""
        wanted = {code for factor in risk_factor_codes for code in self.risk_factor(factor).ceiling_codes}
        return tuple(ceiling for ceiling in self.risk_ceilings if ceiling.code in wanted)


def _by_code(items: tuple[_Item, ...], code: str) -> _Item:
    for item in items:
        if item.code == code:
            return item
    raise _unknown(code)


def _unknown(code: str) -> DomainError:
    return DomainError(
        "guideline_unknown_code", N_("The guideline does not know “%(unknown)s”."), unknown=code
    )
