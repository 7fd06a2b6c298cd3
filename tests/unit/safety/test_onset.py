from datetime import UTC, datetime, timedelta

import pytest

from apps.kernel.errors import DomainError
from apps.safety.domain import classify_onset

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
END = START + timedelta(hours=2)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("onset_at", "review", "norwegian"),
    [
        (START, "immediate", "early"),
        (END, "immediate", "early"),
        (END + timedelta(hours=2), "immediate", "early"),
        (END + timedelta(hours=2) + SECOND, "delayed", "late"),
        (END + timedelta(hours=30), "delayed", "late"),
        (END + timedelta(days=10), "delayed", "late"),
        (END + timedelta(days=14), "delayed", "late"),
        (END + timedelta(days=14) + SECOND, "late", "late"),
        (END + timedelta(days=90), "late", "late"),
    ],
)
def test_both_schemes_around_their_bounds(onset_at, review, norwegian):
    onset = classify_onset(onset_at=onset_at, started_at=START, ended_at=END)
    assert (onset.review, onset.norwegian) == (review, norwegian)


def test_while_it_runs_every_onset_is_immediate_and_early():
    onset = classify_onset(onset_at=START + timedelta(hours=9), started_at=START, ended_at=None)
    assert (onset.review, onset.norwegian) == ("immediate", "early")


def test_an_onset_before_the_infusion_is_refused():
    with pytest.raises(DomainError) as refusal:
        classify_onset(onset_at=START - SECOND, started_at=START, ended_at=END)
    assert refusal.value.code == "onset_before_infusion"
