"""The case in words (H)."""

from apps.icsr.domain.elements.row import REQUIRED, row

ROWS = (
    row("H.1", "Case Narrative", "INV: text ED", "100000AN", REQUIRED),
    row(
        "H.2",
        "Reporter's Comments",
        "AEA: component1/observationEvent{10@CL19 by 3@CL21}/value ED",
        "20000AN",
    ),
    row(
        "H.3.r.1a",
        "MedDRA Version for Sender's Diagnosis",
        "SDX: value/@codeSystemVersion CE",
        "4AN",
        needed_with="H.3.r.1b",
    ),
    row(
        "H.3.r.1b",
        "Sender's Diagnosis (MedDRA code)",
        "SDX: value/@code CE",
        "8N",
        system="MEDDRA",
        needed_with="H.3.r.1a",
    ),
    row(
        "H.4",
        "Sender's Comments",
        "AEA: component1/observationEvent{10@CL19 by 1@CL21}/value ED",
        "20000AN",
        ivig=True,
    ),
    row("H.5.r.1a", "Case Summary and Reporter's Comments Text", "NATIVE: value ED", "100000AN", ivig=True),
    row(
        "H.5.r.1b",
        "Case Summary and Reporter's Comments Language",
        "NATIVE: value/@language ED",
        "3A",
        system="LANGUAGE",
        needed_with="H.5.r.1a",
    ),
)
