"""Where I am signed in, and my PIN."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views import View

from apps.accounts.selectors import Action, staff_of
from apps.devices import services
from apps.devices.selectors import (
    has_badge,
    has_pin,
    open_sessions,
    open_tokens,
    own_session_id,
    people_signed_in,
    stolen_sessions,
)
from apps.edge.pages import Page
from apps.edge.rights import SIGNED_IN
from apps.kernel import clock

SHOWN_FOR = timedelta(days=30)


class SessionsPage(Page):
    """One's sessions, each with its device; end one, or all others."""

    rights = SIGNED_IN

    template_name = "devices/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = staff_of(self.request), clock.wall_now()
        return super().get_context_data(
            sessions=open_sessions(user, wall_now=now),
            stolen=stolen_sessions(user, since=now - SHOWN_FOR),
            own_session_id=own_session_id(self.request.session),
            tokens=open_tokens(user, wall_now=now),
            **kwargs,
        )


class StaffSessionsPage(Page):
    """Who is signed in where, for whoever has to end what a lost device holds open."""

    rights = Action.ADMINISTER
    template_name = "devices/staff.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        return super().get_context_data(
            people=people_signed_in(user, wall_now=clock.wall_now()), own_id=user.pk, **kwargs
        )


class PinPage(Page):
    """Choose, change or remove one's PIN and badge."""

    rights = SIGNED_IN

    template_name = "devices/pin.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        return super().get_context_data(has_pin=has_pin(user), has_badge=has_badge(user), **kwargs)


class LeaveView(View):
    """From a locked screen to the sign-in page, for somebody else. Whoever was here may come back with the PIN."""

    rights = SIGNED_IN

    def post(self, request: HttpRequest) -> HttpResponse:
        session_id = own_session_id(request.session)
        if session_id is not None:
            services.close_session(
                session_id=session_id, because=services.REPLACED, wall_now=clock.wall_now()
            )
        logout(request)
        return redirect("accounts:sign_in")
