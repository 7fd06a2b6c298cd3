"""At start: no address without a rule."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import get_resolver

from apps.edge.rights import addresses, faults_of


@register("rights")
def every_address_has_a_rule(**_: Any) -> list[CheckMessage]:
    """An error for each address whose view does not say who may come (docs/rights.md)."""
    found = addresses(get_resolver().url_patterns)
    return [
        Error(fault, id="edge.E001")
        for route, pattern in found
        for fault in faults_of(route, pattern.callback)
    ]
