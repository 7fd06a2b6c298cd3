"""What a patient reports and no check calls anybody for: it calls by itself."""

from datetime import datetime

from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert
from apps.followups.domain.screening import Judgement, Urgency
from apps.followups.words import listed
from apps.guidelines.domain import symptoms_by_code
from apps.selfreport.asking import Form
from apps.selfreport.models import SelfReport
from apps.selfreport.words import MESSAGE_NOTE, MESSAGE_RED_FLAG, MESSAGE_SYMPTOMS

RED_FLAG, SYMPTOMS, NOTE = "self_report_red_flag", "self_report_symptoms", "self_report_note"


def raise_red_flag(report: SelfReport, judgement: Judgement, *, now: datetime) -> None:
    """The most urgent flag, when no check takes answers any more. Nobody has heard the patient: the physician does."""
    flag = judgement.flags[0]
    emergency = flag.urgency is Urgency.EMERGENCY
    priority = Priority.HIGH if emergency else Priority.MEDIUM
    condition = Condition(
        RED_FLAG, priority, MESSAGE_RED_FLAG, {"name": flag.rule.name.as_mapping()}, flag.citation.label
    )
    _raise(report, condition, now, physician_at_once=True)


def raise_symptoms(report: SelfReport, form: Form, judgement: Judgement, *, now: datetime) -> None:
    """Symptoms without a red flag that settle no check: somebody looks at them during the day."""
    known = symptoms_by_code((*form.script.asked, *form.script.every))
    names = listed(known[code].name for code in judgement.reported)
    _raise(report, Condition(SYMPTOMS, Priority.LOW, MESSAGE_SYMPTOMS, {"symptoms": names}), now)


def raise_note(report: SelfReport, *, now: datetime) -> None:
    """Words of the patient's own, which no rule can judge."""
    _raise(report, Condition(NOTE, Priority.LOW, MESSAGE_NOTE, {}), now)


def _raise(
    report: SelfReport, condition: Condition, now: datetime, *, physician_at_once: bool = False
) -> None:
    raise_alert(
        ward_id=report.link.ward_id,
        patient_id=report.link.patient_id,
        subject=f"self_report:{report.pk}",
        condition=condition,
        now=now,
        physician_at_once=physician_at_once,
    )
