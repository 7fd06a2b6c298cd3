"""Covers over the API: who stands in on a ward, and letting somebody do so."""

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api import WardTimeField
from apps.accounts.covering import covers_of_ward, grant_cover, withdraw_cover
from apps.accounts.selectors import Action, access_ward, staff_of
from apps.edge.entries import EntrySerializer
from apps.edge.fields import LineField
from apps.edge.views import BedsideWriteView
from apps.kernel import clock


class CoverEntrySerializer(EntrySerializer):
    person_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    starts_at = WardTimeField(required=False, help_text="now when left out")
    ends_at = WardTimeField()
    reason = LineField(max_length=200)


class CoverSerializer(serializers.Serializer[Any]):
    """A cover; it holds until its end, or until it was withdrawn."""

    id = serializers.IntegerField()
    person_id = serializers.IntegerField()
    person = serializers.CharField(source="person.display_name")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    reason = serializers.CharField()
    granted_by = serializers.CharField(source="granted_by.display_name")
    withdrawn_at = serializers.DateTimeField(allow_null=True)


@extend_schema_view(
    post=extend_schema(
        request=CoverEntrySerializer,
        responses={201: CoverSerializer(many=True)},
        operation_id="grant_cover",
    )
)
class CoverView(BedsideWriteView):
    """The covers of a ward that hold, come or ended lately; letting somebody of another ward stand in."""

    rights = {"GET": Action.SEE_COVERS, "POST": Action.GRANT_COVER}

    @extend_schema(responses=CoverSerializer(many=True), operation_id="covers")
    def get(self, request: Request, ward_id: int) -> Response:
        ward = access_ward(staff_of(request), ward_id, Action.SEE_COVERS)
        return Response(CoverSerializer(covers_of_ward(ward.pk, now=clock.now()), many=True).data)

    def perform(self, request: Request, ward_id: int) -> Response:
        ward = access_ward(staff_of(request), ward_id, Action.GRANT_COVER)
        entry = CoverEntrySerializer(data=request.data, context={"time_zone": ZoneInfo(ward.time_zone)})
        entry.is_valid(raise_exception=True)
        now = clock.now()
        grant_cover(
            performer=staff_of(request),
            ward_id=ward.pk,
            now=now,
            **{"starts_at": None} | entry.validated_data,
        )
        return Response(CoverSerializer(covers_of_ward(ward.pk, now=now), many=True).data, status=201)


class WithdrawCoverView(BedsideWriteView):
    """End a cover at once."""

    rights = Action.GRANT_COVER

    @extend_schema(request=None, responses=CoverSerializer(many=True), operation_id="withdraw_cover")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, cover_id: int) -> Response:
        now = clock.now()
        cover = withdraw_cover(performer=staff_of(request), cover_id=cover_id, now=now)
        return Response(CoverSerializer(covers_of_ward(cover.ward_id, now=now), many=True).data)
