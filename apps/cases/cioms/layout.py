"""Where the fields stand on the A4 page, in millimetres from the reader's starting edge and from the top."""

from dataclasses import dataclass

WIDTH = 186.0
TOP = 22.0
BAND = 4.6
CONTINUED_FROM = 26.0  # where text begins on the pages behind


@dataclass(frozen=True, slots=True)
class Place:
    """A field's box; `x` counts from the margin at the reader's starting edge."""

    x: float
    y: float
    width: float
    height: float


BANDS = {"I": TOP, "II": 120.0, "III": 191.0, "IV": 227.0}

# Narrow fields of row 1 and of the last band, which hold one or two lines.
CELLS = {
    "1": Place(0, 26.6, 27, 13),
    "1a": Place(27, 26.6, 17, 13),
    "2": Place(44, 26.6, 33, 13),
    "2a": Place(77, 26.6, 17, 13),
    "3": Place(94, 26.6, 15, 13),
    "4-6": Place(109, 26.6, 33, 13),
    "24b": Place(0, 249, 50, 10),
    "24c": Place(50, 249, 38, 10),
    "date": Place(88, 249, 32, 10),
}
# Fields whose text goes on behind when it does not fit.
TEXTS = {
    "7+13": Place(0, 39.6, 142, 80.4),
    "14": Place(0, 124.6, 142, 21.4),
    "15": Place(0, 146, 84, 18),
    "16": Place(84, 146, 58, 18),
    "17": Place(0, 164, 142, 10),
    "18": Place(0, 174, 96, 17),
    "19": Place(96, 174, 46, 17),
    "22": Place(0, 195.6, WIDTH, 12),
    "23": Place(0, 207.6, WIDTH, 19.4),
    "24a": Place(0, 231.6, 120, 17.4),
    "26": Place(120, 231.6, 66, 43.4),
}
CHOICES = {
    "8-12": Place(142, 26.6, 44, 93.4),
    "20": Place(142, 124.6, 44, 33),
    "21": Place(142, 157.6, 44, 33.4),
    "24d": Place(0, 259, 72, 16),
    "25a": Place(72, 259, 48, 16),
}
