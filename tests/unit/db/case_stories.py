"""Cases as they happen: what was given, what followed, and an officer who opens a case from it."""

from datetime import timedelta
from decimal import Decimal

from apps.cases.services import code_reaction, make_version, open_case
from apps.meddra.services import load_meddra
from apps.safety.models import AdverseEvent
from tests.builders import NOW, admit_patient, climb, order_course, react, start_day, vial
from tests.unit.meddra.invented import archive

SITE = {
    "CASE_COUNTRY": "NO",
    "CASE_ORGANISATION_CODE": "HOSP",
    "CASE_ORGANISATION": "Example Hospital",
    "CASE_TELEPHONE": "+4722000000",
    "CASE_EMAIL": "safety@hospital.example",
    "CASE_REGIMES": ["eu_post_marketing", "norway_health_personnel"],
}
CODES = {
    "headache": "90000001",
    "anaphylaxis": "90000002",
    "aseptic_meningitis": "90000003",
    "hemolysis": "90000004",
}


def describe_site(settings, **changes):
    """The site as its administrator set it."""
    for name, value in (SITE | changes).items():
        setattr(settings, name, value)


def load_terms(version="99.0"):
    """The invented terminology."""
    return load_meddra(performer=None, archive=archive(version=version), now=NOW)


def infusion_with_two_lots(hospital, *, name="Testperson Gran", now=NOW):
    """A first day whose 250 mL hang in two lots, 100 and 150 mL."""
    patient = admit_patient(hospital, name=name, now=now)
    course = order_course(hospital, patient, now=now)
    vials = [
        vial(lot_number="LOT-A1204", volume_ml=Decimal(100)),
        vial(lot_number="LOT-B77", volume_ml=Decimal(150)),
    ]
    return start_day(hospital, course, now=now, vials=vials)


def anaphylaxis(hospital, *, name="Testperson Gran", now=NOW):
    """At 95 minutes, well into the second lot; the infusion is stopped. Returns the adverse event."""
    session = infusion_with_two_lots(hospital, name=name, now=now)
    climb(hospital, session.pk, to_step=3)
    onset = now + timedelta(minutes=150)
    react(
        hospital,
        session.pk,
        onset,
        term="anaphylaxis",
        severity="severe",
        action="stop",
        note="Fikk adrenalin.",
    )
    return AdverseEvent.objects.get(session_id=session.pk)


def headache(hospital, *, name="Testperson Gran", now=NOW, at=timedelta(minutes=31)):
    """A moderate headache half an hour into an infusion. Returns the adverse event."""
    session = infusion_with_two_lots(hospital, name=name, now=now)
    climb(hospital, session.pk, to_step=1)
    react(hospital, session.pk, now + at, severity="moderate", action="pause")
    return AdverseEvent.objects.get(session_id=session.pk)


def open_for(hospital, *events, now=None):
    """A case of these events, opened an hour after the last onset."""
    at = now or max(event.onset_at for event in events) + timedelta(hours=1)
    return open_case(performer=hospital.safety_officer, event_ids=[event.pk for event in events], now=at)


def code_all(hospital, case, *, now):
    """Every reaction of a case coded."""
    for link in case.events.select_related("event"):
        code_reaction(
            performer=hospital.safety_officer,
            case_id=case.pk,
            about=f"event:{link.event_id}",
            code=CODES[link.event.term],
            now=now,
        )


def keep(hospital, case, kind, *, now, **changes):
    """The next version."""
    return make_version(performer=hospital.safety_officer, case_id=case.pk, kind=kind, now=now, **changes)
