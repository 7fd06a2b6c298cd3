"""Cases as values: one of a woman whose infusion in two lots ended in an anaphylaxis, and changes to it."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from apps.cases.domain.content import (
    Answered,
    Assessed,
    CaseContent,
    CaseDrug,
    CasePatient,
    CaseReaction,
    Done,
    EarlierInfusion,
    InfusionGiven,
    Lot,
    Measurement,
    RateStretch,
    Reporter,
    Site,
    Term,
)

OSLO = timezone(timedelta(hours=1))
START = datetime(2026, 3, 2, 9, 0, tzinfo=OSLO)
SHOCK = Term("90000002", "Dummy shock", "99.0")


def minutes(count):
    return START + timedelta(minutes=count)


def infusion(**changes):
    standard = {
        "session_id": 7,
        "day_number": 1,
        "started_at": START,
        "ended_at": minutes(150),
        "given_ml": Decimal("181.0"),
        "given_g": Decimal("18.10"),
        "g_per_kg": Decimal("0.30"),
        "state": "stopped",
        "lots": (
            Lot("LOT-A1204", date(2027, 12, 31), START, minutes(100), Decimal("100.0"), Decimal("10.00")),
            Lot("LOT-B77", date(2027, 12, 31), minutes(100), minutes(150), Decimal("81.0"), Decimal("8.10")),
        ),
        "rates": (
            RateStretch(START, Decimal(30), Decimal("0.5")),
            RateStretch(minutes(60), Decimal(60), Decimal(1)),
            RateStretch(minutes(150), Decimal(0), Decimal(0)),
        ),
    }
    return InfusionGiven(**(standard | changes))


def reaction(**changes):
    standard = {
        "event_id": 4,
        "session_id": 7,
        "term_code": "anaphylaxis",
        "english": "Anaphylaxis",
        "verbatim": "Anafylaksi",
        "language": "nor",
        "onset_at": minutes(150),
        "ended_at": minutes(210),
        "severity": "severe",
        "symptoms": ("Urticaria", "Hypotension"),
        "seriousness": ("life_threatening",),
        "expected": True,
        "outcome": "recovered",
        "action_taken": "withdrawn",
        "rechallenge": "not_done",
        "reviewed": True,
        "coded": SHOCK,
        "rate_ml_per_h": Decimal(60),
        "rate_ml_per_kg_h": Decimal(1),
        "step": 2,
        "given_ml": Decimal("181.0"),
        "given_g": Decimal("18.10"),
        "interventions": (Done("Adrenaline", minutes(152), "0.5 mg i.m."),),
        "assessments": (Assessed("reporter", "WHO-UMC", "Probable"),),
    }
    return CaseReaction(**(standard | changes))


def case(**changes):
    standard = {
        "site": Site("NO", "HOSP", "Example Hospital", telephone="+4722000000"),
        "reporter": Reporter("other_health_professional"),
        "patient": CasePatient(
            born_on=date(1980, 5, 17),
            sex="female",
            weight_kg=Decimal("60.00"),
            history=("diabetes mellitus", "blood group A"),
            earlier=(EarlierInfusion("Kiovig", date(2026, 1, 5), Decimal("24.00"), ("Headache",)),),
        ),
        "drugs": (CaseDrug("kiovig", "Kiovig", Decimal(100), "CIDP", infusions=(infusion(),)),),
        "reactions": (reaction(),),
        "measurements": (
            Measurement(
                "Pulse rate", minutes(150), Decimal(130), unit="/min", text="130 /min", comment="at the onset"
            ),
            Measurement("Direct antiglobulin test", minutes(900), text="Positive"),
        ),
        "answers": (Answered("When did it pass?", "At noon.", minutes(300)),),
        "narrative": "A narrative.",
        "meddra_version": "99.0",
    }
    return CaseContent(**(standard | changes))
