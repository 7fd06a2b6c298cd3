"""The patient with what must wait, the page on which a patient is sent home, and the sheet."""

from typing import Any

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from apps.accounts.selectors import Action, require, role_allows, staff_of
from apps.courses.selectors import access_course
from apps.discharge.api import (
    DischargeSerializer,
    OpenMatterSerializer,
    OverrideSerializer,
    VaccineSerializer,
)
from apps.discharge.open_matters import open_matters
from apps.discharge.selectors import OverrideRecord, discharges_of_course, overrides_of, vaccine_releases
from apps.discharge.services import print_sheet
from apps.edge.exports import stamped
from apps.edge.pages import Page
from apps.followups import pages as followups_pages
from apps.infusions.selectors import infusions_of_course
from apps.kernel import clock
from apps.laboratory.api.serology import SerologyGuardSerializer
from apps.laboratory.serology import SerologyGuard
from apps.patients.api import PatientSerializer
from apps.patients.selectors import access_patient, ward_today
from apps.selfreport.presentation import language_choice
from apps.selfreport.selectors import LANGUAGES, newest_link

_TESTS = ("antibody", "anti_hbc")


class PatientPage(followups_pages.PatientPage):
    """One patient: with follow-up, until when antibody tests mislead and live vaccines must wait."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        patient = access_patient(staff_of(self.request), kwargs["patient_id"])
        serology, now = SerologyGuard(patient.pk), clock.now()
        guards = [serology.ask(test, now) for test in _TESTS]
        vaccines = vaccine_releases(patient.pk)
        context = super().get_context_data(
            serology=SerologyGuardSerializer([one for one in guards if one.warning], many=True).data,
            vaccines=VaccineSerializer(vaccines, many=True, context={"today": ward_today(patient)}).data,
            can_override=role_allows(staff_of(self.request), Action.OVERRIDE_VACCINE_HOLD),
            shows_holds=True,
            **kwargs,
        )
        tell_overrides(context["timelines"], overrides_of(patient.pk))
        return context


def tell_overrides(timelines: list[dict[str, Any]], overrides: list[OverrideRecord]) -> None:
    """Beside each waiting time of a timeline what was decided while it ran."""
    for check in (check for timeline in timelines for check in timeline["checks"]):
        decided = (
            one
            for one in overrides
            if one.vaccine == check["code"]
            and check["opens_at"] <= one.overridden_at
            and (check["closes_at"] is None or one.overridden_at < check["closes_at"])
        )
        check["override"] = OverrideSerializer(found).data if (found := next(decided, None)) else None


class DischargePage(Page):
    """Sending a patient home, and printing the sheet."""

    rights = Action.SEE_FOLLOW_UPS
    template_name = "discharge/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        course = access_course(user, kwargs["course_id"])
        require(user, Action.SEE_FOLLOW_UPS)
        infusions = infusions_of_course(course.pk)
        discharges = discharges_of_course(course.pk)
        newest = max((infusion.session_id for infusion in infusions), default=None)
        return super().get_context_data(
            course_id_shown=course.pk,
            patient=PatientSerializer(course.patient).data,
            time_zone=course.ward.time_zone,
            discharges=DischargeSerializer(discharges, many=True).data,
            matters=OpenMatterSerializer(
                open_matters(course.patient), many=True, context={"patient_id": course.patient_id}
            ).data,
            is_home=any(discharge.session_id == newest for discharge in discharges),
            is_running=any(infusion.ended_at is None for infusion in infusions),
            has_begun=bool(infusions),
            has_link=newest_link(course.pk) is not None,
            languages=[language_choice(code) for code in LANGUAGES],
            can_act=role_allows(user, Action.RECORD_FOLLOW_UP),
            **kwargs,
        )


class SheetPage(Page):
    """The discharge sheet as a PDF. Each printing gives out a new link, so it is asked for with POST."""

    rights = Action.RECORD_FOLLOW_UP
    template_name = "refused.html"
    http_method_names = ["post"]

    # A browser shows a PDF with a plugin and styles of its own, which the policy of the pages forbids.
    @method_decorator(csp_exempt())
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with stamped(by=staff_of(request).display_name, at=clock.wall_now()):
            paper = print_sheet(
                performer=staff_of(request),
                course_id=kwargs["course_id"],
                language=request.POST.get("language", ""),
                now=clock.now(),
            )
        answer = HttpResponse(paper, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="discharge-sheet-{kwargs["course_id"]}.pdf"'
        answer["Cache-Control"] = "no-store"
        return answer
