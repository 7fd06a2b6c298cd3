"""Adverse events over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.edge.fields import PlainDecimalField
from apps.guidelines.selectors import guidelines_version, in_reader_language
from apps.patients.api import PatientSerializer, PatientWardSerializer
from apps.safety.selectors import (
    AdverseEventRecord,
    access_adverse_event,
    adverse_events_for,
    interventions_of,
    minutes_since_start,
    onset_of,
    symptoms_of,
    term_name,
)


class AdverseEventLotSerializer(serializers.Serializer[Any]):
    lot_number = serializers.CharField()
    expires_on = serializers.CharField()


class AdverseEventSymptomSerializer(serializers.Serializer[Any]):
    term = serializers.CharField()
    name = serializers.CharField()
    severity = serializers.CharField()


class AdverseEventInterventionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    detail = serializers.CharField()
    given_at = serializers.DateTimeField()
    by = serializers.CharField()


class AdverseEventVitalsSerializer(serializers.Serializer[Any]):
    """What was measured; a sign that was not is left out."""

    effective_at = serializers.DateTimeField()
    systolic_mmhg = serializers.CharField(required=False)
    diastolic_mmhg = serializers.CharField(required=False)
    pulse_per_min = serializers.CharField(required=False)
    respiratory_rate_per_min = serializers.CharField(required=False)
    spo2_percent = serializers.CharField(required=False)
    temperature_c = serializers.CharField(required=False)
    oxygen_l_per_min = serializers.CharField(required=False)
    consciousness = serializers.CharField(required=False)


class AdverseEventSerializer(serializers.Serializer[AdverseEventRecord]):
    """An adverse event as clients see it."""

    id = serializers.IntegerField()
    patient = PatientSerializer()
    ward = PatientWardSerializer()
    session_id = serializers.IntegerField()
    term = serializers.CharField()
    term_name = serializers.SerializerMethodField()
    severity = serializers.CharField()
    onset_at = serializers.DateTimeField()
    onset_class = serializers.SerializerMethodField()
    onset_class_norwegian = serializers.SerializerMethodField()
    minutes_since_start = serializers.SerializerMethodField()
    rate_ml_per_h = PlainDecimalField(allow_null=True)
    rate_ml_per_kg_h = PlainDecimalField(allow_null=True)
    step_index = serializers.IntegerField(allow_null=True)
    volume_given_ml = PlainDecimalField(allow_null=True)
    lots = AdverseEventLotSerializer(many=True)
    product = serializers.SerializerMethodField()
    action = serializers.CharField()
    note = serializers.CharField()
    symptoms = serializers.SerializerMethodField()
    interventions = serializers.SerializerMethodField()
    baseline = serializers.SerializerMethodField()
    vitals_before = serializers.SerializerMethodField()
    vitals_after = serializers.SerializerMethodField()
    resolved_at = serializers.SerializerMethodField()
    status = serializers.CharField()
    reported_by = serializers.SerializerMethodField()
    recorded_at = serializers.DateTimeField()

    def get_term_name(self, event: AdverseEventRecord) -> str:
        return in_reader_language(term_name(event))

    def get_onset_class(self, event: AdverseEventRecord) -> str | None:
        onset = onset_of(event)
        return onset.review.value if onset else None

    def get_onset_class_norwegian(self, event: AdverseEventRecord) -> str | None:
        onset = onset_of(event)
        return onset.norwegian.value if onset else None

    def get_minutes_since_start(self, event: AdverseEventRecord) -> int | None:
        return minutes_since_start(event)

    def get_product(self, event: AdverseEventRecord) -> str:
        return guidelines_version(event.guideline_version).product(event.product_code).name

    @extend_schema_field(AdverseEventSymptomSerializer(many=True))
    def get_symptoms(self, event: AdverseEventRecord) -> list[dict[str, str]]:
        return symptoms_of(event)

    @extend_schema_field(AdverseEventInterventionSerializer(many=True))
    def get_interventions(self, event: AdverseEventRecord) -> list[dict[str, str]]:
        return interventions_of(event)

    @extend_schema_field(AdverseEventVitalsSerializer(allow_null=True))
    def get_baseline(self, event: AdverseEventRecord) -> Any:
        return event.details.get("baseline")

    @extend_schema_field(AdverseEventVitalsSerializer(allow_null=True))
    def get_vitals_before(self, event: AdverseEventRecord) -> Any:
        return event.details.get("vitals_before")

    @extend_schema_field(AdverseEventVitalsSerializer(allow_null=True))
    def get_vitals_after(self, event: AdverseEventRecord) -> Any:
        return event.details.get("vitals_after")

    def get_resolved_at(self, event: AdverseEventRecord) -> str | None:
        resolved: str | None = event.details.get("resolved_at")
        return resolved

    def get_reported_by(self, event: AdverseEventRecord) -> str | None:
        return event.reported_by.display_name if event.reported_by else None


class AdverseEventListView(APIView):
    """Adverse events of my wards."""

    rights = Action.SEE_ADVERSE_EVENTS

    @extend_schema(responses=AdverseEventSerializer(many=True), operation_id="adverse_events")
    def get(self, request: Request) -> Response:
        return Response(AdverseEventSerializer(adverse_events_for(staff_of(request)), many=True).data)


class AdverseEventDetailView(APIView):
    """One adverse event."""

    rights = Action.SEE_ADVERSE_EVENTS

    @extend_schema(responses=AdverseEventSerializer, operation_id="adverse_event")
    def get(self, request: Request, event_id: int) -> Response:
        return Response(AdverseEventSerializer(access_adverse_event(staff_of(request), event_id)).data)
