"""Drafts of a review, and the signature that ends one."""

from datetime import datetime
from typing import Any

from apps.accounts.selectors import Action, Staff
from apps.edge.messages import fill
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import current_guidelines, current_version, guidelines_version
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.safety.domain import (
    OPEN_RECHALLENGES,
    Rechallenge,
    Review,
    ReviewedReaction,
    fingerprint,
    missing,
    review_from_json,
)
from apps.safety.models import AdverseEvent, Assessment, OutcomeEntry
from apps.safety.selectors.events import access_adverse_event
from apps.safety.selectors.picture import record_of
from apps.safety.selectors.reviews import signed_content
from apps.safety.services.waiting import stop_waiting, subject_of

INCOMPLETE = N_("This review is not complete yet. Nothing was signed. What is missing stands at its place.")
STALE = N_(
    "This review was saved in another window meanwhile. Nothing was changed. Reload the page and look at both."
)
TAKEN_BACK = N_("This event was entered in error. There is nothing to review.")
NO_DRAFT = N_("There is no draft of yours to sign. Save the review first.")


def save_review(
    *, performer: Staff, event_id: int, review: Review, revision: int, now: datetime
) -> Assessment:
    """Keep a draft, complete or not. The first draft after a signature is the next version.

    `revision` is the one that was shown, 0 before the first save. Raises ConflictError `review_stale`, DomainError
    `event_entered_in_error`, and `guideline_unknown_code` for a term, category or criterion nobody knows.
    """
    with unit_of_work():
        event = _locked(performer, event_id)
        guidelines = current_guidelines()
        _refuse_unknown(review, guidelines)
        draft = _draft_of(performer, event)
        if (draft.revision if draft else 0) != revision:
            raise ConflictError("review_stale", STALE, extra={"revision": draft.revision if draft else 0})
        if draft is None:
            return Assessment.objects.create(
                event=event,
                assessor=performer,
                version=Assessment.objects.filter(event=event, assessor=performer).count() + 1,
                content=review.as_json(),
                guideline_version=current_version(),
                created_at=now,
                saved_at=now,
            )
        draft.content, draft.revision = review.as_json(), draft.revision + 1
        draft.guideline_version, draft.saved_at = current_version(), now
        draft.save(update_fields=["content", "revision", "guideline_version", "saved_at"])
    return draft


def sign_review(*, performer: Staff, event_id: int, revision: int, meaning: str, now: datetime) -> Assessment:
    """Sign the draft as it was shown: name, time, meaning, and a SHA-256 over the review and the record.

    Who signs has proved who they are (`accounts.services.prove_identity`). Raises ConflictError `review_stale`,
    DomainError `review_incomplete` with every missing field, `event_entered_in_error`, `review_without_draft`.
    """
    with unit_of_work():
        event = _locked(performer, event_id)
        draft = _draft_of(performer, event)
        if draft is None:
            raise DomainError("review_without_draft", NO_DRAFT)
        if draft.revision != revision:
            raise ConflictError("review_stale", STALE, extra={"revision": draft.revision})
        review = review_from_json(draft.content)
        _refuse_incomplete(review, guidelines_version(draft.guideline_version))
        _sign(draft, event, performer, meaning, now)
        _note_outcomes(draft, event, review, now)
        if event.status != AdverseEvent.Status.REVIEWED:
            event.status = AdverseEvent.Status.REVIEWED
            event.reviewed_at = event.reviewed_at or now
            event.save(update_fields=["status", "reviewed_at"])
        stop_waiting(event, performer, now)
        _record(event, draft, review, performer, now)
    return draft


def _locked(performer: Staff, event_id: int) -> AdverseEvent:
    access_adverse_event(performer, event_id, Action.REVIEW_ADVERSE_EVENT)
    events = AdverseEvent.objects.select_related("patient__ward", "ward").select_for_update(of=("self",))
    event = events.get(pk=event_id)
    if event.status == AdverseEvent.Status.ENTERED_IN_ERROR:
        raise DomainError("event_entered_in_error", TAKEN_BACK)
    return event


def _draft_of(performer: Staff, event: AdverseEvent) -> Assessment | None:
    return Assessment.objects.filter(event=event, assessor=performer, state=Assessment.State.DRAFT).first()


def _refuse_unknown(review: Review, guidelines: Guidelines) -> None:
    """A code that nobody knows could be shown to nobody."""
    known = {
        "criterion": {criterion.code for criterion in guidelines.seriousness_criteria},
        "question": {one.code for scale in guidelines.causality_scales for one in scale.questions},
        "condition": {condition.code for condition in guidelines.suspected_conditions},
        "looked_at": {
            f"{condition.code}.{criterion.code}"
            for condition in guidelines.suspected_conditions
            for criterion in condition.criteria
        },
    }
    for reaction in review.reactions:
        if reaction.severity_term:
            guidelines.severity_term(reaction.severity_term)
        _only(known["criterion"], (*reaction.seriousness, *reaction.grade_asked))
    if review.who_umc:
        category = guidelines.causality_category(review.who_umc)
        _only({criterion.code for criterion in category.criteria}, review.who_umc_criteria)
    _only(known["question"], review.naranjo_answers)
    _only(known["condition"], review.suspected)
    _only(known["looked_at"], review.by_hand)


def _only(known: set[str], codes: Any) -> None:
    for code in codes:
        if code not in known:
            raise DomainError(
                "guideline_unknown_code", N_("The guideline does not know “%(unknown)s”."), unknown=str(code)
            )


def _refuse_incomplete(review: Review, guidelines: Guidelines) -> None:
    lacking = missing(review, guidelines)
    if lacking:
        said = [(one.field, fill(one.message, one.params)) for one in lacking]
        raise DomainError(
            "review_incomplete",
            INCOMPLETE,
            extra={"fields": _by_field(said)},
        )


def _by_field(said: list[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for field, text in said:
        fields.setdefault(field, []).append(text)
    return fields


def _sign(draft: Assessment, event: AdverseEvent, performer: Staff, meaning: str, now: datetime) -> None:
    draft.state = Assessment.State.SIGNED
    draft.signed_at = draft.saved_at = now
    draft.signer_name, draft.signer_role, draft.meaning = performer.display_name, performer.role, meaning
    draft.record = record_of(event)
    draft.record_sha256 = fingerprint(draft.record)
    draft.signed_sha256 = fingerprint(signed_content(draft))
    draft.save()


def _note_outcomes(draft: Assessment, event: AdverseEvent, review: Review, now: datetime) -> None:
    """How each reaction stood when it was signed, as the newest row of its outcome."""
    OutcomeEntry.objects.bulk_create(
        OutcomeEntry(
            event=event,
            severity_term=reaction.severity_term,
            outcome=reaction.outcome,
            observed_at=now,
            recorded_by=draft.assessor,
            recorded_at=now,
            assessment=draft,
        )
        for reaction in review.reactions
    )


def _record(event: AdverseEvent, draft: Assessment, review: Review, performer: Staff, now: datetime) -> None:
    record_event(
        name="safety.review.signed",
        subject=subject_of(event),
        ward_id=event.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={
            "assessment_id": draft.pk,
            "version": draft.version,
            "sha256": draft.signed_sha256,
            "meaning": draft.meaning,
            "patient_id": event.patient_id,
            "course_id": event.course_id,
            "product_code": event.product_code,
            "onset_at": event.onset_at.isoformat(),
            "serious": review.serious,
            "rechallenge": review.rechallenge,
            "rechallenge_open": Rechallenge(review.rechallenge) in OPEN_RECHALLENGES,
            "reactions": [_wording(reaction) for reaction in review.reactions],
        },
    )


def _wording(reaction: ReviewedReaction) -> dict[str, str]:
    return {"verbatim": reaction.verbatim, "severity_term": reaction.severity_term}
