"""Where a request comes from: behind the product's proxy its header, which the proxy overwrites; else the socket."""

from django.conf import settings
from django.http import HttpRequest

from apps.selfreport.domain import address_group


def group_of(request: HttpRequest) -> str:
    """Whom the limits count a request for; empty when its address cannot be read."""
    header = settings.CLIENT_ADDRESS_HEADER
    address = request.META.get(header or "REMOTE_ADDR", "") or request.META.get("REMOTE_ADDR", "")
    return address_group(address.rpartition(",")[2])
