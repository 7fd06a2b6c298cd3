"""Where a request comes from: behind the product's proxy its header, which the proxy overwrites; else the socket."""

from django.conf import settings
from django.http import HttpRequest

from apps.kernel.addresses import address_group


def address_of(request: HttpRequest) -> str:
    """The address a request came from, as the nearest proxy of ours or the socket tells it."""
    header = settings.CLIENT_ADDRESS_HEADER
    address = request.META.get(header or "REMOTE_ADDR", "") or request.META.get("REMOTE_ADDR", "")
    return str(address).rpartition(",")[2].strip()


def group_of(request: HttpRequest) -> str:
    """Whom limits count a request for; empty when its address cannot be read."""
    return address_group(address_of(request))
