"""How much of an answer a client wants (RFC 7240)."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

PREFER = OpenApiParameter(
    "Prefer",
    str,
    OpenApiParameter.HEADER,
    description="`return=minimal`: answer with what is needed to go on, not with the whole thing.",
)


def wants_little(request: Request) -> bool:
    """Whether the client asked for a minimal answer to its write."""
    wishes = request.headers.get("Prefer", "").lower().replace(";", ",").split(",")
    return "return=minimal" in [wish.strip() for wish in wishes]
