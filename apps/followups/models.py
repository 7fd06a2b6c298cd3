"""Follow-up checks."""

from django.conf import settings
from django.db import models


class FollowUpCheck(models.Model):
    """One check for a delayed effect. Unanswered is unknown, never "fine"."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        DUE = "due"
        OVERDUE = "overdue"
        DONE = "done"
        SUPERSEDED = "superseded"

    class Outcome(models.TextChoices):
        NO_EFFECT = "no_effect"
        SUSPECTED = "suspected"
        UNREACHABLE = "unreachable"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    course_id = models.BigIntegerField()
    session_id = models.BigIntegerField()
    guideline_version = models.CharField(max_length=64)
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200, help_text="English; the guideline has the other languages")
    effect = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    source = models.TextField(blank=True)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PLANNED)
    reason = models.CharField(max_length=200, blank=True, help_text="why it was superseded")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session_id", "code"], name="one_check_per_session_and_rule"),
        ]


class FollowUpAttempt(models.Model):
    """One attempt at a check: who, when, with what outcome. Kept, never changed."""

    check_done = models.ForeignKey(FollowUpCheck, on_delete=models.PROTECT, related_name="attempts")
    outcome = models.CharField(max_length=12, choices=FollowUpCheck.Outcome.choices)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
