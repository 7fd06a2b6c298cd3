"""Pure rules of the running infusion: rate plan, volume, states, bedside rules, step gate, reactions."""

from apps.infusions.domain.age import Age, AgeGroup, age_on
from apps.infusions.domain.bedside_rules import Finding
from apps.infusions.domain.ceilings import (
    Ceiling,
    indication_maximum,
    product_initial,
    product_maximum,
    risk_maximum,
)
from apps.infusions.domain.decide import (
    Abandon,
    Complete,
    ConfirmStep,
    Decision,
    LowerRate,
    Pause,
    Resume,
    Session,
    SetRate,
    Start,
    Stay,
    Stop,
    decide,
    step_due_at,
)
from apps.infusions.domain.observation_schedule import Watched, next_observation_due
from apps.infusions.domain.rate_plan import PlannedStep, RatePlan, build_rate_plan, pump_rate_ml_per_h
from apps.infusions.domain.rate_steps import ReducedRate, next_step, reachable_step, reduced_rate
from apps.infusions.domain.reactions import Proposal, propose_action
from apps.infusions.domain.schedule import ScheduledStep, lay_out
from apps.infusions.domain.session_state import (
    FINAL_STATES,
    SessionCommand,
    SessionState,
    allowed_commands,
    decide_transition,
)
from apps.infusions.domain.start_offer import StartOffer, WatchAfter, start_offer, watch_minutes_after
from apps.infusions.domain.step_gate import GateDecision, Hold, evaluate_gate
from apps.infusions.domain.vitals import (
    MEASURED_SIGNS,
    VITAL_SIGNS,
    Consciousness,
    RespiratoryEffort,
    Vitals,
)
from apps.infusions.domain.volume import (
    Hung,
    Rate,
    grams_given,
    hung_ml,
    time_of_volume,
    to_tenth_ml,
    volume_given_ml,
)

__all__ = [
    "FINAL_STATES",
    "MEASURED_SIGNS",
    "VITAL_SIGNS",
    "Abandon",
    "Age",
    "AgeGroup",
    "Ceiling",
    "Complete",
    "ConfirmStep",
    "Consciousness",
    "Decision",
    "Finding",
    "GateDecision",
    "Hold",
    "Hung",
    "LowerRate",
    "Pause",
    "PlannedStep",
    "Proposal",
    "Rate",
    "RatePlan",
    "ReducedRate",
    "RespiratoryEffort",
    "Resume",
    "ScheduledStep",
    "Session",
    "SessionCommand",
    "SessionState",
    "SetRate",
    "Start",
    "StartOffer",
    "Stay",
    "Stop",
    "Vitals",
    "WatchAfter",
    "Watched",
    "age_on",
    "allowed_commands",
    "build_rate_plan",
    "decide",
    "decide_transition",
    "evaluate_gate",
    "grams_given",
    "hung_ml",
    "indication_maximum",
    "lay_out",
    "next_observation_due",
    "next_step",
    "product_initial",
    "product_maximum",
    "propose_action",
    "pump_rate_ml_per_h",
    "reachable_step",
    "reduced_rate",
    "risk_maximum",
    "start_offer",
    "step_due_at",
    "time_of_volume",
    "to_tenth_ml",
    "volume_given_ml",
    "watch_minutes_after",
]
