"""Alerts, who was called for them, and the messages that leave the house."""

import uuid

from django.conf import settings
from django.db import models


class Alert(models.Model):
    """A condition somebody must look at. Repeats of an open condition join the same row."""

    class State(models.TextChoices):
        RAISED = "raised"
        ACKNOWLEDGED = "acknowledged"
        RESOLVED = "resolved"

    class Audience(models.TextChoices):
        WARD = "ward"
        OFFICERS = "officers"

    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+", null=True)
    subject = models.CharField(max_length=80, help_text="what it is about, such as session:12")
    code = models.CharField(max_length=80)
    audience = models.CharField(
        max_length=10,
        choices=Audience.choices,
        default=Audience.WARD,
        db_default=Audience.WARD,
        help_text="whom it is for; one for pharmacovigilance officers is on no board and climbs nowhere",
    )
    priority = models.CharField(max_length=10)
    message = models.TextField(help_text="English %-template")
    params = models.JSONField(default=dict)
    source = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RAISED)
    raised_at = models.DateTimeField()
    repeated_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    resolved_at = models.DateTimeField(null=True)
    climb = models.PositiveIntegerField(default=1, help_text="how often something set it climbing")
    first_climb = models.PositiveIntegerField(default=1, help_text="the climb that began with the nurses")
    level = models.PositiveSmallIntegerField(default=0, help_text="who has been called, see Level")
    next_level = models.PositiveSmallIntegerField(null=True, help_text="who is called next")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "code"],
                condition=~models.Q(state="resolved"),
                name="one_open_alert_per_condition",
            ),
        ]


class AlertHop(models.Model):
    """Who was called when nobody took an alert: looked up at that moment, and kept."""

    class Delivery(models.TextChoices):
        """How a call out of the ward went; empty for the levels on the ward."""

        NO_CHANNEL = "no_channel"
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="hops")
    climb = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    called_at = models.DateTimeField()
    people = models.JSONField(default=list, help_text="[{id, name}] as they were called at that moment")
    on_call = models.BooleanField(default=False, help_text="the physician on call, not all physicians")
    delivery = models.CharField(max_length=10, choices=Delivery.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "climb", "level"], name="one_call_per_level"),
        ]


class OutgoingMessage(models.Model):
    """A message that leaves the house through a gateway; it carries nothing that identifies a patient."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    message_id = models.UUIDField(default=uuid.uuid4, unique=True, help_text="stays the same on each attempt")
    about = models.CharField(max_length=80, help_text="what it is about, such as alert:12")
    ward_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10, help_text="webhook or smtp")
    title = models.CharField(max_length=200)
    text = models.TextField()
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="real time")
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="message_to_send", condition=models.Q(state="sending")),
            models.Index(fields=["about"], name="message_about"),
        ]
