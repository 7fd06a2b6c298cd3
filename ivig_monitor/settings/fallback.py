"""Whether the channels out of the ward are set completely, from the environment alone: no settings needed."""

from collections.abc import Mapping

from apps.alerts.domain.targets import TargetError, mailbox, webhook

LANGUAGES = ("en", "fa", "nb")


def fallback_problems(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each thing that is half set or not allowed; nothing set is no problem, the board says so."""

    def of(name: str) -> str:
        return environment.get(name, "")

    allowed = frozenset(
        host.strip().lower() for host in of("ALERT_FALLBACK_ALLOWED_HOSTS").split(",") if host.strip()
    )
    problems = []
    for name in ("ALERT_FALLBACK_URL", "ADMINISTRATOR_URL"):
        try:
            if of(name):
                webhook(of(name), name=name, allowed_hosts=allowed)
        except TargetError as error:
            problems.append(str(error))
    for name in ("ALERT_FALLBACK_EMAIL", "ADMINISTRATOR_EMAIL"):
        try:
            if of(name):
                mailbox(
                    of(name),
                    name=name,
                    smtp_url=of("ALERT_FALLBACK_SMTP_URL"),
                    smtp_name="ALERT_FALLBACK_SMTP_URL",
                    sender=of("ALERT_FALLBACK_FROM"),
                    allowed_hosts=allowed,
                )
        except TargetError as error:
            problems.append(str(error))
    if of("ALERT_FALLBACK_SMTP_URL") and not (of("ALERT_FALLBACK_EMAIL") or of("ADMINISTRATOR_EMAIL")):
        problems.append("Set ALERT_FALLBACK_EMAIL to who is told, or unset ALERT_FALLBACK_SMTP_URL.")
    if of("ALERT_FALLBACK_LANGUAGE") not in ("", *LANGUAGES):
        problems.append("ALERT_FALLBACK_LANGUAGE must be en, fa or nb.")
    if of("PUBLIC_URL") and not of("PUBLIC_URL").startswith("https://"):
        problems.append("PUBLIC_URL must start with https://: it is what people open from a message.")
    return problems
