"""What clients send when they order a course."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.accounts.services import Signature
from apps.courses.domain.order import VIAL_CHOICES, WEIGHT_BASES, CourseOrder
from apps.courses.domain.profile import (
    ANTI_IGA,
    BLOOD_GROUPS,
    GLUCOSE_METERS,
    IGA,
    PRIOR_IVIG,
    PatientProfile,
)
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, DayField, LineField, NoteField, StrictDecimalField, WholeNumberField

_CODE = {"max_length": 80}


def _choice(values: tuple[str, ...], default: str) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=[(value, value) for value in values], default=default)


def _codes() -> serializers.ListField:
    return serializers.ListField(child=CodeField(**_CODE), default=list)


class ProfileEntrySerializer(EntrySerializer):
    weight_kg = StrictDecimalField(
        minimum=Decimal("0.3"), maximum=Decimal(350), max_decimal_places=2, unit="kg"
    )
    weighed_on = DayField()
    height_cm = StrictDecimalField(
        minimum=Decimal(20),
        maximum=Decimal(250),
        max_decimal_places=1,
        unit="cm",
        required=False,
        allow_null=True,
    )
    blood_group = _choice(BLOOD_GROUPS, "unknown")
    iga = _choice(IGA, "unknown")
    anti_iga = _choice(ANTI_IGA, "unknown")
    prior_ivig = _choice(PRIOR_IVIG, "unknown")
    prior_product = LineField(max_length=80, default="", allow_blank=True)
    prior_given_on = DayField(required=False, allow_null=True)
    prior_reaction = NoteField(max_length=500, default="", allow_blank=True)
    allergies = NoteField(max_length=500, default="", allow_blank=True)
    pregnant = serializers.BooleanField(default=False)
    diabetes = serializers.BooleanField(default=False)
    glucose_meter = _choice(GLUCOSE_METERS, "unknown")
    conditions = _codes()


class OrderEntrySerializer(EntrySerializer):
    """An order; `dose_g_per_kg` is for the whole course."""

    indication_code = CodeField(**_CODE)
    regimen_code = CodeField(**_CODE)
    product_code = CodeField(**_CODE)
    profile = ProfileEntrySerializer()
    # The ceiling of belief is the domain's: it can say that mg/kg were meant.
    dose_g_per_kg = StrictDecimalField(
        minimum=Decimal("0.001"), maximum=Decimal(100_000), max_decimal_places=3, unit="g/kg"
    )
    days = WholeNumberField()
    starts_on = DayField()
    setting = CodeField(**_CODE)
    weight_basis = _choice(WEIGHT_BASES, "actual")
    vial_choice = _choice(VIAL_CHOICES, "rounded")
    rate_table_code = CodeField(max_length=80, default="", allow_blank=True)
    missing_tests = _codes()
    premedication = _codes()
    hydration = NoteField(max_length=1000, default="", allow_blank=True)

    @staticmethod
    def as_order(data: Mapping[str, Any]) -> CourseOrder:
        """The domain value."""
        profile = dict(data["profile"])
        profile["conditions"] = tuple(profile["conditions"])
        return CourseOrder(
            indication_code=data["indication_code"],
            regimen_code=data["regimen_code"],
            product_code=data["product_code"],
            profile=PatientProfile(**profile),
            dose_mg_per_kg=data["dose_g_per_kg"] * 1000,
            days=data["days"],
            starts_on=data["starts_on"],
            setting=data["setting"],
            weight_basis=data["weight_basis"],
            vial_choice=data["vial_choice"],
            rate_table_code=data["rate_table_code"],
            missing_tests=tuple(data["missing_tests"]),
            premedication=tuple(data["premedication"]),
            hydration=data["hydration"],
        )


class AnswerSerializer(EntrySerializer):
    code = CodeField(max_length=160)
    reason = NoteField(max_length=1000, default="", allow_blank=True)


class SignatureSerializer(EntrySerializer):
    own_password = serializers.CharField(max_length=200, trim_whitespace=False, default="", allow_blank=True)
    second_username = serializers.CharField(max_length=150, default="", allow_blank=True)
    second_password = serializers.CharField(
        max_length=200, trim_whitespace=False, default="", allow_blank=True
    )


class ApprovalEntrySerializer(OrderEntrySerializer):
    """An order with what approving it takes."""

    answers = AnswerSerializer(many=True, default=list)
    signature = SignatureSerializer(required=False)

    @staticmethod
    def approval(data: Mapping[str, Any]) -> dict[str, Any]:
        """Order, answers and signature as the services take them."""
        signature = data.get("signature") or {}
        return {
            "order": OrderEntrySerializer.as_order(data),
            "answers": {answer["code"]: answer["reason"] for answer in data["answers"]},
            "signature": Signature(**signature) if signature.get("second_username") else None,
        }


class CourseEntrySerializer(ApprovalEntrySerializer):
    patient_id = WholeNumberField()


class RevisionEntrySerializer(ApprovalEntrySerializer):
    based_on_version = WholeNumberField(min_value=1)
    reason = NoteField(max_length=1000, default="", allow_blank=True)


class AssessmentEntrySerializer(OrderEntrySerializer):
    """An order to be looked at: for a patient, or as a change of a course."""

    patient_id = WholeNumberField(required=False)
    course_id = WholeNumberField(required=False)
