"""Whether what patients are told and sent is set completely, from the environment alone: no settings needed."""

import re
from collections.abc import Mapping

from apps.alerts.domain.targets import TargetError, mailbox, webhook

_NUMBER = re.compile(r"\+?[0-9][0-9 ()/-]{1,24}", re.ASCII)
_HOURS = range(24 * 31)


def patient_problems(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each thing that is half set or not allowed; nothing set is no problem, the page says so."""

    def of(name: str) -> str:
        return environment.get(name, "")

    allowed = frozenset(
        host.strip().lower() for host in of("ALERT_FALLBACK_ALLOWED_HOSTS").split(",") if host.strip()
    )
    problems = [
        f"{name} must be a telephone number, such as 113 or +47 22 00 00 00: patients call it."
        for name in ("EMERGENCY_NUMBER", "HOSPITAL_NUMBER")
        if of(name) and not _NUMBER.fullmatch(of(name))
    ]
    try:
        if of("PATIENT_SMS_URL"):
            webhook(of("PATIENT_SMS_URL"), name="PATIENT_SMS_URL", allowed_hosts=allowed)
        if of("PATIENT_SMTP_URL"):
            sender = of("PATIENT_MAIL_FROM")
            mailbox(
                sender,
                name="PATIENT_MAIL_FROM",
                smtp_url=of("PATIENT_SMTP_URL"),
                smtp_name="PATIENT_SMTP_URL",
                sender=sender,
                allowed_hosts=allowed | {sender.rpartition("@")[2].lower()},
            )
    except TargetError as error:
        problems.append(str(error))
    hours = of("SELF_REPORT_GRACE_HOURS")
    if hours and not (hours.isascii() and hours.isdigit() and int(hours[:9]) in _HOURS):
        problems.append("SELF_REPORT_GRACE_HOURS must be a whole number of hours, 743 at most.")
    return problems
