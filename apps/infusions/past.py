"""What a patient bore, and did not bear, in earlier infusions."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from apps.guidelines.selectors import guidelines_version, in_reader_language
from apps.infusions.domain import SessionState
from apps.infusions.domain.tolerance import Stretch, tolerated_stretch
from apps.infusions.models import InfusionSession, Reaction
from apps.infusions.rows import rate_at_onset
from apps.infusions.watching import reaction_term_of


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
    rows = rows.exclude(status=Reaction.Status.ENTERED_IN_ERROR)
    return [_past_reaction(row) for row in rows.order_by("-onset_at", "-pk")]


def _tolerated(session: InfusionSession) -> ToleratedRate | None:
    stretch = tolerated_stretch(
        [
            Stretch(change.rate_ml_per_kg_h, change.rate_ml_per_h, change.started_at, following.started_at)
            for change, following in pairwise(session.rate_changes.all())
            if change.rate_ml_per_h
        ],
        [
            reaction.onset_at
            for reaction in session.reactions.all()
            if reaction.status != Reaction.Status.ENTERED_IN_ERROR
        ],
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
    running = rate_at_onset(row.session, row.onset_at)
    return PastReaction(
        session_id=row.session_id,
        product=_product_name(row.session),
        term=in_reader_language(reaction_term_of(row.session, row.term).name),
        severity=row.severity,
        onset_at=row.onset_at,
        action=row.action,
        rate_ml_per_kg_h=running.rate_ml_per_kg_h if running else None,
    )


def _product_name(session: InfusionSession) -> str:
    return guidelines_version(session.guideline_version).product(session.product_code).name
