"""Preparing and starting a day's infusion."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from apps.accounts.selectors import Staff
from apps.courses.selectors import PlannedInfusion, planned_infusion
from apps.courses.services import mark_day
from apps.infusions.beginning import start_terms
from apps.infusions.domain import Decision, SessionState, Start, Vitals, decide
from apps.infusions.models import InfusionSession
from apps.infusions.planning import rate_plan
from apps.infusions.rows import schedule_of, signs_needed
from apps.infusions.services.common import carry_out, save_change, standing
from apps.infusions.services.judging import Judged, judge_again
from apps.infusions.services.observing import store_observation
from apps.infusions.services.vials import VialEntry, add_vials
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work


def prepare_session(*, performer: Staff, course_id: int, day_number: int, now: datetime) -> InfusionSession:
    """Lay out a day's infusion: it stands on the board, nothing runs. Starting it later reads the course anew.

    Raises ConflictError `day_already_started` or `patient_already_infusing`.
    """
    with unit_of_work():
        planned = planned_infusion(performer, course_id, day_number)
        session = _session_for(planned)
        if session.version > 1:
            raise ConflictError("day_already_prepared", N_("This day is prepared already. Open it instead."))
        session.responsible = performer
        save_change(session, event="infusion.session.prepared", performer=performer, now=now)
    return session


def start_session(
    *,
    performer: Staff,
    course_id: int,
    day_number: int,
    baseline: Vitals,
    vials: Sequence[VialEntry],
    now: datetime,
    start_step_index: int = 0,
    identity_scanned: bool = False,
) -> InfusionSession:
    """Start a day's infusion at the first step of its rate plan, or at the one offered to a patient who bore it.

    Raises DomainError `baseline_incomplete`, `baseline_too_old`, `start_step_too_high` and those of
    `add_vials`; ConflictError `day_already_started` or `patient_already_infusing`.
    """
    with unit_of_work():
        planned = planned_infusion(performer, course_id, day_number)
        session = _session_for(planned)
        _check_baseline(session, baseline, now)
        add_vials(session, vials, performer=performer, at=now, now=now)
        store_observation(session, baseline, performer=performer, now=now, is_baseline=True)
        terms = start_terms(planned, patient_id=planned.patient_id, now=now)
        session.watch_minutes_after = terms.watch_minutes_after
        decision = decide(standing(session, now), Start(start_step_index, terms.highest_step_index), now)
        payload = {"lots": [vial.lot_number for vial in vials], "identity_scanned": identity_scanned}
        _begin(session, decision, performer=performer, now=now, payload=payload)
        judge_again(session, before=Judged(), performer=performer, now=now)
    return session


def _begin(
    session: InfusionSession,
    decision: Decision,
    *,
    performer: Staff,
    now: datetime,
    payload: dict[str, object],
) -> None:
    session.started_at, session.started_by = now, performer
    session.responsible = performer
    mark_day(
        course_id=session.course_id,
        day_number=session.day_number,
        status="running",
        session_id=session.pk,
        given_on=now.astimezone(ZoneInfo(session.ward.time_zone)).date(),
    )
    carry_out(
        session,
        decision,
        event="infusion.session.started",
        performer=performer,
        at=now,
        now=now,
        payload=payload | {"volume_ml": str(session.volume_total_ml)},
    )


def _session_for(planned: PlannedInfusion) -> InfusionSession:
    """The prepared session of this day, brought up to date with its course, or a new one."""
    sessions = InfusionSession.objects.select_for_update(of=("self",)).select_related("patient", "ward")
    existing = (
        sessions.filter(course_id=planned.course_id, day_number=planned.day_number)
        .exclude(state=SessionState.ABANDONED)
        .first()
    )
    if existing is not None and existing.state != SessionState.PREPARED:
        raise ConflictError(
            "day_already_started", N_("This day was started already. Open the running infusion instead.")
        )
    ordered = _as_ordered(planned)
    if existing is not None:
        for name, value in ordered.items():
            setattr(existing, name, value)
        return existing
    try:
        with transaction.atomic():
            return InfusionSession.objects.create(
                patient_id=planned.patient_id,
                ward_id=planned.ward_id,
                course_id=planned.course_id,
                day_number=planned.day_number,
                **ordered,
            )
    except IntegrityError as error:
        raise ConflictError(
            "patient_already_infusing",
            N_("Another infusion of this patient is open. End it before you start the next."),
        ) from error


def _as_ordered(planned: PlannedInfusion) -> dict[str, object]:
    plan = rate_plan(planned, volume_ml=planned.volume_ml)
    return {
        "days": planned.days,
        "guideline_version": planned.guideline_version,
        "product_code": planned.product_code,
        "rate_table_code": planned.rate_table_code,
        "disease": planned.disease,
        "concentration_mg_per_ml": plan.concentration_mg_per_ml,
        "weight_kg": planned.weight_kg,
        "volume_total_ml": planned.volume_ml,
        "risk_factors": list(planned.risk_factors),
        "pregnant": planned.pregnant,
    }


def _check_baseline(session: InfusionSession, baseline: Vitals, now: datetime) -> None:
    missing = baseline.missing(signs_needed(session, now))
    if missing:
        raise DomainError(
            "baseline_incomplete",
            N_("The baseline must be complete: later changes are measured against it."),
            extra={"fields": {f"baseline.{sign}": [N_("Needed.")] for sign in missing}},
        )
    minutes = schedule_of(session).baseline_max_age_minutes
    if now - baseline.effective_at > timedelta(minutes=minutes):
        raise DomainError(
            "baseline_too_old",
            N_("The baseline is older than %(minutes)s minutes. Measure again, then start."),
            minutes=minutes,
        )
