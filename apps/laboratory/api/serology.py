"""Asking about an antibody test before the sample is taken, and what is said where its result is read."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.guidelines.selectors import current_guidelines, in_reader_language
from apps.kernel import clock
from apps.laboratory.selectors import LabResultRecord
from apps.laboratory.serology import EarlierSample, TestGuard, serology_guard
from apps.laboratory.words import ANY_TEST, ANY_TEST_NAME, SEROLOGY_WARNING
from apps.patients.selectors import access_patient


class SerologyQuerySerializer(serializers.Serializer[Any]):
    test = serializers.CharField(max_length=40, required=False, default=ANY_TEST)
    at = serializers.DateTimeField(required=False, default=None)


class EarlierResultSerializer(serializers.Serializer[Any]):
    """A result of the same test from before the course: it tells of the patient alone."""

    id = serializers.IntegerField()
    taken_at = serializers.DateTimeField()
    choice = serializers.CharField()
    choice_name = serializers.SerializerMethodField()
    titre = serializers.CharField()

    def get_choice_name(self, row: LabResultRecord) -> str:
        analyte = next((one for one in current_guidelines().analytes if one.code == row.analyte), None)
        choice = analyte.choice(row.choice) if analyte else None
        return in_reader_language(choice.name) if choice else row.choice


class EarlierSampleSerializer(serializers.Serializer[Any]):
    """Another sample from before the course, of which something was measured."""

    taken_at = serializers.DateTimeField()
    measured = serializers.SerializerMethodField()
    result_id = serializers.IntegerField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_measured(self, sample: EarlierSample) -> list[str]:
        names = {one.code: one.name for one in current_guidelines().analytes}
        return [in_reader_language(names[code]) if code in names else code for code in sample.analytes]


class SerologyGuardSerializer(serializers.Serializer[Any]):
    """Whether an antibody test misleads; what follows `misleads` is null or empty where it does not."""

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
    earlier = EarlierResultSerializer(many=True)
    samples = EarlierSampleSerializer(many=True)
    instead = serializers.SerializerMethodField(help_text="what to ask for, while antibodies mislead")
    instead_source = serializers.SerializerMethodField()

    def get_name(self, guard: TestGuard) -> str:
        return in_reader_language(guard.test.name) if guard.test else gettext(ANY_TEST_NAME)

    def get_misleads(self, guard: TestGuard) -> bool:
        return guard.warning is not None

    def get_message(self, guard: TestGuard) -> str:
        return gettext(SEROLOGY_WARNING) if guard.warning else ""

    def get_instead(self, guard: TestGuard) -> str:
        antibody = guard.test.antibody if guard.test and guard.warning else None
        return in_reader_language(antibody.instead) if antibody else ""

    def get_instead_source(self, guard: TestGuard) -> str:
        antibody = guard.test.antibody if guard.test and guard.warning else None
        return antibody.citation.label if antibody else ""


class SerologyGuardView(APIView):
    """Whether an antibody test on a sample taken `at` (now, if not said) would mislead, and what to do instead."""

    rights = Action.SEE_FOLLOW_UPS

    @extend_schema(
        responses=SerologyGuardSerializer,
        operation_id="serology_guard",
        parameters=[
            OpenApiParameter(
                "test",
                OpenApiTypes.STR,
                default=ANY_TEST,
                description="code of an antibody test, or antibody",
            ),
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
