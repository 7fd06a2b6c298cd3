"""The shapes of cases over the API."""

from typing import Any

from rest_framework import serializers

from apps.cases.domain.content import QUALIFICATIONS
from apps.cases.domain.narrative import MAX_LENGTH
from apps.cases.domain.versions import MAX_REASON, Kind
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, NoteField, WholeNumberField
from apps.laboratory.api.shapes import WardMomentField


class CasePatientSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    pseudonym = serializers.CharField()
    sex = serializers.CharField()


class CaseWardSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class CaseClockSerializer(serializers.Serializer[Any]):
    """A limit by which a case must reach a receiver. `days_left` counts in the receiver's days."""

    id = serializers.IntegerField()
    case_id = serializers.IntegerField()
    regime = serializers.CharField()
    regime_name = serializers.CharField()
    limit_name = serializers.CharField()
    is_aim = serializers.BooleanField()
    source = serializers.CharField()
    start = serializers.CharField()
    version = serializers.IntegerField()
    day_zero = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    days_left = serializers.IntegerField(allow_null=True)
    overdue = serializers.BooleanField()
    state = serializers.CharField()
    state_name = serializers.CharField()
    met_at = serializers.DateTimeField(allow_null=True)


class CaseInQueueSerializer(serializers.Serializer[Any]):
    """A case in the queue, what is due first on top."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    patient = CasePatientSerializer()
    ward = CaseWardSerializer()
    terms = serializers.ListField(child=serializers.CharField())
    serious = serializers.BooleanField(allow_null=True)
    valid = serializers.BooleanField()
    percent = serializers.IntegerField()
    open_queries = serializers.IntegerField()
    version = serializers.IntegerField()
    due = CaseClockSerializer(allow_null=True)
    opened_at = serializers.DateTimeField()


class GapSerializer(serializers.Serializer[Any]):
    """Something missing, and the page that mends it (empty where none does)."""

    code = serializers.CharField()
    weight = serializers.CharField()
    weight_name = serializers.CharField()
    text = serializers.CharField()
    screen = serializers.CharField()
    address = serializers.CharField()


class CompletenessSerializer(serializers.Serializer[Any]):
    percent = serializers.IntegerField()
    valid = serializers.BooleanField()
    ready = serializers.BooleanField()
    gaps = GapSerializer(many=True)


class CodedTermSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    version = serializers.CharField()


class CaseReactionSerializer(serializers.Serializer[Any]):
    event_id = serializers.IntegerField()
    about = serializers.CharField()
    name = serializers.CharField()
    english = serializers.CharField()
    verbatim = serializers.CharField()
    severity = serializers.CharField()
    onset_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    serious = serializers.BooleanField(allow_null=True)
    criteria = serializers.ListField(child=serializers.CharField())
    expected = serializers.BooleanField(allow_null=True)
    outcome = serializers.CharField()
    reviewed = serializers.BooleanField()
    coded = CodedTermSerializer(allow_null=True)


class CaseLotSerializer(serializers.Serializer[Any]):
    lot_number = serializers.CharField()
    given_g = serializers.CharField()


class CaseInfusionSerializer(serializers.Serializer[Any]):
    session_id = serializers.IntegerField()
    day_number = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    given_g = serializers.CharField()
    g_per_kg = serializers.CharField()
    lots = CaseLotSerializer(many=True)


class CaseDrugSerializer(serializers.Serializer[Any]):
    product_code = serializers.CharField()
    about = serializers.CharField()
    name = serializers.CharField()
    indication = serializers.CharField()
    indication_coded = serializers.CharField(allow_null=True)
    infusions = CaseInfusionSerializer(many=True)


class CaseNarrativeSerializer(serializers.Serializer[Any]):
    """The narrative; `drafted` while no person has written it."""

    text = serializers.CharField()
    drafted = serializers.BooleanField()
    written_by = serializers.CharField(allow_null=True)
    written_at = serializers.DateTimeField(allow_null=True)


class CaseReporterSerializer(serializers.Serializer[Any]):
    """The primary source; `chosen` is empty where the record says who it is."""

    qualification = serializers.CharField()
    chosen = serializers.CharField()
    name = serializers.CharField()


class CaseQuerySerializer(serializers.Serializer[Any]):
    """A question to the ward, and its answer."""

    id = serializers.IntegerField()
    case_id = serializers.IntegerField()
    event_id = serializers.IntegerField(allow_null=True)
    ward = serializers.CharField()
    question = serializers.CharField()
    asked_at = serializers.DateTimeField()
    asked_by = serializers.CharField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = serializers.CharField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class CaseVersionSerializer(serializers.Serializer[Any]):
    """A version of a case."""

    number = serializers.IntegerField()
    kind = serializers.CharField()
    kind_name = serializers.CharField()
    reason = serializers.CharField()
    first_received_at = serializers.DateTimeField()
    most_recent_at = serializers.DateTimeField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField()
    sha256 = serializers.CharField()


class CaseReferenceSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()


class LikenessSerializer(serializers.Serializer[Any]):
    """A case that may tell of the same thing."""

    case_id = serializers.IntegerField()
    number = serializers.CharField()
    score = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())


class CaseSerializer(serializers.Serializer[Any]):
    """The whole case."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    state = serializers.CharField()
    state_name = serializers.CharField()
    revision = serializers.IntegerField()
    patient = CasePatientSerializer()
    ward = CaseWardSerializer()
    serious = serializers.BooleanField(allow_null=True)
    first_received_at = serializers.DateTimeField()
    meddra_version = serializers.CharField()
    same_as = CaseReferenceSerializer(allow_null=True)
    completeness = CompletenessSerializer()
    reactions = CaseReactionSerializer(many=True)
    drugs = CaseDrugSerializer(many=True)
    history = serializers.ListField(child=serializers.CharField())
    weight_kg = serializers.CharField(allow_null=True)
    reporter = CaseReporterSerializer()
    narrative = CaseNarrativeSerializer()
    native_narrative = serializers.CharField()
    sender_comment = serializers.CharField()
    clocks = CaseClockSerializer(many=True)
    queries = CaseQuerySerializer(many=True)
    versions = CaseVersionSerializer(many=True)
    likenesses = LikenessSerializer(many=True)


class FaultSerializer(serializers.Serializer[Any]):
    """A rule of E2B(R3) that a version does not keep."""

    code = serializers.CharField()
    element = serializers.CharField()
    text = serializers.CharField()
    screen = serializers.CharField()
    address = serializers.CharField()


class CaseEntrySerializer(EntrySerializer):
    event_ids = serializers.ListField(child=WholeNumberField(), min_length=1, max_length=50)


class CaseEventEntrySerializer(EntrySerializer):
    event_id = WholeNumberField()


class CodingEntrySerializer(EntrySerializer):
    about = CodeField(max_length=80)
    code = CodeField(max_length=8)


class MeddraVersionEntrySerializer(EntrySerializer):
    version = CodeField(max_length=4)


class NarrativeEntrySerializer(EntrySerializer):
    revision = WholeNumberField(min_value=1)
    text = NoteField(max_length=MAX_LENGTH)


class CaseRevisionEntrySerializer(EntrySerializer):
    revision = WholeNumberField(min_value=1)


class DescriptionEntrySerializer(EntrySerializer):
    revision = WholeNumberField(min_value=1)
    reporter_qualification = serializers.ChoiceField(
        choices=[(code, code) for code in QUALIFICATIONS], required=False, default="", allow_blank=True
    )
    native_narrative = NoteField(max_length=MAX_LENGTH, required=False, default="", allow_blank=True)
    sender_comment = NoteField(max_length=20_000, required=False, default="", allow_blank=True)


class QueryEntrySerializer(EntrySerializer):
    question = NoteField(max_length=2000)
    event_id = WholeNumberField(required=False, default=None, allow_null=True)


class CaseAnswerEntrySerializer(EntrySerializer):
    answer = NoteField(max_length=4000)


class CaseVersionEntrySerializer(EntrySerializer):
    kind = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind])
    reason = NoteField(max_length=MAX_REASON, required=False, default="", allow_blank=True)
    information_at = WardMomentField(
        required=False, default=None, allow_null=True, help_text="when the newest information came in"
    )
    same_as = WholeNumberField(required=False, default=None, allow_null=True)
