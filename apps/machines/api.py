"""Programs' tokens over the API, for administrators."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of, wards_of
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, LineField, WholeNumberField
from apps.edge.views import BedsideWriteView
from apps.kernel import clock
from apps.machines import services
from apps.machines.domain.scopes import LONGEST
from apps.machines.selectors import TokenRecord, tokens_seen_by


class NewServiceTokenSerializer(EntrySerializer):
    name = LineField(max_length=80)
    actions = serializers.ListField(child=CodeField(max_length=40), max_length=50)
    ward_ids = serializers.ListField(child=WholeNumberField(min_value=1, max_value=2**63 - 1), max_length=200)
    days = WholeNumberField(min_value=1, max_value=LONGEST.days)
    own_password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)


class ServiceTokenSerializer(serializers.Serializer[Any]):
    """A token without its secret, which nobody can read again."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField())
    wards = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)

    def get_wards(self, row: TokenRecord) -> list[str]:
        return [ward.name for ward in wards_of(row.person)]


class IssuedServiceTokenSerializer(ServiceTokenSerializer):
    """The token itself, this once."""

    token = serializers.CharField()


@extend_schema_view(
    post=extend_schema(
        request=NewServiceTokenSerializer,
        responses={201: IssuedServiceTokenSerializer},
        operation_id="create_service_token",
    )
)
class ServiceTokenListView(APIView):
    """The tokens of programs on one's wards; a new one, without Idempotency-Key: a stored answer would hold it."""

    rights = Action.ADMINISTER

    @extend_schema(responses=ServiceTokenSerializer(many=True), operation_id="service_tokens")
    def get(self, request: Request) -> Response:
        return Response(ServiceTokenSerializer(tokens_seen_by(staff_of(request)), many=True).data)

    def post(self, request: Request) -> Response:
        wanted = NewServiceTokenSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        issued = services.create_token(
            performer=staff_of(request), now=clock.now(), wall_now=clock.wall_now(), **wanted.validated_data
        )
        shown = ServiceTokenSerializer(issued.row).data
        return Response({**shown, "token": issued.token}, status=201)


class RevokeServiceTokenView(BedsideWriteView):
    """Take a program's token back."""

    rights = Action.ADMINISTER

    @extend_schema(request=None, responses=ServiceTokenSerializer, operation_id="revoke_service_token")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, token_id: int) -> Response:
        row = services.revoke_token(
            performer=staff_of(request), token_id=token_id, now=clock.now(), wall_now=clock.wall_now()
        )
        return Response(ServiceTokenSerializer(row).data)
