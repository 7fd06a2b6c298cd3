"""Readers of retention: the policy, what still needs an identity, whose time is over."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings

from apps.cases.selectors import has_running_clock
from apps.courses.selectors import courses_of_patient
from apps.followups.selectors import checks_of_patient
from apps.infusions.selectors import begun_infusions, sessions_still_watched
from apps.kernel.text import N_
from apps.patients.selectors import patients_with_identity
from apps.retention.domain.policy import Policy, parse_policy

_OPEN_CHECKS = frozenset({"planned", "due", "overdue"})
_SHIPPED = Path(__file__).parent / "policy.yaml"


def policy() -> Policy:
    """The site's policy, or the one that is shipped. Raises PolicyError, OSError."""
    return _read(Path(settings.RETENTION_POLICY) if settings.RETENTION_POLICY else _SHIPPED)


def open_matters_of(patient_id: int) -> list[str]:
    """Why the identity is still needed, as sentences; empty when nothing is open."""
    courses = courses_of_patient(patient_id)
    runs = any(begun.ended_at is None for begun in begun_infusions(patient_id))
    matters = {
        N_("An infusion runs, or the patient is still watched after one."): runs
        or any(sessions_still_watched(course.pk) for course in courses),
        N_("A course is not finished."): any(course.status == "active" for course in courses),
        N_("A follow-up check is still to be done."): any(
            check.status in _OPEN_CHECKS for check in checks_of_patient(patient_id)
        ),
        N_("A case of pharmacovigilance still has a clock running."): has_running_clock(patient_id),
    }
    return [sentence for sentence, is_open in matters.items() if is_open]


def identities_due(*, now: datetime) -> list[tuple[str, date]]:
    """Pseudonyms of those whose last infusion lies beyond the safety record's time, and since when it is over."""
    rule, due = policy(), []
    for patient in patients_with_identity():
        days = [begun.ended_at or begun.started_at for begun in begun_infusions(patient.pk)]
        if days:
            until = rule.safety_record_until(max(days).date(), settings.CASE_COUNTRY)
            if until <= now.date():
                due.append((patient.pseudonym, until))
    return due


@lru_cache(maxsize=4)
def _read(path: Path) -> Policy:
    return parse_policy(yaml.safe_load(path.read_text(encoding="utf-8")))
