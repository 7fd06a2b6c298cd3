"""Lot numbers as people and scanners write them."""


def same_lot(lot_number: str) -> str:
    """What two writings of one lot share: capital letters and digits, without spaces, dashes, dots and slashes.

    A scanner reads `P100 22-13` where somebody typed `p1002213`: a hold must find both.
    """
    return "".join(letter for letter in lot_number.upper() if letter.isalnum())
