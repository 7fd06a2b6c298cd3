"""Who went home when, and which waiting time of a vaccine a physician set aside."""

import pgtrigger
from django.conf import settings
from django.db import models


class Discharge(models.Model):
    """The end of a stay. A later infusion of the same course begins another one."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    course_id = models.BigIntegerField()
    session_id = models.BigIntegerField(help_text="the newest infusion of the stay")
    discharged_at = models.DateTimeField()
    discharged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    open_matters = models.JSONField(
        default=list, help_text="what was open and seen: [{key, kind, text, stays_open}], English"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course_id", "session_id"], name="one_discharge_per_stay"),
        ]


class VaccineOverride(models.Model):
    """A physician lets a live vaccine be given before the waiting time is over, with a reason. Never changed.

    It holds for the block as it stood: another dose blocks anew.
    """

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    vaccine = models.CharField(max_length=80, help_text="code of the hold in the follow-up protocol")
    blocked_until = models.DateField(help_text="until when it was blocked when it was decided")
    reason = models.TextField()
    overridden_at = models.DateTimeField()
    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        triggers = [pgtrigger.Protect(name="kept_as_decided", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "vaccine", "blocked_until"], name="one_override_of_a_block"
            ),
        ]
