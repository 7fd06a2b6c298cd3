"""The addresses of the follow-up."""

from zoneinfo import ZoneInfo

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import WardTimeField
from apps.accounts.selectors import Action, staff_of
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, NoteField, WholeNumberField
from apps.edge.views import BedsideWriteView
from apps.followups import services
from apps.followups.api.shapes import FollowUpSerializer, ScriptSerializer
from apps.followups.presentation import script_for_reader
from apps.followups.selectors import access_check, worklist
from apps.kernel import clock

_OUTCOMES = ("no_effect", "suspected", "unreachable")
_ANSWERS = ("yes", "no", "unknown")
_SOURCES = ("call", "visit")
_MOST_ANSWERS = 200


class OutcomeEntrySerializer(EntrySerializer):
    outcome = serializers.ChoiceField(choices=_OUTCOMES)
    note = NoteField(max_length=2000, required=False, default="", allow_blank=True)
    next_attempt_at = WardTimeField(
        required=False, allow_null=True, default=None, help_text="after unreachable; proposed when left out"
    )


class AnswersEntrySerializer(EntrySerializer):
    answers = serializers.DictField(
        child=serializers.ChoiceField(choices=_ANSWERS), help_text="symptom code -> yes, no or unknown"
    )
    source = serializers.ChoiceField(choices=_SOURCES, required=False, default="call")
    complete = serializers.BooleanField(
        required=False, default=True, help_text="false keeps what there is so far; later answers join it"
    )
    note = NoteField(max_length=2000, required=False, default="", allow_blank=True)

    def validate_answers(self, answers: dict[str, str]) -> dict[str, str]:
        if len(answers) > _MOST_ANSWERS:
            self.fields["answers"].fail("max_length")
        return {CodeField(max_length=80).run_validation(code): answer for code, answer in answers.items()}


class ReasonEntrySerializer(EntrySerializer):
    reason = NoteField(max_length=2000)


class FollowUpListView(APIView):
    """Checks of my wards that wait for somebody."""

    rights = Action.SEE_FOLLOW_UPS

    @extend_schema(
        responses=FollowUpSerializer(many=True),
        operation_id="follow_ups",
        parameters=[
            OpenApiParameter("ward", OpenApiTypes.INT, required=False),
            OpenApiParameter(
                "mine", OpenApiTypes.STR, enum=["1"], required=False, description="only what I have taken on"
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        user = staff_of(request)
        ward = request.query_params.get("ward")
        ward_id = WholeNumberField().run_validation(ward) if ward else None
        mine = request.query_params.get("mine") == "1"
        found = worklist(user, ward_id=ward_id, responsible_id=user.pk if mine else None)
        return Response(FollowUpSerializer(found, many=True).data)


class FollowUpDetailView(APIView):
    """One check."""

    rights = Action.SEE_FOLLOW_UPS

    @extend_schema(responses=FollowUpSerializer, operation_id="follow_up")
    def get(self, request: Request, check_id: int) -> Response:
        return Response(FollowUpSerializer(access_check(staff_of(request), check_id)).data)


class ScriptView(APIView):
    """What to ask at a check, and which answers must not wait."""

    rights = Action.SEE_FOLLOW_UPS

    @extend_schema(responses=ScriptSerializer, operation_id="follow_up_script")
    def get(self, request: Request, check_id: int) -> Response:
        check = access_check(staff_of(request), check_id)
        return Response(ScriptSerializer(script_for_reader(check, now=clock.now())).data)


@extend_schema_view(
    post=extend_schema(
        request=OutcomeEntrySerializer, responses=FollowUpSerializer, operation_id="record_follow_up_outcome"
    )
)
class OutcomeView(BedsideWriteView):
    """Record an attempt at a check in one's own judgement, or that nobody was reached."""

    rights = Action.RECORD_FOLLOW_UP

    def perform(self, request: Request, check_id: int) -> Response:
        user = staff_of(request)
        check = access_check(user, check_id, Action.RECORD_FOLLOW_UP)
        zone = ZoneInfo(check.ward.time_zone)
        entry = OutcomeEntrySerializer(data=request.data, context={"time_zone": zone})
        entry.is_valid(raise_exception=True)
        services.record_outcome(performer=user, check_id=check_id, now=clock.now(), **entry.validated_data)
        return _as_it_is(request, check_id)


@extend_schema_view(
    post=extend_schema(
        request=AnswersEntrySerializer, responses=FollowUpSerializer, operation_id="answer_follow_up"
    )
)
class AnswersView(BedsideWriteView):
    """Record what a patient answered; red flags raise their alerts at once."""

    rights = Action.RECORD_FOLLOW_UP

    def perform(self, request: Request, check_id: int) -> Response:
        entry = AnswersEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        services.answer_check(
            performer=staff_of(request), check_id=check_id, now=clock.now(), **entry.validated_data
        )
        return _as_it_is(request, check_id)


@extend_schema_view(
    post=extend_schema(
        request=ReasonEntrySerializer, responses=FollowUpSerializer, operation_id="give_up_follow_up"
    )
)
class LostView(BedsideWriteView):
    """Decide, by name and with a reason, that this patient is not asked any more."""

    rights = Action.GIVE_UP_FOLLOW_UP

    def perform(self, request: Request, check_id: int) -> Response:
        user = staff_of(request)
        access_check(user, check_id, Action.GIVE_UP_FOLLOW_UP)
        entry = ReasonEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        services.give_up_as_lost(performer=user, check_id=check_id, now=clock.now(), **entry.validated_data)
        return _as_it_is(request, check_id)


@extend_schema_view(
    post=extend_schema(request=None, responses=FollowUpSerializer, operation_id="take_follow_up")
)
class TakeView(BedsideWriteView):
    """Take a check on."""

    rights = Action.RECORD_FOLLOW_UP

    def perform(self, request: Request, check_id: int) -> Response:
        services.take_check(performer=staff_of(request), check_id=check_id, now=clock.now())
        return _as_it_is(request, check_id)


@extend_schema_view(
    post=extend_schema(request=None, responses=FollowUpSerializer, operation_id="give_back_follow_up")
)
class GiveBackView(BedsideWriteView):
    """Give a check back to the ward."""

    rights = Action.RECORD_FOLLOW_UP

    def perform(self, request: Request, check_id: int) -> Response:
        services.give_back_check(performer=staff_of(request), check_id=check_id, now=clock.now())
        return _as_it_is(request, check_id)


def _as_it_is(request: Request, check_id: int) -> Response:
    return Response(FollowUpSerializer(access_check(staff_of(request), check_id)).data)
