"""The patient's page, open to whoever holds the link, and the page on which staff give links out."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from apps.accounts.selectors import Action, require, role_allows, staff_of
from apps.courses.selectors import access_course
from apps.edge.addresses import group_of
from apps.edge.door import TooLargeError
from apps.edge.headers import NO_PERMISSIONS
from apps.edge.messages import translated
from apps.edge.pages import Page
from apps.edge.parsers import read_object
from apps.edge.rights import PUBLIC
from apps.followups.domain.screening import Urgency
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.patients.api import PatientSerializer
from apps.selfreport.api import LinkSerializer
from apps.selfreport.asking import form_of
from apps.selfreport.channels import channels_set_up
from apps.selfreport.domain import Purpose
from apps.selfreport.entries import entry_of_form, entry_of_json
from apps.selfreport.presentation import URGENCIES, closed_page, form_page, language_choice, told
from apps.selfreport.selectors import (
    LANGUAGES,
    LinkRecord,
    link_of_token,
    newest_link,
    open_report,
    recent_report,
)
from apps.selfreport.services import count_knock, record_answers

MAX_BODY_BYTES = 32 * 1024
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": NO_PERMISSIONS,
}
_BUSY_S = 600  # the length of the windows in which knocks are counted


@method_decorator(csrf_exempt, name="dispatch")
class HolderView(View):
    """What every address below a link shares: limits, one answer for all that do not open, and the headers.

    There is no cookie and nobody is signed in, so there is nothing a foreign page could ride on: the link itself
    is the right to write.
    """

    rights = PUBLIC

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self._through_the_door(request, kwargs["token"])
        for name, value in HEADERS.items():
            response[name] = value
        return response

    def _through_the_door(self, request: HttpRequest, token: str) -> HttpResponse:
        wall_now, address = clock.wall_now(), group_of(request)
        if count_knock(purpose=Purpose.ADDRESS, who=address, wall_now=wall_now):
            return _closed(busy=True)
        link = link_of_token(token, now=clock.now())
        if link is None:
            return _closed(busy=count_knock(purpose=Purpose.WRONG_LINK, who=address, wall_now=wall_now))
        if count_knock(purpose=Purpose.LINK, who=str(link.pk), wall_now=wall_now):
            return _closed(busy=True)
        language = request.GET.get("lang", "")
        act: Callable[..., HttpResponse] | None = getattr(self, (request.method or "").lower(), None)
        with translation.override(language if language in LANGUAGES else link.language):
            if act is None or request.method not in ("GET", "HEAD", "POST"):
                return self.http_method_not_allowed(request)
            response = act(request, link, token)
            response["Content-Language"] = translation.get_language()
        return response


class ReportPage(HolderView):
    """The form itself; it works without scripts."""

    def get(self, request: HttpRequest, link: LinkRecord, token: str) -> HttpResponse:
        return _form(link, fresh=request.GET.get("new") == "1")

    head = get

    def post(self, request: HttpRequest, link: LinkRecord, token: str) -> HttpResponse:
        try:
            _refuse_long(request)
            record_answers(token=token, now=clock.now(), **entry_of_form(request.POST))
        except DomainError as error:
            return _form(link, problem=translated(error), status=error.http_status)
        return HttpResponseRedirect(f"?lang={translation.get_language()}", status=HTTPStatus.SEE_OTHER)


class AnswersView(HolderView):
    """Where the form's script sends each answer: `{key, answers, note, complete}` as JSON."""

    def post(self, request: HttpRequest, link: LinkRecord, token: str) -> HttpResponse:
        now = clock.now()
        try:
            _refuse_long(request)
            report = record_answers(token=token, now=now, **entry_of_json(read_object(request.body)))
        except DomainError as error:
            body = {"code": error.code, "message": translated(error), "extra": {}}
            return JsonResponse(body, status=error.http_status)
        return JsonResponse(
            {
                "urgency": URGENCIES[Urgency(report.urgency)],
                "tell": told(form_of(link, report, now=now), report),
                "completed": report.completed_at is not None,
            }
        )


class LinkPage(Page):
    """Giving out the link of a course: its QR code is shown this once."""

    rights = Action.SEE_FOLLOW_UPS
    template_name = "selfreport/link.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        course = access_course(user, kwargs["course_id"])
        require(user, Action.SEE_FOLLOW_UPS)
        link = newest_link(course.pk)
        return super().get_context_data(
            course_id_shown=course.pk,
            patient=PatientSerializer(course.patient).data,
            time_zone=course.ward.time_zone,
            link=LinkSerializer(link).data if link else None,
            languages=[language_choice(code) for code in LANGUAGES],
            channels=channels_set_up(),
            can_act=role_allows(user, Action.RECORD_FOLLOW_UP),
            **kwargs,
        )


def _form(link: LinkRecord, *, fresh: bool = False, problem: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    report = open_report(link, now=now) or (None if fresh else recent_report(link, now=now))
    context = form_page(link, form_of(link, report, now=now), report, fresh=fresh, problem=problem)
    return HttpResponse(render_to_string("selfreport/form.html", context), status=status)


def _closed(*, busy: bool) -> HttpResponse:
    """Wrong, expired, taken back: nobody can tell them apart."""
    context: Mapping[str, Any] = closed_page(busy=busy)
    status = HTTPStatus.TOO_MANY_REQUESTS if busy else HTTPStatus.NOT_FOUND
    headers = {"Retry-After": str(_BUSY_S)} if busy else None
    return HttpResponse(
        render_to_string("selfreport/closed.html", dict(context)), status=status, headers=headers
    )


def _refuse_long(request: HttpRequest) -> None:
    if len(request.body) > MAX_BODY_BYTES:
        raise TooLargeError(
            "body_too_large",
            N_("This is more than %(limit)s kB. Nothing was saved; send a shorter entry."),
            limit=MAX_BODY_BYTES // 1024,
        )
