from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import RateSegment, finish_time, grams_given, to_tenth_ml, volume_given_ml
from apps.kernel.errors import DomainError

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def minutes(count):
    return START + timedelta(minutes=count)


def segment(start, end, rate):
    return RateSegment(minutes(start), None if end is None else minutes(end), Decimal(rate))


NORWEGIAN = [
    segment(0, 30, 30),
    segment(30, 35, 60),
    segment(35, 40, 120),
    segment(40, 45, 240),
    segment(45, None, 360),
]


@pytest.mark.parametrize(
    ("minute", "given_ml"), [(-5, "0"), (0, "0"), (30, "15"), (35, "20"), (45, "50"), (60, "140")]
)
def test_the_norwegian_plan_at_sixty_kilograms(minute, given_ml):
    assert volume_given_ml(NORWEGIAN, minutes(minute)) == Decimal(given_ml)


def test_a_pause_gives_nothing():
    paused = [segment(0, 30, 30), segment(50, None, 30)]
    assert volume_given_ml(paused, minutes(45)) == 15
    assert volume_given_ml(paused, minutes(60)) == 20


def test_shown_to_a_tenth_and_as_grams():
    third = volume_given_ml([segment(0, 1, 20)], minutes(1))
    assert to_tenth_ml(third) == Decimal("0.3")
    assert to_tenth_ml(Decimal("0.25")) == Decimal("0.3")
    assert grams_given(Decimal(250), Decimal(100)) == 25
    assert grams_given(Decimal(250), Decimal(50)) == Decimal("12.5")


def test_finish_time_is_by_the_running_rate():
    assert finish_time(NORWEGIAN, volume_ml=Decimal(230)) == minutes(75)
    assert finish_time(NORWEGIAN, volume_ml=Decimal(15)) == minutes(30)
    assert finish_time(NORWEGIAN[:2], volume_ml=Decimal(230)) is None
    assert finish_time([segment(0, None, 0)], volume_ml=Decimal(1)) is None
    assert finish_time([], volume_ml=Decimal(1)) is None


@pytest.mark.parametrize("segments", [[(0, None, 30), (5, None, 60)], [(0, 10, 30), (5, None, 60)]])
def test_two_rates_at_once_are_refused(segments):
    overlapping = [segment(*values) for values in segments]
    for use in (
        lambda: volume_given_ml(overlapping, minutes(20)),
        lambda: finish_time(overlapping, volume_ml=Decimal(9)),
    ):
        with pytest.raises(DomainError) as refusal:
            use()
        assert refusal.value.code == "segments_overlap"


@pytest.mark.parametrize(("end", "rate"), [(-1, "30"), (5, "-1")])
def test_impossible_segments_are_refused(end, rate):
    with pytest.raises(DomainError) as refusal:
        segment(0, end, rate)
    assert refusal.value.code == "segment_invalid"


durations = st.integers(0, 4 * 3_600_000_000)
pieces = st.lists(st.tuples(durations, durations, st.decimals("0", "2500", places=1)), min_size=1, max_size=8)


@st.composite
def timelines(draw):
    """Segments with gaps, the last one perhaps running."""
    segments, at = [], START
    for gap, length, rate in draw(pieces):
        begins = at + timedelta(microseconds=gap)
        at = begins + timedelta(microseconds=length)
        segments.append(RateSegment(begins, at, rate))
    if draw(st.booleans()):
        segments[-1] = RateSegment(segments[-1].started_at, None, segments[-1].rate_ml_per_h)
    return segments


@given(segments=timelines(), after=st.integers(-3_600_000_000, 40 * 3_600_000_000))
def test_agrees_with_exact_fractions(segments, after):
    now = START + timedelta(microseconds=after)
    expected = Fraction(0)
    for piece in segments:
        ends = now if piece.ended_at is None or piece.ended_at > now else piece.ended_at
        span = ends - piece.started_at
        whole = (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds
        expected += Fraction(piece.rate_ml_per_h) * Fraction(max(whole, 0), 3_600_000_000)
    assert abs(Fraction(volume_given_ml(segments, now)) - expected) < Fraction(1, 10**18)


@given(segments=timelines(), volume_ml=st.decimals("1", "3000", places=1))
def test_at_its_finish_the_volume_is_in_and_not_before(segments, volume_ml):
    finish = finish_time(segments, volume_ml=volume_ml)
    if finish is None:
        assert segments[-1].ended_at or not segments[-1].rate_ml_per_h
        assert volume_given_ml(segments, START + timedelta(days=3)) < volume_ml + Decimal("1e-9")
    else:
        assert volume_given_ml(segments, finish) >= volume_ml - Decimal("1e-9")
        assert volume_given_ml(segments, finish - timedelta(microseconds=2)) < volume_ml
