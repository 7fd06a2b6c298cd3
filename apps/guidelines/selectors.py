"""Readers of the guidelines."""

from functools import lru_cache

from django.utils.translation import get_language

from apps.guidelines.domain import DoseRegimen, Guidelines, Indication, LocalText, parse_guidelines
from apps.guidelines.domain.accepting import fingerprint
from apps.guidelines.models import GuidelineRelease, RegimenReading, SiteDocument
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

RegimenReadingRecord = RegimenReading
SiteDocumentRecord = SiteDocument


def current_version() -> str:
    """Version of the release that new courses are planned with."""
    version = GuidelineRelease.objects.filter(is_current=True).values_list("version", flat=True).first()
    if version is None:
        raise DomainError(
            "guidelines_missing", N_("No guideline is loaded. Run: python3 manage.py load_guidelines")
        )
    return version


def current_guidelines() -> Guidelines:
    """The release that new courses are planned with."""
    return guidelines_version(current_version())


@lru_cache(maxsize=64)
def guidelines_version(version: str) -> Guidelines:
    """A release by its version; releases never change, so it is parsed once per process."""
    return parse_guidelines(GuidelineRelease.objects.get(version=version).documents)


def accepted_reading(indication: Indication, regimen: DoseRegimen) -> RegimenReading | None:
    """The newest reading two people accepted of this regimen as it is printed now."""
    return next(iter(readings_of(indication, regimen)), None)


def readings_of(indication: Indication, regimen: DoseRegimen) -> list[RegimenReading]:
    """Every reading of this regimen as it is printed now, newest first."""
    return list(
        RegimenReading.objects.select_related("physician", "second_person").filter(
            indication_slug=indication.slug,
            regimen_code=regimen.code,
            fingerprint=fingerprint(indication, regimen),
        )
    )


def approved_site_documents() -> list[SiteDocument]:
    """For each code the newest approved document of the site that was not withdrawn."""
    approved = SiteDocument.objects.select_related("author", "approver").filter(
        approved_at__isnull=False, withdrawn_at__isnull=True
    )
    newest: dict[str, SiteDocument] = {}
    for document in approved.order_by("code", "number"):
        newest[document.code] = document
    return list(newest.values())


def site_documents() -> list[SiteDocument]:
    """Every document the site ever submitted, newest first under its code."""
    return list(SiteDocument.objects.select_related("author", "approver", "withdrawn_by"))


def in_reader_language(text: LocalText) -> str:
    """The wording in the active language."""
    return text.in_language(get_language() or "en")
