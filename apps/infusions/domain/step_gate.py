"""Whether the rate may go up: the gate between two steps of the rate plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.infusions.domain.bedside_rules import Finding
from apps.infusions.domain.vitals import Vitals, latest_of_each
from apps.kernel.text import N_, Params

FindingsOn = Callable[[Vitals], Sequence[Finding]]

_SOURCE = "A full set of vital signs before each increase (derived; needs clinical sign-off)"
_PLAN = "NEL, Infusjonsplan"
_MISSING = {
    "systolic_mmhg": N_("Systolic blood pressure is not measured."),
    "diastolic_mmhg": N_("Diastolic blood pressure is not measured."),
    "pulse_per_min": N_("Pulse is not measured."),
    "respiratory_rate_per_min": N_("Respiratory rate is not measured."),
    "spo2_percent": N_("Oxygen saturation is not measured."),
    "temperature_c": N_("Temperature is not measured."),
    "oxygen_l_per_min": N_("Nobody said whether oxygen is given."),
    "consciousness": N_("Consciousness is not assessed."),
    "capillary_refill_s": N_("Capillary refill is not measured."),
    "respiratory_effort": N_("The effort of breathing is not assessed."),
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
    needed: Sequence[str],
    max_age_minutes: int,
    findings_on: FindingsOn,
    open_reaction: bool,
    open_alert: bool,
    now: datetime,
) -> GateDecision:
    """Whether the next, faster step may begin at `now`.

    `step_started_at` is when the current rate began, `due_at` when its shortest time is over,
    `observations` those not entered in error. Needs: the time over; every sign `needed` at this age measured
    since the rate began and not more than `max_age_minutes` ago; no bedside rule firing on the newest value
    of each; a baseline whose measured signs are known; no reaction and no high alert open. Hold codes:
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
    if baseline is None or baseline.missing():
        holds.append(Hold("gate_baseline_missing", N_("The baseline is not complete."), _SOURCE))
    since_step = [vitals for vitals in observations if step_started_at <= vitals.effective_at <= now]
    if not since_step:
        template = N_("Record vital signs: none since the rate changed at %(at)s.")
        return _shut(holds, Hold("gate_no_vitals", template, _SOURCE, {"at": step_started_at}))
    oldest = now - timedelta(minutes=max_age_minutes)
    current = latest_of_each(vitals for vitals in since_step if vitals.effective_at >= oldest)
    if current is None:
        template = N_("Record vital signs: none in the last %(minutes)s minutes.")
        return _shut(holds, Hold("gate_no_vitals", template, _SOURCE, {"minutes": max_age_minutes}))
    holds += [Hold("gate_vital_missing", _MISSING[sign], _SOURCE) for sign in current.missing(needed)]
    holds += [Hold("gate_finding", f.message, f.source, f.params) for f in findings_on(current)]
    return GateDecision(open=not holds, holds=tuple(holds))


def _shut(holds: Sequence[Hold], last: Hold) -> GateDecision:
    return GateDecision(open=False, holds=(*holds, last))
