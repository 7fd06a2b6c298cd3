"""Erasing who a patient is, over the API: an administrator asks, and somebody of the ward signs with them."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors import Action, staff_of
from apps.accounts.services import Signature
from apps.accounts.two_people import TwoSignaturesSerializer, prove_typed_signature
from apps.edge.entries import EntrySerializer
from apps.edge.fields import LineField, NoteField
from apps.edge.views import BedsideWriteView
from apps.kernel import clock
from apps.kernel.errors import ConflictError, NotFoundError
from apps.kernel.text import N_
from apps.patients.selectors import number_of_pseudonym
from apps.retention.services import Erased, erase_identity


class ErasureEntrySerializer(EntrySerializer):
    """Whose identity is erased, why, and who answers for it."""

    pseudonym = LineField(max_length=20)
    reason = NoteField(max_length=1000)
    although_open = NoteField(
        max_length=1000,
        default="",
        allow_blank=True,
        help_text="why it is done while something is still open that needs the person",
    )
    signature = TwoSignaturesSerializer()


class ErasedSerializer(serializers.Serializer[Erased]):
    pseudonym = serializers.CharField()


class ErasureView(BedsideWriteView):
    """Erase name, birth date, record number and addresses of a patient for good; the safety record stays."""

    rights = Action.ADMINISTER

    @extend_schema(
        request=ErasureEntrySerializer, responses={201: ErasedSerializer}, operation_id="erase_identity"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        prove_typed_signature(request)
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        typed = ErasureEntrySerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        entry = typed.validated_data
        patient_id = number_of_pseudonym(entry["pseudonym"].upper())
        if patient_id is None:
            raise NotFoundError(
                "no_such_pseudonym",
                N_("No patient of your wards has this pseudonym. Read it again from the patient's page."),
                extra={"field": "pseudonym"},
            )
        try:
            erased = erase_identity(
                performer=staff_of(request),
                patient_id=patient_id,
                signature=Signature(**entry["signature"]),
                reason=entry["reason"],
                although_open=entry["although_open"],
                now=clock.now(),
            )
        except ConflictError as error:
            if error.code != "identity_in_use":
                raise
            still_open = [gettext(matter) for matter in error.extra["open"]]
            raise ConflictError(
                error.code, error.message, extra={"open": still_open, "fields": {"although_open": still_open}}
            ) from error
        return Response(ErasedSerializer(erased).data, status=201)
