"""A session as clients see it."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
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
    oxygen_l_per_min = PlainDecimalField(allow_null=True)
    consciousness = serializers.CharField(allow_null=True)
    capillary_refill_s = PlainDecimalField(allow_null=True)
    respiratory_effort = serializers.CharField(allow_null=True)


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


class FurtherStepSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    rate_ml_per_kg_h = PlainDecimalField()
    rate_ml_per_h = PlainDecimalField()


class NextStepSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    rate_ml_per_kg_h = PlainDecimalField()
    rate_ml_per_h = PlainDecimalField()
    rate_mg_per_kg_min = PlainDecimalField()
    due_at = serializers.DateTimeField(allow_null=True)
    asked = serializers.BooleanField()
    gate = GateSerializer()
    beyond = FurtherStepSerializer(many=True)


class RestartSerializer(serializers.Serializer[Any]):
    step_index = serializers.IntegerField()
    rate_ml_per_kg_h = PlainDecimalField()
    rate_ml_per_h = PlainDecimalField()
    rate_mg_per_kg_min = PlainDecimalField()
    reason = serializers.CharField()
    source = serializers.CharField()


class ScorePartSerializer(serializers.Serializer[Any]):
    sign = serializers.CharField()
    points = serializers.IntegerField(allow_null=True)


class ScoreSerializer(serializers.Serializer[Any]):
    """A total stands only for a complete set."""

    code = serializers.CharField()
    note = serializers.CharField()
    total = serializers.IntegerField(allow_null=True)
    level = serializers.CharField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField())
    parts = ScorePartSerializer(many=True)


class ScoreNowSerializer(ScoreSerializer):
    trend = serializers.CharField(allow_null=True)
    as_of = serializers.DateTimeField()


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
    recorded_at = serializers.DateTimeField()
    not_done = serializers.DictField()
    status = serializers.CharField()
    status_reason = serializers.CharField()
    status_changed_by = serializers.CharField(
        source="status_changed_by.display_name", allow_null=True, default=None
    )
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)


class ObservationWithFindingsSerializer(ObservationSerializer):
    score = ScoreSerializer(allow_null=True)
    findings = FindingSerializer(many=True)


class TimelineEntrySerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    text = serializers.CharField()
    by = serializers.CharField()


class HungVialSerializer(serializers.Serializer[Any]):
    """A vial; `left_ml` if they run in the order of hanging."""

    id = serializers.IntegerField(source="row.pk")
    lot_number = serializers.CharField(source="row.lot_number")
    expires_on = serializers.DateField(source="row.expires_on")
    volume_ml = PlainDecimalField(source="row.volume_ml", allow_null=True)
    left_ml = PlainDecimalField(allow_null=True)
    gtin = serializers.CharField(source="row.gtin")
    serial = serializers.CharField(source="row.serial")
    scanned = serializers.BooleanField(source="row.scanned")
    hung_at = serializers.DateTimeField(source="row.hung_at")
    hung_by = serializers.CharField(source="row.performer.display_name")
    status = serializers.CharField(source="row.status")
    status_reason = serializers.CharField(source="row.status_reason")
    status_changed_by = serializers.CharField(
        source="row.status_changed_by.display_name", allow_null=True, default=None
    )


class ColleagueSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(source="display_name")


class HandoverSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    session_id = serializers.IntegerField()
    given_by = ColleagueSerializer()
    given_to = ColleagueSerializer()
    offered_at = serializers.DateTimeField()
    note = serializers.CharField()


class ChartObservationSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    systolic_mmhg = serializers.IntegerField(allow_null=True)
    diastolic_mmhg = serializers.IntegerField(allow_null=True)
    pulse_per_min = serializers.IntegerField(allow_null=True)
    respiratory_rate_per_min = serializers.IntegerField(allow_null=True)
    spo2_percent = serializers.IntegerField(allow_null=True)
    temperature_c = PlainDecimalField(allow_null=True)
    oxygen_l_per_min = PlainDecimalField(allow_null=True)


class ChartRateSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    rate_ml_per_h = PlainDecimalField()


class ChartMarkSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    text = serializers.CharField()


class ChartSerializer(serializers.Serializer[Any]):
    """What the vitals chart draws, in order of time."""

    observations = ChartObservationSerializer(many=True)
    rates = ChartRateSerializer(many=True)
    marks = ChartMarkSerializer(many=True)
    until = serializers.DateTimeField()


class ProposalSerializer(serializers.Serializer[Any]):
    action = serializers.CharField()
    text = serializers.CharField()
    source = serializers.CharField()
    quote = serializers.CharField()


class SymptomSerializer(serializers.Serializer[Any]):
    term = serializers.CharField()
    name = serializers.CharField()
    severity = serializers.CharField()


class CitedTextSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    source = serializers.CharField()


class GuidanceStepSerializer(CitedTextSerializer):
    """`intervention` is what is recorded when the step is done; `measure` the vital signs it asks for."""

    code = serializers.CharField()
    intervention = serializers.CharField(allow_null=True)
    measure = serializers.ListField(child=serializers.CharField())


class GuidanceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    steps = GuidanceStepSerializer(many=True)
    restart = CitedTextSerializer()


class InterventionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="row.pk")
    code = serializers.CharField(source="row.code")
    name = serializers.CharField()
    detail = serializers.CharField(source="row.detail")
    given_at = serializers.DateTimeField(source="row.given_at")
    recorded_by = serializers.CharField(source="row.performer.display_name")
    repeat_due_at = serializers.DateTimeField(allow_null=True)


class AdrenalineReferenceSerializer(CitedTextSerializer):
    """What one source says. A reference for a clinician, never an order."""

    dose_mg = PlainDecimalField()
    up_to_mg = PlainDecimalField(allow_null=True)
    volume_ml = PlainDecimalField()
    up_to_ml = PlainDecimalField(allow_null=True)
    concentration_mg_per_ml = PlainDecimalField()


class ReactionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="row.pk")
    term = serializers.CharField(source="row.term")
    term_name = serializers.CharField()
    severity = serializers.CharField(source="row.severity")
    symptoms = SymptomSerializer(many=True)
    described_at = serializers.DateTimeField(source="row.described_at", allow_null=True)
    onset_at = serializers.DateTimeField(source="row.onset_at")
    action = serializers.CharField(source="row.action")
    note = serializers.CharField(source="row.note")
    resolved_at = serializers.DateTimeField(source="row.resolved_at", allow_null=True)
    resolved_by = serializers.CharField(source="row.resolved_by.display_name", allow_null=True, default=None)
    resolution_note = serializers.CharField(source="row.resolution_note")
    status = serializers.CharField(source="row.status")
    status_reason = serializers.CharField(source="row.status_reason")
    recheck_due_at = serializers.DateTimeField(allow_null=True)
    needs_physician = serializers.BooleanField()
    may_resolve = serializers.BooleanField()
    may_go_on_slower = serializers.BooleanField()
    why_not_slower = serializers.CharField()
    proposal = ProposalSerializer()
    guidance = GuidanceSerializer()
    interventions = InterventionSerializer(many=True)
    adrenaline = AdrenalineReferenceSerializer(many=True)


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
    started_at = serializers.DateTimeField(source="session.started_at", allow_null=True)
    started_by = serializers.CharField(
        source="session.started_by.display_name", allow_null=True, default=None
    )
    ended_at = serializers.DateTimeField(source="session.ended_at", allow_null=True)
    baseline = VitalsSerializer(allow_null=True)
    plan = PlanSerializer()
    rate_ml_per_h = PlainDecimalField(allow_null=True)
    rate_ml_per_kg_h = PlainDecimalField(allow_null=True)
    rate_mg_per_kg_min = PlainDecimalField(allow_null=True)
    volume_given_ml = PlainDecimalField()
    difference_ml = PlainDecimalField(allow_null=True)
    hung_left_ml = PlainDecimalField()
    residual_ml = PlainDecimalField(source="session.residual_ml", allow_null=True)
    volume_total_ml = PlainDecimalField(source="session.volume_total_ml")
    grams_given = PlainDecimalField()
    as_of = serializers.DateTimeField()
    finish_at = serializers.DateTimeField(source="session.finish_at", allow_null=True)
    vial_due_at = serializers.DateTimeField(source="session.vial_due_at", allow_null=True)
    asked = serializers.ListField(source="session.asked", child=serializers.CharField())
    watching = serializers.BooleanField()
    watch_minutes_after = serializers.IntegerField(source="session.watch_minutes_after")
    watch_ends_at = serializers.DateTimeField(allow_null=True)
    watched_until = serializers.DateTimeField(source="session.watched_until", allow_null=True)
    spo2_scale = serializers.IntegerField(source="session.spo2_scale")
    responsible = ColleagueSerializer(source="session.responsible", allow_null=True)
    signs_needed = serializers.ListField(child=serializers.CharField())
    score = ScoreNowSerializer(allow_null=True)
    observation_due_at = serializers.DateTimeField(source="session.observation_due_at", allow_null=True)
    next_step = NextStepSerializer(allow_null=True)
    restart = RestartSerializer(allow_null=True)
    chart = ChartSerializer()
    handover = HandoverSerializer(allow_null=True)
    observations = serializers.SerializerMethodField()
    timeline = TimelineEntrySerializer(many=True)
    vials = HungVialSerializer(many=True)
    alerts = AlertSerializer(many=True)
    reactions = ReactionSerializer(many=True)
    actions = serializers.ListField(child=serializers.CharField())
    server_now = serializers.DateTimeField()

    @extend_schema_field(ObservationWithFindingsSerializer(many=True))
    def get_observations(self, shown: dict[str, Any]) -> Any:
        return [
            {
                **ObservationSerializer(entry["row"]).data,
                "score": ScoreSerializer(entry["score"]).data if entry["score"] else None,
                "findings": FindingSerializer(entry["findings"], many=True).data,
            }
            for entry in shown["observations"]
        ]


class SessionBriefSerializer(serializers.Serializer[Any]):
    """The answer to `Prefer: return=minimal`: what the next entry needs, and when vital signs are due."""

    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    state = serializers.CharField()
    observation_due_at = serializers.DateTimeField(allow_null=True)
    asked = serializers.ListField(child=serializers.CharField())


SESSION_ANSWER = PolymorphicProxySerializer(
    component_name="SessionAnswer",
    serializers=[SessionSerializer, SessionBriefSerializer],
    resource_type_field_name=None,
)
