"""What the lot watch found."""

import pgtrigger
from django.db import models


class LotSignal(models.Model):
    """A look at which a lot stood out, with the counts it was seen by. Rows are only added, one for each look.

    The counts are infusions, and infusions with an adverse event, over the whole hospital.
    """

    product_code = models.CharField(max_length=80)
    lot_number = models.CharField(max_length=40, help_text="as it was written first")
    matches = models.CharField(max_length=40, help_text="as it is compared: capital letters and digits")
    serious_only = models.BooleanField()
    lot_infusions = models.PositiveIntegerField()
    lot_events = models.PositiveIntegerField()
    other_infusions = models.PositiveIntegerField()
    other_events = models.PositiveIntegerField()
    probability = models.FloatField(help_text="of so many events or more by chance")
    bound = models.FloatField(help_text="how improbable they had to be at this look")
    adverse_event_id = models.BigIntegerField(help_text="the event after which it was looked at")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product_code", "matches", "serious_only", "lot_events"],
                name="told_once_at_each_look",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="lot_signal_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
