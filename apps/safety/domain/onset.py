"""When an effect began, relative to the infusion, in the words of both documents.

They disagree (three classes against two), so both are kept beside the onset time itself (clinical facts
9.1 C9). Onset class and severity are independent (C10).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

# "opptil et par timer etter": a couple of hours.
EARLY_AFTER_END = timedelta(hours=2)
# The review gives no figure for "late". Two weeks hold every delayed effect it names (facts 5.1): derived.
DELAYED_AFTER_END = timedelta(days=14)


class ReviewOnset(StrEnum):
    """The review's classes: during the infusion; hours to days after; later (facts 1.1 S2-01 to S2-04)."""

    IMMEDIATE = "immediate"
    DELAYED = "delayed"
    LATE = "late"


class NorwegianOnset(StrEnum):
    """The Norwegian page's classes: until a couple of hours after; later (facts 1.6 S3-12)."""

    EARLY = "early"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Onset:
    """The class in both schemes."""

    review: ReviewOnset
    norwegian: NorwegianOnset


def classify_onset(*, onset_at: datetime, started_at: datetime, ended_at: datetime | None) -> Onset:
    """The onset class in both schemes; `ended_at` None while the infusion runs. Aware datetimes.

    The review says "during infusion" and "a few hours" but nothing between: the first two hours after the
    end count as immediate [derived]. Raises DomainError `onset_before_infusion`.
    """
    if onset_at < started_at:
        raise DomainError("onset_before_infusion", N_("The effect began before the infusion did."))
    after_end = timedelta(0) if ended_at is None else max(onset_at - ended_at, timedelta(0))
    if after_end <= EARLY_AFTER_END:
        return Onset(ReviewOnset.IMMEDIATE, NorwegianOnset.EARLY)
    if after_end <= DELAYED_AFTER_END:
        return Onset(ReviewOnset.DELAYED, NorwegianOnset.LATE)
    return Onset(ReviewOnset.LATE, NorwegianOnset.LATE)
