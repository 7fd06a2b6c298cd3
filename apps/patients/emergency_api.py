"""Break-glass over the API: opening one patient of another ward in an emergency, and judging it afterwards."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.emergency import (
    EmergencyRecord,
    emergencies_to_review,
    end_emergency,
    judge_emergency,
    my_emergencies,
    open_in_emergency,
)
from apps.accounts.selectors import Action, Staff, staff_of
from apps.edge.entries import EntrySerializer
from apps.edge.fields import LineField, NoteField, WholeNumberField
from apps.edge.views import BedsideWriteView
from apps.kernel import clock
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_
from apps.patients.finding import patient_of_number
from apps.patients.selectors import pseudonyms

NO_SUCH_NUMBER = N_("No patient has exactly this number. Read it again from the wristband.")
VERDICTS = [("justified", "justified"), ("not_justified", "not_justified")]


class EmergencyEntrySerializer(EntrySerializer):
    """The whole number as it stands on the wristband, or the pseudonym, and what the emergency is."""

    number = LineField(max_length=40)
    reason = NoteField(max_length=500)


class EmergencyEndSerializer(EntrySerializer):
    patient_id = WholeNumberField(min_value=1)


class EmergencySerializer(serializers.Serializer[EmergencyRecord]):
    """One patient opened to me; their page is there until `ends_at`."""

    id = serializers.IntegerField()
    patient_id = serializers.IntegerField()
    ward = serializers.CharField(source="ward.name")
    reason = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class ReviewedEmergencySerializer(serializers.Serializer[Any]):
    """An emergency access as who judges it sees it: the patient by pseudonym alone."""

    id = serializers.IntegerField()
    person = serializers.CharField(source="person.display_name")
    pseudonym = serializers.CharField()
    ward = serializers.CharField(source="ward.name")
    reason = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    verdict = serializers.CharField()
    verdict_note = serializers.CharField()
    judged_by = serializers.CharField(source="judged_by.display_name", default=None)
    judged_at = serializers.DateTimeField(allow_null=True)


class VerdictSerializer(EntrySerializer):
    verdict = serializers.ChoiceField(choices=VERDICTS)
    note = NoteField(max_length=500)


def reviewed(user: Staff) -> list[EmergencyRecord]:
    """Every emergency access that this person may judge, each with its patient's pseudonym."""
    rows = emergencies_to_review(user)
    names = pseudonyms(row.patient_id for row in rows)
    for row in rows:
        row.pseudonym = names.get(row.patient_id, "")  # type: ignore[attr-defined]
    return rows


class EmergencyView(BedsideWriteView):
    """The patients opened to me now; opening one more."""

    rights = Action.BREAK_GLASS

    @extend_schema(responses=EmergencySerializer(many=True), operation_id="emergency_accesses")
    def get(self, request: Request) -> Response:
        return Response(EmergencySerializer(my_emergencies(staff_of(request)), many=True).data)

    @extend_schema(
        request=EmergencyEntrySerializer,
        responses={201: EmergencySerializer},
        operation_id="open_in_emergency",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        entry = EmergencyEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        patient = patient_of_number(entry.validated_data["number"])
        if patient is None:
            raise NotFoundError("no_such_number", NO_SUCH_NUMBER, extra={"field": "number"})
        access = open_in_emergency(
            performer=staff_of(request),
            patient_id=patient.pk,
            ward_id=patient.ward_id,
            reason=entry.validated_data["reason"],
            now=clock.now(),
        )
        return Response(EmergencySerializer(access).data, status=201)


class EmergencyEndView(BedsideWriteView):
    """Shut a patient again before the time is over; what is still open to me."""

    rights = Action.BREAK_GLASS

    @extend_schema(
        request=EmergencyEndSerializer,
        responses=EmergencySerializer(many=True),
        operation_id="end_emergency_access",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        entry = EmergencyEndSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        user = staff_of(request)
        end_emergency(performer=user, patient_id=entry.validated_data["patient_id"], now=clock.now())
        return Response(EmergencySerializer(my_emergencies(user), many=True).data)


class EmergencyReviewListView(APIView):
    """Every emergency access to patients of my wards, the unjudged first."""

    rights = Action.REVIEW_BREAK_GLASS

    @extend_schema(
        responses=ReviewedEmergencySerializer(many=True), operation_id="emergency_accesses_to_review"
    )
    def get(self, request: Request) -> Response:
        return Response(ReviewedEmergencySerializer(reviewed(staff_of(request)), many=True).data)


class EmergencyVerdictView(BedsideWriteView):
    """Say whether an emergency access was justified."""

    rights = Action.REVIEW_BREAK_GLASS

    @extend_schema(
        request=VerdictSerializer,
        responses=ReviewedEmergencySerializer(many=True),
        operation_id="judge_emergency_access",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, access_id: int) -> Response:
        entry = VerdictSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        judge_emergency(
            performer=staff_of(request), access_id=access_id, now=clock.now(), **entry.validated_data
        )
        return Response(ReviewedEmergencySerializer(reviewed(staff_of(request)), many=True).data)
