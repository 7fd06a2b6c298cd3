"""The follow-up worklist, a check, and a patient with everything about them."""

from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Action, role_allows, staff_of, wards_of
from apps.courses.api.shapes import CourseSerializer
from apps.courses.presentation import cumulative_dose, patient_repeats
from apps.courses.selectors import courses_of_patient
from apps.edge.pages import Page
from apps.followups.api import FollowUpSerializer, ScriptSerializer
from apps.followups.presentation import asked_results_shown, script_for_reader
from apps.followups.selectors import (
    access_check,
    checks_of_patient,
    count_planned,
    planned_checks,
    worklist_in_parts,
)
from apps.followups.timeline import follow_up_timeline
from apps.followups.timeline_drawing import draw_timelines
from apps.guidelines.domain import ASKED_KINDS
from apps.infusions.selectors import past_reactions, tolerated_rates
from apps.kernel import clock
from apps.patients.api import PatientSerializer
from apps.patients.selectors import access_patient, ward_today

_PLANNED_AT_FIRST = 100


class WorklistPage(Page):
    """What is overdue, due, tried in vain and planned; by ward, and what I have taken on."""

    rights = Action.SEE_FOLLOW_UPS
    template_name = "followups/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        wards = wards_of(user)
        asked = self.request.GET.get("ward", "")
        ward_id = next((ward.pk for ward in wards if str(ward.pk) == asked), None)
        mine = self.request.GET.get("mine") == "1"
        limit = None if self.request.GET.get("planned") == "all" else _PLANNED_AT_FIRST
        parts = worklist_in_parts(
            user, now=clock.now(), ward_id=ward_id, responsible_id=user.pk if mine else None
        )
        return super().get_context_data(
            overdue=FollowUpSerializer(parts.overdue, many=True).data,
            due=FollowUpSerializer(parts.due, many=True).data,
            waiting=FollowUpSerializer(parts.waiting, many=True).data,
            planned=FollowUpSerializer(planned_checks(user, ward_id=ward_id, limit=limit), many=True).data,
            planned_in_all=count_planned(user, ward_id=ward_id),
            planned_whole=limit is None,
            wards=wards,
            ward_id=ward_id,
            mine=mine,
            **kwargs,
        )


class CheckPage(Page):
    """One check: what to ask, which answers must not wait, what came of it, and when to try again."""

    rights = Action.SEE_FOLLOW_UPS
    template_name = "followups/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        check = access_check(user, kwargs["check_id"])
        script = script_for_reader(check, now=clock.now())
        again_at = script["proposed_next_attempt_at"].astimezone(ZoneInfo(check.ward.time_zone))
        return super().get_context_data(
            check=FollowUpSerializer(check).data,
            script=ScriptSerializer(script).data,
            asked_results=asked_results_shown(check, now=clock.now()),
            proposed_attempt=f"{again_at:%Y-%m-%dT%H:%M}",
            time_zone=check.patient.ward.time_zone,
            is_open=check.status not in ("done", "superseded", "missed") and check.kind in ASKED_KINDS,
            is_mine=check.responsible_id == user.pk,
            can_act=role_allows(user, Action.RECORD_FOLLOW_UP),
            can_give_up=role_allows(user, Action.GIVE_UP_FOLLOW_UP),
            **kwargs,
        )


class PatientPage(Page):
    """One patient: courses, what comes next, and follow-up."""

    rights = Action.SEE_PATIENTS
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
            can_note=role_allows(staff_of(self.request), Action.RECORD_FOLLOW_UP),
            can_note_absence=role_allows(staff_of(self.request), Action.GIVE_UP_FOLLOW_UP),
            **kwargs,
        )


class PatientHistoryPage(Page):
    """What is known of a patient from earlier courses: rates borne, reactions, dose given in all."""

    rights = Action.SEE_PATIENTS
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
