"""Sessions, the lock of a shared screen, and one's PIN, over the API."""

from typing import Any

from django.contrib.auth import login
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.devices import cookie, services
from apps.devices.selectors import SignedIn, name_of_badge, own_session_id, people_signed_in
from apps.edge.entries import EntrySerializer
from apps.edge.fields import LineField
from apps.edge.performer import expect_performer
from apps.edge.rights import SIGNED_IN
from apps.edge.views import BedsideWriteView
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_BACKEND = "django.contrib.auth.backends.ModelBackend"


class SecretField(serializers.CharField):
    """Typed as it is, and never shown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, trim_whitespace=False, write_only=True, **kwargs)


class UnlockSerializer(EntrySerializer):
    """Either of the two."""

    pin = SecretField(required=False)
    own_password = SecretField(required=False)


class SwitchSerializer(EntrySerializer):
    """Whose PIN it is, by the name or by the badge."""

    username = LineField(max_length=150, required=False)
    badge = SecretField(required=False)
    pin = SecretField()


class BadgeSerializer(EntrySerializer):
    own_password = SecretField()
    badge = SecretField()


class BadgeSetSerializer(serializers.Serializer[Any]):
    has_badge = serializers.BooleanField()


class SwitchedSerializer(serializers.Serializer[Any]):
    locked = serializers.BooleanField()
    same_person = serializers.BooleanField(help_text="it was the session's own person: the page stays")


class PinSerializer(EntrySerializer):
    own_password = SecretField()
    pin = SecretField()


class ScreenSerializer(serializers.Serializer[Any]):
    locked = serializers.BooleanField()


class EndedSerializer(serializers.Serializer[Any]):
    ended = serializers.IntegerField()


class OpenSessionSerializer(serializers.Serializer[Any]):
    device_name = serializers.CharField(help_text="browser and system; empty when it is not known")
    quick = serializers.BooleanField(help_text="opened with the PIN")
    opened_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(help_text="to some minutes")


class SignedInSerializer(serializers.Serializer[SignedIn]):
    """A colleague who is signed in."""

    id = serializers.IntegerField(source="person.pk")
    name = serializers.CharField(source="person.display_name")
    role = serializers.CharField(source="person.role")
    sessions = OpenSessionSerializer(many=True)
    tokens = serializers.IntegerField(help_text="programs signed in with the person's name")


class PinSetSerializer(serializers.Serializer[Any]):
    has_pin = serializers.BooleanField()


def _own_screen(request: Request) -> int:
    """The session behind a page. Raises DomainError `no_screen` for a token or an unbound session."""
    user = staff_of(request)
    session_id = own_session_id(request._request.session) if request.auth is None else None
    if session_id is None or not user.is_active:
        raise DomainError("no_screen", N_("Only the session of a page has a screen to lock."))
    return session_id


class LockView(APIView):
    """Lock this session's screen now."""

    rights = SIGNED_IN

    @extend_schema(request=None, responses=ScreenSerializer, operation_id="lock_screen")
    def post(self, request: Request) -> Response:
        services.lock_screen(session_id=_own_screen(request), wall_now=clock.wall_now())
        return Response({"locked": True})


class UnlockView(APIView):
    """Open a locked screen with the PIN or the password of the session's own person."""

    rights = SIGNED_IN

    @extend_schema(request=UnlockSerializer, responses=ScreenSerializer, operation_id="unlock_screen")
    def post(self, request: Request) -> Response:
        expect_performer(request)
        session_id = _own_screen(request)
        typed = UnlockSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        services.unlock_screen(
            performer=staff_of(request),
            session_id=session_id,
            pin=typed.validated_data.get("pin", ""),
            own_password=typed.validated_data.get("own_password", ""),
            now=clock.now(),
            wall_now=clock.wall_now(),
        )
        return Response({"locked": False})


class TouchView(APIView):
    """A page says that it is being used; how long ago it was touched stands in `Ivig-Idle`."""

    rights = SIGNED_IN

    @extend_schema(request=None, responses=ScreenSerializer, operation_id="touch_screen")
    def post(self, request: Request) -> Response:
        _own_screen(request)
        return Response({"locked": False})


class SwitchView(APIView):
    """Somebody else takes the device over with their PIN, where they signed in fully within 12 hours."""

    rights = SIGNED_IN

    @extend_schema(request=SwitchSerializer, responses=SwitchedSerializer, operation_id="switch_person")
    def post(self, request: Request) -> Response:
        session_id, present = _own_screen(request), staff_of(request)
        typed = SwitchSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        badge, pin = typed.validated_data.get("badge", ""), typed.validated_data["pin"]
        username = name_of_badge(badge) if badge else typed.validated_data.get("username", "")
        wall_now = clock.wall_now()
        same = username == present.username
        if same:
            services.unlock_screen(
                performer=present,
                session_id=session_id,
                pin=pin,
                own_password="",  # nosec B106  # the PIN is asked instead
                now=clock.now(),
                wall_now=wall_now,
            )
        else:
            person, until = services.quick_person(
                username=username, pin=pin, device=cookie.device_of(request._request), wall_now=wall_now
            )
            setattr(request._request, cookie.QUICK_UNTIL, until)
            login(request._request, person, backend=_BACKEND)
        return Response({"locked": False, "same_person": same})


class PinView(APIView):
    """Choose one's PIN. Takes no Idempotency-Key: nothing may be kept of it but its hash."""

    rights = SIGNED_IN

    @extend_schema(request=PinSerializer, responses=PinSetSerializer, operation_id="set_pin")
    def post(self, request: Request) -> Response:
        typed = PinSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        services.set_pin(performer=staff_of(request), wall_now=clock.wall_now(), **typed.validated_data)
        return Response({"has_pin": True})


class RemovePinView(BedsideWriteView):
    """Have no PIN any more."""

    rights = SIGNED_IN

    @extend_schema(request=None, responses=PinSetSerializer, operation_id="remove_pin")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        services.remove_pin(performer=staff_of(request))
        return Response({"has_pin": False})


class BadgeView(APIView):
    """Have a badge stand for one's name on a locked screen. Takes no Idempotency-Key, as the PIN does not."""

    rights = SIGNED_IN

    @extend_schema(request=BadgeSerializer, responses=BadgeSetSerializer, operation_id="set_badge")
    def post(self, request: Request) -> Response:
        typed = BadgeSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        services.set_badge(performer=staff_of(request), wall_now=clock.wall_now(), **typed.validated_data)
        return Response({"has_badge": True})


class RemoveBadgeView(BedsideWriteView):
    """Have no badge any more."""

    rights = SIGNED_IN

    @extend_schema(request=None, responses=BadgeSetSerializer, operation_id="remove_badge")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        services.remove_badge(performer=staff_of(request))
        return Response({"has_badge": False})


class EndSessionView(BedsideWriteView):
    """End one of one's own sessions."""

    rights = SIGNED_IN

    @extend_schema(request=None, responses=EndedSerializer, operation_id="end_session")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, device_session_id: int) -> Response:
        services.end_session(performer=staff_of(request), session_id=device_session_id, now=clock.now())
        return Response({"ended": 1})


class EndOthersView(BedsideWriteView):
    """End all one's sessions but this one, and withdraw one's API tokens."""

    rights = SIGNED_IN

    @extend_schema(request=None, responses=EndedSerializer, operation_id="end_other_sessions")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        kept = own_session_id(request._request.session) if request.auth is None else None
        ended = services.end_other_sessions(performer=staff_of(request), kept_id=kept, now=clock.now())
        return Response({"ended": ended})


class StaffSessionsView(APIView):
    """Who of my wards is signed in, and where."""

    rights = Action.ADMINISTER

    @extend_schema(responses=SignedInSerializer(many=True), operation_id="staff_sessions")
    def get(self, request: Request) -> Response:
        people = people_signed_in(staff_of(request), wall_now=clock.wall_now())
        return Response(SignedInSerializer(people, many=True).data)


class EndStaffSessionsView(BedsideWriteView):
    """End every session of a colleague, and sign their programs out."""

    rights = Action.ADMINISTER

    @extend_schema(request=None, responses=EndedSerializer, operation_id="end_staff_sessions")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, staff_id: int) -> Response:
        ended = services.end_colleagues_sessions(
            performer=staff_of(request), staff_id=staff_id, now=clock.now()
        )
        return Response({"ended": ended})
