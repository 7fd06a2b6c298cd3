"""An invented terminology in the shape of MedAscii. No term or code of it is MedDRA's."""

import io
import zipfile

PREFERRED = [
    ("90000001", "Dummy headache", "90000900"),
    ("90000002", "Dummy shock", "90000901"),
    ("90000003", "Dummy meningitis", "90000900"),
    ("90000004", "Dummy blood breakdown", "90000902"),
]
# (code, name, preferred, current)
LOW_LEVEL = [
    *((code, name, code, "Y") for code, name, _ in PREFERRED),
    ("90000011", "Head pain, dummy", "90000001", "Y"),
    ("90000012", "Dummy cephalalgia", "90000001", "N"),
    ("90000013", "Sudden dummy collapse", "90000002", "Y"),
    ("90000014", "Dummy café-au-lait", "90000004", "Y"),
]
CLASSES = {"90000900": "Dummy nerves", "90000901": "Dummy vessels", "90000902": "Dummy blood"}


def lines_of(*rows, extra=""):
    return "".join("$".join(row) + "$" + extra + "\r\n" for row in rows)


def llt(rows=LOW_LEVEL, extra=""):
    empty = [""] * 6
    return lines_of(
        *([code, name, preferred, *empty, current, ""] for code, name, preferred, current in rows),
        extra=extra,
    )


def pt(rows=PREFERRED):
    return lines_of(*([code, name, "", soc, *[""] * 7] for code, name, soc in rows))


def hierarchy(rows=PREFERRED):
    return lines_of(
        *(
            [
                code,
                "90000700",
                "90000800",
                soc,
                name,
                "Dummy level",
                "Dummy group",
                CLASSES[soc],
                "Du",
                "",
                soc,
                flag,
            ]
            for code, name, soc in rows
            for flag in ("Y", "N")
        )
    )


def files(version="99.0", language="English", **changes):
    """Path in the archive -> content as text or bytes; None leaves a file out."""
    standard = {
        "MedAscii/meddra_release.asc": f"{version}${language}$$$$\r\n",
        "MedAscii/llt.asc": llt(),
        "MedAscii/pt.asc": pt(),
        "MedAscii/mdhier.asc": hierarchy(),
        "MedAscii/soc.asc": "unread",
        "readme.txt": "An invented terminology.",
    }
    standard |= {f"MedAscii/{name}.asc": content for name, content in changes.items()}
    return {path: content for path, content in standard.items() if content is not None}


def archive(contents=None, **changes):
    """A zip archive as a stream."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in (files(**changes) if contents is None else contents).items():
            packed.writestr(path, content)
    stream.seek(0)
    return stream
