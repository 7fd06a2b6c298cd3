"""Choosing an indication, ordering a course, changing one, looking at it; replacement therapy."""

from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Action, role_allows, staff_of
from apps.courses.api.shapes import CourseSerializer, CourseVersionSerializer
from apps.courses.choices import order_choices, profile_shown, starting_values, values_of
from apps.courses.presentation import course_repeat, replacement_page
from apps.courses.selectors import access_course, courses_of_patient, versions_of
from apps.edge.pages import Page
from apps.guidelines.choices import indication_page, search_page
from apps.guidelines.selectors import current_guidelines
from apps.kernel import clock
from apps.patients.api import PatientSerializer
from apps.patients.selectors import access_patient, ward_today


class ChooseIndicationPage(Page):
    """Find the indication and the regimen a course is to follow."""

    rights = Action.OPEN_COURSE
    template_name = "courses/choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        patient = access_patient(staff_of(self.request), kwargs["patient_id"], Action.OPEN_COURSE)
        return super().get_context_data(
            patient=PatientSerializer(patient).data,
            time_zone=patient.ward.time_zone,
            **search_page(self.request.GET),
            **kwargs,
        )


class NewCoursePage(Page):
    """Order a course of one regimen, calculated and checked as one types."""

    rights = Action.OPEN_COURSE
    template_name = "courses/order.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        patient = access_patient(staff_of(self.request), kwargs["patient_id"], Action.OPEN_COURSE)
        today = clock.now().astimezone(ZoneInfo(patient.ward.time_zone)).date()
        guidelines = current_guidelines()
        indication = guidelines.indication(kwargs["slug"])
        regimen = indication.regimen(kwargs["regimen_code"])
        earlier = courses_of_patient(patient.pk)
        return super().get_context_data(
            patient=PatientSerializer(patient).data,
            time_zone=patient.ward.time_zone,
            values=starting_values(regimen, earlier[0] if earlier else None, today=today),
            **indication_page(indication, regimen.code),
            **order_choices(guidelines),
            **kwargs,
        )


class ChangeCoursePage(Page):
    """Change an approved course: the same order, with a reason, as a new version."""

    rights = Action.OPEN_COURSE
    template_name = "courses/order.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        course = access_course(staff_of(self.request), kwargs["course_id"], Action.OPEN_COURSE)
        guidelines = current_guidelines()
        indication = guidelines.indication(course.indication_code)
        return super().get_context_data(
            patient=PatientSerializer(course.patient).data,
            course=CourseSerializer(course).data,
            time_zone=course.ward.time_zone,
            values=values_of(course),
            **indication_page(indication, course.regimen_code),
            **order_choices(guidelines),
            **kwargs,
        )


class CoursePage(Page):
    """One course with its days, what was seen at approval, and its history."""

    rights = Action.SEE_PATIENTS
    template_name = "courses/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        course = access_course(user, kwargs["course_id"])
        return super().get_context_data(
            course=CourseSerializer(course).data,
            profile=profile_shown(course),
            versions=CourseVersionSerializer(reversed(versions_of(course)), many=True).data,
            time_zone=course.ward.time_zone,
            can_start=role_allows(user, Action.RUN_INFUSION),
            can_change=role_allows(user, Action.OPEN_COURSE) and course.status == "active",
            can_respond=role_allows(user, Action.OPEN_COURSE),
            **course_repeat(course, today=ward_today(course.patient)),
            **kwargs,
        )


class ReplacementPage(Page):
    """Replacement therapy: IgG troughs against the sources' targets, infections, doses, when to look again."""

    rights = Action.SEE_PATIENTS
    template_name = "courses/replacement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        patient = access_patient(user, kwargs["patient_id"])
        return super().get_context_data(
            patient=PatientSerializer(patient).data,
            time_zone=patient.ward.time_zone,
            can_record=role_allows(user, Action.RECORD_FOLLOW_UP),
            **replacement_page(patient.pk, today=ward_today(patient)),
            **kwargs,
        )
