"""How often one may fail to prove who one is."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.domain.proof import WINDOW, proof_window

AT = datetime(2026, 3, 1, 3, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(("minute", "begins"), [(0, 0), (14, 0), (15, 15), (59, 45)])
def test_failures_are_counted_within_a_quarter_of_an_hour(minute, begins):
    moment = AT.replace(minute=minute)
    assert proof_window(moment) == AT.replace(minute=begins, second=0)


def test_a_window_is_over_after_its_length():
    assert proof_window(AT + WINDOW) - proof_window(AT) == WINDOW
    assert proof_window(AT + timedelta(seconds=1)) == proof_window(AT)
