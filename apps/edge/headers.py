"""What every answer tells the browser about itself, beyond what Django's own middleware says.

The content security policy stands in the settings. Two places that are not written by us get a wider one, by the
prefix of their address: Django's admin and the API's documentation build markup from text.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

FOREIGN_PAGES = ("/admin/", "/api/docs/")
_WITHOUT_TRUSTED_TYPES = {"require-trusted-types-for": None, "trusted-types": None}
# The camera reads barcodes; nothing else of a device is asked for.
_DENIED = (
    "accelerometer",
    "browsing-topics",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS = ", ".join(["camera=(self)", *(f"{name}=()" for name in _DENIED)])
NO_PERMISSIONS = ", ".join(f"{name}=()" for name in ("camera", *_DENIED))


class WebHeaders:
    """Adds what an answer did not say itself: embedding by others, devices, keeping a copy.

    No answer of ours is kept by a browser or a cache between: they hold patients' data, or what one person may see.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cache-Control", "no-store")
        if request.path.startswith(FOREIGN_PAGES):
            response._csp_replace = _WITHOUT_TRUSTED_TYPES  # type: ignore[attr-defined]
        return response
