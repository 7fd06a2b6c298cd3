"""What changed about a patient, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors import Action, require, staff_of
from apps.courses.selectors import CourseRecord, access_course
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, NoteField
from apps.edge.views import BedsideWriteView
from apps.followups.domain import Changes
from apps.followups.noted import noted_facts
from apps.followups.services import note_changed_risk
from apps.guidelines.selectors import guidelines_version, in_reader_language
from apps.kernel import clock


class NotedFactSerializer(serializers.Serializer[Any]):
    """What was noted. `noted_by` is null where the record itself knew; checks that it changed by their names."""

    fact = serializers.CharField()
    name = serializers.CharField()
    holds = serializers.BooleanField()
    reason = serializers.CharField()
    noted_by = serializers.CharField(allow_null=True)
    noted_at = serializers.DateTimeField()
    planned = serializers.ListField(child=serializers.CharField())
    moved = serializers.ListField(child=serializers.CharField())
    superseded = serializers.ListField(child=serializers.CharField())


class FactEntrySerializer(EntrySerializer):
    fact = CodeField(max_length=80)
    holds = serializers.BooleanField()
    reason = NoteField(max_length=200)


class ChangedCheckSerializer(serializers.Serializer[Any]):
    """A check that came, moved or went; `due_at` is when it is asked for, or was to be."""

    code = serializers.CharField()
    name = serializers.CharField()
    due_at = serializers.DateTimeField()


class PlannedAgainSerializer(serializers.Serializer[Any]):
    """What planning again changed; nothing where the same was noted before."""

    planned = ChangedCheckSerializer(many=True)
    moved = ChangedCheckSerializer(many=True)
    superseded = ChangedCheckSerializer(many=True)


class FactsView(BedsideWriteView):
    """What was noted of a course's patient since the order, the newest first; noting what changed."""

    rights = {"GET": Action.SEE_FOLLOW_UPS, "POST": Action.RECORD_FOLLOW_UP}

    @extend_schema(responses=NotedFactSerializer(many=True), operation_id="follow_up_facts")
    def get(self, request: Request, course_id: int) -> Response:
        course = access_course(staff_of(request), course_id)
        require(staff_of(request), Action.SEE_FOLLOW_UPS)
        return Response(NotedFactSerializer(noted_facts([course])[course.pk], many=True).data)

    @extend_schema(
        request=FactEntrySerializer, responses=PlannedAgainSerializer, operation_id="note_follow_up_fact"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, course_id: int) -> Response:
        course = access_course(staff_of(request), course_id, Action.RECORD_FOLLOW_UP)
        entry = FactEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        changes = note_changed_risk(
            performer=staff_of(request), course_id=course_id, now=clock.now(), **entry.validated_data
        )
        return Response(PlannedAgainSerializer(_shown(changes, course)).data)


def _shown(changes: Changes, course: CourseRecord) -> dict[str, list[dict[str, Any]]]:
    rules = {rule.code: rule for rule in guidelines_version(course.guideline_version).follow_up_rules}

    def check(code: str, due_at: Any) -> dict[str, Any]:
        name = in_reader_language(rules[code].name) if code in rules else code
        return {"code": code, "name": name, "due_at": due_at}

    return {
        "planned": [check(one.rule_code, one.window.due_at) for one in changes.added],
        "moved": [check(move.new.rule_code, move.new.window.due_at) for move in changes.moved],
        "superseded": [check(one.rule_code, one.window.due_at) for one in changes.superseded],
    }
