"""Courses and assessments as clients see them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.courses.domain import VialPlan, calculate_dose
from apps.courses.domain.assessment import Assessment
from apps.courses.domain.rate_ceiling import offered_rates_ml_per_kg_h
from apps.courses.records import finding_records
from apps.courses.selectors import CourseRecord, CourseVersionRecord
from apps.edge.fields import PlainDecimalField, plain
from apps.edge.messages import fill_wording, params_from_json
from apps.guidelines.domain import Guidelines, RateTable
from apps.guidelines.selectors import guidelines_version, in_reader_language
from apps.patients.api import PatientSerializer


class CodedNameSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class DoseSerializer(serializers.Serializer[Any]):
    total_g = PlainDecimalField()
    total_ml = PlainDecimalField()
    per_day_g = PlainDecimalField()
    per_day_ml = PlainDecimalField()
    days = serializers.IntegerField()
    days_left = serializers.IntegerField()


class VialSerializer(serializers.Serializer[Any]):
    size_ml = serializers.IntegerField()
    count = serializers.IntegerField()


class VialPlanSerializer(serializers.Serializer[VialPlan]):
    vials = serializers.SerializerMethodField()
    volume_ml = PlainDecimalField()
    deviation_percent = PlainDecimalField()
    within_tolerance = serializers.BooleanField()

    @extend_schema_field(VialSerializer(many=True))
    def get_vials(self, plan: VialPlan) -> list[dict[str, int]]:
        return vials_shown(plan.vials)


class CitationSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()
    quote = serializers.CharField()
    read = serializers.CharField()


class OrderFindingSerializer(serializers.Serializer[Any]):
    """A finding record; `level` says what it asks: note, acknowledge, reason, second_person, block."""

    code = serializers.CharField()
    level = serializers.CharField()
    text = serializers.SerializerMethodField()
    citations = CitationSerializer(many=True)
    answer = serializers.CharField()

    def get_text(self, finding: Mapping[str, Any]) -> str:
        return fill_wording(finding["text"], params_from_json(finding["params"]))


class RateStepSerializer(serializers.Serializer[Any]):
    rate_ml_per_kg_h = PlainDecimalField()
    min_duration_minutes = serializers.IntegerField(allow_null=True)
    max_duration_minutes = serializers.IntegerField(allow_null=True)


class RateTableSerializer(serializers.Serializer[RateTable]):
    code = serializers.CharField()
    source = serializers.CharField(source="citation.label")
    quote = serializers.CharField(source="citation.quote")
    concentration_mg_per_ml = PlainDecimalField()
    steps = RateStepSerializer(many=True)


class AssessmentSerializer(serializers.Serializer[Assessment]):
    dosing_weight_kg = PlainDecimalField(source="weight.kg")
    ideal_weight_kg = PlainDecimalField(source="weight.ideal_kg", allow_null=True)
    dose = DoseSerializer()
    vials = VialPlanSerializer()
    rounded = VialPlanSerializer()
    least_waste = VialPlanSerializer()
    rate_table = RateTableSerializer()
    rates_ml_per_kg_h = serializers.ListField(child=PlainDecimalField())
    findings = serializers.SerializerMethodField()

    @extend_schema_field(OrderFindingSerializer(many=True))
    def get_findings(self, assessment: Assessment) -> Any:
        return OrderFindingSerializer(finding_records(assessment.findings, {}), many=True).data


class IndicationSerializer(CodedNameSerializer):
    document = serializers.CharField()
    quote = serializers.CharField()
    source = serializers.CharField()


class CourseProductSerializer(CodedNameSerializer):
    concentration_mg_per_ml = PlainDecimalField()


class InfusionDaySerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    planned_on = serializers.DateField()
    dose_g = PlainDecimalField()
    volume_ml = PlainDecimalField()
    vials = VialSerializer(many=True)
    premedication = serializers.ListField(child=serializers.CharField())
    hydration = serializers.CharField()
    status = serializers.CharField()
    session_id = serializers.IntegerField(allow_null=True)
    may_start = serializers.BooleanField()


class CourseSerializer(serializers.Serializer[CourseRecord]):
    """A Course as it stands now."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    patient = PatientSerializer()
    indication = serializers.SerializerMethodField()
    product = serializers.SerializerMethodField()
    rate_table = serializers.SerializerMethodField()
    rates_ml_per_kg_h = serializers.SerializerMethodField()
    weight_kg = PlainDecimalField()
    weighed_on = serializers.DateField()
    dosing_weight_kg = PlainDecimalField()
    weight_basis = serializers.CharField(source="order.weight_basis")
    dose_g_per_kg = serializers.SerializerMethodField()
    days = serializers.IntegerField()
    dose = serializers.SerializerMethodField()
    risk_factors = serializers.SerializerMethodField()
    findings = OrderFindingSerializer(many=True)
    status = serializers.CharField()
    opened_by = serializers.CharField(source="opened_by.display_name")
    opened_at = serializers.DateTimeField()
    guideline_version = serializers.CharField()
    infusion_days = serializers.SerializerMethodField()

    @extend_schema_field(IndicationSerializer)
    def get_indication(self, course: CourseRecord) -> dict[str, Any]:
        guidelines = guidelines_version(course.guideline_version)
        indication = guidelines.indication(course.indication_code)
        return {
            "code": indication.slug,
            "name": in_reader_language(indication.name),
            "document": indication.document,
            "quote": indication.regimen(course.regimen_code).quote,
            "source": guidelines.document(indication.document).title,
        }

    @extend_schema_field(CourseProductSerializer)
    def get_product(self, course: CourseRecord) -> Any:
        return CourseProductSerializer(_guidelines(course).product(course.product_code)).data

    @extend_schema_field(RateTableSerializer)
    def get_rate_table(self, course: CourseRecord) -> Any:
        return RateTableSerializer(_guidelines(course).rate_table(course.rate_table_code)).data

    @extend_schema_field(serializers.ListField(child=PlainDecimalField()))
    def get_rates_ml_per_kg_h(self, course: CourseRecord) -> list[str]:
        guidelines = _guidelines(course)
        rates = offered_rates_ml_per_kg_h(
            guidelines,
            guidelines.rate_table(course.rate_table_code),
            guidelines.product(course.product_code),
            guidelines.indication(course.indication_code).disease,
            course.risk_factors,
        )
        return [plain(rate) for rate in rates]

    def get_dose_g_per_kg(self, course: CourseRecord) -> str:
        return f"{(course.dose_mg_per_kg / 1000).normalize():f}"

    @extend_schema_field(DoseSerializer)
    def get_dose(self, course: CourseRecord) -> Any:
        figures = _guidelines(course).product(course.product_code).require_complete()
        dose = calculate_dose(
            weight_kg=course.dosing_weight_kg,
            dose_mg_per_kg=course.dose_mg_per_kg,
            days=course.days,
            concentration_mg_per_ml=figures.concentration_mg_per_ml,
        )
        return DoseSerializer(dose).data

    @extend_schema_field(CodedNameSerializer(many=True))
    def get_risk_factors(self, course: CourseRecord) -> list[dict[str, str]]:
        guidelines = _guidelines(course)
        return [
            {"code": code, "name": in_reader_language(guidelines.risk_factor(code).name)}
            for code in course.risk_factors
        ]

    @extend_schema_field(InfusionDaySerializer(many=True))
    def get_infusion_days(self, course: CourseRecord) -> Any:
        days = list(course.infusion_days.all())
        first_open = next((day.number for day in days if day.status == "planned"), None)
        running = any(day.status == "running" for day in days)
        names = {item.code: in_reader_language(item.name) for item in _guidelines(course).premedications}
        shown = [
            {
                "number": day.number,
                "planned_on": day.planned_on,
                "dose_g": day.dose_g,
                "volume_ml": day.volume_ml,
                "vials": vials_shown(day.vials),
                "premedication": [names.get(code, code) for code in day.premedication],
                "hydration": day.hydration,
                "status": day.status,
                "session_id": day.session_id,
                "may_start": day.number == first_open and not running,
            }
            for day in days
        ]
        return InfusionDaySerializer(shown, many=True).data


class CourseVersionSerializer(serializers.Serializer[CourseVersionRecord]):
    """One version of a course, with what was ordered and who stood for it."""

    number = serializers.IntegerField()
    approved_at = serializers.DateTimeField()
    approved_by = serializers.CharField(source="approved_by.display_name")
    second_person = serializers.CharField(source="second_person.display_name", default=None, allow_null=True)
    reason = serializers.CharField()
    guideline_version = serializers.CharField()
    indication = serializers.SerializerMethodField()
    product = serializers.SerializerMethodField()
    weight_kg = serializers.CharField(source="order.profile.weight_kg")
    dose_g_per_kg = serializers.SerializerMethodField()
    days = serializers.IntegerField(source="order.days")
    findings = OrderFindingSerializer(many=True)

    def get_indication(self, version: CourseVersionRecord) -> str:
        guidelines = guidelines_version(version.guideline_version)
        return in_reader_language(guidelines.indication(version.order["indication_code"]).name)

    def get_product(self, version: CourseVersionRecord) -> str:
        return guidelines_version(version.guideline_version).product(version.order["product_code"]).name

    def get_dose_g_per_kg(self, version: CourseVersionRecord) -> str:
        return f"{(Decimal(version.order['dose_mg_per_kg']) / 1000).normalize():f}"


def vials_shown(vials: Any) -> list[dict[str, int]]:
    """Pairs of size and count as named numbers."""
    return [{"size_ml": size, "count": count} for size, count in vials]


def _guidelines(course: CourseRecord) -> Guidelines:
    return guidelines_version(course.guideline_version)
