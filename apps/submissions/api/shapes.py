"""The shapes of submissions over the API."""

import base64
import binascii
from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, LineField, NoteField, WholeNumberField
from apps.kernel.text import N_
from apps.submissions.services.preparing import MOST_CASES

MOST_BASE64 = 1_000_000  # of the door's 1 MiB; larger files come by the command import_icsrs


class SubmittedReportSerializer(serializers.Serializer[Any]):
    case_id = serializers.IntegerField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    outcome = serializers.CharField()
    outcome_name = serializers.CharField()
    local_number = serializers.CharField()


class SubmissionWardSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class SubmissionInListSerializer(serializers.Serializer[Any]):
    """A file on its way to a receiver, or arrived. `sent_at` is when the receiver had it."""

    id = serializers.IntegerField()
    batch_number = serializers.CharField()
    receiver = serializers.CharField()
    receiver_name = serializers.CharField()
    ward = SubmissionWardSerializer()
    delivery = serializers.CharField()
    delivery_name = serializers.CharField()
    acknowledges = serializers.BooleanField()
    state = serializers.CharField()
    state_name = serializers.CharField()
    answered = serializers.CharField()
    answered_name = serializers.CharField()
    attempts = serializers.IntegerField()
    sha256 = serializers.CharField()
    size_bytes = serializers.IntegerField()
    prepared_at = serializers.DateTimeField()
    prepared_by = serializers.CharField()
    sent_at = serializers.DateTimeField(allow_null=True)
    reports = SubmittedReportSerializer(many=True)


class ReceiptSerializer(serializers.Serializer[Any]):
    """A line of the trail."""

    kind = serializers.CharField()
    kind_name = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    attempt = serializers.IntegerField()
    note = serializers.CharField()
    sha256 = serializers.CharField()


class AcknowledgementRemarkSerializer(serializers.Serializer[Any]):
    kind_name = serializers.CharField()
    text = serializers.CharField()


class ReportAnswerSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    local_number = serializers.CharField()
    verdict_name = serializers.CharField()
    remarks = AcknowledgementRemarkSerializer(many=True)


class AcknowledgementSerializer(serializers.Serializer[Any]):
    """An answer of a receiver as it was read."""

    id = serializers.IntegerField()
    submission_id = serializers.IntegerField(allow_null=True)
    match = serializers.CharField()
    match_name = serializers.CharField()
    origin_name = serializers.CharField()
    name = serializers.CharField()
    number = serializers.CharField()
    batch_number = serializers.CharField()
    sender = serializers.CharField()
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()
    received_by = serializers.CharField(allow_null=True)
    verdict = serializers.CharField()
    verdict_name = serializers.CharField()
    remarks = AcknowledgementRemarkSerializer(many=True)
    answers = ReportAnswerSerializer(many=True)
    peculiarities = serializers.ListField(child=serializers.CharField())


class SubmissionSerializer(SubmissionInListSerializer):
    """The whole submission."""

    receipts = ReceiptSerializer(many=True)
    acknowledgements = AcknowledgementSerializer(many=True)
    can_hand_over = serializers.BooleanField()
    can_send_again = serializers.BooleanField()
    can_withdraw = serializers.BooleanField()


class SendingFaultSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    element = serializers.CharField()
    text = serializers.CharField()
    screen = serializers.CharField()
    address = serializers.CharField()


class SendableSerializer(serializers.Serializer[Any]):
    """How a case stands with a receiver; `faults` are the rules that hinder it."""

    receiver = serializers.CharField()
    receiver_name = serializers.CharField()
    remark = serializers.CharField()
    delivery = serializers.CharField()
    delivery_name = serializers.CharField()
    version = serializers.IntegerField()
    sent_version = serializers.IntegerField()
    already_sent = serializers.BooleanField()
    sendable = serializers.BooleanField()
    faults = SendingFaultSerializer(many=True)


class ForeignInListSerializer(serializers.Serializer[Any]):
    """A case of others. It is in no count of ours."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    worldwide_number = serializers.CharField()
    sender = serializers.CharField()
    created = serializers.CharField()
    reactions = serializers.ListField(child=serializers.CharField())
    drugs = serializers.ListField(child=serializers.CharField())
    received_at = serializers.DateTimeField()
    received_by = serializers.CharField(allow_null=True)


class ForeignSerializer(ForeignInListSerializer):
    """The whole case of others, and what of its file was not understood."""

    narrative = serializers.CharField()
    patient = serializers.CharField()
    lots = serializers.ListField(child=serializers.CharField())
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    batch_number = serializers.CharField()
    not_understood = serializers.ListField(child=serializers.CharField())
    more_not_understood = serializers.BooleanField()


class SubmissionEntrySerializer(EntrySerializer):
    case_ids = serializers.ListField(child=WholeNumberField(), min_length=1, max_length=MOST_CASES)
    receiver = CodeField(max_length=30)


class HandOverEntrySerializer(EntrySerializer):
    reference = LineField(max_length=200, required=False, default="", allow_blank=True)


class WithdrawalEntrySerializer(EntrySerializer):
    reason = NoteField(max_length=500)


class Base64Field(serializers.CharField):
    """The bytes of a file in base64."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise serializers.ValidationError(gettext(N_("Send the file in base64."))) from None


class FileEntrySerializer(EntrySerializer):
    """A file somebody brings."""

    name = LineField(max_length=255, required=False, default="", allow_blank=True)
    content = Base64Field(max_length=MOST_BASE64, help_text="base64")
