"""Starting a day's infusion."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from apps.accounts.selectors import Staff
from apps.courses.domain import ADULT_FROM_YEARS
from apps.courses.selectors import PlannedInfusion, planned_infusion
from apps.courses.services import mark_day
from apps.infusions.domain import SessionCommand, SessionState, Vitals, decide_transition
from apps.infusions.models import HungVial, InfusionSession
from apps.infusions.planning import next_observation_due, rate_plan
from apps.infusions.services.common import open_rate, save_change
from apps.infusions.services.observing import store_observation
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work
from apps.patients.domain.identity import age_years

BASELINE_MAX_AGE = timedelta(minutes=15)  # clinical facts 3.1, baseline


@dataclass(frozen=True, slots=True)
class LotEntry:
    """A lot about to be hung."""

    lot_number: str
    expires_on: date


def start_session(
    *,
    performer: Staff,
    course_id: int,
    day_number: int,
    baseline: Vitals,
    lots: list[LotEntry],
    now: datetime,
) -> InfusionSession:
    """Start a day's infusion at the first step of its rate plan.

    Raises DomainError `paediatric_rules_missing`, `baseline_incomplete`, `baseline_too_old`,
    `lot_expired`, `lots_missing`; ConflictError `day_already_started` or `patient_already_infusing`.
    """
    with unit_of_work():
        planned = planned_infusion(performer, course_id, day_number)
        _refuse_child(planned, now)
        _check_baseline(baseline, now)
        today = now.astimezone(ZoneInfo(planned.ward_time_zone)).date()
        _check_lots(lots, today)
        plan = rate_plan(planned, volume_ml=planned.volume_ml)
        session = _create(planned, plan.concentration_mg_per_ml)
        for lot in lots:
            HungVial.objects.create(session=session, lot_number=lot.lot_number, expires_on=lot.expires_on)
        store_observation(session, baseline, performer=performer, now=now, is_baseline=True)
        session.state = decide_transition(SessionState.PREPARED, SessionCommand.START).value
        session.started_at, session.started_by = now, performer
        session.observation_due_at = next_observation_due(session, now)
        open_rate(session, 0, performer, now, "")
        mark_day(
            course_id=course_id,
            day_number=day_number,
            status="running",
            session_id=session.pk,
            given_on=today,
        )
        save_change(
            session,
            event="infusion.session.started",
            performer=performer,
            now=now,
            payload={"lots": [lot.lot_number for lot in lots], "volume_ml": str(planned.volume_ml)},
        )
    return session


def _create(planned: PlannedInfusion, concentration_mg_per_ml: Decimal) -> InfusionSession:
    if InfusionSession.objects.filter(course_id=planned.course_id, day_number=planned.day_number).exists():
        raise ConflictError(
            "day_already_started", N_("This day was started already. Open the running infusion instead.")
        )
    try:
        with transaction.atomic():
            return InfusionSession.objects.create(
                patient_id=planned.patient_id,
                ward_id=planned.ward_id,
                course_id=planned.course_id,
                day_number=planned.day_number,
                days=planned.days,
                guideline_version=planned.guideline_version,
                product_code=planned.product_code,
                rate_table_code=planned.rate_table_code,
                disease=planned.disease,
                concentration_mg_per_ml=concentration_mg_per_ml,
                weight_kg=planned.weight_kg,
                volume_total_ml=planned.volume_ml,
                risk_factors=list(planned.risk_factors),
            )
    except IntegrityError as error:
        raise ConflictError(
            "patient_already_infusing",
            N_("Another infusion of this patient is open. End it before you start the next."),
        ) from error


def _refuse_child(planned: PlannedInfusion, now: datetime) -> None:
    if age_years(planned.patient_birth_date, now.date()) < ADULT_FROM_YEARS:
        raise DomainError(
            "paediatric_rules_missing",
            N_(
                "The infusion of a patient under %(years)s cannot be run here yet: the bedside rules are for"
                " adults only."
            ),
            years=ADULT_FROM_YEARS,
        )


def _check_baseline(baseline: Vitals, now: datetime) -> None:
    if baseline.missing:
        raise DomainError(
            "baseline_incomplete",
            N_("The baseline needs all six vital signs: later changes are measured against it."),
            extra={"fields": {f"baseline.{sign}": [N_("Needed.")] for sign in baseline.missing}},
        )
    if now - baseline.effective_at > BASELINE_MAX_AGE:
        raise DomainError(
            "baseline_too_old",
            N_("The baseline is older than %(minutes)s minutes. Measure again, then start."),
            minutes=int(BASELINE_MAX_AGE.total_seconds() // 60),
        )


def _check_lots(lots: list[LotEntry], today: date) -> None:
    if not lots:
        raise DomainError("lots_missing", N_("Enter the lot number of at least one vial."))
    for lot in lots:
        if lot.expires_on < today:
            raise DomainError(
                "lot_expired",
                N_("Lot %(lot)s expired on %(date)s. Take another vial and tell the pharmacy."),
                lot=lot.lot_number,
                date=lot.expires_on,
            )
