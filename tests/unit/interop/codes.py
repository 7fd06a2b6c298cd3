"""Barcodes as a packaging line writes them; every number is invented."""

from datetime import date

GS = "\x1d"
LABEL = {"lot": "LE12X345AB", "expires_on": date(2027, 12, 31), "serial": "7K3M9Q2X"}


def with_check_digit(payload: str) -> str:
    """The digits with the GS1 check digit behind them: weights 3 and 1 from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(payload)))
    return payload + str(-total % 10)


GTIN = with_check_digit("0704000000001")
OTHER_GTIN = with_check_digit("0704000000002")
GSRN = with_check_digit("70400000000000123")


def gs1_code(
    *,
    gtin: str | None = GTIN,
    expires_on: date | None = LABEL["expires_on"],
    lot: str | None = LABEL["lot"],
    serial: str | None = LABEL["serial"],
    order: str = "glsx",
    separator: str = GS,
) -> str:
    """Element strings in the given order (g GTIN, x expiry, l lot, s serial), separated where GS1 asks for it."""
    elements = {
        "g": gtin and f"01{gtin}",
        "x": expires_on and f"17{expires_on:%y%m%d}",
        "l": lot and f"10{lot}{separator}",
        "s": serial and f"21{serial}{separator}",
    }
    return "".join(elements[name] or "" for name in order).removesuffix(separator)
