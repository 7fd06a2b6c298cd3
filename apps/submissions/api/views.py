"""Submissions over the API: sending, what came back, reports of others."""

from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, require, staff_of
from apps.audit.collecting import note_file, note_read, note_records
from apps.cases.selectors import access_case
from apps.edge.views import BedsideWriteView
from apps.kernel import clock
from apps.submissions import services
from apps.submissions.api import shapes
from apps.submissions.models import StoredAcknowledgement
from apps.submissions.presentation import (
    acknowledgement_shown,
    foreign_row,
    foreign_shown,
    sendable_shown,
    submission_row,
    submission_shown,
)
from apps.submissions.selectors import (
    access_foreign_report,
    access_submission,
    foreign_reports,
    parts_of,
    patients_in,
    sendable,
    submissions_for,
    unmatched_acknowledgements,
)
from apps.submissions.site import site_receivers


def _read(serializer: Any, request: Request) -> dict[str, Any]:
    entry = serializer(data=request.data)
    entry.is_valid(raise_exception=True)
    found: dict[str, Any] = entry.validated_data
    return found


def _submission(request: Request, submission_id: int, status: int = 200) -> Response:
    shown = submission_shown(access_submission(staff_of(request), submission_id))
    return Response(shapes.SubmissionSerializer(shown).data, status=status)


class SubmissionListView(BedsideWriteView):
    """The submissions of my wards, the newest first; sending cases."""

    rights = {"GET": Action.SEE_CASES, "POST": Action.SEND_CASES}

    @extend_schema(responses=shapes.SubmissionInListSerializer(many=True), operation_id="submissions")
    def get(self, request: Request) -> Response:
        rows = [submission_row(one) for one in submissions_for(staff_of(request))]
        return Response(shapes.SubmissionInListSerializer(rows, many=True).data)

    @extend_schema(
        request=shapes.SubmissionEntrySerializer,
        responses={201: shapes.SubmissionSerializer},
        operation_id="send_cases",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        require(staff_of(request), Action.SEND_CASES)
        entry = _read(shapes.SubmissionEntrySerializer, request)
        made = services.prepare_submission(performer=staff_of(request), now=clock.now(), **entry)
        return _submission(request, made.pk, 201)


class SubmissionDetailView(APIView):
    """One submission with its trail and its answers."""

    rights = Action.SEE_CASES

    @extend_schema(responses=shapes.SubmissionSerializer, operation_id="submission")
    def get(self, request: Request, submission_id: int) -> Response:
        return _submission(request, submission_id)


class SubmissionFileView(APIView):
    """The file as it was or will be sent. Taking it is a line of the trail."""

    rights = Action.SEE_CASES

    @extend_schema(
        responses={(200, "application/xml"): OpenApiResponse(OpenApiTypes.BINARY)},
        operation_id="submission_file",
    )
    def get(self, request: Request, submission_id: int) -> HttpResponseBase:
        taken = services.note_taken(performer=staff_of(request), submission_id=submission_id, now=clock.now())
        reports = patients_in(taken.pk)
        for patient_id, ward_id in reports:
            note_read(patient_id=patient_id, ward_id=ward_id)
        note_records(len(reports))
        note_file(size_bytes=taken.size_bytes, sha256=taken.sha256)
        # Under ASGI Django would gather a plain iterator before it sends the first byte.
        flows = hasattr(request._request, "scope")
        parts = _flowing(taken.pk) if flows else parts_of(taken.pk)
        answer = StreamingHttpResponse(parts, content_type="application/xml; charset=utf-8")
        answer["Content-Length"] = str(taken.size_bytes)
        answer["Content-Disposition"] = f'attachment; filename="{file_name(taken.batch_number)}"'
        answer["Cache-Control"] = "no-store"
        return answer


async def _flowing(submission_id: int) -> AsyncIterator[bytes]:
    """The parts as an event loop sends them: one in memory, the next read when it has left."""
    parts = parts_of(submission_id)

    def following() -> bytes:
        return next(parts, b"")

    while part := await sync_to_async(following)():
        yield part


def file_name(number: str) -> str:
    """A batch's number as the name of a file."""
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in number
    ) + (".xml")


class HandOverView(BedsideWriteView):
    """A person brought the file to the receiver."""

    rights = Action.SEND_CASES

    @extend_schema(
        request=shapes.HandOverEntrySerializer,
        responses=shapes.SubmissionSerializer,
        operation_id="hand_over_submission",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, submission_id: int) -> Response:
        access_submission(staff_of(request), submission_id, Action.SEND_CASES)
        entry = _read(shapes.HandOverEntrySerializer, request)
        services.note_handed_over(
            performer=staff_of(request), submission_id=submission_id, now=clock.now(), **entry
        )
        return _submission(request, submission_id)


class SendAgainView(BedsideWriteView):
    """Send a file again that was given up."""

    rights = Action.SEND_CASES

    @extend_schema(request=None, responses=shapes.SubmissionSerializer, operation_id="send_submission_again")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, submission_id: int) -> Response:
        services.send_again(performer=staff_of(request), submission_id=submission_id, now=clock.now())
        return _submission(request, submission_id)


class WithdrawSubmissionView(BedsideWriteView):
    """Take a file back that has not left."""

    rights = Action.SEND_CASES

    @extend_schema(
        request=shapes.WithdrawalEntrySerializer,
        responses=shapes.SubmissionSerializer,
        operation_id="withdraw_submission",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, submission_id: int) -> Response:
        access_submission(staff_of(request), submission_id, Action.SEND_CASES)
        entry = _read(shapes.WithdrawalEntrySerializer, request)
        services.withdraw_submission(
            performer=staff_of(request), submission_id=submission_id, now=clock.now(), **entry
        )
        return _submission(request, submission_id)


class CaseSendingView(APIView):
    """How a case stands with each receiver of the site: what hinders it, what was sent."""

    rights = Action.SEE_CASES

    @extend_schema(responses=shapes.SendableSerializer(many=True), operation_id="case_sending")
    def get(self, request: Request, case_id: int) -> Response:
        user, now = staff_of(request), clock.now()
        case = access_case(user, case_id)
        rows = [
            sendable_shown(sendable(case.pk, one, now=now), case=case, user=user) for one in site_receivers()
        ]
        return Response(shapes.SendableSerializer(rows, many=True).data)


class AcknowledgementListView(BedsideWriteView):
    """Answers to nothing that was sent from here, the newest first; bringing an answer."""

    rights = Action.SEND_CASES

    @extend_schema(
        responses=shapes.AcknowledgementSerializer(many=True), operation_id="unmatched_acknowledgements"
    )
    def get(self, request: Request) -> Response:
        rows = [acknowledgement_shown(one) for one in unmatched_acknowledgements(staff_of(request))]
        return Response(shapes.AcknowledgementSerializer(rows, many=True).data)

    @extend_schema(
        request=shapes.FileEntrySerializer,
        responses={201: shapes.AcknowledgementSerializer},
        operation_id="import_acknowledgement",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        require(staff_of(request), Action.SEND_CASES)
        entry = _read(shapes.FileEntrySerializer, request)
        stored = services.import_acknowledgement(
            performer=staff_of(request),
            origin=StoredAcknowledgement.Origin.UPLOAD,
            now=clock.now(),
            **entry,
        )
        return Response(shapes.AcknowledgementSerializer(acknowledgement_shown(stored)).data, status=201)


class ForeignListView(BedsideWriteView):
    """Cases of others, the newest first; bringing a file of them. The same file again changes nothing."""

    rights = Action.SEND_CASES

    @extend_schema(responses=shapes.ForeignInListSerializer(many=True), operation_id="foreign_cases")
    def get(self, request: Request) -> Response:
        rows = [foreign_row(one) for one in foreign_reports(staff_of(request))]
        return Response(shapes.ForeignInListSerializer(rows, many=True).data)

    @extend_schema(
        request=shapes.FileEntrySerializer,
        responses={201: shapes.ForeignInListSerializer(many=True)},
        operation_id="import_foreign_cases",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        require(staff_of(request), Action.SEND_CASES)
        entry = _read(shapes.FileEntrySerializer, request)
        file = services.import_reports(performer=staff_of(request), now=clock.now(), **entry)
        rows = [foreign_row(one) for one in file.reports.select_related("file__received_by")]
        return Response(shapes.ForeignInListSerializer(rows, many=True).data, status=201)


class ForeignDetailView(APIView):
    """One case of others, as its file says it."""

    rights = Action.SEND_CASES

    @extend_schema(responses=shapes.ForeignSerializer, operation_id="foreign_case")
    def get(self, request: Request, report_id: int) -> Response:
        shown = foreign_shown(access_foreign_report(staff_of(request), report_id))
        return Response(shapes.ForeignSerializer(shown).data)
