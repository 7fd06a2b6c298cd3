"""Cells of an exported CSV, safe to open in a spreadsheet."""

import re

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)
_FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def neutralise(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet could take it for a formula.

    A cell is a risk when it begins, blanks aside, with = + - @, their full-width forms, a tab or a line
    break. Plain numbers such as -2.5 pass unchanged, so that they stay numbers.
    """
    if _NUMBER.fullmatch(text):
        return text
    begins = text.lstrip(" \u00a0\ufeff")
    return f"'{text}" if begins and begins[0] in _FORMULA_STARTS else text
