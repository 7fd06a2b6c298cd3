"""The order in which pieces of a line stand on paper (Unicode Standard Annex 9).

fpdf2 resolves the levels of every character, but draws a line as if there were only two of them: a Latin name
with a Persian word in it would come out mixed up. So the pieces are put in order here and drawn one by one.
"""

import unicodedata
from itertools import groupby

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLI", "FSI", "LRI"})
_INVISIBLE = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069"))


def visual_runs(text: str, *, right_to_left: bool) -> list[tuple[str, bool]]:
    """The pieces of one line from left to right, each in reading order and whether that is right to left."""
    if not right_to_left and not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return [(text, False)] if text else []
    direction = TextDirection.RTL if right_to_left else TextDirection.LTR
    paragraph = BidiParagraph(text, base_direction=direction, preserve_bn_chars=True)
    characters = paragraph.get_characters_with_embedding_level()
    runs = [
        ("".join(one.character for one in of_level), level)
        for level, of_level in groupby(characters, key=lambda one: one.embedding_level)
    ]
    for level in range(max((level for _, level in runs), default=0), 0, -1):
        runs = _reversed_from(runs, level)
    shown = [(piece.translate(_INVISIBLE), level % 2 == 1) for piece, level in runs]
    return [(piece, leftwards) for piece, leftwards in shown if piece]


def _reversed_from(runs: list[tuple[str, int]], lowest: int) -> list[tuple[str, int]]:
    """Every unbroken sequence of runs at this level or above, turned round (rule L2)."""
    ordered: list[tuple[str, int]] = []
    for at_least, sequence in groupby(runs, key=lambda run: run[1] >= lowest):
        piece = list(sequence)
        ordered += reversed(piece) if at_least else piece
    return ordered


def balanced(lines: list[str]) -> list[str]:
    """Lines broken from one text, with the isolates that a break cut in two closed and opened again."""
    whole, still_open = [], ""
    for line in lines:
        text = still_open + line
        for char in line:
            if char in "\u2066\u2067\u2068":
                still_open += char
            elif char == "\u2069":
                still_open = still_open[:-1]
        whole.append(text + "\u2069" * len(still_open))
    return whole
