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
        LOST = "lost"
        MISSED = "missed"

    class Outcome(models.TextChoices):
        NO_EFFECT = "no_effect"
        SYMPTOMS = "symptoms"
        SUSPECTED = "suspected"
        UNREACHABLE = "unreachable"
        INCOMPLETE = "incomplete"
        PARTIAL = "partial"
        LOST = "lost"

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
    closes_at = models.DateTimeField(null=True, help_text="null where nothing ever closes")
    day_number = models.PositiveSmallIntegerField(
        default=1, help_text="the infusion day it counts from, or before which it is asked"
    )
    anchored_at = models.DateTimeField(null=True, help_text="what its hours count from")
    reasons = models.JSONField(
        default=list, help_text="the facts that call for it, see apps/followups/records.py"
    )
    urgent = models.BooleanField(default=False, help_text="asked at once after an outage, and first")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)
    entered_at = models.DateTimeField(null=True, help_text="when it entered the worklist")
    alerted_at = models.DateTimeField(null=True, help_text="when the ward was told that it is overdue")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PLANNED)
    reason = models.CharField(max_length=200, blank=True, help_text="why it was superseded")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text="who took it on; nobody: the ward's",
    )
    next_attempt_at = models.DateTimeField(null=True, help_text="when the patient is tried again")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course_id", "code", "day_number"],
                condition=models.Q(status="planned"),
                name="one_planned_check_per_rule_and_day",
            ),
            models.UniqueConstraint(
                fields=["course_id", "code", "day_number", "anchored_at"],
                condition=~models.Q(status="superseded"),
                name="one_check_per_rule_and_anchor",
            ),
        ]


class CourseFact(models.Model):
    """A fact about a course's patient that was learned after the order. The newest word on a fact holds."""

    course_id = models.BigIntegerField()
    fact = models.CharField(max_length=80)
    holds = models.BooleanField()
    reason = models.CharField(max_length=200)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    noted_at = models.DateTimeField()
    changes = models.JSONField(
        default=dict, help_text="codes of the rules whose checks were planned, moved or superseded by it"
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["course_id"], name="followups_fact_of_course")]


class FollowUpAttempt(models.Model):
    """One attempt at a check: who, when, with what outcome and which answers. Kept, never changed.

    Only what is still being filled in (`partial`) grows; each addition is an event of its own.
    """

    class Source(models.TextChoices):
        CALL = "call"
        VISIT = "visit"
        SELF_REPORT = "self_report"

    check_done = models.ForeignKey(FollowUpCheck, on_delete=models.PROTECT, related_name="attempts")
    outcome = models.CharField(max_length=12, choices=FollowUpCheck.Outcome.choices)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.CALL)
    answers = models.JSONField(default=dict, help_text="symptom code -> yes, no or unknown")
    flags = models.JSONField(default=list, help_text="codes of the red flags and notices, most urgent first")
    note = models.TextField(blank=True)
    next_attempt_at = models.DateTimeField(null=True, help_text="what was planned after an attempt in vain")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text="nobody: the patient's own report",
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["check_done", "source"],
                condition=models.Q(outcome="partial"),
                name="one_report_being_filled_in",
            ),
        ]
