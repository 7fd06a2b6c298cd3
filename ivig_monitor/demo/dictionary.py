"""An invented terminology in the shape of MedAscii, to code the demo's cases with. Nothing of it is MedDRA's."""

import io
import zipfile
from typing import IO

VERSION = "98.1"
SHOCK, MENINGES, BLOOD, NERVES = "90000101", "90000102", "90000103", "90000104"
_TERMS = {
    SHOCK: "Invented term for a shock",
    MENINGES: "Invented term for irritated meninges",
    BLOOD: "Invented term for broken red cells",
    NERVES: "Invented term for inflamed nerves",
}
_CLASS = ("90000991", "Invented organ class")
_ABOVE = ("90000701", "90000801", _CLASS[0])
_UNUSED = [""] * 6


def archive() -> IO[bytes]:
    """The terminology as a zip archive."""
    files = {
        "meddra_release.asc": [[VERSION, "English", "", "", ""]],
        "llt.asc": [[code, name, code, *_UNUSED, "Y", ""] for code, name in _TERMS.items()],
        "pt.asc": [[code, name, "", _CLASS[0], *[""] * 7] for code, name in _TERMS.items()],
        "mdhier.asc": [
            [code, *_ABOVE, name, "Invented level", "Invented group", _CLASS[1], "Inv", "", _CLASS[0], "Y"]
            for code, name in _TERMS.items()
        ],
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, rows in files.items():
            packed.writestr(f"MedAscii/{name}", "".join("$".join(row) + "$\r\n" for row in rows))
    stream.seek(0)
    return stream
