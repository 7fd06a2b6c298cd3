"""The running infusion: session, rate segments, observations, reactions, lots."""

from django.conf import settings
from django.db import models

from apps.infusions.domain.session_state import SessionState


class InfusionSession(models.Model):
    """One day's infusion. `version` grows with each change, so that two nurses cannot both win."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    course_id = models.BigIntegerField()
    day_number = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    guideline_version = models.CharField(max_length=64)
    product_code = models.CharField(max_length=80)
    rate_table_code = models.CharField(max_length=80)
    disease = models.CharField(max_length=80, blank=True)
    concentration_mg_per_ml = models.DecimalField(max_digits=6, decimal_places=2)
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2)
    volume_total_ml = models.DecimalField(max_digits=9, decimal_places=3)
    risk_factors = models.JSONField(default=list)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in SessionState],
        default=SessionState.PREPARED.value,
    )
    version = models.PositiveIntegerField(default=1)
    step_index = models.PositiveSmallIntegerField(default=0)
    step_entered_at = models.DateTimeField(null=True, help_text="when the present rate began")
    step_due_at = models.DateTimeField(null=True, help_text="when the next step may open")
    observation_due_at = models.DateTimeField(null=True)
    finish_at = models.DateTimeField(null=True)
    asked = models.JSONField(default=list, help_text="which due things the timers have asked for")
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course_id", "day_number"], name="one_session_per_day"),
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(state__in=["prepared", "running", "paused"]),
                name="one_open_session_per_patient",
            ),
        ]


class RateChange(models.Model):
    """A stretch at one rate. Append-only but for its end."""

    session = models.ForeignKey(InfusionSession, on_delete=models.PROTECT, related_name="rate_changes")
    step_index = models.PositiveSmallIntegerField()
    rate_ml_per_kg_h = models.DecimalField(max_digits=7, decimal_places=3)
    rate_ml_per_h = models.DecimalField(max_digits=8, decimal_places=2)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    performer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(ended_at__isnull=True), name="one_open_rate"
            ),
        ]


class Observation(models.Model):
    """One set of vital signs. A missing sign is unknown, not normal."""

    session = models.ForeignKey(InfusionSession, on_delete=models.PROTECT, related_name="observations")
    is_baseline = models.BooleanField(default=False)
    effective_at = models.DateTimeField(help_text="at the bedside")
    recorded_at = models.DateTimeField(help_text="typed")
    performer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    systolic_mmhg = models.PositiveSmallIntegerField(null=True)
    diastolic_mmhg = models.PositiveSmallIntegerField(null=True)
    pulse_per_min = models.PositiveSmallIntegerField(null=True)
    respiratory_rate_per_min = models.PositiveSmallIntegerField(null=True)
    spo2_percent = models.PositiveSmallIntegerField(null=True)
    temperature_c = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["effective_at", "id"]


class Reaction(models.Model):
    """A reaction seen during the infusion; open until somebody says that it has passed."""

    session = models.ForeignKey(InfusionSession, on_delete=models.PROTECT, related_name="reactions")
    term = models.CharField(max_length=80)
    severity = models.CharField(max_length=10)
    onset_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    action = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    performer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )


class InfusedLot(models.Model):
    """A lot that was hung in this session."""

    session = models.ForeignKey(InfusionSession, on_delete=models.PROTECT, related_name="lots")
    lot_number = models.CharField(max_length=40)
    expires_on = models.DateField()
