"""The follow-up worklist, a check, and a patient with everything about them."""

from typing import Any

from apps.accounts.selectors import Action, role_allows, staff_of
from apps.courses.api.shapes import CourseSerializer
from apps.courses.presentation import cumulative_dose, patient_repeats
from apps.courses.selectors import courses_of_patient
from apps.edge.pages import Page
from apps.followups.api import FollowUpSerializer
from apps.followups.selectors import access_check, checks_of_patient, planned_checks, worklist
from apps.followups.timeline import follow_up_timeline
from apps.followups.timeline_drawing import draw_timelines
from apps.infusions.selectors import past_reactions, tolerated_rates
from apps.kernel import clock
from apps.patients.api import PatientSerializer
from apps.patients.selectors import access_patient, ward_today


class WorklistPage(Page):
    """What is due, what is overdue, what is planned."""

    template_name = "followups/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        return super().get_context_data(
            follow_ups=FollowUpSerializer(worklist(user), many=True).data,
            planned=FollowUpSerializer(planned_checks(user), many=True).data,
            **kwargs,
        )


class CheckPage(Page):
    """One check: what to ask, and its outcome."""

    template_name = "followups/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check = access_check(staff_of(self.request), kwargs["check_id"])
        return super().get_context_data(
            check=FollowUpSerializer(check).data,
            time_zone=check.patient.ward.time_zone,
            can_act=role_allows(staff_of(self.request), Action.RECORD_FOLLOW_UP),
            **kwargs,
        )


class PatientPage(Page):
    """One patient: courses, what comes next, and follow-up."""

    template_name = "patients/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        patient = access_patient(staff_of(self.request), kwargs["patient_id"])
        return super().get_context_data(
            patient=PatientSerializer(patient).data,
            time_zone=patient.ward.time_zone,
            courses=CourseSerializer(courses_of_patient(patient.pk), many=True).data,
            repeats=patient_repeats(patient.pk, today=ward_today(patient)),
            follow_ups=FollowUpSerializer(checks_of_patient(patient.pk), many=True).data,
            timelines=draw_timelines(
                follow_up_timeline(patient.pk), now=clock.now(), time_zone=patient.ward.time_zone
            ),
            can_open_course=role_allows(staff_of(self.request), Action.OPEN_COURSE),
            **kwargs,
        )


class PatientHistoryPage(Page):
    """What is known of a patient from earlier courses: rates borne, reactions, dose given in all."""

    template_name = "patients/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        patient = access_patient(staff_of(self.request), kwargs["patient_id"])
        return super().get_context_data(
            patient=PatientSerializer(patient).data,
            time_zone=patient.ward.time_zone,
            courses=CourseSerializer(courses_of_patient(patient.pk), many=True).data,
            tolerated=tolerated_rates(patient.pk),
            reactions=past_reactions(patient.pk),
            cumulative=cumulative_dose(patient.pk, today=ward_today(patient)),
            **kwargs,
        )
