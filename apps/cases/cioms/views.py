"""The page that hands out a version of a case as a CIOMS I form."""

from typing import Any

from csp.decorators import csp_exempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from apps.accounts.selectors import Action, staff_of
from apps.cases.cioms.mapping import cioms_form
from apps.cases.cioms.pdf import render_cioms
from apps.cases.domain.versions import Kind
from apps.cases.selectors import access_version, build_icsr
from apps.edge.exports import stamped
from apps.edge.pages import Page
from apps.kernel import clock

_AS_IT_IS = "en"


class CiomsPage(Page):
    """A version as a CIOMS I form, in English as receivers know it, or with labels in the language `lang`."""

    rights = Action.SEE_CASES
    template_name = "refused.html"

    # A browser shows a PDF with a plugin and styles of its own, which the policy of the pages forbids.
    @method_decorator(csp_exempt())
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = access_version(staff_of(request), kwargs["case_id"], kwargs["number"])
        wanted = request.GET.get("lang", _AS_IT_IS)
        language = wanted if wanted in dict(settings.LANGUAGES) else _AS_IT_IS
        form = cioms_form(
            build_icsr(version), kind=Kind(version.kind), version=version.number, now=clock.now()
        )
        with stamped(by=staff_of(request).display_name, at=clock.wall_now()):
            paper = render_cioms(form, language=language)
        answer = HttpResponse(paper, content_type="application/pdf")
        name = f"cioms-{form.control_number}-{version.number}.pdf"
        answer["Content-Disposition"] = f'inline; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer
