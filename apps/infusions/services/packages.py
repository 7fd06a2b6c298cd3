"""Which product a package's number stands for."""

from datetime import datetime

from apps.accounts.selectors import Action, Staff, require
from apps.guidelines.selectors import current_guidelines
from apps.infusions.models import KnownPackage
from apps.kernel.errors import ConflictError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work


def confirm_package(*, performer: Staff, gtin: str, product_code: str, now: datetime) -> KnownPackage:
    """Remember that a person read this product's name on a package with this 14-digit GTIN.

    It holds for the whole hospital; confirming the same again changes nothing. Raises DomainError
    `guideline_unknown_code`, ConflictError `package_is_another`.
    """
    require(performer, Action.RUN_INFUSION)
    product = current_guidelines().product(product_code)
    with unit_of_work():
        package, is_new = KnownPackage.objects.get_or_create(
            gtin=gtin,
            defaults={"product_code": product.code, "confirmed_at": now, "confirmed_by": performer},
        )
        if package.product_code != product.code:
            raise ConflictError(
                "package_is_another",
                N_(
                    "%(name)s confirmed this package number for another product. Do not hang the vial;"
                    " ask the pharmacy which is right."
                ),
                name=package.confirmed_by.display_name,
            )
        if is_new:
            record_event(
                name="infusion.package.confirmed",
                subject=f"package:{package.pk}",
                ward_id=None,
                actor=actor_of(performer),
                now=now,
                payload={"gtin": gtin, "product": product.code},
            )
    return package
