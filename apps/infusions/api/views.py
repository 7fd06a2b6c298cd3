"""The bedside calls. Every write answers with the session as it is afterwards."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Staff, staff_of
from apps.edge.views import BedsideWriteView
from apps.infusions import services
from apps.infusions.api.entries import (
    CompleteEntrySerializer,
    EmptyEntrySerializer,
    LowerRateEntrySerializer,
    ObservationEntrySerializer,
    ReactionEntrySerializer,
    ReasonEntrySerializer,
    ResumeEntrySerializer,
    StartEntrySerializer,
    VersionEntrySerializer,
    VitalsEntrySerializer,
)
from apps.infusions.api.shapes import SessionSerializer
from apps.infusions.presentation import present
from apps.infusions.selectors import access_session
from apps.infusions.services.starting import LotEntry
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_Post = TypeVar("_Post", bound=Callable[..., Response])


def shown(user: Staff, session_id: int) -> dict[str, Any]:
    """The session as JSON, for this person, now."""
    session = access_session(user, session_id)
    data: dict[str, Any] = SessionSerializer(present(session, now=clock.now())).data
    return data


class SessionDetailView(APIView):
    """One infusion of my wards."""

    @extend_schema(responses=SessionSerializer, operation_id="session")
    def get(self, request: Request, session_id: int) -> Response:
        return Response(shown(staff_of(request), session_id))


class StartView(BedsideWriteView):
    """Start a day of a course."""

    @extend_schema(
        request=StartEntrySerializer, responses={201: SessionSerializer}, operation_id="start_session"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, course_id: int) -> Response:
        entry = StartEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        data = entry.validated_data
        if not data["identity_confirmed"]:
            raise DomainError(
                "identity_not_confirmed", N_("Check the patient's wristband and confirm it, then start.")
            )
        session = services.start_session(
            performer=staff_of(request),
            course_id=course_id,
            day_number=data["day_number"],
            baseline=VitalsEntrySerializer.as_vitals(data["baseline"]),
            lots=[LotEntry(**lot) for lot in data["lots"]],
            now=clock.now(),
        )
        return Response(shown(staff_of(request), session.pk), status=201)


class SessionWriteView(BedsideWriteView):
    """A write to a session: check the entry, let the service act, answer with the session."""

    entry: type[serializers.Serializer[Any]]
    service: Callable[..., Any]

    def perform(self, request: Request, session_id: int, **kwargs: Any) -> Response:
        entry = self.entry(data=request.data)
        entry.is_valid(raise_exception=True)
        self.act(request, session_id, dict(entry.validated_data), **kwargs)
        return Response(shown(staff_of(request), session_id))

    def act(self, request: Request, session_id: int, data: dict[str, Any], **kwargs: Any) -> None:
        """Call the service; subclasses with more to arrange override this."""
        self.service(performer=staff_of(request), session_id=session_id, now=clock.now(), **kwargs, **data)


def _schema(entry: Any, name: str) -> Callable[[_Post], _Post]:
    return extend_schema(request=entry, responses=SessionSerializer, operation_id=name)


class ObservationView(SessionWriteView):
    """Record vital signs."""

    entry = ObservationEntrySerializer

    @_schema(ObservationEntrySerializer, "record_observation")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def act(self, request: Request, session_id: int, data: dict[str, Any], **kwargs: Any) -> None:
        services.record_observation(
            performer=staff_of(request),
            session_id=session_id,
            vitals=VitalsEntrySerializer.as_vitals(data),
            note=data["note"],
            now=clock.now(),
        )


class ConfirmStepView(SessionWriteView):
    """Confirm that the pump runs at the next step's rate."""

    entry = VersionEntrySerializer
    service = staticmethod(services.confirm_step)

    @_schema(VersionEntrySerializer, "confirm_step")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class LowerRateView(SessionWriteView):
    """Go back to an earlier step."""

    entry = LowerRateEntrySerializer
    service = staticmethod(services.lower_rate)

    @_schema(LowerRateEntrySerializer, "lower_rate")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class PauseView(SessionWriteView):
    """Note a pause."""

    entry = ReasonEntrySerializer
    service = staticmethod(services.pause_session)

    @_schema(ReasonEntrySerializer, "pause_session")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class ResumeView(SessionWriteView):
    """Go on after a pause."""

    entry = ResumeEntrySerializer
    service = staticmethod(services.resume_session)

    @_schema(ResumeEntrySerializer, "resume_session")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class StopView(SessionWriteView):
    """Stop for good."""

    entry = ReasonEntrySerializer
    service = staticmethod(services.stop_session)

    @_schema(ReasonEntrySerializer, "stop_session")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class CompleteView(SessionWriteView):
    """The volume is in."""

    entry = CompleteEntrySerializer
    service = staticmethod(services.complete_session)

    @_schema(CompleteEntrySerializer, "complete_session")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class ReactionView(SessionWriteView):
    """Record a reaction and what was done at once."""

    entry = ReactionEntrySerializer

    @_schema(ReactionEntrySerializer, "record_reaction")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def act(self, request: Request, session_id: int, data: dict[str, Any], **kwargs: Any) -> None:
        now = clock.now()
        onset_at = data.pop("onset_at", None) or now
        services.record_reaction(
            performer=staff_of(request), session_id=session_id, onset_at=onset_at, now=now, **data
        )


class ResolveReactionView(SessionWriteView):
    """Say that a reaction has passed."""

    entry = EmptyEntrySerializer
    service = staticmethod(services.resolve_reaction)

    @_schema(None, "resolve_reaction")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)
