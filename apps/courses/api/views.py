"""Ordering, changing and reading courses."""

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.accounts.two_people import prove_typed_signature
from apps.courses.api.entries import (
    AssessmentEntrySerializer,
    CourseEntrySerializer,
    OrderEntrySerializer,
    RevisionEntrySerializer,
    SignatureSerializer,
)
from apps.courses.api.shapes import AssessmentSerializer, CourseSerializer, CourseVersionSerializer
from apps.courses.selectors import (
    access_course,
    assess_order,
    assess_revision,
    courses_for,
    versions_of,
)
from apps.courses.services import open_course, revise_course
from apps.edge.views import BedsideWriteView
from apps.kernel import clock
from apps.patients.selectors import access_patient


class AssessmentView(APIView):
    """What an order would come to, and everything to be seen before it is approved. Writes nothing."""

    rights = Action.OPEN_COURSE

    @extend_schema(
        request=AssessmentEntrySerializer, responses=AssessmentSerializer, operation_id="assess_order"
    )
    def post(self, request: Request) -> Response:
        data = _valid(AssessmentEntrySerializer(data=request.data))
        user, order = staff_of(request), OrderEntrySerializer.as_order(data)
        if data.get("course_id"):
            course = access_course(user, data["course_id"], Action.OPEN_COURSE)
            today = clock.now().astimezone(ZoneInfo(course.ward.time_zone)).date()
            assessment = assess_revision(user=user, course=course, order=order, today=today)
        else:
            patient = access_patient(user, data.get("patient_id") or 0, Action.OPEN_COURSE)
            today = clock.now().astimezone(ZoneInfo(patient.ward.time_zone)).date()
            assessment = assess_order(user=user, patient_id=patient.pk, order=order, today=today)
        return Response(AssessmentSerializer(assessment).data)


class CourseListView(BedsideWriteView):
    """The courses of my wards; opening one more."""

    rights = {"GET": Action.SEE_PATIENTS, "POST": Action.OPEN_COURSE}

    @extend_schema(responses=CourseSerializer(many=True), operation_id="courses")
    def get(self, request: Request) -> Response:
        return Response(CourseSerializer(courses_for(staff_of(request)), many=True).data)

    @extend_schema(
        request=CourseEntrySerializer, responses={201: CourseSerializer}, operation_id="open_course"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        prove_typed_signature(request, SignatureSerializer)
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        data = _valid(CourseEntrySerializer(data=request.data))
        course = open_course(
            performer=staff_of(request),
            patient_id=data["patient_id"],
            now=clock.now(),
            **CourseEntrySerializer.approval(data),
        )
        return Response(CourseSerializer(access_course(staff_of(request), course.pk)).data, status=201)


class CourseDetailView(APIView):
    """One course of my wards."""

    rights = Action.SEE_PATIENTS

    @extend_schema(responses=CourseSerializer, operation_id="course")
    def get(self, request: Request, course_id: int) -> Response:
        return Response(CourseSerializer(access_course(staff_of(request), course_id)).data)


class RevisionView(BedsideWriteView):
    """Change an approved course: a new version."""

    rights = Action.OPEN_COURSE

    @extend_schema(
        request=RevisionEntrySerializer, responses={201: CourseSerializer}, operation_id="revise_course"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        prove_typed_signature(request, SignatureSerializer)
        return super().post(request, **kwargs)

    def perform(self, request: Request, course_id: int) -> Response:
        data = _valid(RevisionEntrySerializer(data=request.data))
        course = revise_course(
            performer=staff_of(request),
            course_id=course_id,
            based_on_version=data["based_on_version"],
            reason=data["reason"],
            now=clock.now(),
            **RevisionEntrySerializer.approval(data),
        )
        return Response(CourseSerializer(course).data, status=201)


class CourseVersionListView(APIView):
    """Every version of a course, oldest first."""

    rights = Action.SEE_PATIENTS

    @extend_schema(responses=CourseVersionSerializer(many=True), operation_id="course_versions")
    def get(self, request: Request, course_id: int) -> Response:
        course = access_course(staff_of(request), course_id)
        return Response(CourseVersionSerializer(versions_of(course), many=True).data)


def _valid(entry: serializers.Serializer[Any]) -> dict[str, Any]:
    entry.is_valid(raise_exception=True)
    data: dict[str, Any] = entry.validated_data
    return data
