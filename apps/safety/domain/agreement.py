"""Several physicians may review one event. Where they disagree, both stand and the page says where."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from apps.safety.domain.review import Review


class Topic(StrEnum):
    """What reviews are compared in."""

    SERIOUSNESS = "seriousness"
    GRADE = "grade"
    EXPECTEDNESS = "expectedness"
    CAUSALITY = "causality"


def disagreements(reviews: Sequence[Review], bands: Mapping[int, str]) -> tuple[Topic, ...]:
    """The topics in which the reviews, the newest signed one of each physician, do not say the same.

    `bands`: position in `reviews` -> the Naranjo band it amounts to. A reaction is compared by its severity term.
    """
    said: dict[Topic, set[object]] = {topic: set() for topic in Topic}
    for number, review in enumerate(reviews):
        said[Topic.SERIOUSNESS].add(review.serious)
        said[Topic.CAUSALITY].add((review.who_umc, bands.get(number, "")))
        said[Topic.GRADE].add(tuple(sorted((one.severity_term, one.grade) for one in review.reactions)))
        said[Topic.EXPECTEDNESS].add(
            tuple(sorted((one.severity_term, one.expectedness) for one in review.reactions))
        )
    return tuple(topic for topic in Topic if len(said[topic]) > 1)
