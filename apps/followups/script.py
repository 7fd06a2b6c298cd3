"""Which questions belong to a check, for this patient."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.courses.selectors.courses import courses_of_patient
from apps.followups.course_picture import calling_hours_of
from apps.followups.domain.screening import questions_for
from apps.followups.models import FollowUpCheck
from apps.guidelines.domain import AttemptPlan, CallingHours, Guidelines, ScreeningQuestion
from apps.guidelines.selectors import current_guidelines, guidelines_version
from apps.infusions.domain.age import age_on
from apps.infusions.selectors import begun_infusions

_MALTOSE = "maltose"
# Before rules named their questions a call was about one effect; what it did not name is today's whole script.
_SCRIPTED_KINDS = ("call", "visit", "observation")


@dataclass(frozen=True, slots=True)
class Script:
    """What is asked at a check (`asked`), and every question there is for this patient (`every`)."""

    asked: tuple[ScreeningQuestion, ...]
    every: tuple[ScreeningQuestion, ...]


def script_of(check: FollowUpCheck, *, now: datetime) -> Script:
    """The questions of a check for this patient; none where the check asks nothing of the patient.

    A release from before there were questions is asked by today's.
    """
    guidelines = _with_questions(check)
    age = age_on(check.patient.birth_date, _today(check, now))
    every = questions_for(
        guidelines.screening_questions, age=age, diabetes_on_maltose=_diabetes_on_maltose(check, guidelines)
    )
    named = guidelines_version(check.guideline_version).follow_up_rule(check.code).question_codes
    if named:
        asked = tuple(
            question for question in every if question.code in named or question.audience != "everyone"
        )
    elif check.kind in _SCRIPTED_KINDS and not _knows_questions(check):
        asked = every
    else:
        asked = ()
    return Script(asked=asked, every=every)


def attempt_plan_of(check: FollowUpCheck) -> AttemptPlan:
    """How somebody is tried again, by the check's guideline or, where it does not say, today's."""
    return (guidelines_version(check.guideline_version).attempt_plans or current_guidelines().attempt_plans)[
        0
    ]


def calls_of(check: FollowUpCheck) -> CallingHours | None:
    """The hours at which people are called."""
    return next((hours for hours in calling_hours_of(check.guideline_version) if hours.kind == "call"), None)


def zone_of(check: FollowUpCheck) -> ZoneInfo:
    """The ward's time zone."""
    return ZoneInfo(check.ward.time_zone)


def hours_since_last_dose(check: FollowUpCheck, *, now: datetime) -> Decimal:
    """Hours since the patient's last infusion ended; 0 while one runs, so that the strictest rule holds.

    Of whichever course: what is asked about the one before may be answered on the day after the next.
    """
    begun = [infusion for infusion in begun_infusions(check.patient_id) if infusion.started_at <= now]
    if not begun or any(infusion.ended_at is None or infusion.ended_at > now for infusion in begun):
        return Decimal(0)
    last = max(infusion.ended_at for infusion in begun if infusion.ended_at is not None)
    return Decimal((now - last).total_seconds()) / 3600


def _with_questions(check: FollowUpCheck) -> Guidelines:
    return guidelines_version(check.guideline_version) if _knows_questions(check) else current_guidelines()


def _knows_questions(check: FollowUpCheck) -> bool:
    return bool(guidelines_version(check.guideline_version).screening_questions)


def _today(check: FollowUpCheck, now: datetime) -> date:
    return now.astimezone(zone_of(check)).date()


def _diabetes_on_maltose(check: FollowUpCheck, guidelines: Guidelines) -> bool:
    for course in courses_of_patient(check.patient_id):
        if course.pk == check.course_id:
            product = guidelines.product(course.product_code)
            maltose = any(hazard.code.startswith(_MALTOSE) for hazard in product.hazards)
            return maltose and bool(course.order.get("profile", {}).get("diabetes"))
    return False
