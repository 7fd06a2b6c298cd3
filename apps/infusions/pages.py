"""Starting an infusion and the bedside page."""

from typing import Any

from apps.accounts.selectors import Action, can, require, role_allows, staff_of
from apps.courses.api.shapes import CourseSerializer
from apps.courses.selectors import access_course, infusion_of_day
from apps.edge.pages import Page
from apps.infusions.api.views import shown
from apps.infusions.presentation.handing_over import handover_sheet
from apps.infusions.presentation.reactions import reaction_context
from apps.infusions.selectors import (
    access_session,
    plan_preview,
    signs_before_start,
    signs_of_version,
)
from apps.kernel import clock
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_


class StartPage(Page):
    """Identity, vials, baseline, start."""

    rights = Action.RUN_INFUSION
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
            signs=signs_before_start(
                birth_date=record.patient.birth_date,
                time_zone=record.ward.time_zone,
                guideline_version=record.guideline_version,
                now=clock.now(),
            ),
            **kwargs,
        )


class SessionPage(Page):
    """The bedside page."""

    rights = Action.SEE_PATIENTS
    template_name = "infusions/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        session = access_session(user, kwargs["session_id"])
        data = shown(user, session.pk)
        signs = signs_of_version(session.guideline_version)
        runs_infusions = role_allows(user, Action.RUN_INFUSION)
        return super().get_context_data(
            session=data,
            feed_ward_id=session.ward_id if can(user, Action.SEE_BOARD, session.ward_id) else "",
            time_zone=session.ward.time_zone,
            every_sign=signs,
            sign_names={sign["name"]: sign["label"] for sign in signs},
            **reaction_context(session, data),
            can_react=runs_infusions and "react" in data["actions"],
            can_act=runs_infusions and bool(data["actions"]),
            may_correct=runs_infusions and data["started_at"] is not None,
            may_decide=role_allows(user, Action.DECIDE_AT_BEDSIDE),
            **kwargs,
        )


class HandoverPage(Page):
    """My patients to a colleague, and what is offered to me."""

    rights = Action.RUN_INFUSION
    template_name = "infusions/handover.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        require(user, Action.RUN_INFUSION)
        return super().get_context_data(sheet=handover_sheet(user, now=clock.now()), **kwargs)
