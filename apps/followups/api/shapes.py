"""A check as clients see it: its window, its script, and every attempt at it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.followups.presentation import answered, flags_of
from apps.followups.selectors import AttemptRecord, CheckRecord, attempts_in_vain, newest_attempt
from apps.followups.wording import planned_because
from apps.guidelines.domain import FollowUpRule
from apps.guidelines.selectors import guidelines_version, in_reader_language
from apps.patients.api import PatientSerializer


class QuestionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class AnsweredSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    answer = serializers.CharField()


class RaisedFlagSerializer(serializers.Serializer[Any]):
    """A red flag or notice that an attempt raised. `urgency`: notice, same_day or emergency."""

    code = serializers.CharField()
    urgency = serializers.CharField()
    name = serializers.CharField()
    advice = serializers.CharField()
    source = serializers.CharField()


class AttemptSerializer(serializers.Serializer[Any]):
    """One attempt. `recorded_by` is null where the patient reported without anybody of the ward."""

    outcome = serializers.CharField()
    source = serializers.CharField()
    note = serializers.CharField()
    answers = serializers.SerializerMethodField()
    flags = serializers.SerializerMethodField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    recorded_by = serializers.SerializerMethodField()
    recorded_at = serializers.DateTimeField()

    @extend_schema_field(AnsweredSerializer(many=True))
    def get_answers(self, attempt: AttemptRecord) -> list[dict[str, str]]:
        return answered(attempt)

    @extend_schema_field(RaisedFlagSerializer(many=True))
    def get_flags(self, attempt: AttemptRecord) -> list[dict[str, str]]:
        return flags_of(attempt)

    def get_recorded_by(self, attempt: AttemptRecord) -> str | None:
        return attempt.recorded_by.display_name if attempt.recorded_by else None


class FollowUpSerializer(serializers.Serializer[Any]):
    """A check with its window, who has it, and every attempt at it. `closes_at` is null where nothing closes."""

    id = serializers.IntegerField()
    patient = PatientSerializer()
    course_id = serializers.IntegerField()
    session_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.SerializerMethodField()
    effect = serializers.CharField()
    kind = serializers.CharField()
    source = serializers.CharField()
    because = serializers.SerializerMethodField()
    opens_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(allow_null=True)
    status = serializers.CharField()
    responsible = serializers.SerializerMethodField()
    responsible_id = serializers.IntegerField(allow_null=True)
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    attempts_in_vain = serializers.SerializerMethodField()
    questions = serializers.SerializerMethodField()
    attempts = AttemptSerializer(many=True, source="attempts.all")
    outcome = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    recorded_by = serializers.SerializerMethodField()
    recorded_at = serializers.SerializerMethodField()

    def get_name(self, check: CheckRecord) -> str:
        return in_reader_language(_rule(check).name)

    def get_because(self, check: CheckRecord) -> str:
        return planned_because(check)

    def get_responsible(self, check: CheckRecord) -> str | None:
        return check.responsible.display_name if check.responsible else None

    def get_attempts_in_vain(self, check: CheckRecord) -> int:
        return attempts_in_vain(check)

    def get_outcome(self, check: CheckRecord) -> str | None:
        attempt = newest_attempt(check)
        return attempt.outcome if attempt else None

    def get_note(self, check: CheckRecord) -> str:
        attempt = newest_attempt(check)
        return attempt.note if attempt else ""

    def get_recorded_by(self, check: CheckRecord) -> str | None:
        attempt = newest_attempt(check)
        return attempt.recorded_by.display_name if attempt and attempt.recorded_by else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_recorded_at(self, check: CheckRecord) -> str | None:
        attempt = newest_attempt(check)
        return attempt.recorded_at.isoformat() if attempt else None

    @extend_schema_field(QuestionSerializer(many=True))
    def get_questions(self, check: CheckRecord) -> list[dict[str, str]]:
        return [
            {"code": question.code, "text": in_reader_language(question.text)}
            for question in _rule(check).items
        ]


class ScriptSymptomSerializer(serializers.Serializer[Any]):
    """One thing to ask. `answer` is what was said in a call that was begun and not handed in, else null."""

    code = serializers.CharField()
    text = serializers.CharField()
    name = serializers.CharField()
    answer = serializers.CharField(allow_null=True)


class ScriptQuestionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    required = serializers.BooleanField()
    source = serializers.CharField()
    symptoms = ScriptSymptomSerializer(many=True)


class ScriptPartSerializer(serializers.Serializer[Any]):
    any_of = serializers.ListField(child=serializers.CharField())
    at_least = serializers.IntegerField()


class ScriptFlagSerializer(serializers.Serializer[Any]):
    """A red flag that can be raised now: all parts hold, each with at least so many of its symptoms."""

    code = serializers.CharField()
    urgency = serializers.CharField()
    name = serializers.CharField()
    advice = serializers.CharField()
    tell_patient = serializers.CharField(allow_null=True)
    source = serializers.CharField()
    all_of = ScriptPartSerializer(many=True)


class ScriptSerializer(serializers.Serializer[Any]):
    """What is asked at a check, in the reader's language; a symptom that two questions share is asked once."""

    questions = ScriptQuestionSerializer(many=True)
    flags = ScriptFlagSerializer(many=True)
    told = serializers.ListField(
        child=serializers.CharField(), help_text="flags that were raised by the call that was begun"
    )
    proposed_next_attempt_at = serializers.DateTimeField()


def _rule(check: CheckRecord) -> FollowUpRule:
    return guidelines_version(check.guideline_version).follow_up_rule(check.code)
