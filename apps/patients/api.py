"""Patients over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, DayField, LineField, WholeNumberField
from apps.edge.views import BedsideWriteView
from apps.kernel import clock
from apps.patients.domain.identity import age_years
from apps.patients.selectors import PatientRecord, access_patient, patients_for
from apps.patients.services import register_patient

SEXES = [("female", "female"), ("male", "male"), ("unknown", "unknown")]


class PatientWardSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PatientSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    pseudonym = serializers.CharField()
    name = serializers.CharField()
    birth_date = serializers.DateField(
        source="known_birth_date", allow_null=True, help_text="null once the identity was erased"
    )
    age_years = serializers.SerializerMethodField()
    sex = serializers.CharField()
    medical_record_number = serializers.CharField()
    bed = serializers.CharField()
    ward = PatientWardSerializer()

    def get_age_years(self, patient: PatientRecord) -> int:
        return age_years(patient.birth_date, clock.now().date())


class PatientEntrySerializer(EntrySerializer):
    name = LineField(max_length=200)
    birth_date = DayField()
    sex = serializers.ChoiceField(choices=SEXES)
    medical_record_number = CodeField(max_length=40)
    ward_id = WholeNumberField()
    bed = LineField(max_length=20, required=False, default="", allow_blank=True)


class PatientListView(BedsideWriteView):
    """The patients on my wards; registering one more."""

    rights = {"GET": Action.SEE_PATIENTS, "POST": Action.REGISTER_PATIENT}

    @extend_schema(responses=PatientSerializer(many=True), operation_id="patients")
    def get(self, request: Request) -> Response:
        return Response(PatientSerializer(patients_for(staff_of(request)), many=True).data)

    @extend_schema(
        request=PatientEntrySerializer, responses={201: PatientSerializer}, operation_id="register_patient"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        entry = PatientEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        patient = register_patient(performer=staff_of(request), now=clock.now(), **entry.validated_data)
        return Response(PatientSerializer(patient).data, status=201)


class PatientDetailView(APIView):
    """One patient of my wards."""

    rights = Action.SEE_PATIENTS

    @extend_schema(responses=PatientSerializer, operation_id="patient")
    def get(self, request: Request, patient_id: int) -> Response:
        return Response(PatientSerializer(access_patient(staff_of(request), patient_id)).data)
