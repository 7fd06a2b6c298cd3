"""Recording vital signs and letting the bedside rules speak."""

from datetime import datetime

from apps.accounts.selectors import Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.guidelines.selectors import guidelines_version
from apps.infusions.domain import VITAL_SIGNS, Finding, SessionState, Vitals, evaluate
from apps.infusions.models import InfusionSession, Observation
from apps.infusions.planning import OBSERVATION, baseline_of, next_observation_due
from apps.infusions.services.common import locked_session, schedule_due
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work


def record_observation(
    *, performer: Staff, session_id: int, vitals: Vitals, note: str, now: datetime
) -> Observation:
    """Record vital signs of a running or paused infusion; rules that fire raise or join alerts.

    Raises DomainError `observation_empty`, ConflictError `session_not_open`.
    """
    if len(vitals.missing) == len(VITAL_SIGNS):
        raise DomainError("observation_empty", N_("Enter at least one vital sign."))
    with unit_of_work():
        session = locked_session(performer, session_id)
        if session.state not in (SessionState.RUNNING, SessionState.PAUSED):
            raise ConflictError(
                "session_not_open", N_("This infusion has ended. Record later findings in the follow-up.")
            )
        row = store_observation(session, vitals, performer=performer, now=now, note=note)
        findings = evaluate(
            vitals, baseline_of(session), guidelines_version(session.guideline_version).observation_rules
        )
        _alert(session, vitals, findings, performer=performer, now=now)
        latest = Observation.objects.filter(session=session).latest("effective_at").effective_at
        session.observation_due_at = next_observation_due(session, latest)
        session.asked = [what for what in session.asked if what != OBSERVATION]
        session.save(update_fields=["observation_due_at", "asked"])
        schedule_due(session)
        record_event(
            name="infusion.observation.recorded",
            subject=f"session:{session.pk}",
            ward_id=session.ward_id,
            actor=actor_of(performer),
            now=now,
            occurred_at=vitals.effective_at,
            payload={
                "observation_id": row.pk,
                **{sign: str(vitals.value(sign)) for sign in VITAL_SIGNS if sign not in vitals.missing},
                "findings": [finding.rule_code for finding in findings],
            },
        )
    return row


def store_observation(
    session: InfusionSession,
    vitals: Vitals,
    *,
    performer: Staff,
    now: datetime,
    note: str = "",
    is_baseline: bool = False,
) -> Observation:
    """Write the row; rules and events are the caller's."""
    return Observation.objects.create(
        session=session,
        is_baseline=is_baseline,
        effective_at=vitals.effective_at,
        recorded_at=now,
        performer=performer,
        note=note,
        **{sign: getattr(vitals, sign) for sign in VITAL_SIGNS},
    )


def _alert(
    session: InfusionSession,
    vitals: Vitals,
    findings: tuple[Finding, ...],
    *,
    performer: Staff,
    now: datetime,
) -> None:
    subject = f"session:{session.pk}"
    for finding in findings:
        raise_alert(
            ward_id=session.ward_id,
            patient_id=session.patient_id,
            subject=subject,
            condition=Condition(
                code=finding.group,
                priority=Priority(finding.priority),
                message=finding.message,
                params=finding.params,
                source=finding.source,
            ),
            now=now,
        )
    measured = frozenset(VITAL_SIGNS) - set(vitals.missing)
    rules = guidelines_version(session.guideline_version).observation_rules
    quiet = {rule.group for rule in rules if rule.sign in measured} - {finding.group for finding in findings}
    resolve_alerts(subject=subject, codes=frozenset(quiet), now=now)
    resolve_alerts(subject=subject, codes=frozenset({"observation_overdue"}), done_by=performer, now=now)
