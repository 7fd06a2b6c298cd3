"""A draft, the signed reviews and the outcomes of an event, as the page shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apps.accounts.selectors import Action, Staff, role_allows
from apps.edge.messages import fill
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import current_guidelines, guidelines_version, in_reader_language
from apps.safety import words
from apps.safety.domain import Review, missing, review_from_json, total
from apps.safety.presentation import choosing
from apps.safety.presentation.around import around_event
from apps.safety.presentation.queue import entry
from apps.safety.selectors import (
    AdverseEventRecord,
    AssessmentRecord,
    OutcomeRecord,
    Proposal,
    SignedReview,
    conditions_of,
    disagreement_between,
    draft_of,
    outcomes_of,
    proposal_for,
    signed_reviews,
)


def review_page(event: AdverseEventRecord, user: Staff, *, now: datetime) -> dict[str, Any]:
    """Everything around an event, what is proposed, the person's draft, and what is signed."""
    proposal = proposal_for(event)
    may_review = role_allows(user, Action.REVIEW_ADVERSE_EVENT)
    signed = signed_reviews(event)
    draft = draft_of(user, event) if may_review else None
    own = next((review for review in signed if review.assessor_id == user.pk), None)
    review = _starting_point(draft, own, proposal)
    standing = [one for one in signed if one.is_newest]
    return {
        "queue": entry(event, proposal.guidelines, now),
        "around": around_event(event, proposal.around),
        "conditions": choosing.conditions(proposal, conditions_of(proposal, review)),
        "signed": [signed_shown(one) for one in signed],
        "disagreements": [words.said(words.TOPICS, topic.value) for topic in disagreement_between(standing)],
        "outcomes": [outcome_shown(row) for row in outcomes_of(event)],
        "reviewed_terms": _terms_of(standing),
        "proposed": {
            "expectedness": _expectedness(proposal),
            "dechallenge": choosing.judged(proposal.dechallenge),
            "rechallenge": choosing.judged(proposal.rechallenge),
        },
        "draft": draft_shown(draft, review, proposal.guidelines),
        "is_follow_up": own is not None and draft is None,
        "may_review": may_review and event.status != "entered_in_error",
        "choices": {
            "severity_terms": choosing.severity_terms(proposal),
            "severity_scale": proposal.guidelines.severity_scale("ctcae").name,
            "seriousness": choosing.seriousness(proposal),
            "categories": choosing.categories(proposal),
            "questions": choosing.questions(proposal),
            "expectedness": words.choices(words.EXPECTED),
            "outcomes": words.choices(words.OUTCOMES),
            "actions": words.choices(words.ACTIONS),
            "dechallenges": words.choices(words.DECHALLENGES),
            "rechallenges": words.choices(words.RECHALLENGES),
            "answers": words.choices(words.ANSWERS),
            "meanings": words.choices(words.MEANINGS),
        },
    }


def draft_shown(draft: AssessmentRecord | None, review: Review, guidelines: Guidelines) -> dict[str, Any]:
    """A draft, or what one would begin with (`revision` 0), its Naranjo total and what is missing."""
    scale = guidelines.causality_scale("naranjo")
    found = total(scale, review.naranjo_answers)
    return {
        "id": draft.pk if draft else None,
        "revision": draft.revision if draft else 0,
        "version": draft.version if draft else None,
        "state": draft.state if draft else "draft",
        "saved_at": draft.saved_at if draft else None,
        "review": review.as_json(),
        "naranjo": {"score": found.score, "band": found.band, "band_name": _band(guidelines, found.band)},
        "missing": [
            {"field": one.field, "text": fill(one.message, one.params)} for one in missing(review, guidelines)
        ],
    }


def signed_shown(one: SignedReview) -> dict[str, Any]:
    """A signed review in words, by the guidelines it was made with."""
    guidelines = guidelines_version(one.guideline_version)
    review = one.review
    names = {criterion.code: criterion.name for criterion in guidelines.seriousness_criteria}
    conditions = {condition.code: condition.name for condition in guidelines.suspected_conditions}
    return {
        "id": one.assessment_id,
        "version": one.version,
        "signer_name": one.signer_name,
        "signed_at": one.signed_at,
        "meaning": words.said(words.MEANINGS, one.meaning),
        "sha256": one.sha256,
        "holds": one.holds,
        "is_newest": one.is_newest,
        "record_changed": one.record_changed,
        "serious": review.serious,
        "reactions": [
            {
                "verbatim": reaction.verbatim,
                "language": review.language,
                "severity_term": reaction.severity_term,
                "severity_name": in_reader_language(guidelines.severity_term(reaction.severity_term).name),
                "severity_scale": guidelines.severity_scale(
                    guidelines.severity_term(reaction.severity_term).scale
                ).name,
                "grade": reaction.grade,
                "grade_text": guidelines.severity_term(reaction.severity_term).grade(reaction.grade),
                "seriousness": [in_reader_language(names[code]) for code in reaction.seriousness],
                "expectedness": words.said(words.EXPECTED, reaction.expectedness),
                "expectedness_reason": reaction.expectedness_reason,
                "outcome": words.said(words.OUTCOMES, reaction.outcome),
            }
            for reaction in review.reactions
        ],
        "who_umc": in_reader_language(guidelines.causality_category(review.who_umc).name),
        "naranjo": {
            "score": one.naranjo.score,
            "band": one.naranjo.band,
            "band_name": _band(guidelines, one.naranjo.band),
        },
        "action_taken": words.said(words.ACTIONS, review.action_taken),
        "dechallenge": words.said(words.DECHALLENGES, review.dechallenge),
        "rechallenge": words.said(words.RECHALLENGES, review.rechallenge),
        "suspected": [
            in_reader_language(conditions[code]) for code in review.suspected if code in conditions
        ],
        "comment": review.comment,
    }


def outcome_shown(row: OutcomeRecord) -> dict[str, Any]:
    """One entry of how a reaction went on; a replaced one says so."""
    guidelines = current_guidelines()
    term = next((one for one in guidelines.severity_terms if one.code == row.severity_term), None)
    return {
        "id": row.pk,
        "severity_term": row.severity_term,
        "severity_name": in_reader_language(term.name) if term else row.severity_term,
        "outcome": row.outcome,
        "word": words.said(words.OUTCOMES, row.outcome),
        "observed_at": row.observed_at,
        "note": row.note,
        "recorded_by": row.recorded_by.display_name,
        "recorded_at": row.recorded_at,
        "signed_with_review": row.assessment_id is not None,
        "replaced": hasattr(row, "replaced_by"),
    }


def _starting_point(draft: AssessmentRecord | None, own: SignedReview | None, proposal: Proposal) -> Review:
    """The draft; else one's own signed review, to be followed; else what the record proposes."""
    if draft is not None:
        return review_from_json(draft.content)
    return own.review if own is not None else proposal.first


def _terms_of(standing: Sequence[SignedReview]) -> list[dict[str, str]]:
    guidelines = current_guidelines()
    codes = dict.fromkeys(reaction.severity_term for one in standing for reaction in one.review.reactions)
    known = {term.code: term for term in guidelines.severity_terms}
    return [
        {"code": code, "name": in_reader_language(known[code].name) if code in known else code}
        for code in codes
    ]


def _expectedness(proposal: Proposal) -> dict[str, str]:
    found = proposal.expected
    return {
        "expectedness": found.expected.value,
        "word": words.said(words.EXPECTED, found.expected.value),
        "why": choosing.sentence(found.why),
        "frequency": words.said(words.FREQUENCIES, found.frequency),
    }


def _band(guidelines: Guidelines, code: str) -> str:
    bands = guidelines.causality_scale("naranjo").bands
    return next((in_reader_language(band.name) for band in bands if band.code == code), code)
