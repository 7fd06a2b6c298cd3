"""The record over the API, as the auditor's page shows it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.inspection.asking import cursor_of, wanted_of
from apps.inspection.selectors import Kind, find_entries


class RecordQuerySerializer(serializers.Serializer[Any]):
    """What cannot be read is left out. `before` is the `more` of the page before."""

    patient = serializers.IntegerField(required=False)
    person = serializers.IntegerField(required=False)
    since = serializers.DateField(required=False, help_text="UTC")
    until = serializers.DateField(required=False, help_text="UTC, that day included")
    kind = serializers.CharField(required=False, help_text=", ".join(Kind))
    before = serializers.CharField(required=False)


class RecordEntrySerializer(serializers.Serializer[Any]):
    """One event or reading; patients by pseudonym, never by name."""

    source = serializers.CharField(help_text="event or reading")  # type: ignore[assignment]
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    who = serializers.CharField(help_text="empty: the service itself")
    what = serializers.CharField()
    pseudonym = serializers.CharField()
    subject = serializers.CharField()
    reason = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField()
    device = serializers.CharField()
    request_id = serializers.CharField()
    hash = serializers.CharField()


class RecordSerializer(serializers.Serializer[Any]):
    entries = RecordEntrySerializer(many=True)
    more = serializers.CharField(allow_null=True, help_text="for `before`; null at the end")


class RecordView(APIView):
    """Who saw what and who changed what, newest first."""

    rights = Action.SEE_AUDIT

    @extend_schema(responses=RecordSerializer, operation_id="record", parameters=[RecordQuerySerializer])
    def get(self, request: Request) -> Response:
        entries, more = find_entries(staff_of(request), wanted_of(request.query_params))
        return Response(
            RecordSerializer({"entries": entries, "more": cursor_of(more) if more else None}).data
        )
