"""Sessions with their devices, PINs and badges."""

from django.conf import settings
from django.db import models


class DeviceSession(models.Model):
    """A sign-in on a device. Times are real time; `device_hash` is a keyed hash of the device's cookie."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True, null=True, help_text="null once it has ended")
    device_hash = models.CharField(max_length=64)
    device_name = models.CharField(max_length=60, blank=True)
    quick = models.BooleanField(
        help_text="opened with a PIN on a device where the person had signed in fully"
    )
    auth_hash = models.CharField(max_length=128, help_text="changes with the password")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="to some minutes")
    touched_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="wrong PINs and passwords in a row")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, blank=True)
    told_at = models.DateTimeField(null=True, help_text="when the person was told of a stolen session")

    class Meta:
        indexes = [
            models.Index(
                fields=["device_hash"], name="open_of_device", condition=models.Q(ended_at__isnull=True)
            ),
            models.Index(fields=["user", "opened_at"], name="device_sessions_of_person"),
        ]


class Pin(models.Model):
    """A person's PIN, hashed as a password is. It opens a locked screen, never an account."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    encoded = models.CharField(max_length=256)
    set_at = models.DateTimeField(help_text="real time")


class Badge(models.Model):
    """A person's badge: a keyed hash of what the reader types, for it must be found. It stands for a name."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    set_at = models.DateTimeField(help_text="real time")
