"""Opening a course and looking at it."""

from typing import Any

from apps.accounts.selectors import Action, role_allows, staff_of
from apps.courses.api import CourseSerializer
from apps.courses.selectors import access_course
from apps.edge.pages import Page
from apps.guidelines.choices import indications, named, products
from apps.guidelines.selectors import current_guidelines
from apps.patients.api import PatientSerializer
from apps.patients.selectors import access_patient


class NewCoursePage(Page):
    """Order a course, with the dose calculated as one types."""

    template_name = "courses/new.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        patient = access_patient(staff_of(self.request), kwargs["patient_id"], Action.OPEN_COURSE)
        guidelines = current_guidelines()
        return super().get_context_data(
            patient=PatientSerializer(patient).data,
            time_zone=patient.ward.time_zone,
            indications=indications(),
            products=products(),
            risk_factors=named(guidelines.risk_factors),
            contraindications=named(guidelines.contraindications),
            tests_before=named(guidelines.tests_before),
            **kwargs,
        )


class CoursePage(Page):
    """One course with its days."""

    template_name = "courses/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        course = access_course(staff_of(self.request), kwargs["course_id"])
        return super().get_context_data(
            course=CourseSerializer(course).data,
            time_zone=course.ward.time_zone,
            can_start=role_allows(staff_of(self.request), Action.RUN_INFUSION),
            **kwargs,
        )
