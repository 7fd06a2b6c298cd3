"""What a course can be planned from, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.guidelines.choices import indications, products


class IndicationChoiceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    dose_g_per_kg = serializers.CharField()
    days_options = serializers.ListField(child=serializers.IntegerField())
    quote = serializers.CharField()
    source = serializers.CharField()


class ProductChoiceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    concentration_mg_per_ml = serializers.CharField()
    vial_sizes_ml = serializers.ListField(child=serializers.IntegerField())
    hazards = serializers.ListField(child=serializers.CharField())


class IndicationListView(APIView):
    """Indications of the current guideline, with dose, days and the source's own words."""

    @extend_schema(responses=IndicationChoiceSerializer(many=True), operation_id="indications")
    def get(self, request: Request) -> Response:
        return Response(indications())


class ProductListView(APIView):
    """Products of the current guideline, with concentration, vials and hazards."""

    @extend_schema(responses=ProductChoiceSerializer(many=True), operation_id="products")
    def get(self, request: Request) -> Response:
        return Response(products())
