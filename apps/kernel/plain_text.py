"""Text as people type it at a bedside, read strictly: what cannot be seen on the screen is refused.

Characters that turn the direction of a line can make a lot number read as another one, and two names that differ
by a character of no width look alike. Nothing is taken out silently: the sentence says what to retype.
"""

import unicodedata
from enum import Enum

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_LINE_BREAKS = "\t\n\r"
# Persian is written with the non-joiner, and both joiners shape letters and pictures.
_JOINERS = "\u200c\u200d"
_DIRECTION_MARKS = (
    "\u200e\u200f\u061c"  # keyboards for right-to-left languages type them; they turn nothing around
)
# Signs of Arabic that Unicode calls formats although they are printed.
_PRINTED_FORMATS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2"
_EMPTY_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
_UNSTORABLE = {"Cc", "Cs"}
_HIDDEN = {"Cf", "Zl", "Zp"}


class Kind(Enum):
    """What a text is for, and so which characters it may hold beside the visible ones."""

    CODE = ""  # lot, serial and record numbers, sign-in names
    LINE = _JOINERS + _PRINTED_FORMATS  # names, beds
    NOTE = _LINE_BREAKS + _JOINERS + _DIRECTION_MARKS + _PRINTED_FORMATS  # a person's own words


def check_text(text: str, *, kind: Kind) -> str:
    """The text itself, when everything in it can be seen.

    Raises DomainError `text_has_control` for control characters and halves of characters, `text_has_hidden`
    for characters of no width or that turn the direction, `text_is_empty` when nothing of it is visible.
    """
    if text.isascii() and text.isprintable():
        return text
    for character in text:
        if character in kind.value:
            continue
        category = unicodedata.category(character)
        if category in _UNSTORABLE:
            raise _refused("text_has_control", _CONTROL, character)
        if category in _HIDDEN or character in _EMPTY_LETTERS:
            raise _refused("text_has_hidden", _HIDDEN_CHARACTER, character)
    if text and not any(_seen(character) for character in text):
        raise DomainError("text_is_empty", N_("Nothing of this text can be seen. Type it again."))
    return text


_CONTROL = N_("This text holds a control character (%(character)s). Type it again instead of pasting it.")
_HIDDEN_CHARACTER = N_(
    "This text holds a character that cannot be seen (%(character)s) and may make it read as something else."
    " Type it again instead of pasting it."
)


def _refused(code: str, message: str, character: str) -> DomainError:
    return DomainError(code, message, character=f"U+{ord(character):04X}")


def _seen(character: str) -> bool:
    return not character.isspace() and character not in _JOINERS + _DIRECTION_MARKS
