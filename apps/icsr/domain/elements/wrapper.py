"""Batch and message (N)."""

from apps.icsr.domain.elements.row import REQUIRED, row

ROWS = (
    row("N.1.1", "Type of Messages in Batch", "BATCH: name/@code SC", "2N", REQUIRED, system="CL1"),
    row("N.1.2", "Batch Number", "BATCH: id[NS22]/@extension II", "100AN", REQUIRED),
    row("N.1.3", "Batch Sender Identifier", "BATCH: sender/device/id[NS13]/@extension II", "60AN", REQUIRED),
    row(
        "N.1.4",
        "Batch Receiver Identifier",
        "BATCH: receiver/device/id[NS14]/@extension II",
        "60AN",
        REQUIRED,
    ),
    row("N.1.5", "Date of Batch Transmission", "BATCH: creationTime/@value TS", "TS", REQUIRED, precision=14),
    row("N.2.r.1", "Message Identifier", "MSG: id[NS1]/@extension II", "100AN", REQUIRED),
    row(
        "N.2.r.2", "Message Sender Identifier", "MSG: sender/device/id[NS11]/@extension II", "60AN", REQUIRED
    ),
    row(
        "N.2.r.3",
        "Message Receiver Identifier",
        "MSG: receiver/device/id[NS12]/@extension II",
        "60AN",
        REQUIRED,
    ),
    row("N.2.r.4", "Date of Message Creation", "MSG: creationTime/@value TS", "TS", REQUIRED, precision=14),
)
