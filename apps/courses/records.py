"""Orders and findings as they are kept: JSON a person can read decades later."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from apps.courses.domain.assessment import Finding
from apps.courses.domain.order import CourseOrder
from apps.edge.messages import params_to_json


def order_record(order: CourseOrder) -> dict[str, Any]:
    """An order as JSON: decimals and dates as text."""
    record: dict[str, Any] = _plain(asdict(order))
    return record


def finding_records(findings: Iterable[Finding], answers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Findings with their words, numbers, sources and the prescriber's answers."""
    return [
        {
            "code": finding.code,
            "level": finding.level,
            "text": finding.text.as_mapping(),
            "params": params_to_json(finding.params),
            "citations": [
                {"label": citation.label, "quote": citation.quote, "read": citation.read}
                for citation in finding.citations
            ],
            "answer": answers.get(finding.code, ""),
        }
        for finding in findings
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal | date):
        return str(value)
    return value
