"""What an infusion gave, lot by lot and rate by rate, for who must account for it later."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.infusions.domain import grams_given, to_tenth_ml
from apps.infusions.models import InfusionSession
from apps.infusions.rows import changes_of, given_ml, hung_of, vials_of


@dataclass(frozen=True, slots=True)
class LotGiven:
    """What went in of one vial or bag; lots run in the order in which they were hung."""

    lot_number: str
    expires_on: date
    hung_at: datetime
    given_ml: Decimal
    given_g: Decimal


@dataclass(frozen=True, slots=True)
class RateSet:
    """What the pump was set to from a moment on; 0 is a pause or the end."""

    started_at: datetime
    rate_ml_per_h: Decimal
    rate_ml_per_kg_h: Decimal


@dataclass(frozen=True, slots=True)
class DrugGiven:
    """One infusion as the product's account: volumes in mL, masses in g."""

    session_id: int
    course_id: int
    day_number: int
    state: str
    product_code: str
    guideline_version: str
    concentration_mg_per_ml: Decimal
    weight_kg: Decimal
    started_at: datetime
    ended_at: datetime | None
    given_ml: Decimal
    given_g: Decimal
    lots: tuple[LotGiven, ...]
    rates: tuple[RateSet, ...]


def drug_given_in_courses(course_ids: list[int], *, now: datetime) -> list[DrugGiven]:
    """Every infusion of these courses that was begun, the oldest first."""
    sessions = InfusionSession.objects.filter(course_id__in=course_ids, started_at__isnull=False)
    related = sessions.prefetch_related("rate_changes", "vials").order_by("started_at", "pk")
    return [_given(session, now) for session in related]


def grams_until(session_id: int, moment: datetime) -> Decimal:
    """Grams of an infusion that were in at a moment."""
    session = InfusionSession.objects.get(pk=session_id)
    return grams_given(given_ml(session, moment), session.concentration_mg_per_ml)


def _given(session: InfusionSession, now: datetime) -> DrugGiven:
    assert session.started_at is not None
    until = session.ended_at or now
    total = given_ml(session, until)
    return DrugGiven(
        session_id=session.pk,
        course_id=session.course_id,
        day_number=session.day_number,
        state=session.state,
        product_code=session.product_code,
        guideline_version=session.guideline_version,
        concentration_mg_per_ml=session.concentration_mg_per_ml,
        weight_kg=session.weight_kg,
        started_at=session.started_at,
        ended_at=session.ended_at,
        given_ml=to_tenth_ml(total),
        given_g=grams_given(total, session.concentration_mg_per_ml),
        lots=_lots(session, total),
        rates=tuple(
            RateSet(change.started_at, change.rate_ml_per_h, change.rate_ml_per_kg_h)
            for change in changes_of(session)
        ),
    )


def _lots(session: InfusionSession, total_ml: Decimal) -> tuple[LotGiven, ...]:
    """The vials of which anything went in; where volumes were not kept, the first stands for all of it."""
    left, found = total_ml, []
    volumes = [hung.volume_ml for hung in hung_of(session)]
    for number, vial in enumerate(vials_of(session)):
        taken = min(left, volumes[number]) if number < len(volumes) else Decimal(0)
        left -= taken
        if taken or number >= len(volumes):
            grams = grams_given(taken, session.concentration_mg_per_ml)
            found.append(LotGiven(vial.lot_number, vial.expires_on, vial.hung_at, to_tenth_ml(taken), grams))
    return tuple(found)
