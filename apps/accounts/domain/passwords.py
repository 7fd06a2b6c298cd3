"""Which passwords the house makes easy to guess (ASVS 6.1.2, 6.2.11). Pure."""

from collections.abc import Iterable

WORDS_OF_THE_SERVICE = (
    "ivig", "monitor", "immunoglobulin", "immunglobulin", "gammaglobulin", "infusion", "infusjon", "hospital",
    "sykehus", "nurse", "sykepleier", "physician", "doctor", "pharmacist", "password", "passord",
)  # fmt: skip
LEFT_AT_LEAST = 8
"""Characters that have to be there beside the house's words. Site policy."""


def leans_on(password: str, words: Iterable[str]) -> str | None:
    """The first of these words without which too little of the password is left; None where enough is."""
    left, found = password.casefold(), None
    for word in sorted({word.casefold() for word in words if word}, key=lambda word: (-len(word), word)):
        if word in left:
            left, found = left.replace(word, ""), found or word
    return found if found and len(left) < LEFT_AT_LEAST else None
