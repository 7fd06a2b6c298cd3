"""The rate plan of a day before it starts."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.courses.selectors import access_course, infusion_of_day
from apps.infusions.selectors import plan_preview
from apps.kernel import clock


def _decimal() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=None, decimal_places=None)


class PreviewTableSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    source = serializers.CharField()


class PreviewStepSerializer(serializers.Serializer[Any]):
    """Minutes count from the start; `given_ml` is in by the end of the step."""

    index = serializers.IntegerField()
    rate_ml_per_kg_h = _decimal()
    rate_ml_per_h = _decimal()
    rate_mg_per_kg_min = _decimal()
    from_minute = _decimal()
    to_minute = _decimal()
    given_ml = _decimal()
    limited_by = serializers.CharField()


class PreviewCeilingSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    rate_ml_per_kg_h = _decimal()
    rate_ml_per_h = _decimal()
    reason = serializers.CharField()
    source = serializers.CharField()


class PreviewStartSerializer(serializers.Serializer[Any]):
    """Where the infusion may start: above step 0 an offer, at step 0 the reason for the lowest rate."""

    step_index = serializers.IntegerField()
    rate_ml_per_h = _decimal()
    reason = serializers.CharField()
    total_minutes = _decimal()


class PreviewWatchSerializer(serializers.Serializer[Any]):
    minutes = serializers.IntegerField()
    reason = serializers.CharField()
    source = serializers.CharField()


class RatePlanPreviewSerializer(serializers.Serializer[Any]):
    """The dict of `apps.infusions.selectors.plan_preview`."""

    table = PreviewTableSerializer()
    volume_ml = _decimal()
    weight_kg = _decimal()
    steps = PreviewStepSerializer(many=True)
    total_minutes = _decimal()
    ceiling = PreviewCeilingSerializer()
    other_ceilings = PreviewCeilingSerializer(many=True)
    start = PreviewStartSerializer(allow_null=True)
    watch_after = PreviewWatchSerializer()


class RatePlanView(APIView):
    """The rate plan of one day of a course."""

    rights = Action.SEE_PATIENTS

    @extend_schema(responses=RatePlanPreviewSerializer, operation_id="rate_plan")
    def get(self, request: Request, course_id: int, day_number: int) -> Response:
        planned = infusion_of_day(access_course(staff_of(request), course_id), day_number)
        preview = plan_preview(planned, patient_id=planned.patient_id, now=clock.now())
        return Response(RatePlanPreviewSerializer(preview).data)
