"""Handing patients over."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors import Action, staff_of
from apps.edge.entries import EntrySerializer
from apps.edge.fields import NoteField, WholeNumberField
from apps.edge.views import BedsideWriteView
from apps.infusions import services
from apps.infusions.api.shapes import HandoverSerializer, SessionSerializer
from apps.infusions.api.views import shown
from apps.infusions.selectors import offers_to
from apps.kernel import clock


class OfferEntrySerializer(EntrySerializer):
    session_ids = serializers.ListField(child=WholeNumberField(), max_length=100)
    given_to_id = WholeNumberField()
    note = NoteField(max_length=1000, required=False, default="", allow_blank=True)


@extend_schema_view(
    post=extend_schema(
        request=OfferEntrySerializer,
        responses={201: HandoverSerializer(many=True)},
        operation_id="offer_handover",
    )
)
class HandoverListView(BedsideWriteView):
    """Patients offered to me, and offering mine to a colleague."""

    rights = Action.RUN_INFUSION

    @extend_schema(responses=HandoverSerializer(many=True), operation_id="handovers_offered_to_me")
    def get(self, request: Request) -> Response:
        return Response(HandoverSerializer(offers_to(staff_of(request)), many=True).data)

    def perform(self, request: Request) -> Response:
        entry = OfferEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        offers = services.offer_handover(performer=staff_of(request), now=clock.now(), **entry.validated_data)
        return Response(HandoverSerializer(offers, many=True).data, status=201)


class HandoverAnswerView(BedsideWriteView):
    """An answer to an offer; replies with the session as it is afterwards."""

    rights = Action.RUN_INFUSION
    act: Callable[..., Any]

    def perform(self, request: Request, handover_id: int) -> Response:
        session = self.act(performer=staff_of(request), handover_id=handover_id, now=clock.now())
        return Response(shown(staff_of(request), session.pk))


def _answer(operation_id: str, act: Callable[..., Any], doc: str) -> type[HandoverAnswerView]:
    name = "".join(word.capitalize() for word in operation_id.split("_")) + "View"
    view = type(name, (HandoverAnswerView,), {"act": staticmethod(act), "__doc__": doc})
    schema = extend_schema(request=None, responses=SessionSerializer, operation_id=operation_id)
    documented: type[HandoverAnswerView] = extend_schema_view(post=schema)(view)
    return documented


AcceptHandoverView = _answer("accept_handover", services.accept_handover, "Accept a patient by name.")
WithdrawHandoverView = _answer(
    "withdraw_handover", services.withdraw_handover, "Take an offer back, or decline it."
)
