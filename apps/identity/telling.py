"""What a person reads of a change to their own sign-in."""

from datetime import datetime

from django.utils.translation import gettext

from apps.edge.wording import date_text, time_text
from apps.kernel.text import N_

CHANGES = {
    "totp_added": N_("An authenticator was added."),
    "totp_removed": N_("The authenticator was removed."),
    "passkey_added": N_("A passkey was added."),
    "passkey_removed": N_("A passkey was removed."),
    "passkey_counter_back": N_("A passkey was refused because there may be a copy of it. Remove it."),
    "recovery_codes_made": N_("New recovery codes were made."),
    "password_changed": N_("The password was changed."),
    "factors_reset": N_("An administrator removed your second factors."),
}
IF_NOT_YOU = N_("If that was not you, change your password and tell the administrator.")


def sentence_of(what: str, at: datetime) -> str:
    """The change, when it was, and what to do if somebody else made it."""
    return (
        f"{date_text(at.date())} {time_text(at.timetz())} UTC: {gettext(CHANGES[what])} {gettext(IF_NOT_YOU)}"
    )
