"""What is checked about an order, how firmly, and in which words: data, so that a site can make it stricter."""

from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.texts import Citation, LocalText

LEVELS = ("note", "acknowledge", "reason", "second_person", "block")


@dataclass(frozen=True, slots=True)
class OrderCheck:
    """One check. `figures` are its thresholds by name; `text` is a %-template filled with the order's numbers.

    `level`: `note` informs, `acknowledge` must be ticked, `reason` must be justified, `second_person` needs
    a reason and a second person who signs, `block` stops the order.
    """

    code: str
    level: str
    text: LocalText
    figures: tuple[tuple[str, Decimal], ...]
    citation: Citation

    def figure(self, name: str) -> Decimal:
        """The threshold of this name."""
        return dict(self.figures)[name]
