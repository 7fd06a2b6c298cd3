"""Lots that may not be hung."""

import pgtrigger
from django.conf import settings
from django.db import models

from apps.lots.domain import HoldState

_FIXED = [
    "product_code",
    "lot_number",
    "matches",
    "reason",
    "held_at",
    "held_by",
]


class LotHold(models.Model):
    """A lot of a product on hold. Why and by whom is never changed; a released one stays."""

    product_code = models.CharField(max_length=80)
    lot_number = models.CharField(max_length=40, help_text="as it was written")
    matches = models.CharField(max_length=40, help_text="as it is compared: capital letters and digits")
    reason = models.CharField(max_length=300)
    held_at = models.DateTimeField()
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=20, choices=[(state.value, state.value) for state in HoldState], default=HoldState.HELD
    )
    release_asked_at = models.DateTimeField(null=True)
    release_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    release_reason = models.CharField(max_length=300, blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    agreement = models.CharField(max_length=300, blank=True, help_text="what the second person looked at")

    class Meta:
        ordering = ["-held_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product_code", "matches"],
                condition=~models.Q(state=HoldState.RELEASED.value),
                name="one_open_hold_per_lot",
            ),
            models.CheckConstraint(
                condition=models.Q(released_by__isnull=True)
                | ~models.Q(released_by=models.F("release_asked_by")),
                name="a_lot_is_released_by_two_people",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="hold_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="hold_stays_as_it_was_set", fields=_FIXED),
        ]
