"""Reasons as they are kept beside a check, and what a fact changed: JSON a person can read decades later."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from apps.followups.domain import Changes, Reason


def reason_records(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as JSON; the dose as text, in mg/kg."""
    return [
        {
            "fact": reason.fact,
            "is_known": reason.is_known,
            "figure": reason.figure,
            "dose_mg_per_kg": _dose_record(reason.dose_mg_per_kg),
            **({"short_of_mg_per_kg": str(reason.short_of_mg_per_kg)} if reason.short_of_mg_per_kg else {}),
        }
        for reason in reasons
    ]


def change_record(changes: Changes) -> dict[str, list[str]]:
    """What planning again changed, as the codes of rules: planned, moved, superseded."""
    return {
        "planned": [check.rule_code for check in changes.added],
        "moved": [move.new.rule_code for move in changes.moved],
        "superseded": [check.rule_code for check in changes.superseded],
    }


def kept_reasons(records: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """The reasons that were kept."""
    return tuple(
        Reason(
            fact=record["fact"],
            is_known=record["is_known"],
            figure=record["figure"],
            dose_mg_per_kg=_kept_dose(record["dose_mg_per_kg"]),
            short_of_mg_per_kg=_kept_dose(record.get("short_of_mg_per_kg")),
        )
        for record in records
    )


def _dose_record(dose: Decimal | None) -> str | None:
    return None if dose is None else str(dose)


def _kept_dose(record: str | None) -> Decimal | None:
    return None if record is None else Decimal(record)
