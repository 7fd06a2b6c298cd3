"""The guideline over the API: indications as they are reviewed, products, and readings."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, require, staff_of
from apps.accounts.services import Signature, prove_identity
from apps.accounts.two_people import TwoSignaturesSerializer, prove_typed_signature
from apps.edge.entries import EntrySerializer
from apps.edge.fields import NoteField, PlainDecimalField, StrictDecimalField, WholeNumberField
from apps.edge.idempotency import was_answered
from apps.edge.views import BedsideWriteView
from apps.guidelines.choices import products
from apps.guidelines.domain.accepting import StatedReading
from apps.guidelines.domain.indications import BASES
from apps.guidelines.domain.search import IndicationFilter, find_indications
from apps.guidelines.presentation import indication_record
from apps.guidelines.selectors import (
    RegimenReadingRecord,
    SiteDocumentRecord,
    current_guidelines,
    site_documents,
)
from apps.guidelines.services import (
    accept_reading,
    approve_site_document,
    submit_site_document,
    withdraw_site_document,
)
from apps.kernel import clock

_FILTERS = ("q", "category", "evidence", "population", "document")


class ProductChoiceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    concentration_mg_per_ml = serializers.CharField(allow_null=True)
    vial_sizes_ml = serializers.ListField(child=serializers.IntegerField())
    hazards = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())


def _amount() -> StrictDecimalField:
    return StrictDecimalField(
        minimum=Decimal(1), maximum=Decimal(100_000), max_decimal_places=2, unit="mg/kg"
    )


class ReadingEntrySerializer(EntrySerializer):
    """How a regimen under query is to be read."""

    amount_mg_per_kg_min = _amount()
    amount_mg_per_kg_max = _amount()
    basis = serializers.ChoiceField(choices=[(basis, basis) for basis in BASES])
    days_min = WholeNumberField(min_value=1, max_value=31, required=False, allow_null=True)
    days_max = WholeNumberField(min_value=1, max_value=31, required=False, allow_null=True)
    reason = NoteField(max_length=2000, default="", allow_blank=True)
    signature = TwoSignaturesSerializer()


class ReadingSerializer(serializers.Serializer[RegimenReadingRecord]):
    id = serializers.IntegerField()
    indication_slug = serializers.CharField()
    regimen_code = serializers.CharField()
    amount_mg_per_kg_min = PlainDecimalField()
    amount_mg_per_kg_max = PlainDecimalField()
    basis = serializers.CharField()
    days_min = serializers.IntegerField(allow_null=True)
    days_max = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    physician = serializers.CharField(source="physician.display_name")
    second_person = serializers.CharField(source="second_person.display_name")
    accepted_at = serializers.DateTimeField()


class IndicationListView(APIView):
    """Indications of the current guideline, found as the page finds them."""

    rights = Action.READ_GUIDELINE

    @extend_schema(
        parameters=[OpenApiParameter(name, str) for name in _FILTERS],
        responses={200: {"type": "array", "items": {"type": "object"}}},
        operation_id="indications",
    )
    def get(self, request: Request) -> Response:
        require(staff_of(request), Action.READ_GUIDELINE)
        given = {name: request.query_params.get(name, "") for name in _FILTERS}
        wanted = IndicationFilter(text=given.pop("q")[:200], **given)
        found = find_indications(current_guidelines().indications, wanted)
        return Response([indication_record(indication) for indication in found])


class ProductListView(APIView):
    """Products of the current guideline, with concentration, vials, hazards and what is not verified."""

    rights = Action.READ_GUIDELINE

    @extend_schema(responses=ProductChoiceSerializer(many=True), operation_id="products")
    def get(self, request: Request) -> Response:
        return Response(products())


class ReadingView(BedsideWriteView):
    """State how a regimen under query is read: a physician and a second person, both signing."""

    rights = Action.ACCEPT_READING

    @extend_schema(
        request=ReadingEntrySerializer, responses={201: ReadingSerializer}, operation_id="accept_reading"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        prove_typed_signature(request)
        return super().post(request, **kwargs)

    def perform(self, request: Request, slug: str, regimen_code: str) -> Response:
        entry = ReadingEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        data = dict(entry.validated_data)
        reading = accept_reading(
            performer=staff_of(request),
            signature=Signature(**data.pop("signature")),
            indication_slug=slug,
            regimen_code=regimen_code,
            reason=data.pop("reason"),
            reading=StatedReading(
                amount_mg_per_kg_min=data["amount_mg_per_kg_min"],
                amount_mg_per_kg_max=data["amount_mg_per_kg_max"],
                basis=data["basis"],
                days_min=data.get("days_min"),
                days_max=data.get("days_max"),
            ),
            now=clock.now(),
        )
        return Response(ReadingSerializer(reading).data, status=201)


class SiteDocumentEntrySerializer(EntrySerializer):
    """A document of the site, as YAML."""

    content = NoteField(max_length=200_000, trim_whitespace=False)
    note = NoteField(max_length=2000, default="", allow_blank=True)


class SiteDocumentSerializer(serializers.Serializer[SiteDocumentRecord]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    number = serializers.IntegerField()
    title = serializers.CharField(source="content.title")
    sha256 = serializers.CharField()
    note = serializers.CharField()
    author = serializers.CharField(source="author.display_name")
    submitted_at = serializers.DateTimeField()
    approver = serializers.CharField(source="approver.display_name", default=None, allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawal_reason = serializers.CharField()
    content = serializers.JSONField()


class ApprovalSerializer(EntrySerializer):
    own_password = serializers.CharField(max_length=200, trim_whitespace=False)


class WithdrawalSerializer(EntrySerializer):
    reason = NoteField(max_length=2000, default="", allow_blank=True)


class SiteDocumentListView(BedsideWriteView):
    """Documents of the site: every version, and submitting one more."""

    rights = {"GET": Action.READ_GUIDELINE, "POST": Action.AUTHOR_GUIDELINE}

    @extend_schema(responses=SiteDocumentSerializer(many=True), operation_id="site_documents")
    def get(self, request: Request) -> Response:
        require(staff_of(request), Action.READ_GUIDELINE)
        return Response(SiteDocumentSerializer(site_documents(), many=True).data)

    @extend_schema(
        request=SiteDocumentEntrySerializer,
        responses={201: SiteDocumentSerializer},
        operation_id="submit_site_document",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        entry = SiteDocumentEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        document = submit_site_document(performer=staff_of(request), now=clock.now(), **entry.validated_data)
        return Response(SiteDocumentSerializer(document).data, status=201)


class SiteDocumentApprovalView(BedsideWriteView):
    """Approve a document somebody else wrote: new courses are planned with it."""

    rights = Action.APPROVE_GUIDELINE

    @extend_schema(
        request=ApprovalSerializer, responses=SiteDocumentSerializer, operation_id="approve_site_document"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        # Proved before the unit of work: a refusal is counted whatever becomes of the rest.
        entry = ApprovalSerializer(data=request.data)
        if entry.is_valid() and not was_answered(request):
            prove_identity(
                user=staff_of(request),
                password=entry.validated_data["own_password"],
                field="own_password",
                wall_now=clock.wall_now(),
                code="own_password_wrong",
            )
        return super().post(request, **kwargs)

    def perform(self, request: Request, document_id: int) -> Response:
        entry = ApprovalSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        document = approve_site_document(
            performer=staff_of(request), document_id=document_id, now=clock.now(), **entry.validated_data
        )
        return Response(SiteDocumentSerializer(document).data)


class SiteDocumentWithdrawalView(BedsideWriteView):
    """Take a document of the site out of use."""

    rights = Action.APPROVE_GUIDELINE

    @extend_schema(
        request=WithdrawalSerializer, responses=SiteDocumentSerializer, operation_id="withdraw_site_document"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, document_id: int) -> Response:
        entry = WithdrawalSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        document = withdraw_site_document(
            performer=staff_of(request), document_id=document_id, now=clock.now(), **entry.validated_data
        )
        return Response(SiteDocumentSerializer(document).data)
