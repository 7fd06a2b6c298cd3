"""Who I am, and who is on call."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import services
from apps.accounts.domain.on_call import Stretch
from apps.accounts.selectors import Action, Staff, access_ward, on_call_roster, staff_of, wards_of
from apps.edge.entries import EntrySerializer
from apps.edge.rights import SIGNED_IN
from apps.edge.views import BedsideWriteView
from apps.kernel import clock


class WardSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    time_zone = serializers.CharField()


class MeSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    display_name = serializers.CharField()
    role = serializers.CharField()
    wards = WardSerializer(many=True)


class MeView(APIView):
    """The signed-in person and their wards."""

    rights = SIGNED_IN

    @extend_schema(responses=MeSerializer, operation_id="me")
    def get(self, request: Request) -> Response:
        user = staff_of(request)
        return Response(
            MeSerializer(
                {
                    "username": user.username,
                    "display_name": user.display_name,
                    "role": user.role,
                    "wards": wards_of(user),
                }
            ).data
        )


class WardListView(APIView):
    """The signed-in person's wards."""

    rights = SIGNED_IN

    @extend_schema(responses=WardSerializer(many=True), operation_id="wards")
    def get(self, request: Request) -> Response:
        return Response(WardSerializer(wards_of(staff_of(request)), many=True).data)


ROSTER_SPAN = timedelta(days=14)


class WardTimeField(serializers.DateTimeField):
    """A moment; without an offset, as a browser's date field sends it, it is the ward's own time."""

    def enforce_timezone(self, value: datetime) -> datetime:
        self.timezone = self.context["time_zone"]
        moment: datetime = super().enforce_timezone(value)
        return moment


class OnCallEntrySerializer(EntrySerializer):
    physician_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    starts_at = WardTimeField(required=False, help_text="now when left out")
    ends_at = WardTimeField()


class OnCallSerializer(serializers.Serializer[Any]):
    """A stretch of time without a change; nobody is on call where the names are null."""

    duty_id = serializers.IntegerField(allow_null=True)
    physician_id = serializers.IntegerField(allow_null=True)
    physician = serializers.CharField(allow_null=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


def roster(ward_id: int, *, now: datetime) -> list[dict[str, Any]]:
    """Who is on call from now on for two weeks, the first entry being now."""
    found = on_call_roster(ward_id, since=now, until=now + ROSTER_SPAN)
    return [_shown(stretch, physician) for stretch, physician in found]


def _shown(stretch: Stretch, physician: Staff | None) -> dict[str, Any]:
    return {
        "duty_id": stretch.duty.number if stretch.duty else None,
        "physician_id": physician.pk if physician else None,
        "physician": physician.display_name if physician else None,
        "starts_at": stretch.starts_at,
        "ends_at": stretch.ends_at,
    }


@extend_schema_view(
    post=extend_schema(
        request=OnCallEntrySerializer,
        responses={201: OnCallSerializer(many=True)},
        operation_id="set_on_call",
    )
)
class OnCallView(BedsideWriteView):
    """Who is on call for a ward during the next two weeks, and saying who is."""

    rights = {"GET": Action.SEE_ON_CALL, "POST": Action.SET_ON_CALL}

    @extend_schema(responses=OnCallSerializer(many=True), operation_id="on_call")
    def get(self, request: Request, ward_id: int) -> Response:
        ward = access_ward(staff_of(request), ward_id, Action.SEE_ON_CALL)
        return Response(OnCallSerializer(roster(ward.pk, now=clock.now()), many=True).data)

    def perform(self, request: Request, ward_id: int) -> Response:
        ward = access_ward(staff_of(request), ward_id, Action.SET_ON_CALL)
        entry = OnCallEntrySerializer(data=request.data, context={"time_zone": ZoneInfo(ward.time_zone)})
        entry.is_valid(raise_exception=True)
        now = clock.now()
        services.set_on_call(
            performer=staff_of(request),
            ward_id=ward.pk,
            now=now,
            **{"starts_at": None} | entry.validated_data,
        )
        return Response(OnCallSerializer(roster(ward.pk, now=now), many=True).data, status=201)


class WithdrawOnCallView(BedsideWriteView):
    """Take an on-call entry back."""

    rights = Action.SET_ON_CALL

    @extend_schema(request=None, responses=OnCallSerializer(many=True), operation_id="withdraw_on_call")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, duty_id: int) -> Response:
        now = clock.now()
        duty = services.withdraw_on_call(performer=staff_of(request), duty_id=duty_id, now=now)
        return Response(OnCallSerializer(roster(duty.ward_id, now=now), many=True).data)
