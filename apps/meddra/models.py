"""Versions of MedDRA as the site loaded them. Nothing of them is ever changed; versions stand beside each other."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models


def _kept(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class MeddraVersion(models.Model):
    """One release in one language, loaded as a whole or not at all."""

    number = models.CharField(max_length=4, help_text="as E2B(R3) writes it: 29.0")
    language = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, help_text="of the three files that were read")
    low_level_terms = models.PositiveIntegerField()
    preferred_terms = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-loaded_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["number", "language"], name="one_load_of_a_meddra_version")
        ]
        triggers = [_kept("meddra_version_kept")]


class PreferredTerm(models.Model):
    """A preferred term of a version."""

    version = models.ForeignKey(MeddraVersion, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=250)
    primary_class_code = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_preferred_term_of_a_code")
        ]
        triggers = [_kept("preferred_term_kept")]


class LowLevelTerm(models.Model):
    """A low level term of a version: what a reaction is coded with."""

    version = models.ForeignKey(MeddraVersion, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=250)
    preferred_code = models.CharField(max_length=8)
    is_current = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_low_level_term_of_a_code")
        ]
        indexes = [
            models.Index(fields=["version", "preferred_code"], name="synonyms_of_a_preferred_term"),
            GinIndex(SearchVector("name", config="simple"), name="words_of_low_level_terms"),
        ]
        triggers = [_kept("low_level_term_kept")]


class Place(models.Model):
    """One way from a preferred term up to a class."""

    version = models.ForeignKey(MeddraVersion, on_delete=models.PROTECT, related_name="+")
    preferred_code = models.CharField(max_length=8)
    high_level_code = models.CharField(max_length=8)
    group_code = models.CharField(max_length=8)
    class_code = models.CharField(max_length=8)
    high_level_name = models.CharField(max_length=250)
    group_name = models.CharField(max_length=250)
    class_name = models.CharField(max_length=250)
    is_primary = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["version", "preferred_code"], name="places_of_a_preferred_term")]
        triggers = [_kept("place_kept")]


class Upload(models.Model):
    """An archive on its way in, in parts that each fit through the door. Gone once it was loaded or given up."""

    size_bytes = models.PositiveIntegerField()
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")


class UploadPart(models.Model):
    """One part of an archive."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="one_upload_part_of_a_number")
        ]
