"""Recording, correcting and reading laboratory results."""

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors import Action, staff_of
from apps.edge.views import BedsideWriteView
from apps.guidelines.selectors import current_guidelines
from apps.kernel import clock
from apps.laboratory.api.shapes import (
    AnswerEntrySerializer,
    CorrectionEntrySerializer,
    LaboratorySerializer,
    LabResultSerializer,
    ResultErrorSerializer,
    as_entry,
)
from apps.laboratory.selectors import access_result, laboratory_of
from apps.laboratory.serology import SerologyGuard
from apps.laboratory.services import correct_result, enter_in_error, record_results
from apps.patients.selectors import PatientRecord, access_patient


class LaboratoryView(BedsideWriteView):
    """A patient's laboratory results with what they may tell; recording more."""

    rights = {"GET": Action.SEE_PATIENTS, "POST": Action.RECORD_FOLLOW_UP}

    @extend_schema(responses=LaboratorySerializer, operation_id="laboratory")
    def get(self, request: Request, patient_id: int) -> Response:
        return Response(shown(access_patient(staff_of(request), patient_id)))

    @extend_schema(
        request=AnswerEntrySerializer, responses={201: LaboratorySerializer}, operation_id="record_results"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, patient_id: int) -> Response:
        patient = access_patient(staff_of(request), patient_id, Action.RECORD_FOLLOW_UP)
        data = _valid(AnswerEntrySerializer(data=request.data, context=_ward_of(patient)))
        record_results(
            performer=staff_of(request),
            patient_id=patient_id,
            entries=AnswerEntrySerializer.entries(data),
            now=clock.now(),
        )
        return Response(shown(patient), status=201)


class CorrectionView(BedsideWriteView):
    """Put the right result in place of a wrong one."""

    rights = Action.RECORD_FOLLOW_UP

    @extend_schema(
        request=CorrectionEntrySerializer, responses={201: LabResultSerializer}, operation_id="correct_result"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, result_id: int) -> Response:
        _, patient = access_result(staff_of(request), result_id)
        data = _valid(CorrectionEntrySerializer(data=request.data, context=_ward_of(patient)))
        row = correct_result(
            performer=staff_of(request),
            result_id=result_id,
            entry=as_entry(data, taken_at=data["taken_at"]),
            reason=data["reason"],
            now=clock.now(),
        )
        return Response(LabResultSerializer(row, context=_today(row.patient_id)).data, status=201)


class ResultInErrorView(BedsideWriteView):
    """Mark a result as wrong, without another in its place."""

    rights = Action.RECORD_FOLLOW_UP

    @extend_schema(
        request=ResultErrorSerializer, responses=LabResultSerializer, operation_id="result_entered_in_error"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, result_id: int) -> Response:
        data = _valid(ResultErrorSerializer(data=request.data))
        row = enter_in_error(
            performer=staff_of(request), result_id=result_id, reason=data["reason"], now=clock.now()
        )
        return Response(LabResultSerializer(row, context=_today(row.patient_id)).data)


def shown(patient: PatientRecord) -> Any:
    """A patient's results and findings for the reader."""
    picture = laboratory_of(patient)
    content = {"results": picture.rows, "findings": picture.found, "standing": picture.standing}
    context = {"guidelines": picture.guidelines, "serology": SerologyGuard(patient.pk, picture.rows)}
    return LaboratorySerializer(content, context=context).data


def _today(patient_id: int) -> dict[str, Any]:
    return {"guidelines": current_guidelines(), "serology": SerologyGuard(patient_id)}


def _ward_of(patient: PatientRecord) -> dict[str, Any]:
    return {"time_zone": ZoneInfo(patient.ward.time_zone)}


def _valid(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data
