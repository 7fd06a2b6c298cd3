"""What happened in a session, newest first, as sentences."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.accounts.selectors import display_names
from apps.edge.messages import fill
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import in_reader_language
from apps.infusions.models import InfusionSession
from apps.infusions.planning import plan_of
from apps.kernel.text import N_
from apps.ledger.selectors import events_of

_SENTENCES = {
    "infusion.session.started": N_("Infusion started at %(rate)s mL/h."),
    "infusion.rate.changed": N_("Rate changed to %(rate)s mL/h. %(reason)s"),
    "infusion.session.paused": N_("Paused. %(reason)s"),
    "infusion.session.resumed": N_("Resumed at %(rate)s mL/h. %(reason)s"),
    "infusion.session.stopped": N_("Stopped after %(volume)s mL. %(reason)s"),
    "infusion.session.completed": N_("Completed with %(volume)s mL. %(reason)s"),
    "infusion.step.due": N_("Next step due."),
    "infusion.observation.due": N_("Vital signs due."),
    "infusion.observation.recorded": N_("Vital signs recorded."),
    "infusion.volume.due": N_("Calculated end of the infusion reached."),
    "infusion.reaction.recorded": N_("Reaction: %(term)s."),
    "infusion.reaction.resolved": N_("Reaction passed: %(term)s."),
}


def timeline_of(session: InfusionSession, guidelines: Guidelines) -> list[dict[str, Any]]:
    """`{at, text, by}` for each event of the session, newest first."""
    events = events_of(f"session:{session.pk}")
    names = display_names(_user_id(actor) for _, _, actor, _ in events)
    steps = plan_of(session).steps
    shown: list[dict[str, Any]] = []
    for name, at, actor, payload in events:
        index = payload.get("step_index")
        term = str(payload.get("term", ""))
        params = {
            "rate": steps[index].rate_ml_per_h if isinstance(index, int) else "",
            "volume": Decimal(payload["volume_given_ml"]) if "volume_given_ml" in payload else "",
            "reason": payload.get("reason", ""),
            "term": in_reader_language(guidelines.reaction_term(term).name) if term else "",
        }
        user_id = _user_id(actor)
        by = names.get(user_id, "") if user_id else ""
        shown.append({"at": at, "text": fill(_SENTENCES[name], params).strip(), "by": by})
    return sorted(shown, key=_at, reverse=True)


def _at(entry: dict[str, Any]) -> datetime:
    at: datetime = entry["at"]
    return at


def _user_id(actor: str) -> int | None:
    return int(actor.removeprefix("user:")) if actor.startswith("user:") else None
