"""What the reactions of a session mean: which count, which are open, what each calls for, when to look again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from apps.alerts.selectors import has_untaken_high
from apps.guidelines.domain import Guidelines, ReactionGuidance
from apps.guidelines.selectors import current_guidelines
from apps.infusions.domain import (
    Proposal,
    guidance_for,
    leading_index,
    propose_action,
    refuse_going_on_slower,
)
from apps.infusions.models import InfusionSession, Intervention, Reaction
from apps.infusions.rows import guidelines_of, valid_observations, valid_reactions
from apps.infusions.watching import reaction_term_of
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_

NOT_DESCRIBED = "unspecified"


def open_reactions(session: InfusionSession) -> list[Reaction]:
    """Reactions that have not passed, in order of onset."""
    return [row for row in valid_reactions(session) if row.resolved_at is None]


def reaction_of(session: InfusionSession, reaction_id: int) -> Reaction:
    """A reaction of a locked session that counts. Raises NotFoundError."""
    reaction = next((row for row in valid_reactions(session) if row.pk == reaction_id), None)
    if reaction is None:
        raise NotFoundError("not_found", N_("This infusion has no such reaction."))
    return reaction


def valid_interventions(session: InfusionSession) -> QuerySet[Intervention]:
    """What was done or given, wrong entries left out."""
    rows = Intervention.objects.filter(session=session)
    return rows.exclude(status=Intervention.Status.ENTERED_IN_ERROR)


def with_reaction_data(session: InfusionSession) -> Guidelines:
    """The pinned version, or today's for versions from before they said what to do for a reaction."""
    pinned = guidelines_of(session)
    return pinned if pinned.reaction_guidance else current_guidelines()


def leading_symptom(session: InfusionSession, symptoms: Sequence[dict[str, str]]) -> dict[str, str]:
    """The symptom, as `{term, severity}`, that speaks for all."""
    proposals = [propose(session, symptom["term"], symptom["severity"]) for symptom in symptoms]
    return symptoms[leading_index(proposals, [symptom["severity"] for symptom in symptoms])]


def propose(session: InfusionSession, term: str, severity: str) -> Proposal:
    """What is proposed for a symptom of this session."""
    grades = with_reaction_data(session).grade_actions
    return propose_action(term=reaction_term_of(session, term), severity=severity, grades=grades)


def proposal_of(row: Reaction) -> Proposal:
    """What is proposed for a reaction: what its leading symptom calls for."""
    return propose(row.session, row.term, row.severity)


def refuse_unless_mild(session: InfusionSession) -> None:
    """Raises the DomainError for which a session may not go on more slowly; see `refuse_going_on_slower`."""
    rows = open_reactions(session)
    begun = max((row.onset_at for row in rows), default=None)
    refuse_going_on_slower(
        described=all(row.described_at is not None for row in rows),
        proposals=[proposal_of(row) for row in rows],
        measured_since=begun is not None
        and any(row.effective_at >= begun for row in valid_observations(session)),
        alert_waits=has_untaken_high(f"session:{session.pk}"),
    )


def guidance_of(row: Reaction) -> ReactionGuidance:
    """What to do for a reaction, step by step."""
    return guidance_for(
        term=row.term,
        organ_groups=reaction_term_of(row.session, row.term).organ_groups,
        action=proposal_of(row).action,
        guidance=with_reaction_data(row.session).reaction_guidance,
    )


def recheck_due(row: Reaction) -> datetime:
    """When vital signs are wanted again: so long after the newest set since its onset, or after the onset."""
    grades = {
        grade.severity: grade.recheck_minutes for grade in with_reaction_data(row.session).grade_actions
    }
    minutes = grades["severe" if proposal_of(row).needs_physician else row.severity]
    assert minutes is not None
    return last_look(row) + timedelta(minutes=minutes)


def last_look(row: Reaction) -> datetime:
    """When the patient was last measured since the onset, or the onset."""
    taken = [observation.effective_at for observation in valid_observations(row.session)]
    return max([row.onset_at, *taken])


def repeat_due(row: Intervention) -> datetime | None:
    """When somebody should look whether it must be given again; None when it was repeated or is not to be."""
    minutes = with_reaction_data(row.session).intervention(row.code).repeat_after_minutes
    later = valid_interventions(row.session).filter(code=row.code, given_at__gt=row.given_at)
    passed = row.reaction is not None and (row.reaction.resolved_at or row.reaction.status != "final")
    if minutes is None or passed or later.exists():
        return None
    return row.given_at + timedelta(minutes=minutes)
