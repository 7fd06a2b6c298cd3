"""What a program may be allowed: to read, and little else."""

import pytest

from apps.accounts.domain.roles import Action
from apps.kernel.errors import DomainError
from apps.machines.domain.scopes import MACHINE_ACTIONS, check_life, check_scope

A_PERSONS = {
    Action.CO_SIGN,
    Action.RUN_INFUSION,
    Action.DECIDE_AT_BEDSIDE,
    Action.ACKNOWLEDGE_ALERT,
    Action.OPEN_COURSE,
    Action.ACCEPT_READING,
    Action.APPROVE_GUIDELINE,
    Action.OVERRIDE_VACCINE_HOLD,
    Action.REVIEW_ADVERSE_EVENT,
    Action.SEND_CASES,
    Action.ADMINISTER,
}


def test_every_word_is_an_action_of_the_table():
    assert set(Action) >= MACHINE_ACTIONS


@pytest.mark.parametrize("action", sorted(A_PERSONS))
def test_what_a_person_answers_for_is_no_programs(action):
    with pytest.raises(DomainError) as refusal:
        check_scope(["see_board", action])
    assert refusal.value.code == "scope_not_a_machines"


def test_a_scope_is_each_action_once_and_not_nothing():
    assert check_scope(["see_lots", "see_board", "see_lots"]) == ("see_board", "see_lots")
    with pytest.raises(DomainError, match="at least one"):
        check_scope([])


@pytest.mark.parametrize(("days", "fits"), [(0, False), (1, True), (365, True), (366, False), (-5, False)])
def test_a_token_lives_a_year_at_most(days, fits):
    if fits:
        assert check_life(days).days == days
    else:
        with pytest.raises(DomainError):
            check_life(days)
