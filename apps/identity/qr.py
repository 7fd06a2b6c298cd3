"""What an authenticator reads from the screen."""

import pyotp
import segno

ISSUER = "IVIG Monitor"


def authenticator_qr(username: str, secret: str) -> str:
    """The secret as a QR code in a `data:` address: it is drawn here and fetched from nowhere."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)
    address: str = segno.make(uri, error="m", micro=False).svg_data_uri(
        border=4, dark="#000", light="#fff", scale=5
    )
    return address


def spaced(secret: str) -> str:
    """The secret for somebody who types it, in groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
