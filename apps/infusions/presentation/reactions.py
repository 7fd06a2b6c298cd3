"""Reactions as they are shown: what was seen, what to do, what was done, and what comes next."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Action, Staff, role_allows
from apps.alerts.selectors import open_alerts
from apps.edge.messages import fill, fill_wording, translated
from apps.guidelines.choices import named
from apps.guidelines.domain import Citation, LocalText
from apps.guidelines.selectors import in_reader_language
from apps.infusions.domain import Proposal, SessionState, adrenaline_references
from apps.infusions.domain.reactions import SEVERITIES
from apps.infusions.models import InfusionSession, Intervention, Reaction
from apps.infusions.reactions import (
    NOT_DESCRIBED,
    guidance_of,
    proposal_of,
    refuse_unless_mild,
    repeat_due,
    valid_interventions,
    with_reaction_data,
)
from apps.infusions.rows import age_of
from apps.infusions.watching import reaction_term_of
from apps.kernel.errors import DomainError

ANAPHYLAXIS = "anaphylaxis"
_ORGANS = {
    "": _("The whole body"),
    "skin": _("Skin"),
    "laryngeal": _("Throat"),
    "respiratory": _("Breathing"),
    "circulation": _("Circulation"),
    "gastrointestinal": _("Stomach and bowel"),
    "neurological": _("Head and nerves"),
}


def shown_reactions(session: InfusionSession, viewer: Staff | None, now: datetime) -> list[dict[str, Any]]:
    """Every reaction, newest first; wrong ones too, marked."""
    rows = Reaction.objects.filter(session=session).select_related("resolved_by", "performer")
    return [_reaction(session, row, viewer, now) for row in rows.order_by("-onset_at", "-pk")]


def reaction_context(session: InfusionSession, shown: dict[str, Any]) -> dict[str, Any]:
    """What the page needs beside the session as it is shown: open and past reactions, and what to choose from."""
    is_open = {
        reaction["id"]: reaction["resolved_at"] is None and reaction["status"] == Reaction.Status.FINAL
        for reaction in shown["reactions"]
    }
    return {
        "open_reactions": [
            reaction | {"chosen": {symptom["term"]: symptom["severity"] for symptom in reaction["symptoms"]}}
            for reaction in shown["reactions"]
            if is_open[reaction["id"]]
        ],
        "past_reactions": [reaction for reaction in shown["reactions"] if not is_open[reaction["id"]]],
        "symptom_groups": _symptom_groups(session),
        "intervention_kinds": named(with_reaction_data(session).interventions),
        "grades": SEVERITIES,
    }


def _symptom_groups(session: InfusionSession) -> list[dict[str, Any]]:
    """The terms to choose from, by the organ they show in."""
    known = with_reaction_data(session).reaction_terms
    terms = sorted(
        (term for term in known if term.code != NOT_DESCRIBED),
        key=lambda term: term.code != ANAPHYLAXIS,
    )
    return [
        {
            "name": name,
            "terms": [
                {
                    "index": index,
                    "code": term.code,
                    "name": in_reader_language(term.name),
                    "usual_severity": term.usual_severity,
                }
                for index, term in enumerate(terms)
                if (*term.organ_groups, "")[0] == organ
            ],
        }
        for organ, name in _ORGANS.items()
    ]


def _reaction(session: InfusionSession, row: Reaction, viewer: Staff | None, now: datetime) -> dict[str, Any]:
    row.session = session
    proposal = proposal_of(row)
    open_now = row.resolved_at is None and row.status == Reaction.Status.FINAL
    why = _why_not_slower(session)
    physician = viewer is not None and role_allows(viewer, Action.ANSWER_FOR_SEVERE_REACTION)
    return {
        "row": row,
        "term_name": _term(session, row.term),
        "symptoms": [symptom | {"name": _term(session, symptom["term"])} for symptom in row.symptoms],
        "proposal": {
            "action": proposal.action,
            "text": fill(proposal.message, {}),
            "source": proposal.source,
            "quote": proposal.quote,
        },
        "recheck_due_at": row.recheck_due_at if open_now and session.watched_until is None else None,
        "needs_physician": proposal.needs_physician,
        "may_resolve": open_now
        and row.described_at is not None
        and (physician or not proposal.needs_physician),
        "may_go_on_slower": open_now and why == "",
        "why_not_slower": why or "",
        "guidance": _guidance(row),
        "interventions": [_intervention(item) for item in _given(session, row)],
        "adrenaline": _adrenaline(session, row, proposal, now) if open_now else [],
    }


def _why_not_slower(session: InfusionSession) -> str | None:
    """Why a paused infusion may not go on more slowly yet, empty when it may; None when it is not paused."""
    if session.state != SessionState.PAUSED:
        return None
    try:
        refuse_unless_mild(session)
    except DomainError as hindrance:
        return translated(hindrance)
    return ""


def _guidance(row: Reaction) -> dict[str, Any]:
    guidance = guidance_of(row)
    return {
        "code": guidance.code,
        "title": in_reader_language(guidance.title),
        "steps": [
            {
                "code": step.code,
                "intervention": step.intervention,
                "measure": list(step.measure),
                **_cited(step.text, step.citation),
            }
            for step in guidance.steps
        ],
        "restart": _cited(guidance.restart.text, guidance.restart.citation),
    }


def _given(session: InfusionSession, row: Reaction) -> list[Intervention]:
    return list(valid_interventions(session).filter(reaction=row).select_related("performer", "reaction"))


def _intervention(row: Intervention) -> dict[str, Any]:
    kind = with_reaction_data(row.session).intervention(row.code)
    return {"row": row, "name": in_reader_language(kind.name), "repeat_due_at": repeat_due(row)}


def _adrenaline(
    session: InfusionSession, row: Reaction, proposal: Proposal, now: datetime
) -> list[dict[str, Any]]:
    """The references, where the reaction is severe or may be anaphylaxis."""
    suspected = any(alert.code == ANAPHYLAXIS for alert in open_alerts(f"session:{session.pk}"))
    if not (proposal.needs_physician or suspected):
        return []
    rules = with_reaction_data(session).adrenaline_rules
    return [
        {
            "text": fill_wording(reference.rule, reference.params),
            "source": reference.source,
            "dose_mg": reference.dose_mg,
            "up_to_mg": reference.up_to_mg,
            "volume_ml": reference.volume_ml,
            "up_to_ml": reference.up_to_ml,
            "concentration_mg_per_ml": reference.concentration_mg_per_ml,
        }
        for reference in adrenaline_references(session.weight_kg, age_of(session, now), rules)
    ]


def _term(session: InfusionSession, code: str) -> str:
    return in_reader_language(reaction_term_of(session, code).name)


def _cited(text: LocalText, citation: Citation) -> dict[str, str]:
    return {"text": in_reader_language(text), "source": citation.label}
