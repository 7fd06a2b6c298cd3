"""What the writers of self-report share."""

from datetime import datetime

from apps.kernel.text import N_
from apps.ledger.services import cancel_timers, record_event
from apps.selfreport.models import SelfReportLink, Sending

SEND = "selfreport.link.send"
OPEN_SENDINGS = (Sending.State.QUEUED, Sending.State.SENDING)
LINK_CLOSED = N_("This link no longer works. Call the ward that gave it to you.")


def record(link: SelfReportLink, name: str, actor: str, now: datetime, **more: object) -> None:
    """Record an event of a link; neither its token nor an address is part of it."""
    record_event(
        name=name,
        subject=f"self_report_link:{link.pk}",
        ward_id=link.ward_id,
        actor=actor,
        now=now,
        payload={"patient_id": link.patient_id, "course_id": link.course_id, **more},
    )


def withdraw_sendings(link: SelfReportLink) -> None:
    """What has not left yet is not sent any more; the link that lay sealed for it is wiped."""
    waiting = Sending.objects.select_for_update().filter(link=link, state__in=OPEN_SENDINGS)
    for sending in waiting:
        sending.state, sending.sealed_token = Sending.State.WITHDRAWN, ""
        sending.save(update_fields=["state", "sealed_token"])
        cancel_timers(subject=f"self_report_sending:{sending.pk}", kinds=(SEND,))
