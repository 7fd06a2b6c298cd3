"""What is still open about a patient who is to go home, gathered from the laboratory, the alerts and the follow-up."""

from dataclasses import asdict

from apps.alerts.selectors import untaken_alerts
from apps.discharge.domain.matters import OpenMatter
from apps.edge.messages import params_from_json
from apps.followups.selectors import checks_of_patient
from apps.followups.services.common import MESSAGE_OVERDUE
from apps.guidelines.selectors import guidelines_version
from apps.laboratory.domain.findings import Finding
from apps.laboratory.selectors import laboratory_of
from apps.patients.selectors import PatientRecord

_RANK = {"high": 0, "medium": 1, "low": 2}


def open_matters(patient: PatientRecord) -> list[OpenMatter]:
    """Laboratory findings that stand, alerts nobody took, overdue checks; the most urgent first, each once."""
    subject = f"laboratory:{patient.pk}"
    standing = laboratory_of(patient).standing
    told = {(subject, finding.code) for finding in standing}
    overdue = [check for check in checks_of_patient(patient.pk) if check.status == "overdue"]
    told |= {(f"check:{check.pk}", "follow_up_overdue") for check in overdue}
    matters = [
        *(_finding(finding, subject) for finding in standing),
        *(
            OpenMatter(
                key=f"alert:{alert.pk}",
                kind="alert",
                about=alert.subject,
                priority=alert.priority,
                message=alert.message,
                params=params_from_json(alert.params),
                since=alert.raised_at,
                code=alert.code,
            )
            for alert in untaken_alerts(patient.pk)
            if (alert.subject, alert.code) not in told
        ),
        *(
            OpenMatter(
                key=f"check:{check.pk}",
                kind="check",
                about=f"check:{check.pk}",
                priority="medium",
                message=MESSAGE_OVERDUE,
                params={
                    "name": asdict(
                        guidelines_version(check.guideline_version).follow_up_rule(check.code).name
                    )
                },
                since=check.due_at,
            )
            for check in overdue
        ),
    ]
    return sorted(matters, key=lambda matter: (_RANK[matter.priority], matter.since, matter.key))


def _finding(finding: Finding, subject: str) -> OpenMatter:
    return OpenMatter(
        key=f"finding:{finding.code}:{finding.level}:{int(finding.at.timestamp())}",
        kind="finding",
        about=subject,
        priority=finding.urgency,
        message=finding.message,
        params=finding.params,
        since=finding.at,
    )
