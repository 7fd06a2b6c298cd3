"""Going home over the API: discharge, live vaccines."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, require, staff_of
from apps.courses.selectors import access_course
from apps.discharge.domain.matters import OpenMatter
from apps.discharge.open_matters import open_matters
from apps.discharge.selectors import (
    NamedRelease,
    discharges_of_course,
    interval_source,
    vaccine_releases,
)
from apps.discharge.services import discharge_patient, override_vaccine_hold
from apps.discharge.words import INACTIVATED
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, LineField, NoteField
from apps.edge.messages import fill
from apps.edge.views import BedsideWriteView
from apps.guidelines.selectors import in_reader_language
from apps.kernel import clock
from apps.patients.selectors import access_patient, ward_today

_PAGES = {
    "session": "infusions:detail",
    "laboratory": "laboratory:patient",
    "check": "followups:detail",
}


class SeenMatterSerializer(serializers.Serializer[Any]):
    """A matter that was open at the discharge and was seen; English, as it was kept."""

    key = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField()
    stays_open = serializers.BooleanField()


class DischargeSerializer(serializers.Serializer[Any]):
    """The end of a stay."""

    id = serializers.IntegerField()
    course_id = serializers.IntegerField()
    discharged_at = serializers.DateTimeField()
    discharged_by = serializers.CharField(source="discharged_by.display_name")
    note = serializers.CharField()
    open_matters = SeenMatterSerializer(many=True)


class DischargeEntrySerializer(EntrySerializer):
    note = NoteField(max_length=2000, required=False, default="", allow_blank=True)
    seen = serializers.ListField(
        child=LineField(max_length=160),
        max_length=500,
        required=False,
        default=list,
        help_text="keys of the open matters that were looked at",
    )


class OpenMatterSerializer(serializers.Serializer[Any]):
    """What is open about the patient before a discharge, with its page."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=["finding", "alert", "check"])
    priority = serializers.CharField()
    text = serializers.SerializerMethodField()
    since = serializers.DateTimeField()
    stays_open = serializers.BooleanField()
    page = serializers.SerializerMethodField(help_text="where it is seen to")

    def get_text(self, matter: OpenMatter) -> str:
        return fill(matter.message, matter.params)

    def get_page(self, matter: OpenMatter) -> str:
        kind, _, number = matter.about.partition(":")
        if kind in _PAGES and number.isdigit():
            return reverse(_PAGES[kind], args=[int(number)])
        return reverse("patients:detail", args=[self.context["patient_id"]])


class OverrideSerializer(serializers.Serializer[Any]):
    """A waiting time that a physician set aside."""

    id = serializers.IntegerField()
    vaccine = serializers.CharField()
    blocked_until = serializers.DateField()
    reason = serializers.CharField()
    overridden_at = serializers.DateTimeField()
    overridden_by = serializers.CharField(source="overridden_by.display_name")


class OverrideEntrySerializer(EntrySerializer):
    vaccine = CodeField(max_length=80)
    reason = NoteField(max_length=1000, default="", allow_blank=True)


class ReleaseDateSerializer(serializers.Serializer[Any]):
    authority = serializers.CharField()
    months = serializers.IntegerField()
    on = serializers.DateField()
    course_id = serializers.IntegerField()
    source = serializers.SerializerMethodField()

    def get_source(self, one: Any) -> str:
        return interval_source(one.interval_code)


class VaccineSerializer(serializers.Serializer[Any]):
    """A live vaccine: not before `blocked_until`, the longest of the dates, unless a physician set that aside.

    `override` is the decision that holds for the block as it stands; `overrides` are all there ever were.
    """

    code = serializers.CharField(source="release.code")
    name = serializers.SerializerMethodField()
    blocked_until = serializers.DateField(source="release.blocked_until")
    is_blocked = serializers.SerializerMethodField()
    is_running = serializers.BooleanField(source="release.is_running")
    dates = serializers.SerializerMethodField()
    override = OverrideSerializer(allow_null=True)
    overrides = OverrideSerializer(many=True)

    def get_name(self, vaccine: NamedRelease) -> str:
        return in_reader_language(vaccine.name)

    def get_is_blocked(self, vaccine: NamedRelease) -> bool:
        today: date = self.context["today"]
        return vaccine.release.is_blocked(today)

    @extend_schema_field(ReleaseDateSerializer(many=True))
    def get_dates(self, vaccine: NamedRelease) -> list[dict[str, Any]]:
        return list(ReleaseDateSerializer(vaccine.release.dates, many=True).data)


class VaccineReleaseSerializer(serializers.Serializer[Any]):
    vaccines = VaccineSerializer(many=True)
    note = serializers.CharField()


class DischargeView(BedsideWriteView):
    """The discharges of a course, the newest first; sending the patient home."""

    rights = {"GET": Action.SEE_FOLLOW_UPS, "POST": Action.RECORD_FOLLOW_UP}

    @extend_schema(responses=DischargeSerializer(many=True), operation_id="discharges")
    def get(self, request: Request, course_id: int) -> Response:
        course = access_course(staff_of(request), course_id)
        require(staff_of(request), Action.SEE_FOLLOW_UPS)
        return Response(DischargeSerializer(discharges_of_course(course.pk), many=True).data)

    @extend_schema(
        request=DischargeEntrySerializer,
        responses={201: DischargeSerializer},
        operation_id="discharge_patient",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, course_id: int) -> Response:
        access_course(staff_of(request), course_id, Action.RECORD_FOLLOW_UP)
        entry = DischargeEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        discharge = discharge_patient(
            performer=staff_of(request), course_id=course_id, now=clock.now(), **entry.validated_data
        )
        return Response(DischargeSerializer(discharge).data, status=201)


class OpenMattersView(APIView):
    """What is open about the patient: nobody is discharged before each of them was seen."""

    rights = Action.SEE_FOLLOW_UPS

    @extend_schema(responses=OpenMatterSerializer(many=True), operation_id="open_matters")
    def get(self, request: Request, course_id: int) -> Response:
        course = access_course(staff_of(request), course_id)
        require(staff_of(request), Action.SEE_FOLLOW_UPS)
        context = {"patient_id": course.patient_id}
        return Response(OpenMatterSerializer(open_matters(course.patient), many=True, context=context).data)


class VaccineOverrideView(BedsideWriteView):
    """A physician sets the waiting time of a live vaccine aside, with a reason."""

    rights = Action.OVERRIDE_VACCINE_HOLD

    @extend_schema(
        request=OverrideEntrySerializer,
        responses={201: OverrideSerializer},
        operation_id="override_vaccine_hold",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, patient_id: int) -> Response:
        access_patient(staff_of(request), patient_id, Action.OVERRIDE_VACCINE_HOLD)
        entry = OverrideEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        override = override_vaccine_hold(
            performer=staff_of(request), patient_id=patient_id, now=clock.now(), **entry.validated_data
        )
        return Response(OverrideSerializer(override).data, status=201)


class VaccineReleaseView(APIView):
    """From which day on live vaccines may be given, by each authority."""

    rights = Action.SEE_FOLLOW_UPS

    @extend_schema(responses=VaccineReleaseSerializer, operation_id="vaccine_release")
    def get(self, request: Request, patient_id: int) -> Response:
        patient = access_patient(staff_of(request), patient_id, Action.SEE_FOLLOW_UPS)
        body = {"vaccines": vaccine_releases(patient.pk), "note": gettext(INACTIVATED)}
        context = {"today": ward_today(patient)}
        return Response(VaccineReleaseSerializer(body, context=context).data)
