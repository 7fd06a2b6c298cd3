"""The door's waits: long enough to make guessing pointless, short enough that nobody stands outside."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.identity.domain.throttle import (
    FORGOTTEN_AFTER,
    FREE_TRIES,
    HOUSE_PEOPLE,
    NAMES_AT_MOST,
    WAITS,
    Lane,
    Place,
    after_try,
    is_worth_telling,
    names_allowed,
    place_of,
    wait_after,
    wait_before_try,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (500, 900)],
)
def test_waits_grow_and_end_at_a_quarter_of_an_hour(failures, seconds):
    assert wait_after(failures) == timedelta(seconds=seconds)


def test_an_untouched_lane_is_open():
    assert wait_before_try(None, NOW) == timedelta(0)


def test_failures_are_forgotten_after_a_day():
    old = Lane(9, NOW - FORGOTTEN_AFTER, NOW - FORGOTTEN_AFTER)
    assert after_try(old, NOW).failures == 1


@given(st.lists(st.integers(min_value=0, max_value=3600), min_size=1, max_size=300))
def test_however_a_guesser_paces_the_guesses_a_day_has_room_for_few(pauses):
    lane, moment, looked_at = None, NOW, 0
    for pause in pauses:
        moment += timedelta(seconds=pause)
        if moment - NOW > timedelta(days=1):
            break
        if wait_before_try(lane, moment):
            continue
        lane = after_try(lane, moment)
        looked_at += 1
    assert looked_at <= FREE_TRIES + len(WAITS) + timedelta(days=1) // WAITS[-1]


@pytest.mark.parametrize(
    ("device", "address", "people", "place"),
    [
        (True, True, 40, Place.DEVICE),
        (True, False, 0, Place.DEVICE),
        (False, True, 40, Place.ADDRESS),
        (False, False, HOUSE_PEOPLE, Place.HOUSE),
        (False, False, HOUSE_PEOPLE - 1, Place.FOREIGN),
        (False, False, 0, Place.FOREIGN),
    ],
)
def test_who_is_known_where(device, address, people, place):
    assert place_of(device_known=device, address_known=address, people_at_address=people) is place


def test_a_hospital_behind_one_address_may_mistype_more_names_than_a_stranger():
    assert names_allowed(0) == NAMES_AT_MOST
    assert names_allowed(300) == NAMES_AT_MOST + 300


def test_the_ledger_hears_of_a_siege_at_each_doubling_only():
    assert [n for n in range(1, 200) if is_worth_telling(n)] == [5, 10, 20, 40, 80, 160]
