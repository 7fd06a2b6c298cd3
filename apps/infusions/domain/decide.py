"""What a person asks of a session and what comes of it: one pure function from state and input to decision."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apps.infusions.domain.rate_plan import PlannedStep, RatePlan
from apps.infusions.domain.session_state import SessionCommand, SessionState, decide_transition
from apps.infusions.domain.step_gate import GateDecision
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

EARLY_COMPLETION = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SetRate:
    """A rate as the pump is set; `step_index` is the last plan step not above it, -1 below the first."""

    step_index: int
    rate_ml_per_kg_h: Decimal
    rate_ml_per_h: Decimal

    @classmethod
    def of(cls, step: PlannedStep) -> "SetRate":
        """The rate of a step."""
        return cls(step.index, step.rate_ml_per_kg_h, step.rate_ml_per_h)

    @property
    def stopped(self) -> "SetRate":
        """Nothing runs; the step is remembered."""
        return SetRate(self.step_index, Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it stands: its plan, the rate that runs or ran last, and what is due."""

    state: SessionState
    plan: RatePlan
    rate: SetRate
    step_entered_at: datetime | None
    step_due_at: datetime | None
    finish_at: datetime | None
    volume_left_ml: Decimal


@dataclass(frozen=True, slots=True)
class Start:
    """Begin at a step of the plan, the first unless a higher one was offered (`highest_step_index`)."""

    step_index: int = 0
    highest_step_index: int = 0


@dataclass(frozen=True, slots=True)
class ConfirmStep:
    """The pump was set faster: to the next step, or to one beyond it that may be reached already."""

    step_index: int
    next_step_index: int
    reachable_step_index: int
    gate: GateDecision


@dataclass(frozen=True, slots=True)
class Stay:
    """Keep this rate and be asked again in so many minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class LowerRate:
    """Go back to a lower rate."""

    to: SetRate


@dataclass(frozen=True, slots=True)
class Pause:
    """The pump was paused."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on: at `to`, not above `highest`; refused while a reaction is open."""

    to: SetRate
    highest: SetRate
    open_reaction: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop for good."""


@dataclass(frozen=True, slots=True)
class Complete:
    """The volume is in, or is declared to be with a reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Abandon:
    """Prepared, and not given."""


Input = Start | ConfirmStep | Stay | LowerRate | Pause | Resume | Stop | Complete | Abandon

_COMMANDS: dict[type, SessionCommand] = {
    Start: SessionCommand.START,
    ConfirmStep: SessionCommand.CONFIRM_STEP,
    Stay: SessionCommand.STAY,
    LowerRate: SessionCommand.LOWER_RATE,
    Pause: SessionCommand.PAUSE,
    Resume: SessionCommand.RESUME,
    Stop: SessionCommand.STOP,
    Complete: SessionCommand.COMPLETE,
    Abandon: SessionCommand.ABANDON,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The new state; `rate` is None when the pump is not touched. `step_due_at`: when to ask for the next step."""

    state: SessionState
    rate: SetRate | None
    step_due_at: datetime | None


def decide(session: Session, asked: Input, now: datetime) -> Decision:
    """What becomes of a session when a person asks this of it at `now`. Changes nothing.

    Raises ConflictError `session_transition_refused`; DomainError `start_step_too_high`, `no_further_step`,
    `step_held` with every reason, `step_not_reachable`, `not_a_lower_rate`, `reaction_open`,
    `resume_rate_too_high`, `volume_not_in`.
    Source: NEL page, Infusjonsplan; clinical facts 1.5, 3.2.
    """
    state = decide_transition(session.state, _COMMANDS[type(asked)])
    rate = _rate(session, asked, now)
    if state is not SessionState.RUNNING:
        return Decision(state, rate, None)
    if isinstance(asked, Stay):
        return Decision(state, None, now + timedelta(minutes=asked.minutes))
    assert rate is not None
    return Decision(state, rate, step_due_at(session.plan, rate, now))


def step_due_at(plan: RatePlan, rate: SetRate, entered_at: datetime) -> datetime | None:
    """When the step after a rate that began at `entered_at` may be asked for; None on the last step.

    A rate below the first step is kept as long as the first step.
    """
    step = plan.steps[max(0, rate.step_index)]
    if rate.step_index + 1 >= len(plan.steps) or step.min_duration_minutes is None:
        return None
    return entered_at + timedelta(minutes=step.min_duration_minutes)


def _rate(session: Session, asked: Input, now: datetime) -> SetRate | None:
    match asked:
        case Start():
            return _started(session, asked)
        case ConfirmStep():
            return _confirmed(session, asked)
        case LowerRate():
            return _lowered(session, asked.to)
        case Resume():
            return _resumed(asked)
        case Complete():
            _refuse_incomplete(session, asked, now)
            return session.rate.stopped
        case Pause() | Stop():
            return session.rate.stopped
        case Stay() | Abandon():
            return None


def _started(session: Session, asked: Start) -> SetRate:
    if not 0 <= asked.step_index <= asked.highest_step_index:
        raise DomainError(
            "start_step_too_high",
            N_("Start at step %(highest)s or lower."),
            extra={"highest_step_index": asked.highest_step_index},
            highest=asked.highest_step_index + 1,
        )
    return SetRate.of(session.plan.steps[asked.step_index])


def _confirmed(session: Session, asked: ConfirmStep) -> SetRate:
    steps = session.plan.steps
    if asked.next_step_index >= len(steps):
        raise DomainError("no_further_step", N_("This is the last step: the rate stays until the end."))
    if not asked.gate.open:
        raise DomainError("step_held", N_("The rate stays as it is for now. See what is missing."))
    highest = max(asked.next_step_index, asked.reachable_step_index)
    if not asked.next_step_index <= asked.step_index <= highest:
        raise DomainError(
            "step_not_reachable",
            N_(
                "A step may be left out only when this rate has run as long as the plan asks for both:"
                " step %(highest)s is the highest now."
            ),
            extra={"highest_step_index": highest},
            highest=highest + 1,
        )
    return SetRate.of(steps[asked.step_index])


def _lowered(session: Session, to: SetRate) -> SetRate:
    if not 0 < to.rate_ml_per_h < session.rate.rate_ml_per_h:
        raise DomainError("not_a_lower_rate", N_("Choose a rate below the present one."))
    return to


def _resumed(asked: Resume) -> SetRate:
    if asked.open_reaction:
        raise DomainError(
            "reaction_open", N_("A reaction is still open. Say that it has passed before you go on.")
        )
    if not 0 < asked.to.rate_ml_per_h <= asked.highest.rate_ml_per_h:
        raise DomainError(
            "resume_rate_too_high",
            N_("Resume at %(highest)s mL/h or lower."),
            extra={"highest_rate_ml_per_h": str(asked.highest.rate_ml_per_h)},
            highest=asked.highest.rate_ml_per_h,
        )
    return asked.to


def _refuse_incomplete(session: Session, asked: Complete, now: datetime) -> None:
    in_time = session.finish_at is not None and session.finish_at - now <= EARLY_COMPLETION
    if session.volume_left_ml > 0 and not in_time and not asked.reason.strip():
        raise DomainError(
            "volume_not_in",
            N_(
                "By calculation %(left)s mL remain. Give the reason for completing now, or stop the infusion."
            ),
            left=session.volume_left_ml.quantize(Decimal("0.1")),
        )
