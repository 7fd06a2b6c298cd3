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

    password_only_signs = models.BooleanField(
        default=False,
        db_default=False,
        help_text="the password signs orders and reviews; the door opens through the hospital's provider alone",
    )

    first_password_until = models.DateTimeField(
        null=True,
        editable=False,
        help_text="real time; the password is the administrator's word, signs nothing and has to be changed until then",
    )

    @property
    def has_own_password(self) -> bool:
        """Whether there is a password that nobody else chose: the only one that proves who somebody is."""
        return self.has_usable_password() and self.first_password_until is None

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


class WardCover(models.Model):
    """Somebody of another ward stands in on this one for some hours, with their own role."""

    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="covers")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covers")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="cover_ends_after_its_start"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "ends_at"],
                name="cover_of_person",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
            models.Index(fields=["ward", "ends_at"], name="cover_of_ward"),
        ]


class EmergencyAccess(models.Model):
    """Break-glass: one patient of another ward, opened to one person for some hours, with a reason; then judged."""

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified"
        NOT_JUSTIFIED = "not_justified"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="emergency_accesses")
    patient_id = models.BigIntegerField(help_text="number of the patient; patients are kept above this app")
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    verdict = models.CharField(max_length=14, choices=Verdict.choices, blank=True)
    verdict_note = models.TextField(blank=True)
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="emergency_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="") | models.Q(judged_by__isnull=False, judged_at__isnull=False),
                name="verdict_has_a_judge",
            ),
        ]
        indexes = [models.Index(fields=["person", "patient_id", "ends_at"], name="emergency_of_person")]
