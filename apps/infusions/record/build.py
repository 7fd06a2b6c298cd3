"""The infusion record of a stored session."""

from datetime import datetime
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Staff
from apps.alerts.selectors import alerts_of
from apps.courses.selectors import access_course
from apps.guidelines.selectors import guidelines_version
from apps.infusions.domain import RatePlan, grams_given
from apps.infusions.domain.age import age_on
from apps.infusions.models import InfusionSession
from apps.infusions.planning import plan_of
from apps.infusions.record import lines
from apps.infusions.record.content import CeilingLine, Identity, InfusionRecord, Order, PlanLine
from apps.infusions.record.entries import RateLine, Sentence
from apps.infusions.record.given import volumes_of
from apps.infusions.record.happenings import happenings_of


def infusion_record(session: InfusionSession, *, now: datetime, user: Staff) -> InfusionRecord:
    """Everything the paper shows of a session, as it stands now, for the person who prints it.

    Raises NotFoundError when the session's course is not on the person's wards.
    """
    guidelines = guidelines_version(session.guideline_version)
    changes = list(session.rate_changes.select_related("performer"))
    vials = list(session.vials.select_related("performer", "status_changed_by"))
    rates = lines.rate_lines(session, changes)
    hung = lines.vial_lines(vials)
    observations = lines.observation_lines(session, guidelines, now)
    reactions = lines.reaction_lines(session, guidelines)
    interventions = lines.intervention_lines(session, guidelines)
    alerts = lines.alert_lines(alerts_of(f"session:{session.pk}"))
    handovers = lines.handover_lines(session)
    plan = plan_of(session)
    volumes = volumes_of(session, vials, now=now)
    return InfusionRecord(
        session_id=session.pk,
        identity=_identity(session, now),
        order=_order(session, user),
        state=session.state,
        started_at=session.started_at,
        started_by=lines.name_of(session.started_by),
        ended_at=session.ended_at,
        ended_by=_ended_by(rates),
        watched_until=session.watched_until,
        responsible=lines.name_of(session.responsible),
        volumes=volumes,
        ceiling=_ceiling(plan),
        plan=_plan(plan),
        rates=rates,
        vials=hung,
        observations=observations,
        reactions=reactions,
        interventions=interventions,
        alerts=alerts,
        handovers=handovers,
        happenings=happenings_of(
            rates=rates,
            vials=hung,
            observations=observations,
            reactions=reactions,
            interventions=interventions,
            alerts=alerts,
            handovers=handovers,
            state=session.state,
            volumes=volumes,
        ),
        guideline_version=session.guideline_version,
        time_zone=session.ward.time_zone,
        printed_at=now,
        printed_by=user.display_name,
    )


def _identity(session: InfusionSession, now: datetime) -> Identity:
    patient = session.patient
    day = (session.started_at or now).astimezone(ZoneInfo(session.ward.time_zone)).date()
    return Identity(
        name=patient.name,
        medical_record_number=patient.medical_record_number,
        birth_date=patient.known_birth_date,
        age_years=age_on(patient.birth_date, day).years,
        ward=session.ward.name,
        bed=patient.bed,
    )


def _order(session: InfusionSession, user: Staff) -> Order:
    course = access_course(user, session.course_id)
    indication = guidelines_version(course.guideline_version).indication(course.indication_code)
    product = guidelines_version(session.guideline_version).product(session.product_code)
    return Order(
        course_id=session.course_id,
        day_number=session.day_number,
        days=session.days,
        indication=indication.name.as_mapping(),
        product=product.name,
        concentration_mg_per_ml=session.concentration_mg_per_ml,
        dose_g=grams_given(session.volume_total_ml, session.concentration_mg_per_ml),
        volume_ml=session.volume_total_ml,
        weight_kg=session.weight_kg,
    )


def _plan(plan: RatePlan) -> tuple[PlanLine, ...]:
    return tuple(
        PlanLine(
            number=step.index + 1,
            rate_ml_per_h=step.rate_ml_per_h,
            rate_ml_per_kg_h=step.rate_ml_per_kg_h,
            rate_mg_per_kg_min=step.rate_mg_per_kg_min,
            min_minutes=step.min_duration_minutes,
        )
        for step in plan.steps
    )


def _ceiling(plan: RatePlan) -> CeilingLine:
    return CeilingLine(
        rate_ml_per_kg_h=plan.ceiling.rate_ml_per_kg_h,
        reason=Sentence(plan.ceiling.message, plan.ceiling.params),
        source=plan.ceiling.source,
    )


def _ended_by(rates: tuple[RateLine, ...]) -> str:
    return rates[-1].written.by if rates and rates[-1].kind == "ended" else ""
