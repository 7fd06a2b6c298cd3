"""The states of an infusion session and the only moves between them."""

from enum import StrEnum

from apps.kernel.errors import ConflictError
from apps.kernel.text import N_, Phrase


class SessionState(StrEnum):
    """Where a session stands. Stopped, completed and abandoned are final."""

    PREPARED = "prepared"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class SessionCommand(StrEnum):
    """What a person asks of a session. A reaction that interrupts is a pause; one that ends it is a stop."""

    START = "start"
    CONFIRM_STEP = "confirm_step"
    STAY = "stay"
    LOWER_RATE = "lower_rate"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    COMPLETE = "complete"
    ABANDON = "abandon"


_TRANSITIONS: dict[tuple[SessionState, SessionCommand], SessionState] = {
    (SessionState.PREPARED, SessionCommand.START): SessionState.RUNNING,
    (SessionState.PREPARED, SessionCommand.ABANDON): SessionState.ABANDONED,
    (SessionState.RUNNING, SessionCommand.CONFIRM_STEP): SessionState.RUNNING,
    (SessionState.RUNNING, SessionCommand.STAY): SessionState.RUNNING,
    (SessionState.RUNNING, SessionCommand.LOWER_RATE): SessionState.RUNNING,
    (SessionState.RUNNING, SessionCommand.PAUSE): SessionState.PAUSED,
    (SessionState.RUNNING, SessionCommand.STOP): SessionState.STOPPED,
    (SessionState.RUNNING, SessionCommand.COMPLETE): SessionState.COMPLETED,
    (SessionState.PAUSED, SessionCommand.RESUME): SessionState.RUNNING,
    (SessionState.PAUSED, SessionCommand.STOP): SessionState.STOPPED,
    (SessionState.PAUSED, SessionCommand.COMPLETE): SessionState.COMPLETED,
}

_WORDS = {
    SessionState.PREPARED: N_("prepared"),
    SessionState.RUNNING: N_("running"),
    SessionState.PAUSED: N_("paused"),
    SessionState.STOPPED: N_("stopped"),
    SessionState.COMPLETED: N_("completed"),
    SessionState.ABANDONED: N_("abandoned"),
}

FINAL_STATES = frozenset({SessionState.STOPPED, SessionState.COMPLETED, SessionState.ABANDONED})


def decide_transition(state: SessionState, command: SessionCommand) -> SessionState:
    """The state after `command`. Raises ConflictError `session_transition_refused` for any other move."""
    try:
        return _TRANSITIONS[state, command]
    except KeyError:
        raise ConflictError(
            "session_transition_refused",
            N_("This cannot be done while the infusion is %(state)s."),
            extra={"state": state.value, "command": command.value},
            state=Phrase(_WORDS[state]),
        ) from None


def allowed_commands(state: SessionState) -> tuple[SessionCommand, ...]:
    """What may be asked of a session in this state, in the order of `SessionCommand`."""
    return tuple(command for command in SessionCommand if (state, command) in _TRANSITIONS)
