"""What happened in a session, newest first, as sentences."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.accounts.selectors import display_names
from apps.edge.messages import fill
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import in_reader_language
from apps.infusions.models import InfusionSession
from apps.infusions.planning import plan_of
from apps.infusions.reactions import with_reaction_data
from apps.infusions.watching import reaction_term_of
from apps.kernel.text import N_, Phrase
from apps.ledger.selectors import events_of

_Event = tuple[str, datetime, str, dict[str, Any]]

_NOBODY = N_("nobody")
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
    "infusion.session.prepared": N_("Prepared."),
    "infusion.session.abandoned": N_("Abandoned: not given. %(reason)s"),
    "infusion.step.postponed": N_("The rate stays for %(minutes)s more minutes. %(reason)s"),
    "infusion.vial.due": N_("Next vial due."),
    "infusion.vial.hung": N_("Vial hung: %(volume)s mL of lot %(lot)s."),
    "infusion.vial.entered_in_error": N_("Vial of lot %(lot)s marked as entered in error. %(reason)s"),
    "infusion.observation.corrected": N_("Vital signs corrected. %(reason)s"),
    "infusion.observation.entered_in_error": N_("Vital signs marked as entered in error. %(reason)s"),
    "infusion.spo2_scale.changed": N_("Oxygen saturation is scored by scale %(scale)s of NEWS2. %(reason)s"),
    "infusion.watch.ended": N_("Watch after the infusion ended. %(reason)s"),
    "infusion.handover.offered": N_("Offered to %(name)s, not yet accepted."),
    "infusion.handover.accepted": N_("Taken over from %(name)s."),
    "infusion.handover.withdrawn": N_("The offer to %(name)s was taken back."),
    "infusion.session.taken_over": N_("Taken over without an offer. Before: %(name)s."),
    "infusion.reaction.recorded": N_("Reaction: %(term)s."),
    "infusion.reaction.described": N_("Reaction described: %(term)s."),
    "infusion.reaction.entered_in_error": N_("Reaction marked as entered in error: %(term)s. %(reason)s"),
    "infusion.intervention.recorded": N_("%(what)s. %(detail)s"),
    "infusion.intervention.entered_in_error": N_("Marked as entered in error: %(what)s. %(reason)s"),
    "infusion.reaction.resolved": N_("Reaction passed: %(term)s."),
}


def timeline_of(session: InfusionSession, guidelines: Guidelines) -> list[dict[str, Any]]:
    """`{at, text, by}` for each event of the session, newest first."""
    return _sentences(session, guidelines, events_of(f"session:{session.pk}"))


def changes_since(
    session: InfusionSession,
    guidelines: Guidelines,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> list[dict[str, Any]]:
    """What people did after the version that somebody saw, or after a moment: as `timeline_of`.

    When it is not known what they saw, the newest thing that a person did.
    """
    events = events_of(f"session:{session.pk}")
    if version is not None:
        first = next((i for i, event in enumerate(events) if _version(event[3]) > version), len(events))
        events = events[first:]
    elif at is not None:
        events = [event for event in events if event[1] > at]
    by_people = [entry for entry in _sentences(session, guidelines, events) if entry["by"]]
    return by_people if version is not None or at is not None else by_people[:1]


def _sentences(
    session: InfusionSession, guidelines: Guidelines, events: Iterable[_Event]
) -> list[dict[str, Any]]:
    events = list(events)
    names = display_names(
        number for _, _, actor, payload in events for number in (_user_id(actor), _name_id(payload))
    )
    shown: list[dict[str, Any]] = []
    for name, at, actor, payload in events:
        term = str(payload.get("term", ""))
        params = {
            "rate": _rate(session, payload),
            "volume": _number(payload.get("volume_given_ml") or payload.get("volume_ml")),
            "minutes": payload.get("minutes", ""),
            "lot": str(payload.get("lot_number", "")),
            "scale": payload.get("scale", ""),
            "reason": payload.get("reason", ""),
            "detail": str(payload.get("detail", "")),
            "what": _what(session, payload),
            "term": in_reader_language(reaction_term_of(session, term).name) if term else "",
            "name": names.get(_name_id(payload) or 0, Phrase(_NOBODY)),
        }
        by = names.get(_user_id(actor) or 0, "")
        shown.append({"at": at, "text": fill(_SENTENCES[name], params).strip(), "by": by})
    return sorted(reversed(shown), key=_at, reverse=True)


def _what(session: InfusionSession, payload: dict[str, Any]) -> str:
    """The name of what was done or given."""
    if "intervention_id" not in payload:
        return ""
    return in_reader_language(with_reaction_data(session).intervention(payload["code"]).name)


def _rate(session: InfusionSession, payload: dict[str, Any]) -> Decimal | str:
    """Events of before named the step only."""
    index = payload.get("step_index")
    if "rate_ml_per_h" in payload or not isinstance(index, int):
        return _number(payload.get("rate_ml_per_h"))
    return plan_of(session).steps[index].rate_ml_per_h


def _number(value: Any) -> Decimal | str:
    return Decimal(value) if value else ""


def _at(entry: dict[str, Any]) -> datetime:
    at: datetime = entry["at"]
    return at


def _user_id(actor: str) -> int | None:
    return int(actor.removeprefix("user:")) if actor.startswith("user:") else None


def _name_id(payload: dict[str, Any]) -> int | None:
    """Whom a handover names beside the person who acted."""
    return payload.get("name_id")


def _version(payload: dict[str, Any]) -> int:
    version: int = payload.get("version", 0)
    return version
