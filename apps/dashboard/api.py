"""The board over HTTP: the snapshot, and what changed since."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, access_ward, staff_of
from apps.dashboard.selectors import board_changes, board_snapshot
from apps.kernel import clock


class BoardWardSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PersonSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    age_years = serializers.IntegerField()
    bed = serializers.CharField()
    pseudonym = serializers.CharField()


class BoardSerializer(serializers.Serializer[Any]):
    ward = BoardWardSerializer()
    sequence = serializers.IntegerField()
    rows = serializers.ListField(child=serializers.DictField())
    people = serializers.DictField(child=PersonSerializer())
    server_now = serializers.DateTimeField()
    clock_speed = serializers.FloatField()


class AfterSerializer(serializers.Serializer[Any]):
    after = serializers.IntegerField(min_value=0)


class BoardView(APIView):
    """The whole board of a ward."""

    @extend_schema(responses=BoardSerializer, operation_id="board")
    def get(self, request: Request, ward_id: int) -> Response:
        ward = access_ward(staff_of(request), ward_id, Action.SEE_BOARD)
        return Response(board_snapshot(ward, now=clock.now()))


class BoardChangesView(APIView):
    """The rows that changed after a sequence."""

    @extend_schema(
        responses=BoardSerializer,
        operation_id="board_changes",
        parameters=[OpenApiParameter("after", OpenApiTypes.INT, required=True)],
    )
    def get(self, request: Request, ward_id: int) -> Response:
        ward = access_ward(staff_of(request), ward_id, Action.SEE_BOARD)
        query = AfterSerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        return Response(board_changes(ward, after=query.validated_data["after"], now=clock.now()))
