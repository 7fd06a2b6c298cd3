"""Patient list and registration."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from apps.accounts.selectors import Action, require, staff_of, wards_of
from apps.edge.pages import Page
from apps.patients.api import PatientSerializer
from apps.patients.selectors import find_patients, patients_for

LONGEST_SEARCH = 200  # characters


@method_decorator(never_cache, name="dispatch")
class PatientListPage(Page):
    """The patients on my wards; those I look for.

    What is looked for is posted: an address lands in histories, in logs and with whoever is linked to.
    """

    rights = Action.SEE_PATIENTS
    template_name = "patients/list.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.POST.get("q", "").strip()[:LONGEST_SEARCH]
        return self.render_to_response(self.get_context_data(asked=asked))

    def get_context_data(self, asked: str = "", **kwargs: Any) -> dict[str, Any]:
        staff = staff_of(self.request)
        found = find_patients(staff, asked) if asked else patients_for(staff)
        patients = PatientSerializer(found, many=True).data
        return super().get_context_data(patients=patients, asked=asked, **kwargs)


class NewPatientPage(Page):
    """Register a patient."""

    rights = Action.REGISTER_PATIENT
    template_name = "patients/new.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        require(staff_of(self.request), Action.REGISTER_PATIENT)
        wards = [{"id": ward.pk, "name": ward.name} for ward in wards_of(staff_of(self.request))]
        return super().get_context_data(wards=wards, **kwargs)
