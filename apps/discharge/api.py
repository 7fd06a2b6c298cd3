"""Going home over the API: discharge, antibody tests, live vaccines."""

from datetime import date
from typing import Any

from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, require, staff_of
from apps.courses.selectors import access_course
from apps.discharge.selectors import (
    NamedRelease,
    TestGuard,
    discharges_of_course,
    interval_source,
    serology_guard,
    vaccine_releases,
)
from apps.discharge.services import discharge_patient
from apps.discharge.words import ANTIBODY_TESTS, INACTIVATED, SEROLOGY_WARNING
from apps.edge.fields import NoteField
from apps.edge.views import BedsideWriteView
from apps.guidelines.selectors import in_reader_language
from apps.kernel import clock
from apps.patients.selectors import access_patient, ward_today

_ANY_TEST = "antibody"


class DischargeSerializer(serializers.Serializer[Any]):
    """The end of a stay."""

    id = serializers.IntegerField()
    course_id = serializers.IntegerField()
    discharged_at = serializers.DateTimeField()
    discharged_by = serializers.CharField(source="discharged_by.display_name")
    note = serializers.CharField()


class DischargeEntrySerializer(serializers.Serializer[Any]):
    note = NoteField(max_length=2000, required=False, default="", allow_blank=True)


class SerologyQuerySerializer(serializers.Serializer[Any]):
    test = serializers.CharField(max_length=40, required=False, default=_ANY_TEST)
    at = serializers.DateTimeField(required=False, default=None)


class SerologyGuardSerializer(serializers.Serializer[Any]):
    """Whether an antibody test misleads; what follows `misleads` is null where it does not."""

    test = serializers.CharField(source="test_code")
    name = serializers.SerializerMethodField()
    at = serializers.DateTimeField(source="taken_at")
    misleads = serializers.SerializerMethodField()
    until = serializers.DateTimeField(source="warning.until", default=None, allow_null=True)
    is_running = serializers.BooleanField(source="warning.is_running", default=False)
    sample_before = serializers.DateTimeField(
        source="warning.sample_before",
        default=None,
        allow_null=True,
        help_text="a sample taken before this moment tells of the patient alone",
    )
    course_id = serializers.IntegerField(source="warning.course_id", default=None, allow_null=True)
    source = serializers.CharField(source="warning.source", default="")
    message = serializers.SerializerMethodField()

    def get_name(self, guard: TestGuard) -> str:
        return gettext(ANTIBODY_TESTS[guard.test_code])

    def get_misleads(self, guard: TestGuard) -> bool:
        return guard.warning is not None

    def get_message(self, guard: TestGuard) -> str:
        return gettext(SEROLOGY_WARNING) if guard.warning else ""


class ReleaseDateSerializer(serializers.Serializer[Any]):
    authority = serializers.CharField()
    months = serializers.IntegerField()
    on = serializers.DateField()
    course_id = serializers.IntegerField()
    source = serializers.SerializerMethodField()

    def get_source(self, one: Any) -> str:
        return interval_source(one.interval_code)


class VaccineSerializer(serializers.Serializer[Any]):
    """A live vaccine: not before `blocked_until`, the longest of the dates."""

    code = serializers.CharField(source="release.code")
    name = serializers.SerializerMethodField()
    blocked_until = serializers.DateField(source="release.blocked_until")
    is_blocked = serializers.SerializerMethodField()
    is_running = serializers.BooleanField(source="release.is_running")
    dates = serializers.SerializerMethodField()

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


class SerologyGuardView(APIView):
    """Whether an antibody test on a sample taken `at` (now, if not said) would mislead."""

    @extend_schema(
        responses=SerologyGuardSerializer,
        operation_id="serology_guard",
        parameters=[
            OpenApiParameter("test", OpenApiTypes.STR, enum=list(ANTIBODY_TESTS), default=_ANY_TEST),
            OpenApiParameter("at", OpenApiTypes.DATETIME, required=False),
        ],
    )
    def get(self, request: Request, patient_id: int) -> Response:
        patient = access_patient(staff_of(request), patient_id, Action.SEE_FOLLOW_UPS)
        query = SerologyQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        guard = serology_guard(patient.pk, asked["test"], asked["at"] or clock.now())
        return Response(SerologyGuardSerializer(guard).data)


class VaccineReleaseView(APIView):
    """From which day on live vaccines may be given, by each authority."""

    @extend_schema(responses=VaccineReleaseSerializer, operation_id="vaccine_release")
    def get(self, request: Request, patient_id: int) -> Response:
        patient = access_patient(staff_of(request), patient_id, Action.SEE_FOLLOW_UPS)
        body = {"vaccines": vaccine_releases(patient.pk), "note": gettext(INACTIVATED)}
        context = {"today": ward_today(patient)}
        return Response(VaccineReleaseSerializer(body, context=context).data)
