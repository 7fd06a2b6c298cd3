"""The receivers a site has set up, and where its reports may be posted to."""

import json
from pathlib import Path

from django.conf import settings

from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.submissions.domain.gateways import Network, networks
from apps.submissions.domain.receivers import SiteReceiver, chosen, receivers_from

_LARGEST = 256 * 1024


def site_receivers() -> tuple[SiteReceiver, ...]:
    """The receivers of the file that SUBMISSION_RECEIVERS names, in its order; none where it names none.

    Raises DomainError `receivers_unreadable` or `receivers_invalid`.
    """
    if not settings.SUBMISSION_RECEIVERS:
        return ()
    try:
        with Path(settings.SUBMISSION_RECEIVERS).open("rb") as file:
            content = json.loads(file.read(_LARGEST))
    except (OSError, ValueError) as error:
        raise DomainError(
            "receivers_unreadable",
            N_(
                "The file of receivers (SUBMISSION_RECEIVERS) cannot be read as JSON. Tell the administrator."
            ),
        ) from error
    return receivers_from(content)


def site_receiver(code: str) -> SiteReceiver:
    """The receiver of that code. Raises DomainError `receiver_unknown` and what `site_receivers` raises."""
    return chosen(site_receivers(), code)


def private_networks() -> tuple[Network, ...]:
    """Private networks in which a gateway may stand. Raises GatewayAddressError."""
    return networks(settings.SUBMISSION_PRIVATE_NETWORKS)
