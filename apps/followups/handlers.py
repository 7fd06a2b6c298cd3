"""Events follow-up listens to."""

from apps.alerts.services import resolve_alerts
from apps.courses.selectors import get_course, versions_of
from apps.followups.course_picture import said_by_order
from apps.followups.selectors import courses_with_planned_checks, get_check, holds_by_word
from apps.followups.services import note_fact, replan_course
from apps.infusions.selectors import course_of_session
from apps.laboratory.selectors import get_result
from apps.ledger.types import RecordedEvent

_WHY = {
    "infusion.session.started": "an infusion of the course began",
    "infusion.session.completed": "a later infusion of the course ended",
    "infusion.session.stopped": "an infusion of the course was stopped",
    "course.revised": "the course was changed",
}


# What a laboratory finding tells the planner, by the effect it speaks for (clinical facts 8, FU-4 and FU-5).
_LEARNED = {"hemolysis": "hemoglobin_fell", "acute_renal_failure": "creatinine_rose"}
_BLOOD_GROUP = "abo_group"


def close_alerts_after_answer(event: RecordedEvent) -> None:
    """An alert of a check that is done was taken: the adverse event carries on from here."""
    subject = str(event.payload["about"])
    kind, _, number = subject.partition(":")
    if kind == "check" and get_check(int(number)).status == "done":
        resolve_alerts(subject=subject, now=event.recorded_at)


def plan_around_infusion(event: RecordedEvent) -> None:
    """An infusion began or ended, whichever way: whatever was given can have late effects."""
    course_id = course_of_session(event.subject_id)
    replan_course(course_id=course_id, why=_WHY[event.name], now=event.recorded_at)


def plan_for_changed_course(event: RecordedEvent) -> None:
    """The order of a course changed, and with it its days, its dose or what is known of the patient.

    What the order newly says of a risk is the newest word on it, above what was noted before.
    """
    course = get_course(event.subject_id)
    said = [said_by_order(version.order) for version in versions_of(course)]
    before, after = (said[-2], said[-1]) if len(said) > 1 else (frozenset(), frozenset())
    for fact in sorted(before ^ after):
        holds = fact in after
        if holds_by_word(course.pk, fact) is (not holds):
            note_fact(
                course_id=course.pk,
                fact=fact,
                holds=holds,
                reason=f"version {course.version} of the order says so",
                performer=None,
                now=event.recorded_at,
            )
    replan_course(course_id=course.pk, why=_WHY[event.name], now=event.recorded_at)


def learn_from_laboratory(event: RecordedEvent) -> None:
    """A finding of the laboratory came or went: the course it followed is planned again.

    One that belongs to no infusion says nothing of a course.
    """
    fact, session_id = _LEARNED.get(str(event.payload["effect"])), event.payload["session_id"]
    if fact is None or session_id is None:
        return
    note_fact(
        course_id=course_of_session(session_id),
        fact=fact,
        holds=event.name == "laboratory.finding.suspected",
        reason=str(event.payload["explanation"]),
        performer=None,
        now=event.recorded_at,
    )


def learn_blood_group(event: RecordedEvent) -> None:
    """A blood group came, was corrected or taken back: courses whose checks still wait are planned again."""
    if get_result(event.subject_id).analyte != _BLOOD_GROUP:
        return
    for course_id in courses_with_planned_checks(event.payload["patient_id"]):
        replan_course(
            course_id=course_id, why="what is known of the blood group changed", now=event.recorded_at
        )
