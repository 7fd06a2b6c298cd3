"""Cases over the API: queue, case, what is written into it, versions."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, require, staff_of
from apps.cases import services
from apps.cases.api import shapes
from apps.cases.domain.versions import Kind
from apps.cases.presentation import (
    case_shown,
    clock_shown,
    fault_shown,
    query_shown,
    queue_row,
    version_shown,
)
from apps.cases.selectors import (
    access_case,
    access_query,
    access_version,
    calendar_for,
    case_queue,
    faults_of,
    picture_of,
    queries_to_answer,
)
from apps.edge.views import BedsideWriteView
from apps.kernel import clock


def _read(serializer: Any, request: Request, context: dict[str, Any] | None = None) -> dict[str, Any]:
    entry = serializer(data=request.data, context=context or {})
    entry.is_valid(raise_exception=True)
    found: dict[str, Any] = entry.validated_data
    return found


def _case(request: Request, case_id: int, status: int = 200) -> Response:
    user = staff_of(request)
    picture = picture_of(access_case(user, case_id), now=clock.now())
    return Response(
        shapes.CaseSerializer(case_shown(picture, user=user, now=clock.now())).data, status=status
    )


class CaseListView(BedsideWriteView):
    """The standing cases of my wards, what is due first on top; opening one."""

    rights = {"GET": Action.SEE_CASES, "POST": Action.MANAGE_CASES}

    @extend_schema(responses=shapes.CaseInQueueSerializer(many=True), operation_id="cases")
    def get(self, request: Request) -> Response:
        now = clock.now()
        rows = [queue_row(row, now=now) for row in case_queue(staff_of(request), now=now)]
        return Response(shapes.CaseInQueueSerializer(rows, many=True).data)

    @extend_schema(
        request=shapes.CaseEntrySerializer, responses={201: shapes.CaseSerializer}, operation_id="open_case"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        require(staff_of(request), Action.MANAGE_CASES)
        entry = _read(shapes.CaseEntrySerializer, request)
        case = services.open_case(performer=staff_of(request), now=clock.now(), **entry)
        return _case(request, case.pk, 201)


class CaseDetailView(APIView):
    """One case."""

    rights = Action.SEE_CASES

    @extend_schema(responses=shapes.CaseSerializer, operation_id="case")
    def get(self, request: Request, case_id: int) -> Response:
        return _case(request, case_id)


class CaseClockListView(APIView):
    """Every running clock with a last day, in order of time."""

    rights = Action.SEE_CASES

    @extend_schema(responses=shapes.CaseClockSerializer(many=True), operation_id="case_clocks")
    def get(self, request: Request) -> Response:
        now = clock.now()
        rows = [clock_shown(one, now=now) for one in calendar_for(staff_of(request))]
        return Response(shapes.CaseClockSerializer(rows, many=True).data)


class _CaseWriteView(BedsideWriteView):
    """A write into one case, which answers with the case. Subclasses name the shape and the service."""

    rights = Action.MANAGE_CASES
    shape: Any
    service: Callable[..., Any]

    def perform(self, request: Request, case_id: int) -> Response:
        access_case(staff_of(request), case_id, Action.MANAGE_CASES)
        entry = _read(self.shape, request)
        type(self).service(performer=staff_of(request), case_id=case_id, now=clock.now(), **entry)
        return _case(request, case_id)


class AddEventView(_CaseWriteView):
    """Put another adverse event into the case."""

    shape, service = shapes.CaseEventEntrySerializer, services.add_event

    @extend_schema(
        request=shapes.CaseEventEntrySerializer,
        responses=shapes.CaseSerializer,
        operation_id="add_event_to_case",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class CodingView(_CaseWriteView):
    """Code a reaction or the indication."""

    shape, service = shapes.CodingEntrySerializer, services.code_reaction

    @extend_schema(
        request=shapes.CodingEntrySerializer, responses=shapes.CaseSerializer, operation_id="code_reaction"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class CaseMeddraVersionView(_CaseWriteView):
    """Code the case in another version of MedDRA."""

    shape, service = shapes.MeddraVersionEntrySerializer, services.change_meddra_version

    @extend_schema(
        request=shapes.MeddraVersionEntrySerializer,
        responses=shapes.CaseSerializer,
        operation_id="change_meddra_version",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class NarrativeView(_CaseWriteView):
    """Write the narrative."""

    shape, service = shapes.NarrativeEntrySerializer, services.write_narrative

    @extend_schema(
        request=shapes.NarrativeEntrySerializer,
        responses=shapes.CaseSerializer,
        operation_id="write_narrative",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class DraftAgainView(_CaseWriteView):
    """Give up what was written: the narrative is drafted again."""

    shape, service = shapes.CaseRevisionEntrySerializer, services.draft_again

    @extend_schema(
        request=shapes.CaseRevisionEntrySerializer,
        responses=shapes.CaseSerializer,
        operation_id="draft_narrative_again",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class DescriptionView(_CaseWriteView):
    """Who told of it, the summary in the ward's language, the sender's comment."""

    shape, service = shapes.DescriptionEntrySerializer, services.describe_case

    @extend_schema(
        request=shapes.DescriptionEntrySerializer,
        responses=shapes.CaseSerializer,
        operation_id="describe_case",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class AskWardView(_CaseWriteView):
    """Ask the ward."""

    shape, service = shapes.QueryEntrySerializer, services.ask_ward

    @extend_schema(
        request=shapes.QueryEntrySerializer, responses=shapes.CaseSerializer, operation_id="ask_ward"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)


class VersionView(BedsideWriteView):
    """The versions of a case; keeping it as the next one."""

    rights = {"GET": Action.SEE_CASES, "POST": Action.MANAGE_CASES}

    @extend_schema(responses=shapes.CaseVersionSerializer(many=True), operation_id="case_versions")
    def get(self, request: Request, case_id: int) -> Response:
        case = access_case(staff_of(request), case_id)
        rows = [version_shown(version) for version in case.versions.select_related("made_by")]
        return Response(shapes.CaseVersionSerializer(rows, many=True).data)

    @extend_schema(
        request=shapes.CaseVersionEntrySerializer,
        responses={201: shapes.CaseVersionSerializer},
        operation_id="make_case_version",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, case_id: int) -> Response:
        case = access_case(staff_of(request), case_id, Action.MANAGE_CASES)
        context = {"time_zone": ZoneInfo(case.ward.time_zone)}
        entry = _read(shapes.CaseVersionEntrySerializer, request, context)
        version = services.make_version(
            performer=staff_of(request),
            case_id=case_id,
            now=clock.now(),
            **(entry | {"kind": Kind(entry["kind"])}),
        )
        return Response(shapes.CaseVersionSerializer(version_shown(version)).data, status=201)


class FaultView(APIView):
    """Every rule of E2B(R3) that a version does not keep; empty when it may be sent."""

    rights = Action.SEE_CASES

    @extend_schema(responses=shapes.FaultSerializer(many=True), operation_id="case_version_faults")
    def get(self, request: Request, case_id: int, number: int) -> Response:
        user = staff_of(request)
        version = access_version(user, case_id, number)
        rows = [fault_shown(one, case=version.case, user=user) for one in faults_of(version, now=clock.now())]
        return Response(shapes.FaultSerializer(rows, many=True).data)


class QueryListView(APIView):
    """The questions of pharmacovigilance that my wards have not answered."""

    rights = Action.ANSWER_CASE_QUERY

    @extend_schema(responses=shapes.CaseQuerySerializer(many=True), operation_id="case_queries")
    def get(self, request: Request) -> Response:
        rows = [query_shown(query) for query in queries_to_answer(staff_of(request))]
        return Response(shapes.CaseQuerySerializer(rows, many=True).data)


class AnswerView(BedsideWriteView):
    """Answer a question."""

    rights = Action.ANSWER_CASE_QUERY

    @extend_schema(
        request=shapes.CaseAnswerEntrySerializer,
        responses=shapes.CaseQuerySerializer,
        operation_id="answer_case_query",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, query_id: int) -> Response:
        access_query(staff_of(request), query_id, Action.ANSWER_CASE_QUERY)
        entry = _read(shapes.CaseAnswerEntrySerializer, request)
        query = services.answer_query(
            performer=staff_of(request), query_id=query_id, now=clock.now(), **entry
        )
        return Response(shapes.CaseQuerySerializer(query_shown(query)).data)


class WithdrawQueryView(BedsideWriteView):
    """Take a question back."""

    rights = Action.MANAGE_CASES

    @extend_schema(request=None, responses=shapes.CaseQuerySerializer, operation_id="withdraw_case_query")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, query_id: int) -> Response:
        query = services.withdraw_query(performer=staff_of(request), query_id=query_id, now=clock.now())
        return Response(shapes.CaseQuerySerializer(query_shown(query)).data)
