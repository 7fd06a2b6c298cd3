"""Laboratory results as clients send and get them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, LineField, NoteField, PlainDecimalField, StrictDecimalField
from apps.edge.messages import fill, translated
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import in_reader_language
from apps.kernel.errors import DomainError
from apps.laboratory.api.serology import SerologyGuardSerializer
from apps.laboratory.domain.findings import Finding
from apps.laboratory.domain.measuring import MAX_PERIOD_H, MIN_PERIOD_H, read_value
from apps.laboratory.selectors import LabResultRecord
from apps.laboratory.serology import SerologyGuard
from apps.laboratory.services import ResultEntry

_NOTE: dict[str, Any] = {"max_length": 1000, "default": "", "allow_blank": True}
MOST_RESULTS = 60


class WardMomentField(serializers.DateTimeField):
    """A moment; without an offset, as a browser's date field sends it, it is the ward's own time."""

    def enforce_timezone(self, value: datetime) -> datetime:
        self.timezone = self.context["time_zone"]
        moment: datetime = super().enforce_timezone(value)
        return moment


@extend_schema_field(OpenApiTypes.STR)
class ResultValueField(serializers.Field):  # type: ignore[type-arg]
    """A number as the laboratory prints it, also "<0.1"; Persian digits too. Comparator and number."""

    def to_internal_value(self, data: Any) -> tuple[str, Decimal]:
        try:
            return read_value(data, unit="")
        except DomainError as error:
            raise serializers.ValidationError(translated(error), code=error.code) from error

    def to_representation(self, value: Any) -> Any:
        return value


class ResultEntrySerializer(EntrySerializer):
    """One result: `value` with its `unit`, or `choice`. `taken_at` in place of the answer's own time."""

    analyte = CodeField(max_length=80)
    value = ResultValueField(required=False, help_text='12.3, or "<0.1" for what lies beyond the method')
    unit = LineField(max_length=24, default="", allow_blank=True)
    choice = CodeField(max_length=40, default="", allow_blank=True)
    titre = LineField(
        max_length=30, default="", allow_blank=True, help_text="of an antibody test: 1:160, 12.5 IU/L"
    )
    period_h = StrictDecimalField(
        minimum=MIN_PERIOD_H,
        maximum=MAX_PERIOD_H,
        max_decimal_places=2,
        unit="h",
        required=False,
        help_text="hours over which it was collected",
    )
    taken_at = WardMomentField(required=False)
    confirmed = serializers.BooleanField(
        default=False, help_text="an unusual value was compared and is right"
    )
    note = NoteField(**_NOTE)


class AnswerEntrySerializer(EntrySerializer):
    """Several results of one sample. An analyte without a value was not measured and is left out."""

    taken_at = WardMomentField(help_text="when the sample was taken")
    results = ResultEntrySerializer(many=True, max_length=MOST_RESULTS)

    @staticmethod
    def entries(data: Mapping[str, Any]) -> list[ResultEntry]:
        """The entries as the services take them, each in its place."""
        return [
            as_entry(result, taken_at=result.get("taken_at") or data["taken_at"], place=f"results.{index}")
            for index, result in enumerate(data["results"])
            if "value" in result or result["choice"] or result["titre"]
        ]


class CorrectionEntrySerializer(ResultEntrySerializer):
    """The right result in place of a wrong one, and why."""

    taken_at = WardMomentField()
    reason = NoteField(max_length=300, default="", allow_blank=True)


class ResultErrorSerializer(EntrySerializer):
    reason = NoteField(max_length=300, default="", allow_blank=True)


def as_entry(data: Mapping[str, Any], *, taken_at: datetime, place: str = "") -> ResultEntry:
    """One checked entry."""
    comparator, value = data.get("value", ("", None))
    return ResultEntry(
        analyte=data["analyte"],
        taken_at=taken_at,
        value=value,
        unit=data["unit"],
        comparator=comparator,
        choice=data["choice"],
        titre=data["titre"],
        period_h=data.get("period_h"),
        note=data["note"],
        confirmed=data["confirmed"],
        place=place,
    )


class LabResultSerializer(serializers.Serializer[Any]):
    """A result as it was entered and in the canonical unit; a wrong one says why.

    `serology`, of an antibody test: whether the sample holds antibodies of a product, however late this is read.
    """

    id = serializers.IntegerField()
    analyte = serializers.CharField()
    name = serializers.SerializerMethodField()
    value = PlainDecimalField(allow_null=True)
    unit = serializers.CharField()
    comparator = serializers.CharField()
    canonical_value = PlainDecimalField(allow_null=True)
    canonical_unit = serializers.CharField()
    choice = serializers.CharField()
    choice_name = serializers.SerializerMethodField()
    titre = serializers.CharField()
    serology = serializers.SerializerMethodField()
    period_h = PlainDecimalField(allow_null=True)
    taken_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField(source="recorded_by.display_name")
    source = serializers.CharField()
    note = serializers.CharField()
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    status = serializers.CharField()
    status_reason = serializers.CharField()
    status_changed_by = serializers.CharField(
        source="status_changed_by.display_name", default=None, allow_null=True
    )
    status_changed_at = serializers.DateTimeField(allow_null=True)

    def get_name(self, row: LabResultRecord) -> str:
        analyte = _analyte(self.context["guidelines"], row.analyte)
        return in_reader_language(analyte.name) if analyte else row.analyte

    @extend_schema_field(SerologyGuardSerializer(allow_null=True))
    def get_serology(self, row: LabResultRecord) -> dict[str, Any] | None:
        serology: SerologyGuard = self.context["serology"]
        guard = serology.of_result(row)
        return None if guard is None else dict(SerologyGuardSerializer(guard).data)

    def get_choice_name(self, row: LabResultRecord) -> str:
        analyte = _analyte(self.context["guidelines"], row.analyte)
        choice = analyte.choice(row.choice) if analyte else None
        return in_reader_language(choice.name) if choice else row.choice


class LabCitationSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()
    quote = serializers.CharField()
    read = serializers.CharField()


class LabFindingSerializer(serializers.Serializer[Any]):
    """A suspicion with its numbers and why; `results` are the numbers of the results it rests on."""

    code = serializers.CharField()
    name = serializers.SerializerMethodField()
    level = serializers.CharField()
    effect = serializers.CharField()
    urgency = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.SerializerMethodField()
    session_id = serializers.IntegerField(allow_null=True)
    results = serializers.ListField(child=serializers.IntegerField(), source="rests_on")
    citations = serializers.SerializerMethodField()

    def get_name(self, finding: Finding) -> str:
        guidelines: Guidelines = self.context["guidelines"]
        return in_reader_language(guidelines.laboratory_rule(finding.code).name)

    def get_text(self, finding: Finding) -> str:
        return fill(finding.message, finding.params)

    @extend_schema_field(LabCitationSerializer(many=True))
    def get_citations(self, finding: Finding) -> list[dict[str, str]]:
        guidelines: Guidelines = self.context["guidelines"]
        citations = guidelines.laboratory_rule(finding.code).citations
        return [{"label": one.label, "quote": one.quote, "read": one.read} for one in citations]


class LaboratorySerializer(serializers.Serializer[Any]):
    """Every result, wrong ones too, the oldest first, and every finding; `standing` is what the newest results say."""

    results = LabResultSerializer(many=True)
    findings = LabFindingSerializer(many=True)
    standing = LabFindingSerializer(many=True)


def _analyte(guidelines: Guidelines, code: str) -> Any:
    return next((analyte for analyte in guidelines.analytes if analyte.code == code), None)
