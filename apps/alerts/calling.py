"""Whom each level calls: looked up at the moment of the call, because shifts change."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from apps.accounts.selectors import Action, Staff, on_call_at, staff_who_may, ward_name
from apps.alerts.delivery.channels import configured_channels
from apps.alerts.delivery.messages import queue_message
from apps.alerts.domain.escalation import Level
from apps.alerts.models import Alert
from apps.edge.messages import fill
from apps.kernel.text import N_

TITLE = N_("IVIG Monitor: an alert on %(ward)s waits for somebody")
TEXT = N_(
    "Nobody on the ward has taken alert %(number)s (%(priority)s). Nurses, charge nurse and physician have been"
    " called before. Go there or call the ward now."
)
LATE = N_("It comes late: it was due on %(date)s at %(time)s.")
PRIORITY_WORDS = {"high": N_("High priority"), "medium": N_("Medium priority"), "low": N_("Low priority")}


def people_called(level: Level, *, ward_id: int, now: datetime) -> tuple[list[Staff], bool]:
    """(people, whether it is the physician on call). Without one on call every physician of the ward is called."""
    if level == Level.CHARGE_NURSE:
        return staff_who_may(Action.BE_CALLED_FIRST, ward_id), False
    if level == Level.PHYSICIAN:
        physician = on_call_at(ward_id, now)
        return ([physician], True) if physician else (staff_who_may(Action.BE_ON_CALL, ward_id), False)
    return [], False


def call_out(alert: Alert, *, now: datetime, besides: frozenset[str] = frozenset()) -> list[str]:
    """Queue a message to each channel out of the ward, `besides` those that are being tried already.

    Returns the channels that are set up, none when none is.

    A message names ward, priority, the alert's number, times and an address, nothing of the patient.
    """
    channels = configured_channels()
    for channel in channels:
        if channel in besides:
            continue
        with translation.override(settings.ALERT_FALLBACK_LANGUAGE):
            ward = " ".join(ward_name(alert.ward_id).split())
            title = fill(TITLE, {"ward": ward})
            text = _text(alert)
        queue_message(
            about=f"alert:{alert.pk}",
            ward_id=alert.ward_id,
            channel=channel,
            title=title,
            text=text,
            details={
                "ward": ward,
                "alert": alert.pk,
                "priority": alert.priority,
                "raised_at": alert.raised_at.isoformat(),
                "was_due_at": alert.was_due_at.isoformat() if alert.was_due_at else None,
                "called_at": now.isoformat(),
                "link": _link(alert),
            },
            now=now,
        )
    return channels


def _text(alert: Alert) -> str:
    sentence = fill(TEXT, {"number": str(alert.pk), "priority": gettext(PRIORITY_WORDS[alert.priority])})
    return "\n\n".join(
        part
        for part in (sentence, _late(alert), alert.raised_at.isoformat(timespec="seconds"), _link(alert))
        if part
    )


def _late(alert: Alert) -> str:
    if alert.was_due_at is None:
        return ""
    was_due = alert.was_due_at.astimezone(ZoneInfo(alert.ward.time_zone))
    return fill(LATE, {"date": was_due.date(), "time": was_due.time()})


def _link(alert: Alert) -> str:
    return f"{settings.PUBLIC_URL}/wards/{alert.ward_id}/" if settings.PUBLIC_URL else ""
