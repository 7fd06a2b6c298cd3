"""The link as a QR code, drawn in the page itself: it is fetched from nowhere."""

import io

import segno


def link_qr_svg(url: str) -> str:
    """An SVG element without size of its own (the page gives it one): black on white, with the quiet zone.

    Error correction level M reads through a crease in the paper.
    """
    out = io.BytesIO()
    code = segno.make(url, error="m", micro=False)
    code.save(
        out, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False, lineclass=None
    )
    return out.getvalue().decode()
