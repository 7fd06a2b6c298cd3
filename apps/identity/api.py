"""Sign-in for scripts: a name and a password for a token that expires."""

from typing import Any

from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.edge.entries import EntrySerializer
from apps.identity.origins import knock_of
from apps.identity.selectors import must_have_factor, standing_of
from apps.identity.services import know_place, open_door, prove_code, record_passing
from apps.kernel import clock
from apps.kernel.errors import DomainError, ForbiddenError
from apps.kernel.text import N_


class CredentialsSerializer(EntrySerializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    code = serializers.CharField(
        max_length=40,
        required=False,
        help_text="of the authenticator, or a recovery code, where there is one",
    )


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class TokenView(APIView):
    """Exchange a name and a password for a token; only its hash is stored, and it expires.

    Who has a second factor sends a code of it as well. After too many failures the answer is 429 with Retry-After.
    """

    rights = "public"
    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(request=CredentialsSerializer, responses=TokenSerializer, operation_id="auth_token")
    def post(self, request: Request) -> Response:
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        entry = credentials.validated_data
        wall_now, now = clock.wall_now(), clock.now()
        knock = knock_of(request._request, entry["username"])
        user = open_door(knock=knock, password=entry["password"], wall_now=wall_now, now=now)
        if user.first_password_until is not None:
            raise ForbiddenError(
                "password_must_change",
                N_("Somebody else chose this password. Sign in at the page first and choose your own."),
            )
        how = "password"
        if standing_of(user).has_factor:
            if "code" not in entry:
                raise DomainError(
                    "code_needed",
                    N_("This account has a second factor. Send a code of it beside the password."),
                    extra={"field": "code"},
                )
            how += "+" + prove_code(user=user, code=entry["code"], wall_now=wall_now, now=now)
        elif must_have_factor(user):
            raise ForbiddenError(
                "factor_needed",
                N_("Your role needs a second factor. Sign in at the page first and add one."),
            )
        instance, token = AuthToken.objects.create(user)
        know_place(user_id=user.pk, knock=knock, wall_now=wall_now)
        record_passing(user_id=user.pk, how=f"token:{how}", device="none", now=now)
        return Response(TokenSerializer({"token": token, "expires_at": instance.expiry}).data)
