"""Guideline value types and how they are read from documents. Pure: no files, no database, no clock."""

from apps.guidelines.domain.bedside import (
    AgeBounds,
    FollowUpItem,
    FollowUpRule,
    GradeAction,
    ObservationRule,
    ReactionTerm,
    RuleCondition,
    RulePart,
    VitalSign,
)
from apps.guidelines.domain.documents import Document, Guidelines, content_hash
from apps.guidelines.domain.indications import Anomaly, DoseRegimen, Indication, Target
from apps.guidelines.domain.order_checks import LEVELS, OrderCheck
from apps.guidelines.domain.parsing import parse_document, parse_guidelines
from apps.guidelines.domain.prescribing import (
    PATIENT_FACTS,
    Contraindication,
    DoseCeiling,
    Hazard,
    LiveVaccineInterval,
    MaintenanceAlgorithm,
    PlannableProduct,
    Premedication,
    Product,
    TestBefore,
    UnverifiedValue,
    WeightFormula,
)
from apps.guidelines.domain.rates import RateLimit, RateTable, RateTableStep, RiskCeiling, RiskFactor
from apps.guidelines.domain.readings import Letter, NamedItem, Statement
from apps.guidelines.domain.texts import Citation, LocalText, Source

__all__ = [
    "LEVELS",
    "PATIENT_FACTS",
    "AgeBounds",
    "Anomaly",
    "Citation",
    "Contraindication",
    "Document",
    "DoseCeiling",
    "DoseRegimen",
    "FollowUpItem",
    "FollowUpRule",
    "GradeAction",
    "Guidelines",
    "Hazard",
    "Indication",
    "Letter",
    "LiveVaccineInterval",
    "LocalText",
    "MaintenanceAlgorithm",
    "NamedItem",
    "ObservationRule",
    "OrderCheck",
    "PlannableProduct",
    "Premedication",
    "Product",
    "RateLimit",
    "RateTable",
    "RateTableStep",
    "ReactionTerm",
    "RiskCeiling",
    "RiskFactor",
    "RuleCondition",
    "RulePart",
    "Source",
    "Statement",
    "Target",
    "TestBefore",
    "UnverifiedValue",
    "VitalSign",
    "WeightFormula",
    "content_hash",
    "parse_document",
    "parse_guidelines",
]
