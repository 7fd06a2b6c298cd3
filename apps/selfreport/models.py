"""Links, what came in by them, and what was sent out."""

import uuid

from django.conf import settings
from django.db import models

from apps.edge.sealing import sealed_column


class SelfReportLink(models.Model):
    """A link for one course of one patient. The token itself is nowhere: only its digest is kept."""

    class Revocation(models.TextChoices):
        REISSUED = "reissued"
        WITHDRAWN = "withdrawn"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    course_id = models.BigIntegerField()
    language = models.CharField(max_length=2, help_text="the patient's: en, fa or nb")
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    revocation = models.CharField(max_length=10, choices=Revocation.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course_id"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_open_link_per_course",
            ),
        ]


class SelfReport(models.Model):
    """One form, filled in step by step. What was answered stays here, whatever becomes of the check."""

    link = models.ForeignKey(SelfReportLink, on_delete=models.PROTECT, related_name="reports")
    check_id = models.BigIntegerField(null=True, help_text="the check it answers; null when none was open")
    answers = models.JSONField(default=dict, help_text="symptom code -> yes, no or unknown")
    note = models.TextField(blank=True)
    urgency = models.PositiveSmallIntegerField(default=0, help_text="the highest so far, see Urgency")
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="null while it is being filled in")
    completed_at = models.DateTimeField(null=True, help_text="null when the patient never sent it off")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_report_per_link",
            ),
        ]


class SelfReportEntry(models.Model):
    """One sending of the phone, under its own key: kept, never changed, and never counted twice."""

    link = models.ForeignKey(SelfReportLink, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(SelfReport, on_delete=models.PROTECT, related_name="entries")
    key = models.UUIDField()
    request_hash = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    completes = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "key"], name="one_entry_per_key")]


ADDRESSES = sealed_column("selfreport_sending", "sealed_address", row_name="message_id")


class Sending(models.Model):
    """A link on its way to a patient by mail or SMS. The link lies sealed, and only until it was sent."""

    class Channel(models.TextChoices):
        MAIL = "mail"
        SMS = "sms"

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    message_id = models.UUIDField(default=uuid.uuid4, unique=True, help_text="stays the same on each attempt")
    link = models.ForeignKey(SelfReportLink, on_delete=models.PROTECT, related_name="sendings")
    channel = models.CharField(max_length=4, choices=Channel.choices)
    sealed_address = models.TextField(blank=True, default="", help_text="empty once it was wiped")
    sealed_token = models.CharField(max_length=64, blank=True)
    consent_at = models.DateTimeField(help_text="when the patient's consent to this sending was noted")
    consent_noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, help_text="real time")
    tried_at = models.DateTimeField(
        null=True, help_text="real time of the newest attempt that asked the gateway"
    )
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="link_to_send", condition=models.Q(state="sending")),
        ]

    @property
    def address(self) -> str:
        """Where to, as typed for this sending; empty once it was wiped."""
        return ADDRESSES.open(self.sealed_address, self.message_id) if self.sealed_address else ""

    @address.setter
    def address(self, address: str) -> None:
        self.sealed_address = ADDRESSES.seal(address, self.message_id)


class Knocks(models.Model):
    """How often a link or an address came within a window of real time. Addresses are kept as a keyed digest."""

    counted = models.CharField(max_length=64)
    window_at = models.DateTimeField()
    requests = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["counted", "window_at"], name="one_count_per_window")]
        indexes = [models.Index(fields=["window_at"], name="knocks_by_window")]
