"""The bedside rules over a session's series: small pure tests by name, thresholds from the guideline data."""

from apps.infusions.domain.bedside_rules.judging import (
    Fired,
    Judged,
    current,
    findings_on,
    fired,
    judge,
)
from apps.infusions.domain.bedside_rules.messages import FINDING_MESSAGES
from apps.infusions.domain.bedside_rules.rules import Cited, Finding, Rule
from apps.infusions.domain.bedside_rules.series import SeenReaction, Series, as_of, make_series

__all__ = [
    "FINDING_MESSAGES",
    "Cited",
    "Finding",
    "Fired",
    "Judged",
    "Rule",
    "SeenReaction",
    "Series",
    "as_of",
    "current",
    "findings_on",
    "fired",
    "judge",
    "make_series",
]
