"""Whether the rate may go up: the gate between two steps of the rate plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.infusions.domain.bedside_rules import Rule, Series, findings_on
from apps.infusions.domain.vitals import VITAL_SIGNS, Vitals, latest_of_each
from apps.kernel.text import N_, Params

MAX_AGE_MINUTES = 15
_SOURCE = "A full set of vital signs before each increase (derived; needs clinical sign-off)"
_PLAN = "NEL, Infusjonsplan"
_MISSING = {
    "systolic_mmhg": N_("Systolic blood pressure is not measured."),
    "diastolic_mmhg": N_("Diastolic blood pressure is not measured."),
    "pulse_per_min": N_("Pulse is not measured."),
    "respiratory_rate_per_min": N_("Respiratory rate is not measured."),
    "spo2_percent": N_("Oxygen saturation is not measured."),
    "temperature_c": N_("Temperature is not measured."),
}


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason why the gate stays shut. `message` is an English %-template filled by `params`.

    A datetime in `params` is for the edge to show in the ward's time zone.
    """

    code: str
    message: str
    source: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GateDecision:
    """Open, or shut with every reason."""

    open: bool
    holds: tuple[Hold, ...]


def evaluate_gate(
    *,
    step_started_at: datetime,
    due_at: datetime,
    observations: Sequence[Vitals],
    baseline: Vitals | None,
    series: Series,
    open_reaction: bool,
    open_alert: bool,
    rules: Sequence[Rule],
    now: datetime,
) -> GateDecision:
    """Whether the next, faster step may begin at `now`.

    `step_started_at` is when the current rate began, `due_at` when its shortest time is over,
    `observations` those not entered in error. Needs: the time over; every one of the six vital signs
    measured since the rate began and not more than 15 minutes ago; no bedside rule firing on the newest
    value of each; the baseline's six signs known; no reaction and no alert open. Hold codes:
    `gate_too_early`, `gate_no_vitals`, `gate_vital_missing`, `gate_baseline_missing`, `gate_finding`,
    `gate_open_reaction`, `gate_open_alert`. Source: NEL page, Infusjonsplan ("minst"); clinical facts 3.1
    (a set before each increase), 9.3 rule 4 (missing is not normal).
    """
    holds: list[Hold] = []
    if now < due_at:
        holds.append(
            Hold("gate_too_early", N_("This rate runs until %(at)s at least."), _PLAN, {"at": due_at})
        )
    if open_reaction:
        holds.append(Hold("gate_open_reaction", N_("A reaction is open."), _SOURCE))
    if open_alert:
        holds.append(Hold("gate_open_alert", N_("An alert is open."), _SOURCE))
    if baseline is None or baseline.missing:
        holds.append(Hold("gate_baseline_missing", N_("The baseline is not complete."), _SOURCE))
    holds += _vital_sign_holds(step_started_at, observations, series, rules, now)
    return GateDecision(open=not holds, holds=tuple(holds))


def _vital_sign_holds(
    step_started_at: datetime,
    observations: Sequence[Vitals],
    series: Series,
    rules: Sequence[Rule],
    now: datetime,
) -> list[Hold]:
    since_step = [vitals for vitals in observations if step_started_at <= vitals.effective_at <= now]
    oldest = now - timedelta(minutes=MAX_AGE_MINUTES)
    current = latest_of_each(vitals for vitals in since_step if vitals.effective_at >= oldest)
    if not since_step:
        template = N_("Record vital signs: none since the rate changed at %(at)s.")
        return [Hold("gate_no_vitals", template, _SOURCE, {"at": step_started_at})]
    if current is None:
        template = N_("Record vital signs: none in the last %(minutes)s minutes.")
        return [Hold("gate_no_vitals", template, _SOURCE, {"minutes": MAX_AGE_MINUTES})]
    missing = [
        Hold("gate_vital_missing", _MISSING[sign], _SOURCE) for sign in VITAL_SIGNS if sign in current.missing
    ]
    findings = findings_on(current, series, rules)
    return missing + [Hold("gate_finding", f.message, f.source, f.params) for f in findings]
