from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import (
    Hung,
    Rate,
    grams_given,
    hung_ml,
    time_of_volume,
    to_tenth_ml,
    volume_given_ml,
)
from apps.kernel.errors import DomainError

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
HOUR = 3_600_000_000


def minutes(count):
    return START + timedelta(minutes=count)


def rate(minute, ml_per_h):
    return Rate(minutes(minute), Decimal(ml_per_h))


def hung(minute, ml):
    return Hung(minutes(minute), Decimal(ml))


NORWEGIAN = [rate(0, 30), rate(30, 60), rate(35, 120), rate(40, 240), rate(45, 360)]
ENOUGH = [hung(0, 1000)]


@pytest.mark.parametrize(
    ("minute", "given_ml"), [(-5, "0"), (0, "0"), (30, "15"), (35, "20"), (45, "50"), (60, "140")]
)
def test_the_norwegian_plan_at_sixty_kilograms(minute, given_ml):
    assert volume_given_ml(NORWEGIAN, ENOUGH, minutes(minute)) == Decimal(given_ml)


def test_a_pause_gives_nothing():
    paused = [rate(0, 30), rate(30, 0), rate(50, 30)]
    assert volume_given_ml(paused, ENOUGH, minutes(45)) == 15
    assert volume_given_ml(paused, ENOUGH, minutes(60)) == 20


def test_an_empty_bag_gives_nothing_until_the_next_one_hangs():
    vials = [hung(0, 20), hung(60, 100)]  # 30 mL/h empties 20 mL in 40 minutes
    shown = {m: volume_given_ml([rate(0, 30)], vials, minutes(m)) for m in (39, 40, 59, 60, 62)}
    assert shown == {39: Decimal("19.5"), 40: 20, 59: 20, 60: 20, 62: 21}


def test_nothing_hung_gives_nothing():
    assert volume_given_ml(NORWEGIAN, [], minutes(60)) == 0
    assert volume_given_ml([], ENOUGH, minutes(60)) == 0


def test_a_vial_hung_while_another_runs_goes_on_behind_it():
    vials = [hung(0, 20), hung(10, 20)]
    assert hung_ml(vials) == 40
    assert volume_given_ml([rate(0, 30)], vials, minutes(60)) == 30
    assert volume_given_ml([rate(0, 30)], vials, minutes(600)) == 40


def test_shown_to_a_tenth_and_as_grams():
    third = volume_given_ml([rate(0, 20)], ENOUGH, minutes(1))
    assert to_tenth_ml(third) == Decimal("0.3")
    assert to_tenth_ml(Decimal("0.25")) == Decimal("0.3")
    assert grams_given(Decimal(250), Decimal(100)) == 25
    assert grams_given(Decimal(250), Decimal(50)) == Decimal("12.5")


def test_the_end_is_told_by_the_running_rate():
    def ends(rates, volume_ml, minute):
        return time_of_volume(rates, ENOUGH, volume_ml=Decimal(volume_ml), now=minutes(minute))

    assert ends(NORWEGIAN, 230, 60) == minutes(75)
    assert ends(NORWEGIAN, 230, 45) == minutes(75)
    assert ends(NORWEGIAN, 15, 60) == minutes(60), "it is in already"
    assert ends([*NORWEGIAN, rate(50, 0)], 230, 60) is None, "nothing runs"
    assert ends([], 230, 60) is None


def test_the_end_supposes_that_the_next_vial_hangs_in_time():
    assert time_of_volume([rate(0, 60)], [hung(0, 20)], volume_ml=Decimal(60), now=minutes(10)) == minutes(60)
    late = time_of_volume([rate(0, 60)], [hung(0, 20)], volume_ml=Decimal(60), now=minutes(30))
    assert late == minutes(70), "ten minutes were lost on an empty bag"


def test_a_rate_is_never_negative():
    with pytest.raises(DomainError) as refusal:
        rate(0, -1)
    assert refusal.value.code == "rate_negative"


durations = st.integers(0, 4 * HOUR)
rates_set = st.decimals("0", "2500", places=1)


@st.composite
def pumps(draw):
    """What the pump was set to, one rate after the other, some of them pauses."""
    at, rates = START, []
    for wait, ml_per_h in draw(st.lists(st.tuples(durations, rates_set), min_size=1, max_size=8)):
        rates.append(Rate(at, ml_per_h))
        at += timedelta(microseconds=wait)
    return rates


stands = st.lists(st.tuples(st.integers(0, 20 * HOUR), st.decimals("0", "300", places=1)), max_size=5).map(
    lambda vials: [Hung(START + timedelta(microseconds=at), ml) for at, ml in vials]
)
moments = st.integers(-HOUR, 40 * HOUR).map(lambda span: START + timedelta(microseconds=span))


def exactly(rates, vials, now):
    """The volume in fractions: from change to change, never more than hangs. Shares no code with the product."""
    times = sorted({*(r.started_at for r in rates), *(v.hung_at for v in vials), now})
    given_ml = Fraction(0)
    for begins, ends in pairwise(times):
        if ends > now:
            break
        running = [r.rate_ml_per_h for r in rates if r.started_at <= begins][-1:] or [Decimal(0)]
        hangs = sum((Fraction(v.volume_ml) for v in vials if v.hung_at <= begins), Fraction(0))
        span = ends - begins
        microseconds = (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds
        given_ml = min(hangs, given_ml + Fraction(running[0]) * Fraction(microseconds, HOUR))
    return given_ml


@given(rates=pumps(), vials=stands, now=moments)
def test_agrees_with_exact_fractions(rates, vials, now):
    assert abs(Fraction(volume_given_ml(rates, vials, now)) - exactly(rates, vials, now)) < Fraction(
        1, 10**18
    )


@given(rates=pumps(), vials=stands, now=moments)
def test_never_more_than_was_hung(rates, vials, now):
    by_then = sum((vial.volume_ml for vial in vials if vial.hung_at <= now), Decimal(0))
    assert 0 <= volume_given_ml(rates, vials, now) <= by_then


@given(rates=pumps(), vials=stands, now=moments, later=st.integers(0, 10 * HOUR))
def test_what_went_in_never_comes_out_again(rates, vials, now, later):
    then = now + timedelta(microseconds=later)
    assert volume_given_ml(rates, vials, now) <= volume_given_ml(rates, vials, then)


@given(rates=pumps(), vials=stands, volume_ml=st.decimals("1", "3000", places=1), now=moments)
def test_at_its_time_the_volume_is_in_and_not_before(rates, vials, volume_ml, now):
    at = time_of_volume(rates, vials, volume_ml=volume_ml, now=now)
    so_far = [r for r in rates if r.started_at <= now]
    if at is None:
        assert volume_given_ml(rates, vials, now) < volume_ml
        assert not so_far or so_far[-1].rate_ml_per_h == 0
    elif at == now:
        assert volume_given_ml(rates, vials, now) >= volume_ml - Decimal("1e-9")
    else:
        without_end = [*(v for v in vials if v.hung_at <= now), Hung(now, volume_ml)]
        assert volume_given_ml(so_far, without_end, at) >= volume_ml - Decimal("1e-9")
        assert volume_given_ml(so_far, without_end, at - timedelta(microseconds=2)) < volume_ml
