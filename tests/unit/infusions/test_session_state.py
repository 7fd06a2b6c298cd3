import itertools

import pytest

from apps.infusions.domain import (
    FINAL_STATES,
    SessionCommand,
    SessionState,
    allowed_commands,
    decide_transition,
)
from apps.kernel.errors import ConflictError

MOVES = {
    ("prepared", "start"): "running",
    ("prepared", "abandon"): "abandoned",
    ("running", "confirm_step"): "running",
    ("running", "stay"): "running",
    ("running", "lower_rate"): "running",
    ("running", "pause"): "paused",
    ("running", "stop"): "stopped",
    ("running", "complete"): "completed",
    ("paused", "resume"): "running",
    ("paused", "stop"): "stopped",
    ("paused", "complete"): "completed",
}


@pytest.mark.parametrize(("state", "command"), list(itertools.product(SessionState, SessionCommand)))
def test_every_cell_of_the_transition_table(state, command):
    expected = MOVES.get((state.value, command.value))
    assert (command in allowed_commands(state)) == (expected is not None)
    if expected:
        assert decide_transition(state, command) == expected
    else:
        with pytest.raises(ConflictError) as refusal:
            decide_transition(state, command)
        assert refusal.value.code == "session_transition_refused"
        assert refusal.value.extra == {"state": state.value, "command": command.value}
        assert str(refusal.value) == f"This cannot be done while the infusion is {state.value}."


def test_nothing_leaves_a_final_state():
    assert {state for state in SessionState if not allowed_commands(state)} == FINAL_STATES
