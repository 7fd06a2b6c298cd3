"""An entry belongs to the person who made it, not to whoever is signed in when it arrives."""

from rest_framework.request import Request

from apps.kernel.errors import ForbiddenError
from apps.kernel.text import N_

HEADER = "Ivig-Performer"


def expect_performer(request: Request) -> None:
    """Refuse an entry of somebody else's page. Without the header the signed-in person is the performer.

    Raises ForbiddenError `other_person_signed_in` when the header names another person.
    """
    expected = request.headers.get(HEADER)
    if expected is not None and expected != str(request.user.pk):
        raise ForbiddenError(
            "other_person_signed_in",
            N_(
                "Somebody else has signed in on this device since this page was opened. Nothing was saved."
                " Sign in again yourself, then send the entry."
            ),
        )
