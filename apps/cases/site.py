"""Who sends cases from here, and what of people may leave the house: set by the administrator."""

from django.conf import settings

from apps.cases.domain.content import Site
from apps.cases.domain.units import LANGUAGES


def site() -> Site:
    """The sender; what is not set is empty, and the case says so."""
    return Site(
        country=settings.CASE_COUNTRY,
        code=settings.CASE_ORGANISATION_CODE,
        organisation=settings.CASE_ORGANISATION,
        department=settings.CASE_DEPARTMENT,
        city=settings.CASE_CITY,
        postcode=settings.CASE_POSTCODE,
        telephone=settings.CASE_TELEPHONE,
        email=settings.CASE_EMAIL,
    )


def shows_initials() -> bool:
    """Whether initials and date of birth may leave the house."""
    return bool(settings.CASE_SHOWS_INITIALS)


def names_reporter() -> bool:
    """Whether the reporter's name may leave the house."""
    return bool(settings.CASE_NAMES_REPORTER)


def ward_language() -> tuple[str, str]:
    """The language of the wards' own words: as pages know it, and in ISO 639-2."""
    language = settings.CASE_LANGUAGE if settings.CASE_LANGUAGE in LANGUAGES else "en"
    return language, LANGUAGES[language]


def regime_codes() -> list[str]:
    """Whose clocks run for the site's cases."""
    return list(settings.CASE_REGIMES)
