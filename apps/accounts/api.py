"""Sign-in for machines and scripts, and who I am."""

from typing import Any

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import staff_of, wards_of
from apps.kernel.errors import DomainError
from apps.kernel.text import N_


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class WardSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    time_zone = serializers.CharField()


class MeSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    display_name = serializers.CharField()
    role = serializers.CharField()
    wards = WardSerializer(many=True)


class TokenView(APIView):
    """Exchange a name and a password for a token; only its hash is stored, and it expires."""

    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(request=CredentialsSerializer, responses=TokenSerializer, operation_id="auth_token")
    def post(self, request: Request) -> Response:
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        user = authenticate(request, **credentials.validated_data)
        if user is None:
            raise DomainError(
                "sign_in_refused", N_("The name or the password is wrong. Check both and try again.")
            )
        instance, token = AuthToken.objects.create(user)
        return Response(TokenSerializer({"token": token, "expires_at": instance.expiry}).data)


class MeView(APIView):
    """The signed-in person and their wards."""

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

    @extend_schema(responses=WardSerializer(many=True), operation_id="wards")
    def get(self, request: Request) -> Response:
        return Response(WardSerializer(wards_of(staff_of(request)), many=True).data)
