"""Responses to a course, IgG troughs and infections: recording, reading, marking as wrong."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors import Action, staff_of
from apps.courses.api.entry_shapes import (
    ErrorReasonSerializer,
    InfectionEntrySerializer,
    InfectionSerializer,
    ResponseEntrySerializer,
    ResponseSerializer,
    TroughEntrySerializer,
    TroughSerializer,
)
from apps.courses.selectors import access_course, infections_of, responses_of, troughs_of
from apps.courses.services import mark_entered_in_error, record_infection, record_response, record_trough
from apps.edge.views import BedsideWriteView
from apps.kernel import clock
from apps.patients.selectors import access_patient


class ResponseListView(BedsideWriteView):
    """How a course worked; recording it once more."""

    rights = {"GET": Action.SEE_PATIENTS, "POST": Action.OPEN_COURSE}

    @extend_schema(responses=ResponseSerializer(many=True), operation_id="responses")
    def get(self, request: Request, course_id: int) -> Response:
        course = access_course(staff_of(request), course_id)
        return Response(ResponseSerializer(responses_of(course), many=True).data)

    @extend_schema(
        request=ResponseEntrySerializer, responses={201: ResponseSerializer}, operation_id="record_response"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, course_id: int) -> Response:
        data = _valid(ResponseEntrySerializer(data=request.data))
        response = record_response(performer=staff_of(request), course_id=course_id, now=clock.now(), **data)
        return Response(ResponseSerializer(response).data, status=201)


class TroughListView(BedsideWriteView):
    """A patient's IgG troughs; recording one more."""

    rights = {"GET": Action.SEE_PATIENTS, "POST": Action.RECORD_FOLLOW_UP}

    @extend_schema(responses=TroughSerializer(many=True), operation_id="troughs")
    def get(self, request: Request, patient_id: int) -> Response:
        patient = access_patient(staff_of(request), patient_id)
        return Response(TroughSerializer(troughs_of(patient.pk), many=True).data)

    @extend_schema(
        request=TroughEntrySerializer, responses={201: TroughSerializer}, operation_id="record_trough"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, patient_id: int) -> Response:
        data = _valid(TroughEntrySerializer(data=request.data))
        trough = record_trough(performer=staff_of(request), patient_id=patient_id, now=clock.now(), **data)
        return Response(TroughSerializer(trough).data, status=201)


class InfectionListView(BedsideWriteView):
    """A patient's infections; recording one more."""

    rights = {"GET": Action.SEE_PATIENTS, "POST": Action.RECORD_FOLLOW_UP}

    @extend_schema(responses=InfectionSerializer(many=True), operation_id="infections")
    def get(self, request: Request, patient_id: int) -> Response:
        patient = access_patient(staff_of(request), patient_id)
        return Response(InfectionSerializer(infections_of(patient.pk), many=True).data)

    @extend_schema(
        request=InfectionEntrySerializer,
        responses={201: InfectionSerializer},
        operation_id="record_infection",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, patient_id: int) -> Response:
        data = _valid(InfectionEntrySerializer(data=request.data))
        infection = record_infection(
            performer=staff_of(request), patient_id=patient_id, now=clock.now(), **data
        )
        return Response(InfectionSerializer(infection).data, status=201)


class _InErrorView(BedsideWriteView):
    """Mark an entry as wrong; it stays, with the reason."""

    kind: str
    shape: type[serializers.Serializer[Any]]

    def perform(self, request: Request, **number: int) -> Response:
        data = _valid(ErrorReasonSerializer(data=request.data))
        entry = mark_entered_in_error(
            performer=staff_of(request),
            kind=self.kind,
            entry_id=number[f"{self.kind}_id"],
            now=clock.now(),
            **data,
        )
        return Response(self.shape(entry).data)


class ResponseInErrorView(_InErrorView):
    """Mark a response as wrong."""

    rights = Action.OPEN_COURSE
    kind, shape = "response", ResponseSerializer

    @extend_schema(
        request=ErrorReasonSerializer, responses=ResponseSerializer, operation_id="response_entered_in_error"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class TroughInErrorView(_InErrorView):
    """Mark an IgG value as wrong."""

    rights = Action.RECORD_FOLLOW_UP
    kind, shape = "trough", TroughSerializer

    @extend_schema(
        request=ErrorReasonSerializer, responses=TroughSerializer, operation_id="trough_entered_in_error"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class InfectionInErrorView(_InErrorView):
    """Mark an infection as wrong."""

    rights = Action.RECORD_FOLLOW_UP
    kind, shape = "infection", InfectionSerializer

    @extend_schema(
        request=ErrorReasonSerializer,
        responses=InfectionSerializer,
        operation_id="infection_entered_in_error",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


def _valid(entry: serializers.Serializer[Any]) -> dict[str, Any]:
    entry.is_valid(raise_exception=True)
    data: dict[str, Any] = entry.validated_data
    return data
