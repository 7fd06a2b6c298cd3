"""What a patient is sent: an invitation in their language, the link, and nothing that says who or what for."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from apps.alerts.delivery.gateways import Letter
from apps.kernel.text import N_
from apps.selfreport.models import Sending
from apps.selfreport.site import emergency_number

TITLE = N_("How are you?")
INVITATION = N_("Please answer a few short questions about how you feel. It takes some minutes.")
PERSONAL = N_("This link is only for you. Please do not pass it on.")
URGENT = N_("If you feel seriously ill, do not write: call %(number)s at once.")
URGENT_WITHOUT_NUMBER = N_("If you feel seriously ill, do not write: call the emergency services at once.")
NO_ANSWER = N_("Nobody reads answers to this message.")


def link_address(token: str) -> str:
    """The whole address of a form."""
    return f"{settings.PUBLIC_URL}/r/{token}/"


def letter(sending: Sending, token: str) -> Letter:
    """The letter of a sending, in the patient's language. A text message is kept short."""
    with translation.override(sending.link.language):
        lines = [gettext(INVITATION), link_address(token), gettext(PERSONAL), _urgent()]
        if sending.channel == Sending.Channel.MAIL:
            lines.append(gettext(NO_ANSWER))
        title = gettext(TITLE)
    if sending.channel == Sending.Channel.MAIL:
        return Letter(str(sending.message_id), title, "\n\n".join(lines))
    details = {"to": sending.address, "channel": "sms", "language": sending.link.language}
    return Letter(str(sending.message_id), "", "\n".join(lines), details)


def _urgent() -> str:
    number = emergency_number()
    return gettext(URGENT) % {"number": number} if number else gettext(URGENT_WITHOUT_NUMBER)
