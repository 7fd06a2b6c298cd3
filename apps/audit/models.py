"""Tables of the audit. Rows are written once; nothing changes or removes them."""

import pgtrigger
from django.db import models

from apps.ledger.guards import never_truncated


class Reading(models.Model):
    """One person was shown identifying data: of a patient, or of all of a ward where `patient_id` is empty.

    No foreign keys: what was read stays on record whatever becomes of the patient's row.
    """

    user_id = models.BigIntegerField()
    read_at = models.DateTimeField(help_text="real time")
    kind = models.CharField(max_length=80, help_text="the page or API address, by its name")
    patient_id = models.BigIntegerField(null=True)
    ward_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=12, help_text="care, break_glass or export")
    request_id = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["user_id", "read_at"], name="reading_of_person"),
            models.Index(fields=["patient_id", "id"], name="reading_of_patient"),
            models.Index(
                fields=["ward_id", "id"], name="reading_of_ward", condition=models.Q(patient_id__isnull=True)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="reading_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated("reading"),
        ]


class DayChain(models.Model):
    """A closed day (UTC): the events and readings that followed the day before, sealed by one hash.

    The day holds the rows numbered after the ones of the day before up to `last_event_id` and `last_reading_id`,
    so no row can lie between two days.
    """

    day = models.DateField(unique=True)
    events = models.PositiveIntegerField()
    readings = models.PositiveIntegerField()
    last_event_id = models.BigIntegerField()
    last_reading_id = models.BigIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    closed_at = models.DateTimeField(help_text="real time")

    class Meta:
        triggers = [
            pgtrigger.Protect(name="day_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated("day"),
        ]
