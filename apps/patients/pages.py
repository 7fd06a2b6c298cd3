"""Patient list and registration."""

from typing import Any

from apps.accounts.selectors import Action, require, staff_of, wards_of
from apps.edge.pages import Page
from apps.patients.api import PatientSerializer
from apps.patients.selectors import patients_for


class PatientListPage(Page):
    """The patients on my wards."""

    rights = Action.SEE_PATIENTS
    template_name = "patients/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        patients = PatientSerializer(patients_for(staff_of(self.request)), many=True).data
        return super().get_context_data(patients=patients, **kwargs)


class NewPatientPage(Page):
    """Register a patient."""

    rights = Action.REGISTER_PATIENT
    template_name = "patients/new.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        require(staff_of(self.request), Action.REGISTER_PATIENT)
        wards = [{"id": ward.pk, "name": ward.name} for ward in wards_of(staff_of(self.request))]
        return super().get_context_data(wards=wards, **kwargs)
