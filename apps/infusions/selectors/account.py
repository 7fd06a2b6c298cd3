"""A whole infusion as values, for whoever judges afterwards what happened in it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.guidelines.selectors import guidelines_version
from apps.infusions.domain import Vitals, grams_given, to_tenth_ml
from apps.infusions.models import InfusionSession
from apps.infusions.rows import (
    baseline_of,
    changes_of,
    given_ml,
    observations_of,
    valid_reactions,
    vials_of,
)
from apps.infusions.timeline import timeline_of


@dataclass(frozen=True, slots=True)
class RunRate:
    """From `at` on the pump ran at this rate; 0 mL/h is a pause or the end. `step_index` None off the plan."""

    at: datetime
    rate_ml_per_h: Decimal
    rate_ml_per_kg_h: Decimal
    step_index: int | None


@dataclass(frozen=True, slots=True)
class HungLot:
    """A vial that was hung; `volume_ml` None where it was not kept."""

    lot_number: str
    expires_on: str
    hung_at: datetime
    volume_ml: Decimal | None


@dataclass(frozen=True, slots=True)
class InfusionAccount:
    """An infusion: rates, lots and vital signs in order of time, without what was entered in error."""

    session_id: int
    course_id: int
    day_number: int
    days: int
    product_code: str
    concentration_mg_per_ml: Decimal
    weight_kg: Decimal
    volume_total_ml: Decimal
    started_at: datetime | None
    ended_at: datetime | None
    rates: tuple[RunRate, ...]
    lots: tuple[HungLot, ...]
    baseline: Vitals | None
    observations: tuple[Vitals, ...]
    reactions: tuple[tuple[str, datetime], ...]
    given_ml: Decimal
    given_g: Decimal


def infusion_account(session_id: int, *, until: datetime) -> InfusionAccount:
    """The infusion by number; `given_ml` and `given_g` count until a moment."""
    session = InfusionSession.objects.get(pk=session_id)
    given = to_tenth_ml(given_ml(session, until))
    return InfusionAccount(
        session_id=session.pk,
        course_id=session.course_id,
        day_number=session.day_number,
        days=session.days,
        product_code=session.product_code,
        concentration_mg_per_ml=session.concentration_mg_per_ml,
        weight_kg=session.weight_kg,
        volume_total_ml=session.volume_total_ml,
        started_at=session.started_at,
        ended_at=session.ended_at,
        rates=tuple(
            RunRate(
                change.started_at,
                change.rate_ml_per_h,
                change.rate_ml_per_kg_h,
                change.step_index if change.step_index >= 0 else None,
            )
            for change in changes_of(session)
        ),
        lots=tuple(
            HungLot(vial.lot_number, vial.expires_on.isoformat(), vial.hung_at, vial.volume_ml)
            for vial in vials_of(session)
        ),
        baseline=baseline_of(session),
        observations=tuple(observations_of(session)),
        reactions=tuple((row.term, row.onset_at) for row in valid_reactions(session)),
        given_ml=given,
        given_g=grams_given(given, session.concentration_mg_per_ml),
    )


def infusion_timeline(session_id: int) -> list[dict[str, Any]]:
    """`{at, text, by}` for everything that happened in an infusion, newest first, in the reader's language."""
    session = InfusionSession.objects.get(pk=session_id)
    return timeline_of(session, guidelines_version(session.guideline_version))
