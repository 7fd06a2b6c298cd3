"""What every room holds around an adverse event, put together for the rules and for the page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apps.guidelines.selectors import guidelines_version
from apps.infusions.domain import Vitals
from apps.infusions.domain.age import age_on
from apps.infusions.selectors import (
    InfusionAccount,
    begun_infusions,
    infusion_account,
    past_reactions,
)
from apps.laboratory.selectors import ShownResult, hemolysis_signs, results_between
from apps.safety.domain import EventPicture, HemolysisSeen, OtherReaction, RateSet, Signs
from apps.safety.models import AdverseEvent

# How long before a course a result is shown as what was known, and how long after it as what came of it.
LABORATORY_BEFORE = timedelta(days=90)
LABORATORY_AFTER = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """An event's picture, its infusion until the onset, and the laboratory values before and after."""

    picture: EventPicture
    infusion: InfusionAccount
    laboratory: tuple[ShownResult, ...]


def surroundings_of(event: AdverseEvent) -> Surroundings:
    """Everything around an event as it stands now."""
    infusion = infusion_account(event.session_id, until=event.onset_at)
    first = infusion.started_at or event.onset_at
    until = event.onset_at + LABORATORY_AFTER
    return Surroundings(
        picture=_picture(event, infusion),
        infusion=infusion,
        laboratory=tuple(results_between(event.patient_id, since=first - LABORATORY_BEFORE, until=until)),
    )


def _picture(event: AdverseEvent, infusion: InfusionAccount) -> EventPicture:
    zone = ZoneInfo(event.ward.time_zone)
    age = age_on(event.patient.birth_date, event.onset_at.astimezone(zone).date())
    began = infusion.started_at or event.onset_at
    begun = [one for one in begun_infusions(event.patient_id) if one.session_id != event.session_id]
    seen = hemolysis_signs(event.patient, since=began, until=event.onset_at + timedelta(days=10))
    return EventPicture(
        session_id=event.session_id,
        onset_at=event.onset_at,
        started_at=infusion.started_at,
        ended_at=infusion.ended_at,
        resolved_at=_moment(event.details.get("resolved_at")),
        term=event.term,
        symptoms=tuple((one["term"], one.get("severity", "")) for one in event.details.get("symptoms", [])),
        age_years=age.years,
        age_months=age.months,
        baseline=_signs(infusion.baseline) if infusion.baseline else None,
        signs=tuple(_signs(taken) for taken in infusion.observations),
        rates=tuple(
            RateSet(rate.at, rate.rate_ml_per_h, rate.rate_ml_per_kg_h, rate.step_index)
            for rate in infusion.rates
        ),
        others=_others(event, infusion, zone),
        earlier_infusions=sum(one.started_at < began for one in begun),
        later_infusions=sum(one.started_at > event.onset_at for one in begun),
        measured="laboratory" in event.details,
        hemolysis=HemolysisSeen(seen.fall_g_per_l, seen.antiglobulin_new, seen.further_signs),
    )


def _others(event: AdverseEvent, infusion: InfusionAccount, zone: ZoneInfo) -> tuple[OtherReaction, ...]:
    """Every other reaction of the patient, and every other event that did not begin at the bedside."""
    found = {(past.session_id, past.term, past.onset_at) for past in past_reactions(event.patient_id)}
    events = AdverseEvent.objects.filter(patient_id=event.patient_id)
    events = events.exclude(pk=event.pk).exclude(status=AdverseEvent.Status.ENTERED_IN_ERROR)
    found |= set(events.values_list("session_id", "term", "onset_at"))
    found.discard((event.session_id, event.term, event.onset_at))
    return tuple(
        OtherReaction(session_id, term, onset_at, onset_at.astimezone(zone).date())
        for session_id, term, onset_at in sorted(found, key=lambda one: (one[2], one[0], one[1]))
    )


def _signs(vitals: Vitals) -> Signs:
    return Signs(
        at=vitals.effective_at,
        systolic_mmhg=vitals.systolic_mmhg,
        spo2_percent=vitals.spo2_percent,
        temperature_c=vitals.temperature_c,
        oxygen_l_per_min=vitals.oxygen_l_per_min,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def record_of(event: AdverseEvent) -> dict[str, Any]:
    """What is recorded of an event and a signature speaks of, as JSON that does not change with time alone."""
    return {
        "origin": event.origin,
        "patient": event.patient_id,
        "session": event.session_id,
        "course": event.course_id,
        "term": event.term,
        "severity": event.severity,
        "onset_at": event.onset_at.isoformat(),
        "infusion_started_at": _iso(event.infusion_started_at),
        "rate_ml_per_h": _text(event.rate_ml_per_h),
        "rate_ml_per_kg_h": _text(event.rate_ml_per_kg_h),
        "step_index": event.step_index,
        "volume_given_ml": _text(event.volume_given_ml),
        "product": event.product_code,
        "product_name": guidelines_version(event.guideline_version).product(event.product_code).name,
        "lots": event.lots,
        "action": event.action,
        "note": event.note,
        "details": event.details,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _text(number: Any) -> str | None:
    return None if number is None else f"{number.normalize():f}"
