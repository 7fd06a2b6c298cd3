"""What is recorded of a patient between infusions, as it comes in and goes out."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.courses.domain.maintenance import OUTCOMES
from apps.courses.domain.replacement import IGG_UNITS, INFECTION_SEVERITIES
from apps.edge.entries import EntrySerializer
from apps.edge.fields import DayField, NoteField, PlainDecimalField, StrictDecimalField

_NOTE: dict[str, Any] = {"max_length": 1000, "default": "", "allow_blank": True}


def _one_of(codes: tuple[str, ...]) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=[(code, code) for code in codes])


class ResponseEntrySerializer(EntrySerializer):
    outcome = _one_of(OUTCOMES)
    assessed_on = DayField()
    note = NoteField(**_NOTE)


class TroughEntrySerializer(EntrySerializer):
    """IgG in the unit the laboratory gave: 7 g/L is 700 mg/dL."""

    measured_on = DayField()
    # The ceiling of belief is the domain's, as it depends on the unit.
    value = StrictDecimalField(
        minimum=Decimal(0), maximum=Decimal(6000), max_decimal_places=2, unit="g/L or mg/dL"
    )
    unit = _one_of(IGG_UNITS)
    note = NoteField(**_NOTE)


class InfectionEntrySerializer(EntrySerializer):
    occurred_on = DayField()
    severity = _one_of(INFECTION_SEVERITIES)
    note = NoteField(**_NOTE)


class ErrorReasonSerializer(EntrySerializer):
    reason = NoteField(max_length=1000, default="", allow_blank=True)


class RecordedSerializer(serializers.Serializer[Any]):
    """Who recorded it and when; and whether, why and by whom it was marked as wrong."""

    id = serializers.IntegerField()
    note = serializers.CharField()
    recorded_by = serializers.CharField(source="recorded_by.display_name")
    recorded_at = serializers.DateTimeField()
    entered_in_error = serializers.BooleanField()
    error_reason = serializers.CharField()
    error_marked_by = serializers.CharField(
        source="error_marked_by.display_name", default=None, allow_null=True
    )
    error_marked_at = serializers.DateTimeField(allow_null=True)


class ResponseSerializer(RecordedSerializer):
    course_id = serializers.IntegerField()
    outcome = serializers.CharField()
    assessed_on = serializers.DateField()


class TroughSerializer(RecordedSerializer):
    patient_id = serializers.IntegerField()
    measured_on = serializers.DateField()
    igg_g_per_l = PlainDecimalField()
    entered_value = PlainDecimalField()
    entered_unit = serializers.CharField()


class InfectionSerializer(RecordedSerializer):
    patient_id = serializers.IntegerField()
    occurred_on = serializers.DateField()
    severity = serializers.CharField()
