"""How a link reaches a patient: a mail server, or an SMS gateway that takes JSON over HTTPS.

Settings: PATIENT_SMTP_URL and PATIENT_MAIL_FROM for mail; PATIENT_SMS_URL for SMS; both servers must be listed in
ALERT_FALLBACK_ALLOWED_HOSTS. The SMS gateway gets `POST` with `Idempotency-Key` and

    {"id": "<UUID, the same on each attempt>", "title": "", "text": "<the message>",
     "to": "+4791234567", "channel": "sms", "language": "fa"}

and says by any status from 200 to 299 that it took it. `to` is the number in international form (E.164).
"""

import re
from urllib.parse import urlsplit

from django.conf import settings

from apps.alerts.domain.targets import Mailbox, Target, TargetError, mailbox, webhook
from apps.kernel.numbers import fold_digits
from apps.kernel.text import N_

MAIL, SMS = "mail", "sms"
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_NUMBER = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)


class ChannelError(Exception):
    """The channel is not set up, or wrongly; the text is a sentence for the administrator."""


class AddressError(Exception):
    """What was typed is no address of this channel; `message` is a sentence for who typed it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def channels_set_up() -> list[str]:
    """The ways of sending that this installation has, right or wrong."""
    wanted = {MAIL: settings.PATIENT_SMTP_URL, SMS: settings.PATIENT_SMS_URL}
    return [channel for channel, value in wanted.items() if value]


def normal_address(channel: str, address: str) -> str:
    """The address as it is used: a mail address, or a number as +4791234567. Raises AddressError."""
    if channel == MAIL:
        text = address.strip()
        if len(text) > 254 or not _MAIL_ADDRESS.fullmatch(text):
            raise AddressError(N_("This is no mail address. It looks like name@place.example."))
        return text
    text = re.sub(r"[\s()./-]", "", fold_digits(address))
    text = f"+{text[2:]}" if text.startswith("00") else text
    if not _NUMBER.fullmatch(text):
        raise AddressError(
            N_("Type the number with its country, such as +47 912 34 567 or +98 912 345 6789.")
        )
    return text


def patient_target(channel: str, address: str) -> tuple[Target, str]:
    """Where a letter to this address goes, and the address as it is used.

    Raises AddressError for what was typed, ChannelError for what is not set up.
    """
    if channel not in channels_set_up():
        raise ChannelError(f"{channel} is not set up.")
    used = normal_address(channel, address)
    try:
        return (_mail_server(used) if channel == MAIL else _sms_gateway()), used
    except TargetError as error:
        raise ChannelError(str(error)) from error


def _sms_gateway() -> Target:
    return webhook(settings.PATIENT_SMS_URL, name="PATIENT_SMS_URL", allowed_hosts=_allowed())


def _mail_server(recipient: str) -> Mailbox:
    """The server must be listed; the patient's own mail domain cannot be."""
    server = (urlsplit(settings.PATIENT_SMTP_URL).hostname or "").lower()
    if server not in _allowed():
        raise TargetError(
            f"PATIENT_SMTP_URL goes to {server or 'no host'}, which ALERT_FALLBACK_ALLOWED_HOSTS does not list."
        )
    if not settings.PATIENT_MAIL_FROM:
        raise TargetError("Set PATIENT_MAIL_FROM to the address that patients see as the sender.")
    return mailbox(
        recipient,
        name="the patient's address",
        smtp_url=settings.PATIENT_SMTP_URL,
        smtp_name="PATIENT_SMTP_URL",
        sender=settings.PATIENT_MAIL_FROM,
        allowed_hosts=frozenset({server, recipient.rpartition("@")[2].lower()}),
    )


def _allowed() -> frozenset[str]:
    return frozenset(host.lower() for host in settings.ALERT_FALLBACK_ALLOWED_HOSTS)
