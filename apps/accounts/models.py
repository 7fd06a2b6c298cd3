"""Staff and wards."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from apps.accounts.domain.roles import Role


class Ward(models.Model):
    """A ward: patients lie here, staff work here, a board shows it."""

    name = models.CharField(max_length=120, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC", help_text="IANA name, such as Europe/Oslo")

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A member of staff."""

    role = models.CharField(
        max_length=20, choices=[(role.value, role.value) for role in Role], default=Role.NURSE.value
    )
    wards = models.ManyToManyField(Ward, related_name="staff", blank=True)
    specialty = models.CharField(
        max_length=60, blank=True, help_text="code of a prescriber's specialty, as in the guideline documents"
    )

    @property
    def display_name(self) -> str:
        """The full name, or the sign-in name where none is given."""
        return self.get_full_name() or self.username


class OnCall(models.Model):
    """A stretch of time in which a physician is called for a ward. Of two that overlap the later entry counts."""

    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="+")
    physician = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="on_call_ends_after_its_start"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ward", "ends_at"],
                name="on_call_of_ward",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
        ]


class ProofFailures(models.Model):
    """How often an account failed to prove who it is within a window of real time."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    window_at = models.DateTimeField()
    failures = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "window_at"], name="one_proof_count_per_window")
        ]
