"""Courses, their versions and infusion days; and what is recorded of a patient between courses."""

import pgtrigger
from django.conf import settings
from django.db import models

from apps.courses.domain.maintenance import OUTCOMES
from apps.courses.domain.replacement import IGG_UNITS, INFECTION_SEVERITIES


class Course(models.Model):
    """One ordered course of IVIG as it stands now: indication, product, dose, split over days.

    `version` grows with each change; every version is kept in `CourseVersion`.
    """

    class Status(models.TextChoices):
        ACTIVE = "active"
        COMPLETED = "completed"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    guideline_version = models.CharField(max_length=64)
    indication_code = models.CharField(max_length=80)
    regimen_code = models.CharField(max_length=80)
    product_code = models.CharField(max_length=80)
    rate_table_code = models.CharField(max_length=80)
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2, help_text="actual weight")
    weighed_on = models.DateField()
    dosing_weight_kg = models.DecimalField(max_digits=6, decimal_places=2)
    dose_mg_per_kg = models.DecimalField(max_digits=8, decimal_places=2, help_text="of the whole course")
    days = models.PositiveSmallIntegerField()
    risk_factors = models.JSONField(default=list)
    order = models.JSONField(help_text="the order as given, see apps/courses/records.py")
    findings = models.JSONField(help_text="what was shown at approval, with the answers")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ACTIVE)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()


class CourseVersion(models.Model):
    """A course as it was approved at one time. Never changed."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    guideline_version = models.CharField(max_length=64)
    order = models.JSONField()
    findings = models.JSONField()
    reason = models.TextField(blank=True, help_text="why it was changed; empty for the first version")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    approved_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        triggers = [pgtrigger.Protect(name="kept_as_approved", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="one_version_of_each_number"),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("second_person")), name="course_needs_two_people"
            ),
        ]


class InfusionDay(models.Model):
    """One day of a course: what is to be given, and its infusion once it was started."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="infusion_days")
    number = models.PositiveSmallIntegerField()
    planned_on = models.DateField()
    dose_g = models.DecimalField(max_digits=8, decimal_places=2, help_text="in the day's whole vials")
    volume_ml = models.DecimalField(max_digits=9, decimal_places=3, help_text="whole vials, as hung")
    vials = models.JSONField(help_text="[[size in mL, count], …], largest first")
    premedication = models.JSONField(default=list)
    hydration = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    session_id = models.BigIntegerField(null=True)
    given_on = models.DateField(
        null=True, help_text="in the ward's time; null for days from before it was kept"
    )
    given_g = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, help_text="by the clock, once ended"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="one_day_of_each_number"),
        ]


class Entry(models.Model):
    """Something a person recorded. A wrong one stays where it is, marked, with the reason."""

    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    entered_in_error = models.BooleanField(default=False)
    error_reason = models.TextField(blank=True)
    error_marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    error_marked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class TreatmentResponse(Entry):
    """How a course had worked by a day."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="responses")
    outcome = models.CharField(max_length=12, choices=[(outcome, outcome) for outcome in OUTCOMES])
    assessed_on = models.DateField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["assessed_on", "pk"]


class TroughLevel(Entry):
    """Serum IgG before an infusion, in g/L, with the number and the unit that were typed."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    measured_on = models.DateField()
    igg_g_per_l = models.DecimalField(max_digits=6, decimal_places=4)
    entered_value = models.DecimalField(max_digits=6, decimal_places=2)
    entered_unit = models.CharField(max_length=5, choices=[(unit, unit) for unit in IGG_UNITS])
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["measured_on", "pk"]


class InfectionEpisode(Entry):
    """An infection of a patient on replacement therapy."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    occurred_on = models.DateField()
    severity = models.CharField(max_length=10, choices=[(code, code) for code in INFECTION_SEVERITIES])
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["occurred_on", "pk"]


class OpenRechallenge(models.Model):
    """A reviewed reaction of which nobody knows whether it comes back when the product is given again.

    The next order of the patient asks. Written from what the review of adverse events tells.
    """

    event_id = models.BigIntegerField(unique=True, help_text="number of the adverse event")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    course_id = models.BigIntegerField(help_text="in which it happened")
    product_code = models.CharField(max_length=80)
    reaction = models.TextField(help_text="in the physician's own words")
    onset_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["patient"], name="open_rechallenges", condition=models.Q(is_open=True)),
        ]
