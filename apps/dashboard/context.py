"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext

from apps.accounts.emergency import my_emergencies
from apps.accounts.selectors import Action, Role, Ward, role_allows, wards_of
from apps.alerts.selectors import calls_to
from apps.cases.selectors import count_queries_to_answer
from apps.infusions.selectors import offers_to
from apps.kernel import clock
from apps.kernel.text import N_

ROLE_LABELS = {
    Role.NURSE: N_("Nurse"),
    Role.CHARGE_NURSE: N_("Charge nurse"),
    Role.PHYSICIAN: N_("Physician"),
    Role.PHARMACIST: N_("Pharmacist"),
    Role.PHARMACOVIGILANCE: N_("Pharmacovigilance officer"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context processor: wards, person, clock, languages, and what the person may do."""
    frame: dict[str, Any] = {"languages": [_language(code) for code, _ in settings.LANGUAGES]}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        wards = wards_of(user)
        sees_board = role_allows(user, Action.SEE_BOARD)
        frame |= {
            "wards": [{"id": ward.pk, "name": ward.name} for ward in wards] if sees_board else [],
            "time_zone": _common_time_zone(wards),
            "user": {
                "id": user.pk,
                "username": user.username,
                "display_name": user.display_name,
                "role": user.role,
                "role_label": gettext(ROLE_LABELS[Role(user.role)]),
            },
            "clock": {"server_now": clock.now().isoformat(), "clock_speed": clock.speed()},
            "offers_to_me": offers_to(user).count() if role_allows(user, Action.RUN_INFUSION) else 0,
            "case_questions": count_queries_to_answer(user),
            "calls_to_me": calls_to(user) if role_allows(user, Action.ACKNOWLEDGE_ALERT) else None,
            "emergencies": my_emergencies(user),
            "may": {action.value: role_allows(user, action) for action in Action},
        }
    return {"shell": frame}


def _common_time_zone(wards: list[Ward]) -> str:
    """The wards' time zone; UTC when they have several, because a bare time would mislead."""
    zones = {ward.time_zone for ward in wards}
    return zones.pop() if len(zones) == 1 else settings.TIME_ZONE


def _language(code: str) -> dict[str, str]:
    with translation.override(code):
        return {"code": code, "name": translation.get_language_info(code)["name_local"]}
