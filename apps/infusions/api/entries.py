"""What clients send about a running infusion."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.edge.entries import EntrySerializer
from apps.edge.fields import (
    CodeField,
    DayField,
    EffectiveAtField,
    NoteField,
    StrictDecimalField,
    WholeNumberField,
)
from apps.infusions.domain import MEASURED_SIGNS, VITAL_SIGNS, Consciousness, RespiratoryEffort, Vitals
from apps.infusions.services.observing import NotDone, ObservationEntry
from apps.infusions.services.vials import VialEntry
from apps.kernel import clock

# Units and plausible ranges as in the guideline data; a test holds the two together.
RANGES: dict[str, tuple[str, str, int, str]] = {
    "systolic_mmhg": ("30", "300", 0, "mmHg"),
    "diastolic_mmhg": ("10", "200", 0, "mmHg"),
    "pulse_per_min": ("20", "300", 0, "/min"),
    "respiratory_rate_per_min": ("0", "100", 0, "/min"),
    "spo2_percent": ("40", "100", 0, "%"),
    "temperature_c": ("30.0", "43.0", 1, "°C"),
    "oxygen_l_per_min": ("0", "25.0", 1, "L/min"),
    "capillary_refill_s": ("0", "10.0", 1, "s"),
}
_WHOLE = frozenset(MEASURED_SIGNS) - {"temperature_c"}


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


def _word(words: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=[word.value for word in words], required=False, allow_null=True, allow_blank=True
    )


class NotDoneEntrySerializer(EntrySerializer):
    sign = serializers.ChoiceField(choices=VITAL_SIGNS)
    code = serializers.ChoiceField(choices=["refused", "not_possible"])
    reason = NoteField(max_length=300, required=False, default="", allow_blank=True)


class VitalsEntrySerializer(EntrySerializer):
    systolic_mmhg = _vital("systolic_mmhg")
    diastolic_mmhg = _vital("diastolic_mmhg")
    pulse_per_min = _vital("pulse_per_min")
    respiratory_rate_per_min = _vital("respiratory_rate_per_min")
    spo2_percent = _vital("spo2_percent")
    temperature_c = _vital("temperature_c")
    oxygen_l_per_min = _vital("oxygen_l_per_min")
    consciousness = _word(Consciousness)
    capillary_refill_s = _vital("capillary_refill_s")
    respiratory_effort = _word(RespiratoryEffort)
    effective_at = EffectiveAtField(required=False)

    @staticmethod
    def as_vitals(data: dict[str, Any]) -> Vitals:
        """The domain value; the bedside time is now unless one was given."""
        measured = {
            sign: int(data[sign]) if sign in _WHOLE else data[sign]
            for sign in VITAL_SIGNS
            if data.get(sign) not in (None, "")
        }
        for sign, words in (("consciousness", Consciousness), ("respiratory_effort", RespiratoryEffort)):
            if sign in measured:
                measured[sign] = words(measured[sign])
        return Vitals(effective_at=data.get("effective_at") or clock.now(), **measured)


class ObservationEntrySerializer(VitalsEntrySerializer):
    """`replaces` names the wrong entry that this one corrects; then a `reason` is needed."""

    not_done = NotDoneEntrySerializer(many=True, required=False, default=list)
    note = NoteField(max_length=1000, required=False, default="", allow_blank=True)
    replaces = WholeNumberField(required=False, allow_null=True, default=None)
    reason = NoteField(max_length=300, required=False, default="", allow_blank=True)

    @classmethod
    def as_entry(cls, data: dict[str, Any]) -> ObservationEntry:
        """The entry for the service."""
        vitals = cls.as_vitals(data)
        return ObservationEntry(
            vitals=vitals,
            not_done={
                why["sign"]: NotDone(why["code"], why["reason"])
                for why in data["not_done"]
                if not vitals.has(why["sign"])
            },
            note=data["note"],
            replaces=data["replaces"],
            reason=data["reason"],
        )


class VialEntrySerializer(EntrySerializer):
    lot_number = CodeField(max_length=40)
    expires_on = DayField()
    volume_ml = StrictDecimalField(minimum=Decimal(1), maximum=Decimal(2000), max_decimal_places=1, unit="mL")
    gtin = serializers.RegexField(r"^([0-9]{14})?$", required=False, default="", allow_blank=True)
    serial = CodeField(max_length=40, required=False, default="", allow_blank=True)
    scanned = serializers.BooleanField(required=False, default=False)

    @staticmethod
    def as_vial(data: dict[str, Any]) -> VialEntry:
        """The entry for the service."""
        names = ("lot_number", "expires_on", "volume_ml", "gtin", "serial", "scanned")
        return VialEntry(**{name: data[name] for name in names})


class HangVialEntrySerializer(VialEntrySerializer):
    """`replaces` names the wrong entry that this one corrects; then a `reason` is needed."""

    identity_confirmed = serializers.BooleanField()
    identity_scanned = serializers.BooleanField(required=False, default=False)
    hung_at = EffectiveAtField(required=False)
    replaces = WholeNumberField(required=False, allow_null=True, default=None)
    reason = NoteField(max_length=300, required=False, default="", allow_blank=True)


class PrepareEntrySerializer(EntrySerializer):
    day_number = WholeNumberField(min_value=1)


class StartEntrySerializer(PrepareEntrySerializer):
    identity_confirmed = serializers.BooleanField()
    identity_scanned = serializers.BooleanField(required=False, default=False)
    baseline = VitalsEntrySerializer()
    vials = VialEntrySerializer(many=True)
    start_step_index = WholeNumberField(min_value=0, required=False, default=0)


class VersionEntrySerializer(EntrySerializer):
    version = WholeNumberField(min_value=1)


class ReasonEntrySerializer(EntrySerializer):
    reason = NoteField(max_length=300, required=False, default="", allow_blank=True)


class NeededReasonEntrySerializer(EntrySerializer):
    reason = NoteField(max_length=300)


class HaltEntrySerializer(ReasonEntrySerializer):
    """A pause or a stop; `effective_at` when it was done before it could be sent."""

    passes_over_unknown = True
    effective_at = EffectiveAtField(required=False)


class LowerRateEntrySerializer(HaltEntrySerializer):
    step_index = WholeNumberField(min_value=0)


class ConfirmStepEntrySerializer(ReasonEntrySerializer):
    version = WholeNumberField(min_value=1)
    step_index = WholeNumberField(min_value=0, required=False, allow_null=True, default=None)


class StayEntrySerializer(NeededReasonEntrySerializer):
    version = WholeNumberField(min_value=1)
    minutes = WholeNumberField(min_value=5, max_value=240)


class CompleteEntrySerializer(ReasonEntrySerializer):
    version = WholeNumberField(min_value=1)
    residual_ml = StrictDecimalField(
        minimum=Decimal(0),
        maximum=Decimal(2000),
        max_decimal_places=1,
        unit="mL",
        required=False,
        allow_null=True,
        default=None,
    )


class ResumeEntrySerializer(ReasonEntrySerializer):
    version = WholeNumberField(min_value=1)
    step_index = WholeNumberField(min_value=0, required=False, allow_null=True, default=None)


class Spo2ScaleEntrySerializer(NeededReasonEntrySerializer):
    scale = serializers.ChoiceField(choices=[1, 2])


class SymptomEntrySerializer(EntrySerializer):
    passes_over_unknown = True
    term = CodeField(max_length=80)
    severity = serializers.ChoiceField(choices=["mild", "moderate", "severe"])


class ReactionEntrySerializer(EntrySerializer):
    """One tap is enough: everything has a default, and can be described later.

    `effective_at`: when it was tapped and the pump touched, if it could not be sent at once.
    """

    passes_over_unknown = True
    symptoms = SymptomEntrySerializer(many=True, required=False, default=list)
    onset_at = EffectiveAtField(required=False)
    effective_at = EffectiveAtField(required=False)
    action = serializers.ChoiceField(
        choices=["none", "slow", "pause", "stop"], required=False, default="pause"
    )
    note = NoteField(max_length=2000, required=False, default="", allow_blank=True)


class DescribeReactionEntrySerializer(EntrySerializer):
    """Every symptom there is now, in place of what was said before."""

    symptoms = SymptomEntrySerializer(many=True, required=False, default=list)
    note = NoteField(max_length=2000, required=False, default="", allow_blank=True)


class ResolveReactionEntrySerializer(EntrySerializer):
    note = NoteField(max_length=2000, required=False, default="", allow_blank=True)


class InterventionEntrySerializer(EntrySerializer):
    """What was done or given, now unless `given_at` says when."""

    code = CodeField(max_length=80)
    detail = NoteField(max_length=300, required=False, default="", allow_blank=True)
    given_at = EffectiveAtField(required=False)
    reaction_id = WholeNumberField(required=False, allow_null=True, default=None)


class EmptyEntrySerializer(serializers.Serializer[Any]):
    """A call whose address says everything."""
