"""Many adverse events at once, for counting: two queries however many there are."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.safety.domain import Review, review_from_json
from apps.safety.models import AdverseEvent, Assessment


@dataclass(frozen=True, slots=True)
class CountedEvent:
    """An adverse event as it is counted. `step` is None after the end; `lots` were hung before the onset.

    `terms`: what the newest signed review calls it, else what the ward recorded. `is_serious` is None while nobody
    has decided, and is never taken from the severity.
    """

    event_id: int
    session_id: int
    terms: tuple[str, ...]
    onset_at: datetime
    step: int | None
    lots: tuple[str, ...]
    is_serious: bool | None


def counted_events(session_ids: Collection[int]) -> list[CountedEvent]:
    """The adverse events of these infusions by onset, without those entered in error."""
    events = AdverseEvent.objects.filter(session_id__in=session_ids)
    events = events.exclude(status=AdverseEvent.Status.ENTERED_IN_ERROR).order_by("onset_at", "pk")
    fields = ("pk", "session_id", "term", "onset_at", "infusion_ended_at", "step_index", "lots")
    rows = list(events.values_list(*fields))
    reviews = _standing_reviews([row[0] for row in rows])
    return [
        CountedEvent(
            event_id=event_id,
            session_id=session_id,
            terms=_terms(reviews[event_id], term),
            onset_at=onset_at,
            step=None if ended_at is not None and onset_at >= ended_at else step,
            lots=tuple(lot["lot_number"] for lot in lots),
            is_serious=_serious(reviews[event_id]),
        )
        for event_id, session_id, term, onset_at, ended_at, step, lots in rows
    ]


def infusion_of_event(event_id: int) -> tuple[int, str]:
    """The infusion an adverse event is of, withdrawn or not, and its product."""
    return AdverseEvent.objects.values_list("session_id", "product_code").get(pk=event_id)


def _standing_reviews(event_ids: Collection[int]) -> dict[int, list[Review]]:
    """Event -> the newest signed review of each physician, the newest last."""
    signed = Assessment.objects.filter(event_id__in=event_ids, state=Assessment.State.SIGNED)
    newest: dict[tuple[int, int], Review] = {}
    for event_id, assessor_id, content in signed.order_by("signed_at", "pk").values_list(
        "event_id", "assessor_id", "content"
    ):
        newest.pop((event_id, assessor_id), None)
        newest[event_id, assessor_id] = review_from_json(content)
    found: dict[int, list[Review]] = defaultdict(list)
    for (event_id, _), review in newest.items():
        found[event_id].append(review)
    return found


def _terms(reviews: Sequence[Review], recorded: str) -> tuple[str, ...]:
    if not reviews:
        return (recorded,)
    said = (reaction.term or reaction.severity_term for reaction in reviews[-1].reactions)
    return tuple(dict.fromkeys(term for term in said if term)) or (recorded,)


def _serious(reviews: Sequence[Review]) -> bool | None:
    """The stricter word where physicians differ."""
    said = [review.serious for review in reviews]
    if True in said:
        return True
    return None if None in said or not said else False
