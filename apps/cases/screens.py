"""Which page mends what is missing, for this person: what they may not open they can ask the ward about."""

from apps.accounts.selectors import Action, Staff, role_allows
from apps.cases.gathering import events_of
from apps.cases.models import Case

_TABS = {
    "case": "events",
    "case.reporter": "patient",
    "case.coding": "events",
    "case.narrative": "narrative",
    "case.versions": "versions",
}
_BEDSIDE = ("patient", "course", "session", "infusion", "laboratory")


def address_of(screen: str, *, case: Case, user: Staff, about: int | None = None) -> str:
    """The address of a screen; empty where no page mends it, as for the site's settings."""
    own = f"/cases/{case.pk}/"
    if screen in _TABS:
        return f"{own}?tab={_TABS[screen]}"
    if screen == "event":
        events = events_of(case) if about is None else []
        number = about or (events[0].pk if events else None)
        return f"/adverse-events/{number}/" if number else own
    if screen in _BEDSIDE and not role_allows(user, Action.SEE_PATIENTS):
        return f"{own}?tab=questions"
    if screen == "laboratory":
        return f"/patients/{case.patient_id}/laboratory/"
    if screen in ("patient", "course"):
        return f"/patients/{case.patient_id}/"
    if screen in ("session", "infusion"):
        events = events_of(case)
        number = about or (events[0].session_id if events else None)
        return f"/sessions/{number}/" if number else own
    return ""
