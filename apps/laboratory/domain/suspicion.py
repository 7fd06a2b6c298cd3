"""What a judge of one rule returns."""

from dataclasses import dataclass

from apps.kernel.text import Params


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A level of a rule, the sentence for it with its numbers, and the results it rests on."""

    level: str
    message: str
    params: Params
    rests_on: tuple[int, ...]
