"""Antibody tests that immunoglobulin misleads: until when, what there is from before, what to ask for instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from apps.courses.selectors import courses_of_patient
from apps.guidelines.domain import Analyte, FollowUpRule, Guidelines
from apps.guidelines.selectors import current_guidelines, guidelines_version
from apps.infusions.selectors import begun_infusions
from apps.kernel.errors import DomainError
from apps.laboratory.domain.serology import (
    PassiveAntibodies,
    SerologyWarning,
    guard_serology,
    samples_before,
)
from apps.laboratory.models import LabResult
from apps.laboratory.rows import results_of
from apps.laboratory.words import ANY_TEST, TEST_UNKNOWN

_HOLD = "serology_hold"
# Not of a sample that could be looked at once more: read at the bedside, or urine.
_NO_SAMPLE = ("urine_output", "urine_hemoglobin", "renal_replacement", "egfr")
_MOST_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class EarlierSample:
    """A sample from before the course, of which something was measured; its laboratory may still have some of it."""

    taken_at: datetime
    analytes: tuple[str, ...]
    result_id: int


@dataclass(frozen=True, slots=True)
class TestGuard:
    """An antibody test on a sample taken at a moment, and the warning for it; None: nothing misleads.

    `test` None: an antibody test without a name of its own. `earlier`: results of this very test from before the
    course, the newest first. `samples`: the newest samples from then, of whatever.
    """

    test_code: str
    test: Analyte | None
    taken_at: datetime
    warning: SerologyWarning | None
    earlier: tuple[LabResult, ...] = ()
    samples: tuple[EarlierSample, ...] = ()


def antibody_tests() -> tuple[Analyte, ...]:
    """The antibody tests that today's guideline names."""
    return tuple(analyte for analyte in current_guidelines().analytes if analyte.antibody is not None)


def serology_guard(patient_id: int, test_code: str, at: datetime) -> TestGuard:
    """Whether an antibody test on a sample taken at this moment would mislead, until when, and by which source.

    Raises DomainError `test_unknown`.
    """
    return SerologyGuard(patient_id).ask(test_code, at)


class SerologyGuard:
    """A patient's courses and results, read once, however many tests are asked about."""

    def __init__(self, patient_id: int, rows: Sequence[LabResult] | None = None) -> None:
        self._patient_id, self._given_rows = patient_id, rows

    def ask(self, test_code: str, at: datetime) -> TestGuard:
        """As `serology_guard`."""
        test = next((one for one in antibody_tests() if one.code == test_code), None)
        if test is None and test_code != ANY_TEST:
            raise DomainError("test_unknown", TEST_UNKNOWN, test=test_code)
        courses = self._antibodies(test_code)
        warning = guard_serology(courses, taken_at=at)
        if warning is None:
            return TestGuard(test_code, test, at, None)
        rows = [row for row in self._rows if row.status == LabResult.Status.FINAL]
        clean = samples_before(courses, warning, (row.taken_at for row in rows))
        return TestGuard(
            test_code=test_code,
            test=test,
            taken_at=at,
            warning=warning,
            earlier=tuple(
                row for moment in clean for row in rows if row.taken_at == moment and row.analyte == test_code
            ),
            samples=_samples(rows, clean),
        )

    def of_result(self, row: LabResult) -> TestGuard | None:
        """What is to be known when this result is read, at whatever time; None for what is no antibody test."""
        known = any(test.code == row.analyte for test in antibody_tests())
        return self.ask(row.analyte, row.taken_at) if known else None

    @cached_property
    def _rows(self) -> Sequence[LabResult]:
        return results_of(self._patient_id) if self._given_rows is None else self._given_rows

    @cached_property
    def _courses(self) -> list[tuple[int, str, datetime, datetime | None]]:
        """Course, guideline version, first dose, and the end of the last one so far (None while one runs)."""
        versions = {course.pk: course.guideline_version for course in courses_of_patient(self._patient_id)}
        begun = begun_infusions(self._patient_id)
        found = []
        for course_id, version in versions.items():
            of_course = [one for one in begun if one.course_id == course_id]
            if of_course:
                ends = [one.ended_at for one in of_course if one.ended_at is not None]
                last = max(ends) if len(ends) == len(of_course) else None
                found.append((course_id, version, min(one.started_at for one in of_course), last))
        return found

    def _antibodies(self, test_code: str) -> list[PassiveAntibodies]:
        found = []
        for course_id, version, began_at, ended_at in self._courses:
            rule = _hold(guidelines_version(version), test_code)
            if rule is not None and rule.closes_after_h is not None:
                hold = PassiveAntibodies(
                    course_id, began_at, ended_at, rule.closes_after_h, rule.citation.label
                )
                found.append(hold)
        return found


def _samples(rows: Sequence[LabResult], clean: Sequence[datetime]) -> tuple[EarlierSample, ...]:
    found = []
    for moment in clean:
        of_sample = [row for row in rows if row.taken_at == moment and row.analyte not in _NO_SAMPLE]
        if of_sample:
            codes = tuple(row.analyte for row in of_sample)
            found.append(EarlierSample(moment, codes, of_sample[0].pk))
    return tuple(found[:_MOST_SAMPLES])


def _hold(guidelines: Guidelines, test_code: str) -> FollowUpRule | None:
    """The hold of this test, named after it, or of any antibody; from today's guideline where the course's has none."""
    for version in (guidelines, current_guidelines()):
        by_code = {
            rule.code: rule
            for rule in version.follow_up_rules
            if rule.effect == "false_serology" and rule.kind == "hold"
        }
        rule = by_code.get(f"{_HOLD}_{test_code}") or by_code.get(_HOLD)
        if rule is not None:
            return rule
    return None
