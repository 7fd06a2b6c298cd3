"""Replacement therapy of a patient: troughs, infections, targets, and what calls for a review."""

from dataclasses import dataclass
from datetime import date

from apps.courses.domain.assessment import Finding
from apps.courses.domain.replacement import (
    Infection,
    Therapy,
    Trough,
    is_replacement,
    reviews,
    trough_targets,
)
from apps.courses.models import Course, InfectionEpisode, TroughLevel
from apps.courses.selectors.courses import courses_of_patient
from apps.courses.selectors.given import begun_days, given_on
from apps.guidelines.domain import DoseRegimen, Indication
from apps.guidelines.selectors import current_guidelines, guidelines_version

TroughRecord = TroughLevel
InfectionRecord = InfectionEpisode


@dataclass(frozen=True, slots=True)
class Replacement:
    """A patient's replacement therapy; `regimen` and `indication` of its newest course, None without one.

    `troughs` and `infections` hold every entry, also those in error, oldest first.
    """

    therapy: Therapy
    indication: Indication | None
    regimen: DoseRegimen | None
    troughs: tuple[TroughRecord, ...]
    infections: tuple[InfectionRecord, ...]
    reviews: tuple[Finding, ...]


def troughs_of(patient_id: int) -> list[TroughRecord]:
    """Every IgG value of a patient, also those entered in error, oldest first."""
    rows = TroughLevel.objects.filter(patient_id=patient_id)
    return list(rows.select_related("recorded_by", "error_marked_by"))


def infections_of(patient_id: int) -> list[InfectionRecord]:
    """Every infection of a patient, also those entered in error, oldest first."""
    rows = InfectionEpisode.objects.filter(patient_id=patient_id)
    return list(rows.select_related("recorded_by", "error_marked_by"))


def replacement_of(patient_id: int, *, today: date) -> Replacement:
    """The replacement therapy of a patient, seen against the sources that are current now."""
    guidelines = current_guidelines()
    followed = [(course, _followed(course)) for course in courses_of_patient(patient_id)]
    courses = [pair for pair in followed if is_replacement(guidelines, pair[1])]
    newest = courses[0] if courses else None
    regimen = newest[1].regimen(newest[0].regimen_code) if newest else None
    therapy = Therapy(
        infusion_days=tuple(sorted(given_on(day) for course, _ in courses for day in begun_days(course))),
        interval=regimen,
        targets=trough_targets(guidelines, [indication for _, indication in courses]),
    )
    troughs, infections = tuple(troughs_of(patient_id)), tuple(infections_of(patient_id))
    return Replacement(
        therapy=therapy,
        indication=newest[1] if newest else None,
        regimen=regimen,
        troughs=troughs,
        infections=infections,
        reviews=reviews(
            guidelines,
            therapy,
            troughs=[as_trough(row) for row in troughs if not row.entered_in_error],
            infections=[
                Infection(occurred_on=row.occurred_on, severity=row.severity)
                for row in infections
                if not row.entered_in_error
            ],
            today=today,
        ),
    )


def as_trough(row: TroughRecord) -> Trough:
    """The domain value, without the zeros of the column."""
    return Trough(measured_on=row.measured_on, igg_g_per_l=row.igg_g_per_l.normalize() + 0)


def _followed(course: Course) -> Indication:
    return guidelines_version(course.guideline_version).indication(course.indication_code)
