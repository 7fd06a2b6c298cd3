"""Starting an infusion and the bedside page."""

from typing import Any

from apps.accounts.selectors import Action, role_allows, staff_of
from apps.courses.api.shapes import CourseSerializer
from apps.courses.selectors import access_course, infusion_of_day
from apps.edge.pages import Page
from apps.guidelines.choices import named, vital_signs
from apps.guidelines.selectors import guidelines_version
from apps.infusions.api.views import shown
from apps.infusions.selectors import access_session, plan_preview
from apps.kernel import clock
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_


class StartPage(Page):
    """Identity, vials, baseline, start."""

    template_name = "infusions/start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = access_course(staff_of(self.request), kwargs["course_id"], Action.RUN_INFUSION)
        course = CourseSerializer(record).data
        day = next((d for d in course["infusion_days"] if d["number"] == kwargs["day_number"]), None)
        if day is None:
            raise NotFoundError("not_found", N_("This course has no such day."))
        return super().get_context_data(
            course=course,
            time_zone=record.ward.time_zone,
            day=day,
            rate_plan=plan_preview(
                infusion_of_day(record, day["number"]), patient_id=record.patient_id, now=clock.now()
            ),
            vital_signs=vital_signs(guidelines_version(record.guideline_version)),
            **kwargs,
        )


class SessionPage(Page):
    """The bedside page."""

    template_name = "infusions/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = access_session(staff_of(self.request), kwargs["session_id"])
        guidelines = guidelines_version(session.guideline_version)
        data = shown(staff_of(self.request), session.pk)
        return super().get_context_data(
            session=data,
            time_zone=session.ward.time_zone,
            vital_signs=vital_signs(guidelines),
            reaction_terms=named(guidelines.reaction_terms),
            can_act=role_allows(staff_of(self.request), Action.RUN_INFUSION) and data["ended_at"] is None,
            **kwargs,
        )
