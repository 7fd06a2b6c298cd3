"""The ward board and the way to it."""

import json
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie

from apps.accounts.selectors import Action, access_ward, role_allows, staff_of, wards_of
from apps.alerts.handlers import MESSAGE_EMERGENCY_ACCESS, MESSAGE_TIMER_FAILED
from apps.alerts.words import CALL_MESSAGES
from apps.dashboard.selectors import Names, board_snapshot
from apps.dashboard.texts import ui_texts
from apps.edge.pages import Page
from apps.edge.rights import SIGNED_IN
from apps.followups.services import MESSAGE_OVERDUE as FOLLOW_UP_OVERDUE
from apps.followups.services import MESSAGE_SUSPECTED
from apps.followups.words import ANSWER_MESSAGES
from apps.guidelines.selectors import current_guidelines, in_reader_language
from apps.infusions.domain.bedside_rules import FINDING_MESSAGES
from apps.infusions.domain.scores import LEVEL_MESSAGES
from apps.infusions.handlers import MESSAGE_HANDOVER_OPEN, MESSAGE_VIAL_EMPTY
from apps.infusions.services.judging import MESSAGE_OVERDUE
from apps.infusions.services.reacting import MESSAGE_REACTION
from apps.infusions.services.rechecking import MESSAGE_RECHECK, MESSAGE_REPEAT
from apps.kernel import clock
from apps.laboratory.domain import FINDING_MESSAGES as LABORATORY_MESSAGES
from apps.laboratory.domain import FINDING_PHRASES as LABORATORY_PHRASES
from apps.ledger.wiring import timer_words
from apps.selfreport.words import REPORT_MESSAGES

ALERT_MESSAGES = (
    *FINDING_MESSAGES,
    *LEVEL_MESSAGES,
    MESSAGE_OVERDUE,
    MESSAGE_VIAL_EMPTY,
    MESSAGE_HANDOVER_OPEN,
    MESSAGE_REACTION,
    MESSAGE_RECHECK,
    MESSAGE_REPEAT,
    MESSAGE_TIMER_FAILED,
    MESSAGE_EMERGENCY_ACCESS,
    FOLLOW_UP_OVERDUE,
    MESSAGE_SUSPECTED,
    *ANSWER_MESSAGES,
    *REPORT_MESSAGES,
    *LABORATORY_MESSAGES,
    *LABORATORY_PHRASES,
)


VIEW_COOKIE_PATH = "/wards/"
VIEW_COOKIE_S = 400 * 24 * 3600  # as long as browsers keep one


class View(StrEnum):
    """How a device shows the board: for work, without names for a corridor, for a wall."""

    NORMAL = "normal"
    KIOSK = "kiosk"
    WALL = "wall"


class HomePage(Page):
    """Sends each person to where their work is."""

    rights = SIGNED_IN
    template_name = "refused.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = staff_of(request)
        wards = wards_of(user)
        if role_allows(user, Action.SEE_BOARD) and wards:
            return redirect("dashboard:board", wards[0].pk)
        if role_allows(user, Action.SEE_ADVERSE_EVENTS):
            return redirect("safety:list")
        if role_allows(user, Action.SEE_LOTS) and not role_allows(user, Action.ADMINISTER):
            return redirect("signals:lots")
        if role_allows(user, Action.SEE_AUDIT):
            return redirect("inspection:list")
        if role_allows(user, Action.REVIEW_BREAK_GLASS):
            return redirect("patients:emergency_review")
        if role_allows(user, Action.ADMINISTER):
            return redirect("admin:index")
        return self.render_to_response({"message": "", "status": 404})


@method_decorator(ensure_csrf_cookie, name="dispatch")
class BoardPage(Page):
    """The live board of a ward.

    `?view=` is remembered in a cookie: the server must know it before it sends anything, because the kiosk
    view may not even carry a name.
    """

    rights = Action.SEE_BOARD
    template_name = "dashboard/board.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if "view" in request.GET:
            response.set_cookie(
                settings.VIEW_COOKIE_NAME,
                _view(request).value,
                max_age=VIEW_COOKIE_S,
                path=VIEW_COOKIE_PATH,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ward = access_ward(staff_of(self.request), kwargs["ward_id"], Action.SEE_BOARD)
        view = _view(self.request)
        names = Names.INITIALS if view is View.KIOSK else Names.FULL
        board = json.loads(board_snapshot(ward, now=clock.now(), names=names))
        return super().get_context_data(
            ward=board["ward"],
            board=board,
            view=view.value,
            names=names.value,
            texts=_texts(),
            time_zone=ward.time_zone,
            **kwargs,
        )


def _view(request: HttpRequest) -> View:
    """The view asked for, else this device's. A word nobody knows is answered without names."""
    wanted = request.GET.get("view") or request.COOKIES.get(settings.VIEW_COOKIE_NAME) or View.NORMAL.value
    return View(wanted) if wanted in set(View) else View.KIOSK


def _texts() -> dict[str, str]:
    rules = current_guidelines().follow_up_rules
    return ui_texts(*ALERT_MESSAGES, *CALL_MESSAGES, *timer_words().values()) | {
        rule.name.en: in_reader_language(rule.name) for rule in rules
    }
