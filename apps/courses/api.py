"""Courses over the API."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, require, staff_of
from apps.courses.selectors import (
    CourseRecord,
    DosePlan,
    access_course,
    courses_for,
    dose_plan_of,
    plan_dose,
)
from apps.courses.services import open_course
from apps.edge.fields import PlainDecimalField, StrictDecimalField
from apps.edge.messages import fill
from apps.edge.views import BedsideWriteView
from apps.guidelines.selectors import current_guidelines, guidelines_version, in_reader_language
from apps.kernel import clock
from apps.patients.api import PatientSerializer


class CodedNameSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class WarningSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class VialSerializer(serializers.Serializer[Any]):
    size_ml = serializers.IntegerField()
    count = serializers.IntegerField()


class DoseSerializer(serializers.Serializer[DosePlan]):
    """A DosePlan as clients see it."""

    total_g = PlainDecimalField(source="dose.total_g")
    total_ml = PlainDecimalField(source="dose.total_ml")
    per_day_g = PlainDecimalField(source="dose.per_day_g")
    per_day_ml = PlainDecimalField(source="dose.per_day_ml")
    days = serializers.IntegerField(source="dose.days")
    vials = serializers.SerializerMethodField()
    vial_volume_ml_per_day = PlainDecimalField(source="vial_plan.volume_ml")
    vial_grams_per_day = PlainDecimalField()
    deviation_percent = PlainDecimalField(source="vial_plan.deviation_percent")
    within_tolerance = serializers.BooleanField(source="vial_plan.within_tolerance")
    warnings = serializers.SerializerMethodField()

    @extend_schema_field(VialSerializer(many=True))
    def get_vials(self, plan: DosePlan) -> list[dict[str, int]]:
        return [{"size_ml": size, "count": count} for size, count in plan.vial_plan.vials]

    @extend_schema_field(WarningSerializer(many=True))
    def get_warnings(self, plan: DosePlan) -> list[dict[str, str]]:
        return [{"code": w.code, "text": fill(w.message, w.params)} for w in plan.dose.warnings]


class IndicationSerializer(CodedNameSerializer):
    quote = serializers.CharField()
    source = serializers.CharField()


class CourseProductSerializer(CodedNameSerializer):
    concentration_mg_per_ml = PlainDecimalField()


class InfusionDaySerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    planned_on = serializers.DateField()
    volume_ml = PlainDecimalField()
    status = serializers.CharField()
    session_id = serializers.IntegerField(allow_null=True)
    may_start = serializers.BooleanField()


class CourseSerializer(serializers.Serializer[CourseRecord]):
    """A Course as clients see it."""

    id = serializers.IntegerField()
    patient = PatientSerializer()
    indication = serializers.SerializerMethodField()
    product = serializers.SerializerMethodField()
    weight_kg = PlainDecimalField()
    dose_g_per_kg = serializers.SerializerMethodField()
    days = serializers.IntegerField()
    dose = serializers.SerializerMethodField()
    risk_factors = serializers.SerializerMethodField()
    contraindications = serializers.SerializerMethodField()
    missing_tests = serializers.SerializerMethodField()
    override_reason = serializers.CharField()
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
            "quote": indication.quotes[0],
            "source": guidelines.document(indication.document).title,
        }

    @extend_schema_field(CourseProductSerializer)
    def get_product(self, course: CourseRecord) -> Any:
        product = guidelines_version(course.guideline_version).product(course.product_code)
        return CourseProductSerializer(product).data

    def get_dose_g_per_kg(self, course: CourseRecord) -> str:
        return f"{(course.dose_mg_per_kg / 1000).normalize():f}"

    @extend_schema_field(DoseSerializer)
    def get_dose(self, course: CourseRecord) -> Any:
        return DoseSerializer(dose_plan_of(course)).data

    @extend_schema_field(CodedNameSerializer(many=True))
    def get_risk_factors(self, course: CourseRecord) -> list[dict[str, str]]:
        guidelines = guidelines_version(course.guideline_version)
        return [
            {"code": code, "name": in_reader_language(guidelines.risk_factor(code).name)}
            for code in course.risk_factors
        ]

    @extend_schema_field(CodedNameSerializer(many=True))
    def get_contraindications(self, course: CourseRecord) -> list[dict[str, str]]:
        guidelines = guidelines_version(course.guideline_version)
        return [
            {"code": code, "name": in_reader_language(guidelines.contraindication(code).name)}
            for code in course.contraindications
        ]

    @extend_schema_field(CodedNameSerializer(many=True))
    def get_missing_tests(self, course: CourseRecord) -> list[dict[str, str]]:
        tests = guidelines_version(course.guideline_version).tests_before
        return [
            {"code": test.code, "name": in_reader_language(test.name)}
            for test in tests
            if test.code in course.missing_tests
        ]

    @extend_schema_field(InfusionDaySerializer(many=True))
    def get_infusion_days(self, course: CourseRecord) -> Any:
        days = list(course.infusion_days.all())
        first_open = next((day.number for day in days if day.status == "planned"), None)
        running = any(day.status == "running" for day in days)
        shown = [
            {
                "number": day.number,
                "planned_on": day.planned_on,
                "volume_ml": course.volume_per_day_ml,
                "status": day.status,
                "session_id": day.session_id,
                "may_start": day.number == first_open and not running,
            }
            for day in days
        ]
        return InfusionDaySerializer(shown, many=True).data


class DoseEntrySerializer(serializers.Serializer[Any]):
    product_code = serializers.CharField(max_length=80)
    weight_kg = StrictDecimalField(
        minimum=Decimal("0.3"), maximum=Decimal(350), max_decimal_places=2, unit="kg"
    )
    dose_g_per_kg = StrictDecimalField(
        minimum=Decimal("0.05"), maximum=Decimal(2), max_decimal_places=3, unit="g/kg"
    )
    days = serializers.IntegerField(min_value=1, max_value=5)


class CourseEntrySerializer(DoseEntrySerializer):
    patient_id = serializers.IntegerField()
    indication_code = serializers.CharField(max_length=80)
    starts_on = serializers.DateField()
    risk_factors = serializers.ListField(child=serializers.CharField(max_length=80), default=list)
    contraindications = serializers.ListField(child=serializers.CharField(max_length=80), default=list)
    missing_tests = serializers.ListField(child=serializers.CharField(max_length=80), default=list)
    override_reason = serializers.CharField(max_length=1000, default="", allow_blank=True)


class DosePreviewView(APIView):
    """What a dose would come to. Writes nothing."""

    @extend_schema(request=DoseEntrySerializer, responses=DoseSerializer, operation_id="preview_dose")
    def post(self, request: Request) -> Response:
        require(staff_of(request), Action.SEE_PATIENTS)
        entry = DoseEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        data = entry.validated_data
        plan = plan_dose(
            product=current_guidelines().product(data["product_code"]),
            weight_kg=data["weight_kg"],
            dose_mg_per_kg=data["dose_g_per_kg"] * 1000,
            days=data["days"],
        )
        return Response(DoseSerializer(plan).data)


class CourseListView(BedsideWriteView):
    """The courses of my wards; opening one more."""

    @extend_schema(responses=CourseSerializer(many=True), operation_id="courses")
    def get(self, request: Request) -> Response:
        return Response(CourseSerializer(courses_for(staff_of(request)), many=True).data)

    @extend_schema(
        request=CourseEntrySerializer, responses={201: CourseSerializer}, operation_id="open_course"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        entry = CourseEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        data = dict(entry.validated_data)
        dose_mg_per_kg = data.pop("dose_g_per_kg") * 1000
        course = open_course(
            performer=staff_of(request), dose_mg_per_kg=dose_mg_per_kg, now=clock.now(), **data
        )
        return Response(CourseSerializer(access_course(staff_of(request), course.pk)).data, status=201)


class CourseDetailView(APIView):
    """One course of my wards."""

    @extend_schema(responses=CourseSerializer, operation_id="course")
    def get(self, request: Request, course_id: int) -> Response:
        return Response(CourseSerializer(access_course(staff_of(request), course_id)).data)
