"""What clients send about a running infusion."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.edge.fields import EffectiveAtField, StrictDecimalField
from apps.infusions.domain import VITAL_SIGNS, Vitals
from apps.kernel import clock

# Units and plausible ranges as in the guideline data; a test holds the two together.
RANGES: dict[str, tuple[str, str, int, str]] = {
    "systolic_mmhg": ("30", "300", 0, "mmHg"),
    "diastolic_mmhg": ("10", "200", 0, "mmHg"),
    "pulse_per_min": ("20", "300", 0, "/min"),
    "respiratory_rate_per_min": ("0", "100", 0, "/min"),
    "spo2_percent": ("40", "100", 0, "%"),
    "temperature_c": ("30.0", "43.0", 1, "°C"),
}


def _vital(name: str) -> StrictDecimalField:
    minimum, maximum, places, unit = RANGES[name]
    return StrictDecimalField(
        minimum=Decimal(minimum),
        maximum=Decimal(maximum),
        max_decimal_places=places,
        unit=unit,
        required=False,
        allow_null=True,
    )


class VitalsEntrySerializer(serializers.Serializer[Any]):
    systolic_mmhg = _vital("systolic_mmhg")
    diastolic_mmhg = _vital("diastolic_mmhg")
    pulse_per_min = _vital("pulse_per_min")
    respiratory_rate_per_min = _vital("respiratory_rate_per_min")
    spo2_percent = _vital("spo2_percent")
    temperature_c = _vital("temperature_c")
    effective_at = EffectiveAtField(required=False)

    @staticmethod
    def as_vitals(data: dict[str, Any]) -> Vitals:
        """The domain value; the bedside time is now unless one was given."""
        measured = {
            sign: data[sign] if sign == "temperature_c" else int(data[sign])
            for sign in VITAL_SIGNS
            if data.get(sign) is not None
        }
        return Vitals(effective_at=data.get("effective_at") or clock.now(), **measured)


class ObservationEntrySerializer(VitalsEntrySerializer):
    note = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class LotEntrySerializer(serializers.Serializer[Any]):
    lot_number = serializers.CharField(max_length=40)
    expires_on = serializers.DateField()


class StartEntrySerializer(serializers.Serializer[Any]):
    day_number = serializers.IntegerField(min_value=1)
    identity_confirmed = serializers.BooleanField()
    baseline = VitalsEntrySerializer()
    lots = LotEntrySerializer(many=True)


class VersionEntrySerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1)


class ReasonEntrySerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class LowerRateEntrySerializer(ReasonEntrySerializer):
    step_index = serializers.IntegerField(min_value=0)


class CompleteEntrySerializer(ReasonEntrySerializer):
    version = serializers.IntegerField(min_value=1)


class ResumeEntrySerializer(CompleteEntrySerializer):
    step_index = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)


class ReactionEntrySerializer(serializers.Serializer[Any]):
    term = serializers.CharField(max_length=80)
    severity = serializers.ChoiceField(choices=["mild", "moderate", "severe"])
    onset_at = EffectiveAtField(required=False)
    action = serializers.ChoiceField(choices=["none", "slow", "pause", "stop"])
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class EmptyEntrySerializer(serializers.Serializer[Any]):
    """A call whose address says everything."""
