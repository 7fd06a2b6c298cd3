"""A physician at an adverse event: a whole review, and how it is saved and signed."""

from datetime import datetime, timedelta
from typing import Any

from apps.accounts.selectors import Staff
from apps.safety import services
from apps.safety.domain import Review, ReviewedReaction
from apps.safety.models import AdverseEvent, Assessment
from apps.safety.selectors import draft_of
from tests.builders import NOW

WHOLE = Review(
    language="nb",
    severity_scale="ctcae",
    reactions=(
        ReviewedReaction(
            verbatim="bankende hodepine",
            term="headache",
            severity_term="headache",
            grade=2,
            not_serious=True,
            expectedness="expected",
            outcome="recovering",
        ),
    ),
    who_umc="possible",
    who_umc_criteria=("time_reasonable", "other_explains_too"),
    naranjo=(("q1", "yes"), ("q2", "yes"), ("q5", "no")),
    action_taken="slowed",
    dechallenge="improved",
    rechallenge="not_done",
)
ENTRY: dict[str, Any] = {
    "revision": 0,
    "reactions": [
        {
            "verbatim": "bankende hodepine", "term": "headache", "severity_term": "headache", "grade": 2,
            "not_serious": True, "expectedness": "expected", "outcome": "recovering",
        }
    ],
    "who_umc": "possible",
    "who_umc_criteria": ["time_reasonable", "other_explains_too"],
    "naranjo": {"q1": "yes", "q2": "yes", "q5": "no"},
    "action_taken": "slowed", "dechallenge": "improved", "rechallenge": "not_done",
    "criteria": {"trali": {"both_lungs": "no"}},
}  # fmt: skip


def minutes(count: float) -> datetime:
    """A moment, in minutes since the infusion of the tests began."""
    return NOW + timedelta(minutes=count)


class Desk:
    """A physician at an event."""

    def __init__(self, physician: Staff, event: AdverseEvent) -> None:
        self.physician, self.event = physician, event

    def save(self, review: Review = WHOLE, *, revision: int | None = None, at: float = 60) -> Assessment:
        """Save a draft over the one that is there, or over `revision`."""
        draft = draft_of(self.physician, self.event)
        known = draft.revision if draft else 0
        return services.save_review(
            performer=self.physician,
            event_id=self.event.pk,
            review=review,
            revision=known if revision is None else revision,
            now=minutes(at),
        )

    def sign(self, review: Review = WHOLE, *, at: float = 61, meaning: str = "medical_review") -> Assessment:
        """Save and sign."""
        draft = self.save(review, at=at - 1)
        return services.sign_review(
            performer=self.physician,
            event_id=self.event.pk,
            revision=draft.revision,
            meaning=meaning,
            now=minutes(at),
        )
