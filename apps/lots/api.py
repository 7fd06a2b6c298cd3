"""Lots on hold over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors import Action, require, staff_of
from apps.accounts.services import prove_identity
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, NoteField
from apps.edge.views import BedsideWriteView
from apps.guidelines.selectors import current_guidelines
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.lots.selectors import LotHold, access_hold, holds
from apps.lots.services import agree_to_release, hold_lot, keep_on_hold


class LotHoldEntrySerializer(EntrySerializer):
    """The lot, and why it must not be hung, in a sentence that nurses will read."""

    product_code = CodeField(max_length=80)
    lot_number = CodeField(max_length=40)
    reason = NoteField(max_length=300)


class ReasonSerializer(EntrySerializer):
    reason = NoteField(max_length=300)


class AgreementSerializer(ReasonSerializer):
    """Why the lot may be hung again, signed with one's own password."""

    own_password = serializers.CharField(max_length=200, write_only=True, trim_whitespace=False)


class LotHoldSerializer(serializers.Serializer[LotHold]):
    """A lot on hold, or one that was."""

    id = serializers.IntegerField()
    product_code = serializers.CharField()
    product = serializers.SerializerMethodField()
    lot_number = serializers.CharField()
    reason = serializers.CharField()
    state = serializers.CharField()
    held_at = serializers.DateTimeField()
    held_by = serializers.CharField(source="held_by.display_name")
    release_asked_at = serializers.DateTimeField(allow_null=True)
    release_asked_by = serializers.CharField(source="release_asked_by.display_name", default=None)
    release_reason = serializers.CharField()
    released_at = serializers.DateTimeField(allow_null=True)
    released_by = serializers.CharField(source="released_by.display_name", default=None)
    agreement = serializers.CharField()

    def get_product(self, hold: LotHold) -> str:
        names = {product.code: product.name for product in current_guidelines().products}
        return names.get(hold.product_code, hold.product_code)


class HoldListView(BedsideWriteView):
    """Lots on hold, and those that were; putting one on hold."""

    rights = {"GET": Action.SEE_LOTS, "POST": Action.HOLD_LOT}

    @extend_schema(responses=LotHoldSerializer(many=True))
    def get(self, request: Request) -> Response:
        require(staff_of(request), Action.SEE_LOTS)
        return Response(LotHoldSerializer(holds(), many=True).data)

    @extend_schema(request=LotHoldEntrySerializer, responses={201: LotHoldSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        entry = LotHoldEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        _refuse_unknown_product(entry.validated_data["product_code"])
        hold = hold_lot(performer=staff_of(request), now=clock.now(), **entry.validated_data)
        return Response(LotHoldSerializer(hold).data, status=201)


class ReleaseView(BedsideWriteView):
    """One of two agrees to release a lot: the first asks, somebody else ends the hold."""

    rights = Action.HOLD_LOT

    @extend_schema(request=AgreementSerializer, responses=LotHoldSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Who it is is proved before the unit of work: a refusal is counted whatever becomes of the rest."""
        access_hold(staff_of(request), kwargs["hold_id"], Action.HOLD_LOT)
        entry = AgreementSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        prove_identity(
            user=staff_of(request),
            password=entry.validated_data["own_password"],
            field="own_password",
            wall_now=clock.wall_now(),
        )
        return super().post(request, **kwargs)

    def perform(self, request: Request, hold_id: int) -> Response:
        entry = AgreementSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        hold = agree_to_release(
            performer=staff_of(request),
            hold_id=hold_id,
            now=clock.now(),
            reason=entry.validated_data["reason"],
        )
        return Response(LotHoldSerializer(hold).data)


class KeepView(BedsideWriteView):
    """Somebody does not agree to the release that was asked for, or takes back having asked."""

    rights = Action.HOLD_LOT

    @extend_schema(request=ReasonSerializer, responses=LotHoldSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, hold_id: int) -> Response:
        entry = ReasonSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        hold = keep_on_hold(
            performer=staff_of(request), hold_id=hold_id, now=clock.now(), **entry.validated_data
        )
        return Response(LotHoldSerializer(hold).data)


def _refuse_unknown_product(product_code: str) -> None:
    if product_code not in {product.code for product in current_guidelines().products}:
        raise DomainError(
            "unknown_product",
            N_("The guideline knows no such product. Choose one from the list."),
            extra={"field": "product_code"},
        )
