"""The board over HTTP: the snapshot, and what changed since."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.selectors import Action, access_ward, staff_of
from apps.dashboard.selectors import Names, board_changes, board_snapshot
from apps.edge.fields import WholeNumberField
from apps.kernel import clock


class BoardWardSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PersonSerializer(serializers.Serializer[Any]):
    """With `names=initials` the name holds initials, and age and pseudonym are left out."""

    name = serializers.CharField()
    bed = serializers.CharField()
    age_years = serializers.IntegerField(required=False)
    pseudonym = serializers.CharField(required=False)


class BoardSerializer(serializers.Serializer[Any]):
    ward = BoardWardSerializer()
    sequence = serializers.IntegerField()
    rows = serializers.ListField(child=serializers.DictField())
    people = serializers.DictField(child=PersonSerializer())
    server_now = serializers.DateTimeField()
    clock_speed = serializers.FloatField()


class SnapshotQuerySerializer(serializers.Serializer[Any]):
    names = serializers.ChoiceField([names.value for names in Names], default=Names.FULL.value)


class ChangesQuerySerializer(SnapshotQuerySerializer):
    after = WholeNumberField(min_value=0)


class BoardView(APIView):
    """The whole board of a ward."""

    rights = Action.SEE_BOARD

    @extend_schema(responses=BoardSerializer, operation_id="board", parameters=[SnapshotQuerySerializer])
    def get(self, request: Request, ward_id: int) -> HttpResponse:
        ward = access_ward(staff_of(request), ward_id, Action.SEE_BOARD)
        query = SnapshotQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        names = Names(query.validated_data["names"])
        return _as_it_is(board_snapshot(ward, now=clock.now(), names=names))


class BoardChangesView(APIView):
    """The rows that changed after a sequence."""

    rights = Action.SEE_BOARD

    @extend_schema(
        responses=BoardSerializer, operation_id="board_changes", parameters=[ChangesQuerySerializer]
    )
    def get(self, request: Request, ward_id: int) -> HttpResponse:
        ward = access_ward(staff_of(request), ward_id, Action.SEE_BOARD)
        query = ChangesQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        return _as_it_is(
            board_changes(ward, after=wanted["after"], now=clock.now(), names=Names(wanted["names"]))
        )


def _as_it_is(text: str) -> HttpResponse:
    """JSON that is text already."""
    return HttpResponse(text, content_type="application/json")
