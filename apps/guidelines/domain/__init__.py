"""Guideline value types and how they are read from documents. Pure: no files, no database, no clock."""

from apps.guidelines.domain.bedside import (
    FollowUpItem,
    FollowUpRule,
    GradeAction,
    ObservationRule,
    ReactionTerm,
    VitalSign,
)
from apps.guidelines.domain.documents import Document, Guidelines, content_hash
from apps.guidelines.domain.parsing import parse_document, parse_guidelines
from apps.guidelines.domain.prescribing import Contraindication, Hazard, Product, Regimen, TestBefore
from apps.guidelines.domain.rates import RateTable, RateTableStep, RiskCeiling, RiskFactor
from apps.guidelines.domain.texts import Citation, LocalText, Source

__all__ = [
    "Citation",
    "Contraindication",
    "Document",
    "FollowUpItem",
    "FollowUpRule",
    "GradeAction",
    "Guidelines",
    "Hazard",
    "LocalText",
    "ObservationRule",
    "Product",
    "RateTable",
    "RateTableStep",
    "ReactionTerm",
    "Regimen",
    "RiskCeiling",
    "RiskFactor",
    "Source",
    "TestBefore",
    "VitalSign",
    "content_hash",
    "parse_document",
    "parse_guidelines",
]
