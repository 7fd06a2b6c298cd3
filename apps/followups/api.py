"""Follow-up over the API."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import staff_of
from apps.edge.fields import NoteField, WholeNumberField
from apps.edge.views import BedsideWriteView
from apps.followups.models import FollowUpCheck
from apps.followups.selectors import CheckRecord, access_check, newest_attempt, worklist
from apps.followups.services import record_outcome
from apps.guidelines.domain import FollowUpRule
from apps.guidelines.selectors import guidelines_version, in_reader_language
from apps.kernel import clock
from apps.patients.api import PatientSerializer


class QuestionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class AttemptSerializer(serializers.Serializer[Any]):
    outcome = serializers.CharField()
    note = serializers.CharField()
    recorded_by = serializers.CharField(source="recorded_by.display_name")
    recorded_at = serializers.DateTimeField()


class FollowUpSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    patient = PatientSerializer()
    course_id = serializers.IntegerField()
    session_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.SerializerMethodField()
    effect = serializers.CharField()
    kind = serializers.CharField()
    source = serializers.CharField()
    opens_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(allow_null=True)
    status = serializers.CharField()
    questions = serializers.SerializerMethodField()
    attempts = AttemptSerializer(many=True, source="attempts.all")
    outcome = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    recorded_by = serializers.SerializerMethodField()
    recorded_at = serializers.SerializerMethodField()

    def get_name(self, check: CheckRecord) -> str:
        return in_reader_language(_rule(check).name)

    def get_outcome(self, check: CheckRecord) -> str | None:
        attempt = newest_attempt(check)
        return attempt.outcome if attempt else None

    def get_note(self, check: CheckRecord) -> str:
        attempt = newest_attempt(check)
        return attempt.note if attempt else ""

    def get_recorded_by(self, check: CheckRecord) -> str | None:
        attempt = newest_attempt(check)
        return attempt.recorded_by.display_name if attempt else None

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_recorded_at(self, check: CheckRecord) -> str | None:
        attempt = newest_attempt(check)
        return attempt.recorded_at.isoformat() if attempt else None

    @extend_schema_field(QuestionSerializer(many=True))
    def get_questions(self, check: CheckRecord) -> list[dict[str, str]]:
        return [
            {"code": question.code, "text": in_reader_language(question.text)}
            for question in _rule(check).items
        ]


class OutcomeEntrySerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=FollowUpCheck.Outcome.choices)
    note = NoteField(max_length=2000, required=False, default="", allow_blank=True)


class FollowUpListView(APIView):
    """Checks of my wards that wait for somebody."""

    @extend_schema(
        responses=FollowUpSerializer(many=True),
        operation_id="follow_ups",
        parameters=[OpenApiParameter("ward", OpenApiTypes.INT, required=False)],
    )
    def get(self, request: Request) -> Response:
        ward = request.query_params.get("ward")
        ward_id = WholeNumberField().run_validation(ward) if ward else None
        return Response(FollowUpSerializer(worklist(staff_of(request), ward_id=ward_id), many=True).data)


class FollowUpDetailView(APIView):
    """One check."""

    @extend_schema(responses=FollowUpSerializer, operation_id="follow_up")
    def get(self, request: Request, check_id: int) -> Response:
        return Response(FollowUpSerializer(access_check(staff_of(request), check_id)).data)


class OutcomeView(BedsideWriteView):
    """Record an attempt at a check."""

    @extend_schema(
        request=OutcomeEntrySerializer, responses=FollowUpSerializer, operation_id="record_follow_up_outcome"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, check_id: int) -> Response:
        entry = OutcomeEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        check = record_outcome(
            performer=staff_of(request), check_id=check_id, now=clock.now(), **entry.validated_data
        )
        return Response(FollowUpSerializer(check).data)


def _rule(check: CheckRecord) -> FollowUpRule:
    return guidelines_version(check.guideline_version).follow_up_rule(check.code)
