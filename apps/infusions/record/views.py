"""The page that hands out the infusion record."""

from typing import Any

from csp.decorators import csp_exempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language

from apps.accounts.selectors import Action, staff_of
from apps.edge.exports import stamped
from apps.edge.pages import Page
from apps.infusions.record import infusion_record, render_pdf
from apps.infusions.selectors import access_session
from apps.kernel import clock


class RecordPage(Page):
    """The infusion record of a session on my wards as a PDF, in the language `lang` or the reader's."""

    rights = Action.SEE_PATIENTS
    template_name = "refused.html"

    # A browser shows a PDF with a plugin and styles of its own, which the policy of the pages forbids.
    @method_decorator(csp_exempt())
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = staff_of(request)
        session = access_session(user, kwargs["session_id"])
        record = infusion_record(session, now=clock.now(), user=user)
        with stamped(by=user.display_name, at=clock.wall_now()):
            paper = render_pdf(record, language=_language(request))
        answer = HttpResponse(paper, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="infusion-record-{session.pk}.pdf"'
        answer["Cache-Control"] = "no-store"
        return answer


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("lang", "")
    known = {code for code, _ in settings.LANGUAGES}
    return wanted if wanted in known else get_language() or settings.LANGUAGE_CODE
