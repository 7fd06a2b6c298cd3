"""Lanes of the door, places people know, and what they prove themselves with. No secret lies here in the open."""

from django.conf import settings
from django.db import models


class SignInLane(models.Model):
    """Failures in a row of one lane; the key is a digest under the service's own key."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField(db_index=True)
    closed_until = models.DateTimeField()


class VainName(models.Model):
    """A name that was tried in vain from an address, both as digests."""

    address = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "name"], name="one_vain_name_per_address")]


class KnownPlace(models.Model):
    """A device or an address at which an account signed in, as a digest."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=64, db_index=True)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="one_known_place_per_account")]


class Factors(models.Model):
    """What a person has beside the password: the sealed secret of an authenticator, and a name for passkeys."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    handle = models.BinaryField(max_length=32, unique=True, help_text="names the account to passkeys")
    totp_sealed = models.TextField(blank=True)
    totp_waiting = models.TextField(blank=True, help_text="sealed; counts once a first code was right")
    totp_added_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)


class Passkey(models.Model):
    """A passkey's public half."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField(max_length=2048)
    sign_count = models.BigIntegerField()
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code for the day the telephone is lost; the index finds it, the rest is hashed as a password is."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    index = models.CharField(max_length=4)
    digest = models.CharField(max_length=200)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "index"], name="one_recovery_code_per_index")]


class FactorChange(models.Model):
    """A change the person is told of at the next sign-in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=40)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user"], name="change_to_tell", condition=models.Q(told_at__isnull=True))
        ]
