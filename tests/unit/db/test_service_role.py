"""The service signs in as a role that owns no table: what the record refuses is not even its to try."""

import hmac
from base64 import b64decode
from hashlib import pbkdf2_hmac, sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.audit.models import DayChain, Reading
from apps.audit.privileges import grant_service_role, refused
from apps.ledger.models import Event, Timer
from tests.builders import Door, admit_patient, running_session, vitals_entry

pytestmark = pytest.mark.django_db
ROLE = "ivig_trial_service"
RECORD = ("ledger_event", "audit_reading", "audit_daychain")


@pytest.fixture
def as_service(hospital, monkeypatch):
    """From here on the database knows the service by its own role."""
    monkeypatch.setenv("POSTGRES_SERVICE_PASSWORD", "a-password-of-its-own")
    session = running_session(hospital)
    call_command("grant_service_role", ROLE)
    call_command("grant_service_role", ROLE)  # again, as after each migration
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    return session


def attempt(statement):
    with pytest.raises(DatabaseError) as told, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(told.value)


@pytest.mark.parametrize("table", RECORD)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET id = id",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "DROP TABLE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
    ],
)
def test_it_can_neither_change_nor_unlock_the_record(as_service, table, statement):
    said = attempt(statement.format(table))
    assert "permission denied" in said or "must be owner" in said


def test_it_makes_no_roles_and_takes_none_on(as_service):
    assert "permission denied" in attempt("CREATE ROLE another SUPERUSER")
    assert "permission denied" in attempt(f"ALTER ROLE {ROLE} CREATEROLE")


def test_its_password_stands_in_no_statement(hospital):
    """A site that logs statements would keep it in its log."""
    password = "a-password-of-its-own"
    with CaptureQueriesContext(connection) as ran:
        grant_service_role(role=ROLE, password=password)
    statements = " ".join(query["sql"] for query in ran)
    assert "CREATE ROLE" in statements and password not in statements
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [ROLE])
        assert verifies(cursor.fetchone()[0], password)


def verifies(kept, password):
    """Whether what PostgreSQL keeps opens to the password (RFC 5802: StoredKey is the hash of ClientKey)."""
    _, rest, keys = kept.split("$")
    rounds, salt = rest.split(":")
    salted = pbkdf2_hmac("sha256", password.encode(), b64decode(salt), int(rounds))
    stored = sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    return b64decode(keys.split(":")[0]) == stored


def test_the_work_goes_on_under_it(hospital, as_service, clock):
    clock.forward(minutes=1)
    door = Door(hospital.nurse)
    assert door.post(f"sessions/{as_service.pk}/observations/", vitals_entry()).status_code == 200
    patient = admit_patient(hospital)
    assert door.get(f"patients/{patient.pk}/").status_code == 200
    assert Reading.objects.filter(patient_id=patient.pk).exists()


def test_what_is_refused_is_read_from_the_tables_own_triggers():
    assert refused(Event) == refused(Reading) == refused(DayChain) == {"UPDATE", "DELETE"}
    assert refused(Timer) == set()


@pytest.mark.parametrize("password", ["", "short"])
def test_it_takes_a_password_worth_the_name(monkeypatch, password):
    monkeypatch.setenv("POSTGRES_SERVICE_PASSWORD", password)
    with pytest.raises(CommandError, match="POSTGRES_SERVICE_PASSWORD"):
        call_command("grant_service_role", ROLE)
