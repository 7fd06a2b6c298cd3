"""Adverse events, what physicians say of them, and how they went on."""

import pgtrigger
from django.conf import settings
from django.db import models


class AdverseEvent(models.Model):
    """Something that happened to a patient after IVIG, with what was running when it began."""

    class Status(models.TextChoices):
        NEW = "new"
        REVIEWED = "reviewed"
        ENTERED_IN_ERROR = "entered_in_error"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=80, unique=True, help_text="reaction:4 or check:7: one event each")
    session_id = models.BigIntegerField()
    course_id = models.BigIntegerField()
    term = models.CharField(max_length=80)
    severity = models.CharField(max_length=10, blank=True)
    onset_at = models.DateTimeField()
    infusion_started_at = models.DateTimeField(null=True)
    infusion_ended_at = models.DateTimeField(null=True)
    rate_ml_per_kg_h = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    rate_ml_per_h = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    step_index = models.PositiveSmallIntegerField(null=True)
    volume_given_ml = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    product_code = models.CharField(max_length=80)
    lots = models.JSONField(default=list)
    action = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    details = models.JSONField(
        default=dict,
        help_text="symptoms, what was done, vital signs around the onset, as recorded at the bedside",
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NEW)
    guideline_version = models.CharField(max_length=64)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    recorded_at = models.DateTimeField()
    review_urgency = models.CharField(max_length=40, blank=True, help_text="code of the review clock")
    review_due_at = models.DateTimeField(null=True, help_text="when nobody having reviewed it is told")
    reviewed_at = models.DateTimeField(null=True, help_text="when it was first signed")

    class Meta:
        ordering = ["-onset_at", "-id"]
        indexes = [
            models.Index(
                fields=["ward", "review_due_at"],
                name="events_to_review",
                condition=models.Q(status="new"),
            )
        ]


class Assessment(models.Model):
    """What one physician says of an event. A draft is written on; signed it is never changed, only followed.

    `content`: the review as in `domain.review`. `record`: what was recorded of the event when it was signed.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SIGNED = "signed"

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="assessments")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(help_text="of this assessor's, from 1")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1, help_text="of the draft: grows with each save")
    content = models.JSONField()
    guideline_version = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signer_name = models.CharField(max_length=300, blank=True)
    signer_role = models.CharField(max_length=20, blank=True)
    meaning = models.CharField(max_length=40, blank=True, help_text="what the signature means")
    record = models.JSONField(null=True)
    record_sha256 = models.CharField(max_length=64, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True, help_text="of everything that is signed")

    class Meta:
        ordering = ["event", "assessor", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "assessor", "version"], name="one_review_of_each_version"
            ),
            models.UniqueConstraint(
                fields=["event", "assessor"], condition=models.Q(state="draft"), name="one_draft_per_assessor"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", signed_at__isnull=True, signed_sha256="")
                | models.Q(state="signed", signed_at__isnull=False, record__isnull=False)
                & ~models.Q(signed_sha256="")
                & ~models.Q(signer_name="")
                & ~models.Q(meaning=""),
                name="signed_with_name_time_and_meaning",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="review_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="review_kept_as_signed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="signed"),
            ),
        ]


class OutcomeEntry(models.Model):
    """How a reaction stood at a time. Rows are only added; a wrong one is named by the row that replaces it."""

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="outcomes")
    severity_term = models.CharField(
        max_length=80, blank=True, help_text="which reaction; empty: all of them"
    )
    outcome = models.CharField(max_length=30)
    observed_at = models.DateTimeField()
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="+", null=True, help_text="signed with it"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, help_text="a wrong entry"
    )

    class Meta:
        ordering = ["observed_at", "id"]
        triggers = [
            pgtrigger.Protect(name="outcome_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
