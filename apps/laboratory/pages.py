"""A patient's laboratory results: entering them, what they may tell, and how they run over time."""

from typing import Any

from apps.accounts.selectors import Action, role_allows, staff_of
from apps.edge.pages import Page
from apps.kernel import clock
from apps.laboratory.presentation import laboratory_page
from apps.patients.api import PatientSerializer
from apps.patients.selectors import access_patient


class LaboratoryPage(Page):
    """One patient's results."""

    rights = Action.SEE_PATIENTS
    template_name = "laboratory/patient.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        patient = access_patient(user, kwargs["patient_id"])
        return super().get_context_data(
            patient=PatientSerializer(patient).data,
            time_zone=patient.ward.time_zone,
            can_record=role_allows(user, Action.RECORD_FOLLOW_UP),
            **laboratory_page(patient, wanted=self.request.GET.get("test", ""), now=clock.now()),
            **kwargs,
        )
