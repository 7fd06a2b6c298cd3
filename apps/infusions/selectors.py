"""Readers of infusions."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.accounts.selectors import Action, Staff, require
from apps.guidelines.selectors import guidelines_version, in_reader_language
from apps.infusions.domain import FINAL_STATES, VITAL_SIGNS, SessionState, to_tenth_ml
from apps.infusions.domain.tolerance import Stretch, tolerated_stretch
from apps.infusions.models import HungVial, InfusionSession, Observation, RateChange, Reaction
from apps.infusions.planning import OBSERVATION, STEP, VOLUME, given_ml
from apps.kernel import clock
from apps.kernel.errors import NotFoundError
from apps.kernel.numbers import plain
from apps.kernel.text import N_

SessionRecord = InfusionSession


@dataclass(frozen=True, slots=True)
class EndedInfusion:
    """What follow-up needs to know of an infusion that ended."""

    session_id: int
    course_id: int
    patient_id: int
    ward_id: int
    guideline_version: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class InfusionMoment:
    """What was running at a moment of an infusion, for an adverse event."""

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
    session = sessions.filter(pk=session_id, ward__in=user.wards.all()).first()
    if session is None:
        raise NotFoundError("not_found", N_("There is no such infusion on your wards."))
    require(user, Action.SEE_PATIENTS)
    return session


def session_row(session_id: int) -> dict[str, Any] | None:
    """What a board shows of a session; None once it has ended."""
    session = InfusionSession.objects.get(pk=session_id)
    if SessionState(session.state) in FINAL_STATES:
        return None
    now = clock.now()
    rate = RateChange.objects.filter(session=session, ended_at__isnull=True).first()
    last = Observation.objects.filter(session=session).last()
    given = given_ml(session, now)
    return {
        "kind": "session",
        "patient_id": session.patient_id,
        "session_id": session.pk,
        "state": session.state,
        "product": guidelines_version(session.guideline_version).product(session.product_code).name,
        "day_number": session.day_number,
        "days": session.days,
        "rate_ml_per_h": plain(rate.rate_ml_per_h) if rate else None,
        "rate_ml_per_kg_h": plain(rate.rate_ml_per_kg_h) if rate else None,
        "volume_given_ml": plain(to_tenth_ml(given)),
        "volume_as_of": now.isoformat(),
        "volume_total_ml": plain(session.volume_total_ml),
        "finish_at": session.finish_at.isoformat() if session.finish_at else None,
        "next": next_due(session),
        "last_vitals": _vitals_json(last) if last else None,
    }


def next_due(session: SessionRecord) -> dict[str, Any] | None:
    """The next thing this infusion asks of a person.

    What was asked for already comes first: completion, then the step (which needs vital signs anyway),
    then vital signs. Otherwise whatever is due soonest.
    """
    candidates = [
        ("complete_due", session.finish_at, VOLUME in session.asked),
        ("step_due", session.step_due_at, STEP in session.asked),
        ("vitals_due", session.observation_due_at, OBSERVATION in session.asked),
    ]
    dues = [(code, due_at, asked) for code, due_at, asked in candidates if due_at is not None]
    if not dues:
        return None
    waiting = next((due for due in dues if due[2]), None)
    code, due_at, asked = waiting or min(dues, key=lambda due: due[1])
    return {"code": code, "due_at": due_at.isoformat(), "asked": asked}


def ended_infusion(session_id: int) -> EndedInfusion | None:
    """The infusion, if anything was given and it ended; None otherwise."""
    session = InfusionSession.objects.get(pk=session_id)
    if session.ended_at is None or session.started_at is None:
        return None
    return EndedInfusion(
        session_id=session.pk,
        course_id=session.course_id,
        patient_id=session.patient_id,
        ward_id=session.ward_id,
        guideline_version=session.guideline_version,
        ended_at=session.ended_at,
    )


def infusion_at(session_id: int, moment: datetime) -> InfusionMoment:
    """What was running at a moment: rate, step, volume given until then, lots."""
    session = InfusionSession.objects.get(pk=session_id)
    running = RateChange.objects.filter(session=session, started_at__lte=moment).last()
    if running is not None and running.ended_at is not None and running.ended_at < moment:
        running = None
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
        step_index=running.step_index if running else None,
        volume_given_ml=to_tenth_ml(given_ml(session, moment)),
        lots=[
            {"lot_number": lot.lot_number, "expires_on": lot.expires_on.isoformat()}
            for lot in HungVial.objects.filter(session=session).order_by("id")
        ],
    )


def get_reaction(reaction_id: int) -> Reaction:
    """The reaction by number, for handlers."""
    return Reaction.objects.select_related("performer").get(pk=reaction_id)


def _vitals_json(row: Observation) -> dict[str, Any]:
    values = {sign: getattr(row, sign) for sign in VITAL_SIGNS}
    return {
        "effective_at": row.effective_at.isoformat(),
        **{sign: None if value is None else str(value) for sign, value in values.items()},
    }


@dataclass(frozen=True, slots=True)
class ToleratedRate:
    """The highest rate without a reaction in the last completed infusion of a product that had one."""

    product_code: str
    product: str
    session_id: int
    ended_at: datetime
    weight_kg: Decimal
    rate_ml_per_kg_h: Decimal
    rate_ml_per_h: Decimal
    minutes: int


@dataclass(frozen=True, slots=True)
class PastReaction:
    """A reaction during an earlier infusion, with the rate at which it began; None in a pause."""

    session_id: int
    product: str
    term: str
    severity: str
    onset_at: datetime
    action: str
    rate_ml_per_kg_h: Decimal | None


def tolerated_rates(patient_id: int) -> list[ToleratedRate]:
    """What a patient bore last, one for each product, the newest first."""
    completed = InfusionSession.objects.filter(patient_id=patient_id, state=SessionState.COMPLETED.value)
    found: dict[str, ToleratedRate] = {}
    for session in completed.order_by("-ended_at").prefetch_related("rate_changes", "reactions"):
        if session.product_code not in found and (rate := _tolerated(session)) is not None:
            found[session.product_code] = rate
    return list(found.values())


def past_reactions(patient_id: int) -> list[PastReaction]:
    """Every reaction of a patient during an infusion, the newest first."""
    rows = Reaction.objects.filter(session__patient_id=patient_id).select_related("session")
    return [_past_reaction(row) for row in rows.order_by("-onset_at", "-pk")]


def _tolerated(session: InfusionSession) -> ToleratedRate | None:
    stretch = tolerated_stretch(
        [
            Stretch(change.rate_ml_per_kg_h, change.rate_ml_per_h, change.started_at, change.ended_at)
            for change in session.rate_changes.all()
        ],
        [reaction.onset_at for reaction in session.reactions.all()],
    )
    if stretch is None or stretch.ended_at is None or session.ended_at is None:
        return None
    return ToleratedRate(
        product_code=session.product_code,
        product=_product_name(session),
        session_id=session.pk,
        ended_at=session.ended_at,
        weight_kg=session.weight_kg,
        rate_ml_per_kg_h=stretch.rate_ml_per_kg_h,
        rate_ml_per_h=stretch.rate_ml_per_h,
        minutes=int((stretch.ended_at - stretch.started_at).total_seconds() // 60),
    )


def _past_reaction(row: Reaction) -> PastReaction:
    guidelines = guidelines_version(row.session.guideline_version)
    return PastReaction(
        session_id=row.session_id,
        product=_product_name(row.session),
        term=in_reader_language(guidelines.reaction_term(row.term).name),
        severity=row.severity,
        onset_at=row.onset_at,
        action=row.action,
        rate_ml_per_kg_h=infusion_at(row.session_id, row.onset_at).rate_ml_per_kg_h,
    )


def _product_name(session: InfusionSession) -> str:
    return guidelines_version(session.guideline_version).product(session.product_code).name
