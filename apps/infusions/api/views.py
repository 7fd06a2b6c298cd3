"""The bedside calls. Every write answers with the session as it is afterwards."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, Staff, staff_of
from apps.edge.preferences import PREFER, wants_little
from apps.edge.views import BedsideWriteView
from apps.infusions import services
from apps.infusions.api.entries import (
    PrepareEntrySerializer,
    StartEntrySerializer,
    VialEntrySerializer,
    VitalsEntrySerializer,
)
from apps.infusions.api.shapes import (
    SESSION_ANSWER,
    SessionBriefSerializer,
    SessionSerializer,
    TimelineEntrySerializer,
)
from apps.infusions.in_hand import session_in_hand
from apps.infusions.presentation import present
from apps.infusions.rows import guidelines_of, last_change
from apps.infusions.selectors import access_session
from apps.infusions.timeline import changes_since
from apps.kernel import clock
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.numbers import plain
from apps.kernel.text import N_


def shown(user: Staff, session_id: int) -> dict[str, Any]:
    """The session as JSON, for this person, now."""
    session = access_session(user, session_id)
    data: dict[str, Any] = SessionSerializer(present(session, now=clock.now(), viewer=user)).data
    return data


def brief(session_id: int) -> dict[str, Any]:
    """The session just written, for a client that asked for no more than what it needs to go on."""
    data: dict[str, Any] = SessionBriefSerializer(session_in_hand(session_id)).data
    return data


def what_changed(request: Request, session_id: int, at: datetime | None) -> dict[str, Any]:
    """For somebody who was not first: the session as it is, and what others did since what they saw.

    They saw the `version` they sent, also with an act that needs none; without it, what was at `at`.
    """
    session = access_session(staff_of(request), session_id)
    seen = str(request.data.get("version", ""))
    rate = last_change(session)
    changes = changes_since(
        session, guidelines_of(session), version=int(seen) if seen.isdecimal() else None, at=at
    )
    return {
        "version": session.version,
        "state": session.state,
        "step_index": session.step_index,
        "rate_ml_per_h": plain(rate.rate_ml_per_h) if rate else None,
        "changes": TimelineEntrySerializer(changes, many=True).data,
    }


def refuse_unconfirmed(data: dict[str, Any]) -> None:
    """Raises DomainError `identity_not_confirmed` unless the wristband was checked."""
    if not data.pop("identity_confirmed"):
        raise DomainError(
            "identity_not_confirmed", N_("Check the patient's wristband and confirm it, then go on.")
        )


class SessionDetailView(APIView):
    """One infusion of my wards."""

    rights = Action.SEE_PATIENTS

    @extend_schema(responses=SessionSerializer, operation_id="session")
    def get(self, request: Request, session_id: int) -> Response:
        return Response(shown(staff_of(request), session_id))


@extend_schema_view(
    post=extend_schema(
        request=PrepareEntrySerializer, responses={201: SessionSerializer}, operation_id="prepare_session"
    )
)
class PrepareView(BedsideWriteView):
    """Lay out a day of a course; nothing runs yet."""

    rights = Action.RUN_INFUSION

    def perform(self, request: Request, course_id: int) -> Response:
        entry = PrepareEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        session = services.prepare_session(
            performer=staff_of(request),
            course_id=course_id,
            now=clock.now(),
            **entry.validated_data,
        )
        return Response(shown(staff_of(request), session.pk), status=201)


@extend_schema_view(
    post=extend_schema(
        request=StartEntrySerializer, responses={201: SessionSerializer}, operation_id="start_session"
    )
)
class StartView(BedsideWriteView):
    """Start a day of a course."""

    rights = Action.RUN_INFUSION

    def perform(self, request: Request, course_id: int) -> Response:
        entry = StartEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        data = dict(entry.validated_data)
        refuse_unconfirmed(data)
        session = services.start_session(
            performer=staff_of(request),
            course_id=course_id,
            day_number=data["day_number"],
            baseline=VitalsEntrySerializer.as_vitals(data["baseline"]),
            vials=[VialEntrySerializer.as_vial(vial) for vial in data["vials"]],
            start_step_index=data["start_step_index"],
            identity_scanned=data["identity_scanned"],
            now=clock.now(),
        )
        return Response(shown(staff_of(request), session.pk), status=201)


class SessionWriteView(BedsideWriteView):
    """A write to a session: check the entry, let the service act, answer with the session."""

    rights = Action.RUN_INFUSION
    entry: type[serializers.Serializer[Any]]
    act: Callable[..., Any]

    def perform(self, request: Request, session_id: int, **kwargs: Any) -> Response:
        entry = self.entry(data=request.data)
        entry.is_valid(raise_exception=True)
        try:
            self.act(
                performer=staff_of(request),
                session_id=session_id,
                now=clock.now(),
                **kwargs,
                **entry.validated_data,
            )
        except ConflictError as conflict:
            conflict.extra |= what_changed(request, session_id, entry.validated_data.get("effective_at"))
            raise
        return Response(brief(session_id) if wants_little(request) else shown(staff_of(request), session_id))


def session_write(
    operation_id: str,
    entry: type[serializers.Serializer[Any]],
    act: Callable[..., Any],
    *,
    rights: Action = Action.RUN_INFUSION,
) -> type[SessionWriteView]:
    """The view of one act: `act(performer, session_id, now, **what was sent and stands in the address)`."""
    doc = f"{operation_id.replace('_', ' ').capitalize()}."
    name = "".join(word.capitalize() for word in operation_id.split("_")) + "View"
    parts = {"entry": entry, "act": staticmethod(act), "rights": rights, "__doc__": doc}
    view = type(name, (SessionWriteView,), parts)
    schema = extend_schema(
        request=entry, responses=SESSION_ANSWER, operation_id=operation_id, parameters=[PREFER]
    )
    documented: type[SessionWriteView] = extend_schema_view(post=schema)(view)
    return documented
