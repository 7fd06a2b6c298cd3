"""A red flag that no check can take any more: it calls by itself."""

from dataclasses import asdict
from datetime import datetime

from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert
from apps.followups.domain.screening import Judgement, Urgency
from apps.kernel.text import N_
from apps.selfreport.models import SelfReport

RED_FLAG = "self_report_red_flag"
MESSAGE_RED_FLAG = N_(
    "A patient reports from home: %(name)s. No follow-up is open for it: call the patient now."
)
_PRIORITY = {Urgency.EMERGENCY: Priority.HIGH, Urgency.SAME_DAY: Priority.MEDIUM}


def raise_beside_check(report: SelfReport, judgement: Judgement, *, now: datetime) -> None:
    """Raise the most urgent of the flags on the patient's ward; the alert climbs to the physician on call."""
    flag = judgement.flags[0]
    link = report.link
    raise_alert(
        ward_id=link.ward_id,
        patient_id=link.patient_id,
        subject=f"self_report:{report.pk}",
        condition=Condition(
            code=RED_FLAG,
            priority=_PRIORITY[flag.urgency],
            message=MESSAGE_RED_FLAG,
            params={"name": asdict(flag.rule.name)},
            source=flag.citation.label,
        ),
        now=now,
    )
