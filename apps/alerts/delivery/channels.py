"""The channels that the settings name, and what is wrong with them."""

from collections.abc import Callable, Sequence

from django.conf import settings

from apps.alerts.domain.targets import Target, TargetError, mailbox, webhook

WEBHOOK, SMTP = "webhook", "smtp"


def configured_channels() -> list[str]:
    """The channels out of the ward that somebody has set, right or wrong."""
    wanted = {WEBHOOK: settings.ALERT_FALLBACK_URL, SMTP: settings.ALERT_FALLBACK_EMAIL}
    return [channel for channel, value in wanted.items() if value]


def alert_target(channel: str) -> Target:
    """Where alerts that nobody takes go. Raises TargetError with a sentence when the settings are wrong."""
    if channel == WEBHOOK:
        return _webhook("ALERT_FALLBACK_URL")
    return _mailbox("ALERT_FALLBACK_EMAIL")


def administrator_targets() -> list[Target]:
    """Where the service's own trouble goes: the administrator's targets, else those of the alerts.

    What is set wrongly is left out: trouble must get out by whatever works.
    """
    wanted = [("ADMINISTRATOR_URL", _webhook), ("ADMINISTRATOR_EMAIL", _mailbox)]
    if not any(getattr(settings, name) for name, _ in wanted):
        wanted = [("ALERT_FALLBACK_URL", _webhook), ("ALERT_FALLBACK_EMAIL", _mailbox)]
    return _usable(wanted)


def _usable(wanted: Sequence[tuple[str, Callable[[str], Target]]]) -> list[Target]:
    found = []
    for name, read in wanted:
        try:
            if getattr(settings, name):
                found.append(read(name))
        except TargetError:
            continue
    return found


def _webhook(name: str) -> Target:
    return webhook(getattr(settings, name), name=name, allowed_hosts=_allowed())


def _mailbox(name: str) -> Target:
    return mailbox(
        getattr(settings, name),
        name=name,
        smtp_url=settings.ALERT_FALLBACK_SMTP_URL,
        smtp_name="ALERT_FALLBACK_SMTP_URL",
        sender=settings.ALERT_FALLBACK_FROM,
        allowed_hosts=_allowed(),
    )


def _allowed() -> frozenset[str]:
    return frozenset(host.lower() for host in settings.ALERT_FALLBACK_ALLOWED_HOSTS)
