"""Who went home when."""

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course_id", "session_id"], name="one_discharge_per_stay"),
        ]
