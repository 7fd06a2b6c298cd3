"""What the physician's review says of an adverse event, as cases read it."""

from dataclasses import dataclass

from apps.cases.domain.content import Assessed


@dataclass(frozen=True, slots=True)
class Review:
    """The signed review that counts. Of an event nobody has reviewed everything is undecided."""

    reviewed: bool = False
    verbatim: str = ""
    severity: str = ""
    seriousness: tuple[str, ...] | None = None
    expected: bool | None = None
    outcome: str = "unknown"
    action_taken: str = "unknown"
    rechallenge: str = ""
    assessments: tuple[Assessed, ...] = ()


NOT_REVIEWED = Review()


def review_of(event_id: int) -> Review:
    """The review of an event that counts now."""
    return NOT_REVIEWED
