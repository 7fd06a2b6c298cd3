"""A session as clients see it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.alerts.api import AlertSerializer
from apps.edge.fields import PlainDecimalField
from apps.patients.api import PatientSerializer


class SessionProductSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    concentration_mg_per_ml = PlainDecimalField()


class VitalsSerializer(serializers.Serializer[Any]):
    effective_at = serializers.DateTimeField()
    systolic_mmhg = serializers.IntegerField(allow_null=True)
    diastolic_mmhg = serializers.IntegerField(allow_null=True)
    pulse_per_min = serializers.IntegerField(allow_null=True)
    respiratory_rate_per_min = serializers.IntegerField(allow_null=True)
    spo2_percent = serializers.IntegerField(allow_null=True)
    temperature_c = PlainDecimalField(allow_null=True)


class StepSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    rate_ml_per_kg_h = PlainDecimalField()
    rate_ml_per_h = PlainDecimalField()
    rate_mg_per_kg_min = PlainDecimalField()
    min_duration_minutes = serializers.IntegerField(allow_null=True)
    planned_start = serializers.DateTimeField(allow_null=True)
    planned_end = serializers.DateTimeField(allow_null=True)
    status = serializers.CharField()


class CeilingSerializer(serializers.Serializer[Any]):
    rate_ml_per_kg_h = PlainDecimalField()
    reason = serializers.CharField()
    source = serializers.CharField()


class PlanSerializer(serializers.Serializer[Any]):
    steps = StepSerializer(many=True)
    ceiling = CeilingSerializer()


class HoldSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    source = serializers.CharField()


class GateSerializer(serializers.Serializer[Any]):
    open = serializers.BooleanField()
    holds = HoldSerializer(many=True)


class NextStepSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    rate_ml_per_kg_h = PlainDecimalField()
    rate_ml_per_h = PlainDecimalField()
    due_at = serializers.DateTimeField(allow_null=True)
    asked = serializers.BooleanField()
    gate = GateSerializer()


class FindingSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    priority = serializers.CharField()
    text = serializers.CharField()
    source = serializers.CharField()


class ObservationSerializer(VitalsSerializer):
    id = serializers.IntegerField()
    recorded_by = serializers.CharField(source="performer.display_name")
    note = serializers.CharField()
    is_baseline = serializers.BooleanField()


class ObservationWithFindingsSerializer(ObservationSerializer):
    findings = FindingSerializer(many=True)


class TimelineEntrySerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    text = serializers.CharField()
    by = serializers.CharField()


class LotSerializer(serializers.Serializer[Any]):
    lot_number = serializers.CharField()
    expires_on = serializers.DateField()


class ProposalSerializer(serializers.Serializer[Any]):
    action = serializers.CharField()
    text = serializers.CharField()
    source = serializers.CharField()
    quote = serializers.CharField()


class ReactionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="row.pk")
    term = serializers.CharField(source="row.term")
    term_name = serializers.CharField()
    severity = serializers.CharField(source="row.severity")
    onset_at = serializers.DateTimeField(source="row.onset_at")
    action = serializers.CharField(source="row.action")
    note = serializers.CharField(source="row.note")
    resolved_at = serializers.DateTimeField(source="row.resolved_at", allow_null=True)
    proposal = ProposalSerializer()


class SessionSerializer(serializers.Serializer[Any]):
    """The dict of `apps.infusions.presentation.present`."""

    id = serializers.IntegerField(source="session.pk")
    version = serializers.IntegerField(source="session.version")
    state = serializers.CharField(source="session.state")
    course_id = serializers.IntegerField(source="session.course_id")
    patient = PatientSerializer()
    product = SessionProductSerializer()
    day_number = serializers.IntegerField(source="session.day_number")
    days = serializers.IntegerField(source="session.days")
    weight_kg = PlainDecimalField(source="session.weight_kg")
    started_at = serializers.DateTimeField(source="session.started_at")
    started_by = serializers.CharField(source="session.started_by.display_name")
    ended_at = serializers.DateTimeField(source="session.ended_at", allow_null=True)
    baseline = VitalsSerializer(allow_null=True)
    plan = PlanSerializer()
    rate_ml_per_h = PlainDecimalField(allow_null=True)
    rate_ml_per_kg_h = PlainDecimalField(allow_null=True)
    volume_given_ml = PlainDecimalField()
    volume_total_ml = PlainDecimalField(source="session.volume_total_ml")
    grams_given = PlainDecimalField()
    as_of = serializers.DateTimeField()
    finish_at = serializers.DateTimeField(source="session.finish_at", allow_null=True)
    observation_due_at = serializers.DateTimeField(source="session.observation_due_at", allow_null=True)
    next_step = NextStepSerializer(allow_null=True)
    observations = serializers.SerializerMethodField()
    timeline = TimelineEntrySerializer(many=True)
    lots = LotSerializer(many=True)
    alerts = AlertSerializer(many=True)
    reactions = ReactionSerializer(many=True)
    actions = serializers.ListField(child=serializers.CharField())
    server_now = serializers.DateTimeField()

    @extend_schema_field(ObservationWithFindingsSerializer(many=True))
    def get_observations(self, shown: dict[str, Any]) -> Any:
        return [
            {
                **ObservationSerializer(entry["row"]).data,
                "findings": FindingSerializer(entry["findings"], many=True).data,
            }
            for entry in shown["observations"]
        ]
