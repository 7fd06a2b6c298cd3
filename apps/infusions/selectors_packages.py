"""Readers of packages: which product a trade item number stands for, and whether a vial was hung."""

from datetime import datetime

from apps.infusions.models import HungVial, KnownPackage


def known_product(gtin: str) -> str | None:
    """Code of the product that a 14-digit GTIN was confirmed to stand for; None while nobody has."""
    return KnownPackage.objects.filter(gtin=gtin).values_list("product_code", flat=True).first()


def vial_hung_at(*, gtin: str, serial: str) -> datetime | None:
    """When the vial with this serial number was hung, on any ward; None when it was not.

    Entries marked as made in error do not count.
    """
    hung = HungVial.objects.filter(gtin=gtin, serial=serial, status=HungVial.Status.FINAL)
    return hung.values_list("hung_at", flat=True).first()
