"""Red flags become alerts: which effect, why, and what to do."""

from collections.abc import Sequence
from datetime import datetime

from apps.accounts.selectors import Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert
from apps.followups.domain.screening import Judgement, RedFlag, Urgency
from apps.followups.models import FollowUpCheck
from apps.followups.words import MESSAGE_EMERGENCY, MESSAGE_SAME_DAY, MESSAGE_SYMPTOMS, listed
from apps.guidelines.domain import ScreeningQuestion, symptoms_by_code

SYMPTOMS_REPORTED = "symptoms_reported"
RED_FLAG = "red_flag_%s"


def raise_red_flags(
    check: FollowUpCheck,
    judgement: Judgement,
    raised_before: set[str],
    questions: Sequence[ScreeningQuestion],
    now: datetime,
    *,
    heard_by: Staff | None,
) -> bool:
    """One alert for each effect that red flags newly speak for. Returns whether there was one.

    An emergency is of high priority, what must be seen the same day of medium. An emergency calls the physician at
    once, and so does every red flag of a patient's own report, which nobody of the ward has heard (`heard_by` None).
    """
    fresh = [flag for flag in judgement.flags if flag.code not in raised_before]
    for effect in dict.fromkeys(flag.effects[0] for flag in fresh):
        # Together with what was raised before: the alert tells everything that speaks for this effect.
        flags = [flag for flag in judgement.flags if flag.effects[0] == effect]
        raise_alert(
            ward_id=check.ward_id,
            patient_id=check.patient_id,
            subject=f"check:{check.pk}",
            condition=_condition(effect, flags, questions),
            now=now,
            physician_at_once=heard_by is None or flags[0].urgency is Urgency.EMERGENCY,
        )
    return bool(fresh)


def tell_of_symptoms(
    check: FollowUpCheck, judgement: Judgement, questions: Sequence[ScreeningQuestion], now: datetime
) -> None:
    """Symptoms without a red flag that nobody of the ward has heard: somebody looks at them during the day."""
    known = symptoms_by_code(tuple(questions))
    raise_alert(
        ward_id=check.ward_id,
        patient_id=check.patient_id,
        subject=f"check:{check.pk}",
        condition=Condition(
            code=SYMPTOMS_REPORTED,
            priority=Priority.LOW,
            message=MESSAGE_SYMPTOMS,
            params={"symptoms": listed(known[code].name for code in judgement.reported)},
            source=check.source,
        ),
        now=now,
    )


def _condition(effect: str, flags: list[RedFlag], questions: Sequence[ScreeningQuestion]) -> Condition:
    known = symptoms_by_code(tuple(questions))
    leading = flags[0]
    symptoms = dict.fromkeys(code for flag in flags for code in flag.symptom_codes)
    emergency = leading.urgency is Urgency.EMERGENCY
    return Condition(
        code=RED_FLAG % effect,
        priority=Priority.HIGH if emergency else Priority.MEDIUM,
        message=MESSAGE_EMERGENCY if emergency else MESSAGE_SAME_DAY,
        params={
            "effect": leading.rule.name.as_mapping(),
            "symptoms": listed(known[code].name for code in symptoms),
            "advice": leading.rule.advice.as_mapping(),
        },
        source=leading.citation.label,
    )
