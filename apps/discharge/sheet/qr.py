"""The link as a square of dark and light fields, drawn with the page's own lines."""

import segno


def link_fields(url: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of fields, True for dark, without the quiet zone.

    Error correction level M reads through a crease in the paper.
    """
    return tuple(
        tuple(bool(field) for field in row) for row in segno.make(url, error="m", micro=False).matrix
    )
