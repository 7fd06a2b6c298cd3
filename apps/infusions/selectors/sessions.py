"""Sessions, and what ran at a moment of one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from apps.accounts.selectors import Action, Staff, require, within_reach
from apps.infusions.domain import to_tenth_ml
from apps.infusions.models import InfusionSession
from apps.infusions.rows import given_ml, rate_at_onset, vials_of
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_

SessionRecord = InfusionSession


@dataclass(frozen=True, slots=True)
class BegunInfusion:
    """An infusion of which something was given; `ended_at` None while it runs."""

    session_id: int
    course_id: int
    day_number: int
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class InfusionMoment:
    """What was running at a moment of an infusion, for an adverse event.

    `step_index` is None when nothing ran, and for a rate below the plan's first.
    """

    session_id: int
    course_id: int
    patient_id: int
    ward_id: int
    guideline_version: str
    product_code: str
    started_at: datetime | None
    ended_at: datetime | None
    rate_ml_per_kg_h: Decimal | None
    rate_ml_per_h: Decimal | None
    step_index: int | None
    volume_given_ml: Decimal
    lots: list[dict[str, str]]


def access_session(user: Staff, session_id: int) -> SessionRecord:
    """The session, if its patient lies on one of the person's wards; otherwise NotFoundError."""
    sessions = InfusionSession.objects.select_related("patient__ward", "ward", "started_by")
    session = sessions.filter(within_reach(user, Action.SEE_PATIENTS), pk=session_id).first()
    if session is None:
        raise NotFoundError("not_found", N_("There is no such infusion on your wards."))
    require(user, Action.SEE_PATIENTS)
    return session


def course_of_session(session_id: int) -> int:
    """The number of the course a session belongs to."""
    course_id: int = InfusionSession.objects.values_list("course_id", flat=True).get(pk=session_id)
    return course_id


def infusions_of_course(course_id: int) -> list[BegunInfusion]:
    """The infusions of a course that were begun, the oldest first."""
    return _begun(InfusionSession.objects.filter(course_id=course_id))


def begun_infusions(patient_id: int) -> list[BegunInfusion]:
    """Every infusion of a patient that was begun, the oldest first."""
    return _begun(InfusionSession.objects.filter(patient_id=patient_id))


def sessions_still_watched(course_id: int) -> list[int]:
    """Infusions of a course that ended and whose watch has not, by number."""
    ended = InfusionSession.objects.filter(course_id=course_id, ended_at__isnull=False)
    return list(ended.filter(watched_until__isnull=True).order_by("pk").values_list("pk", flat=True))


def _begun(sessions: QuerySet[InfusionSession]) -> list[BegunInfusion]:
    begun = sessions.filter(started_at__isnull=False).order_by("started_at", "pk")
    fields = ("pk", "course_id", "day_number", "started_at", "ended_at")
    return [
        BegunInfusion(session_id, course_id, day_number, started_at, ended_at)
        for session_id, course_id, day_number, started_at, ended_at in begun.values_list(*fields)
        if started_at is not None
    ]


def infusion_at(session_id: int, moment: datetime) -> InfusionMoment:
    """What was running at a moment: rate, step, volume given until then, lots."""
    session = InfusionSession.objects.get(pk=session_id)
    running = rate_at_onset(session, moment)
    return InfusionMoment(
        session_id=session.pk,
        course_id=session.course_id,
        patient_id=session.patient_id,
        ward_id=session.ward_id,
        guideline_version=session.guideline_version,
        product_code=session.product_code,
        started_at=session.started_at,
        ended_at=session.ended_at,
        rate_ml_per_kg_h=running.rate_ml_per_kg_h if running else None,
        rate_ml_per_h=running.rate_ml_per_h if running else None,
        step_index=running.step_index if running and running.step_index >= 0 else None,
        volume_given_ml=to_tenth_ml(given_ml(session, moment)),
        lots=[
            {"lot_number": lot.lot_number, "expires_on": lot.expires_on.isoformat()}
            for lot in vials_of(session)
            if lot.hung_at <= moment
        ],
    )
