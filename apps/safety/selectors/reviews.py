"""Readers of reviews: drafts, signed versions, outcomes, the queue. Other rooms read cases from here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts.selectors import Action, Staff, require, wards_of_now
from apps.guidelines.selectors import guidelines_version
from apps.safety.domain import (
    Outcome,
    Review,
    Topic,
    Total,
    disagreements,
    fingerprint,
    review_from_json,
    total,
)
from apps.safety.models import AdverseEvent, Assessment, OutcomeEntry
from apps.safety.selectors.events import AdverseEventRecord, access_adverse_event
from apps.safety.selectors.picture import record_of

AssessmentRecord = Assessment
OutcomeRecord = OutcomeEntry
SIGNED_FORMAT = "ivig-review-1"
NARANJO = "naranjo"


@dataclass(frozen=True, slots=True)
class SignedReview:
    """A signed review: who, when, what it means, what it says; whether it holds and the record stands as it was.

    `holds`: the stored digest is that of the stored content. `record_changed`: more was recorded since.
    """

    assessment_id: int
    event_id: int
    assessor_id: int
    version: int
    signer_name: str
    signer_role: str
    signed_at: datetime
    meaning: str
    sha256: str
    review: Review
    naranjo: Total
    guideline_version: str
    is_newest: bool
    holds: bool
    record_changed: bool


def access_review(user: Staff, event_id: int) -> AdverseEventRecord:
    """The event, for somebody who may review it; otherwise NotFoundError or ForbiddenError."""
    return access_adverse_event(user, event_id, Action.REVIEW_ADVERSE_EVENT)


def draft_of(user: Staff, event: AdverseEventRecord) -> AssessmentRecord | None:
    """The person's own draft; nobody reads another's."""
    return Assessment.objects.filter(event=event, assessor=user, state=Assessment.State.DRAFT).first()


def signed_reviews(event: AdverseEventRecord) -> list[SignedReview]:
    """Every signed review of an event, the newest first."""
    rows = Assessment.objects.filter(event=event, state=Assessment.State.SIGNED)
    rows = rows.select_related("event").order_by("-signed_at", "-pk")
    present = fingerprint(record_of(event))
    newest: set[int] = set()
    found = []
    for row in rows:
        found.append(_as_signed(row, present, is_newest=row.assessor_id not in newest))
        newest.add(row.assessor_id)
    return found


def standing_reviews(event: AdverseEventRecord) -> list[SignedReview]:
    """The newest signed review of each physician, the newest first: what a case is built from."""
    return [review for review in signed_reviews(event) if review.is_newest]


def disagreement_between(reviews: list[SignedReview]) -> tuple[Topic, ...]:
    """The topics in which physicians do not say the same."""
    bands = {number: review.naranjo.band for number, review in enumerate(reviews)}
    return disagreements([review.review for review in reviews], bands)


def outcomes_of(event: AdverseEventRecord) -> list[OutcomeRecord]:
    """Every outcome entry, replaced ones too, by the time it was observed."""
    return list(
        OutcomeEntry.objects.filter(event=event)
        .select_related("recorded_by", "replaced_by")
        .order_by("observed_at", "pk")
    )


def outcome_now(event: AdverseEventRecord, severity_term: str) -> Outcome | None:
    """How a reaction stands by the newest entry that counts and speaks for it; None without any."""
    counting = [entry for entry in outcomes_of(event) if not hasattr(entry, "replaced_by")]
    speaking = [entry for entry in counting if entry.severity_term in ("", severity_term)]
    return Outcome(speaking[-1].outcome) if speaking else None


def signed_content(row: AssessmentRecord) -> dict[str, Any]:
    """Everything a signature binds."""
    assert row.signed_at is not None
    return {
        "format": SIGNED_FORMAT,
        "event": row.event_id,
        "version": row.version,
        "assessor": row.assessor_id,
        "name": row.signer_name,
        "role": row.signer_role,
        "meaning": row.meaning,
        "signed_at": row.signed_at.isoformat(),
        "guideline_version": row.guideline_version,
        "review": row.content,
        "record": row.record,
    }


def awaits_review(event_id: int) -> bool:
    """Whether nobody has reviewed an event that still counts."""
    return AdverseEvent.objects.filter(pk=event_id, status=AdverseEvent.Status.NEW).exists()


def events_to_review(user: Staff) -> list[AdverseEventRecord]:
    """Events of the person's wards that nobody has signed a review of, the one that calls first first."""
    require(user, Action.SEE_ADVERSE_EVENTS)
    events = AdverseEvent.objects.filter(status=AdverseEvent.Status.NEW, ward__in=wards_of_now(user))
    found = events.select_related("patient__ward", "ward", "reported_by")
    return sorted(found, key=lambda event: (event.review_due_at or event.recorded_at, event.pk))


def reviewed_events(user: Staff, *, at_most: int = 100) -> list[AdverseEventRecord]:
    """Events of the person's wards that were reviewed, the newest onset first."""
    require(user, Action.SEE_ADVERSE_EVENTS)
    events = AdverseEvent.objects.filter(status=AdverseEvent.Status.REVIEWED, ward__in=wards_of_now(user))
    return list(events.select_related("patient__ward", "ward", "reported_by")[:at_most])


def changed_since_signed(events: list[AdverseEventRecord]) -> set[int]:
    """The numbers of those events of which more was recorded since the newest signature."""
    rows = Assessment.objects.filter(event__in=events, state=Assessment.State.SIGNED).order_by(
        "signed_at", "pk"
    )
    newest = dict(rows.values_list("event_id", "record_sha256"))
    return {
        event.pk
        for event in events
        if event.pk in newest and fingerprint(record_of(event)) != newest[event.pk]
    }


def _as_signed(row: AssessmentRecord, present: str, *, is_newest: bool) -> SignedReview:
    assert row.signed_at is not None
    review = review_from_json(row.content)
    scale = guidelines_version(row.guideline_version).causality_scale(NARANJO)
    return SignedReview(
        assessment_id=row.pk,
        event_id=row.event_id,
        assessor_id=row.assessor_id,
        version=row.version,
        signer_name=row.signer_name,
        signer_role=row.signer_role,
        signed_at=row.signed_at,
        meaning=row.meaning,
        sha256=row.signed_sha256,
        review=review,
        naranjo=total(scale, review.naranjo_answers),
        guideline_version=row.guideline_version,
        is_newest=is_newest,
        holds=fingerprint(signed_content(row)) == row.signed_sha256
        and fingerprint(row.record or {}) == row.record_sha256,
        record_changed=row.record_sha256 != present,
    )
