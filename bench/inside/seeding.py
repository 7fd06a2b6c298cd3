"""A hospital for measurements: made with the product's own services, so that it holds what the product holds."""

import io
from datetime import date, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection
from knox.models import AuthToken

from apps.accounts.domain.roles import Role
from apps.accounts.models import User, Ward
from apps.accounts.services import ensure_staff, ensure_ward
from apps.kernel import clock
from apps.patients.models import Patient
from ivig_monitor.demo.story import ADULT, Story

BACKEND = "django.contrib.auth.backends.ModelBackend"
SPECIALTY = "neurology"
PASSWORD = "for-measurements-2026"


def migrate() -> bool:
    """The schema alone."""
    call_command("migrate", interactive=False, verbosity=0)
    return True


def prepare(*, wards: int, nurses_per_ward: int, patients: int) -> dict[str, Any]:
    """Schema, guidelines, wards, staff and patients in their beds."""
    migrate()
    call_command("compile_messages", stdout=io.StringIO())
    call_command("load_guidelines", stdout=io.StringIO())
    rooms = [ensure_ward(name=f"Bench {number:04}", time_zone="Europe/Oslo") for number in range(wards)]
    physician = ensure_staff(
        username="bench-physician",
        full_name=("Bench", "Physician"),
        role=Role.PHYSICIAN,
        specialty=SPECIALTY,
        wards=rooms,
        password=PASSWORD,
    )
    _nurses(rooms, nurses_per_ward, physician.password)
    Patient.objects.bulk_create(_patient(number, rooms) for number in range(patients))
    return {"patients": patients}


def sessions(*, part: int, parts: int) -> int:
    """Order a course for each patient of this part and start its first day. Returns how many run."""
    now = clock.wall_now()
    physician = User.objects.get(username="bench-physician")
    nurses = {ward.pk: ward.staff.filter(role=Role.NURSE.value).first() for ward in Ward.objects.all()}
    started = 0
    for patient in Patient.objects.order_by("pk"):
        if patient.pk % parts != part:
            continue
        nurse = nurses[patient.ward_id]
        story = Story(patient_id=patient.pk, physician=physician, nurse=nurse, usual=ADULT)
        begun = now - timedelta(seconds=7 * (patient.pk % 100))
        story.order(at=begun - timedelta(minutes=30))
        story.start(at=begun)
        started += 1
    return started


def finish() -> dict[str, Any]:
    """Fresh statistics; who may sign in with what, and which infusions run where."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(
            "SELECT ward_id, array_agg(id ORDER BY id) FROM infusions_infusionsession"
            " WHERE state = 'running' GROUP BY ward_id"
        )
        running = dict(cursor.fetchall())
    rooms = Ward.objects.prefetch_related("staff").order_by("pk")
    return {
        "seeded_at": clock.wall_now().isoformat(),
        "wards": [
            {
                "id": room.pk,
                "sessions": running.get(room.pk, []),
                "nurses": [_keys(nurse) for nurse in room.staff.all() if nurse.role == Role.NURSE.value],
            }
            for room in rooms
        ],
    }


def _nurses(rooms: list[Ward], per_ward: int, password: str) -> None:
    nurses = User.objects.bulk_create(
        User(
            username=f"bench-nurse-{number:04}",
            first_name="Bench",
            last_name=f"Nurse {number}",
            role=Role.NURSE.value,
            password=password,  # hashing two hundred would take longer than all the rest
        )
        for number in range(len(rooms) * per_ward)
    )
    through = User.wards.through
    through.objects.bulk_create(
        through(user_id=nurse.pk, ward_id=rooms[number // per_ward].pk) for number, nurse in enumerate(nurses)
    )


def _patient(number: int, rooms: list[Ward]) -> Patient:
    return Patient(
        pseudonym=f"BENCH{number:05}",
        name=f"Bench Patient {number}",
        birth_date=date(1950 + number % 50, 1 + number % 12, 1 + number % 28),
        sex="female" if number % 2 else "male",
        medical_record_number=f"BENCH-{number:05}",
        ward=rooms[number % len(rooms)],
        bed=str(1 + number // len(rooms)),
    )


def _keys(nurse: User) -> dict[str, str]:
    """A token for the API and a session for pages and sockets."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(nurse.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = nurse.get_session_auth_hash()
    store.create()
    _, token = AuthToken.objects.create(user=nurse)
    return {"username": nurse.username, "token": token, "session_key": store.session_key}
