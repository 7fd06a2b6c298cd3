"""Alerts over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.alerts.selectors import AlertRecord, calls_of, calls_to
from apps.alerts.services import acknowledge_alert
from apps.alerts.words import call_sentence
from apps.edge.messages import fill, params_from_json
from apps.edge.rights import SIGNED_IN
from apps.edge.views import BedsideWriteView
from apps.kernel import clock


class CallSerializer(serializers.Serializer[Any]):
    """One call of somebody because nobody had taken the alert."""

    level = serializers.IntegerField()
    text = serializers.CharField()
    called_at = serializers.DateTimeField()


class AlertSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    priority = serializers.CharField()
    code = serializers.CharField()
    text = serializers.SerializerMethodField()
    source = serializers.CharField()
    raised_at = serializers.DateTimeField()
    was_due_at = serializers.DateTimeField(allow_null=True, help_text="only of one that came late")
    state = serializers.CharField()
    escalated = serializers.SerializerMethodField()
    level = serializers.IntegerField()
    calls = serializers.SerializerMethodField()
    acknowledged_by = serializers.SerializerMethodField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)

    def get_text(self, alert: AlertRecord) -> str:
        return fill(alert.message, params_from_json(alert.params))

    def get_escalated(self, alert: AlertRecord) -> bool:
        return alert.escalated_at is not None

    @extend_schema_field(CallSerializer(many=True))
    def get_calls(self, alert: AlertRecord) -> list[dict[str, Any]]:
        return [
            {"level": hop.level, "text": fill(*call_sentence(hop)), "called_at": hop.called_at}
            for hop in calls_of(alert)
        ]

    def get_acknowledged_by(self, alert: AlertRecord) -> str | None:
        return alert.acknowledged_by.display_name if alert.acknowledged_by else None


class CallsToMeSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    ward_id = serializers.IntegerField(allow_null=True)


class CallsToMeView(APIView):
    """For how many untaken alerts the signed-in person was called by name, and where the oldest call came from."""

    rights = SIGNED_IN

    @extend_schema(responses=CallsToMeSerializer, operation_id="calls_to_me")
    def get(self, request: Request) -> Response:
        return Response(CallsToMeSerializer(calls_to(staff_of(request))).data)


class AcknowledgeView(BedsideWriteView):
    """Take an alert."""

    rights = (Action.ACKNOWLEDGE_ALERT, Action.MANAGE_CASES)

    @extend_schema(request=None, responses=AlertSerializer, operation_id="acknowledge_alert")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, alert_id: int) -> Response:
        alert = acknowledge_alert(performer=staff_of(request), alert_id=alert_id, now=clock.now())
        return Response(AlertSerializer(alert).data)
