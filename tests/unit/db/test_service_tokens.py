"""A program's token opens what it names on its wards, until it expires or is taken back, and nothing else."""

import io
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from apps.accounts.selectors import Action, staff_who_may
from apps.kernel import clock as kernel_clock
from apps.ledger.models import Event
from apps.machines import authentication
from apps.machines.models import ServiceToken
from apps.machines.services import create_token, revoke_token
from tests.builders import NOW, PASSWORD, Door, admit_patient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered():
    authentication.forget_tokens()


def program(token):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def is_refused(client):
    answer = client.get("/api/v1/me/")
    return answer.json()["code"] in ("not_signed_in", "request_unreadable")


def issue(hospital, actions=("see_board", "see_patients"), days=90):
    return create_token(
        performer=hospital.administrator,
        own_password=PASSWORD,
        name="Ward display",
        actions=actions,
        ward_ids=[hospital.ward.pk],
        days=days,
        now=NOW,
        wall_now=kernel_clock.wall_now(),
    )


def entry(hospital, **changes):
    return {
        "name": "Admissions", "actions": ["see_patients"], "ward_ids": [hospital.ward.pk], "days": 30,
        "own_password": PASSWORD,
    } | changes  # fmt: skip


def test_a_program_may_what_its_token_says_on_its_wards_alone(hospital, elsewhere):
    client = program(issue(hospital).token)
    mine, theirs = admit_patient(hospital), admit_patient(elsewhere)
    assert client.get(f"/api/v1/wards/{hospital.ward.pk}/board/").status_code == 200
    assert [one["id"] for one in client.get("/api/v1/patients/").json()] == [mine.pk]
    assert client.get(f"/api/v1/patients/{theirs.pk}/").status_code == 404
    assert client.get(f"/api/v1/wards/{elsewhere.ward.pk}/board/").status_code == 404
    assert client.get("/api/v1/adverse-events/").status_code == 403
    assert client.get("/api/v1/service-tokens/").status_code == 403
    key = {"Idempotency-Key": str(uuid.uuid4())}
    new = {
        "name": "Testperson Alm", "birth_date": "1980-01-01", "sex": "male",
        "medical_record_number": "UNIT-PROGRAM", "ward_id": hospital.ward.pk,
    }  # fmt: skip
    assert client.post("/api/v1/patients/", new, format="json", headers=key).status_code == 403


def test_what_a_program_writes_is_its_own(hospital):
    issued = issue(hospital, actions=["register_patient", "see_patients"])
    new = {
        "name": "Testperson Alm", "birth_date": "1980-01-01", "sex": "male",
        "medical_record_number": "UNIT-PROGRAM", "ward_id": hospital.ward.pk,
    }  # fmt: skip
    key = {"Idempotency-Key": str(uuid.uuid4())}
    answer = program(issued.token).post("/api/v1/patients/", new, format="json", headers=key)
    assert answer.status_code == 201, answer.json()
    assert Event.objects.filter(actor=f"user:{issued.row.person_id}").exists()


def test_its_account_can_neither_sign_in_nor_be_called(hospital):
    issued = issue(hospital)
    person = issued.row.person
    assert not person.is_active and not person.has_usable_password()
    assert authenticate(username=person.username, password="") is None
    assert person not in staff_who_may(Action.SEE_BOARD, hospital.ward.pk)


def test_only_a_digest_is_kept(hospital):
    issued = issue(hospital)
    row = ServiceToken.objects.values().get()
    assert issued.token not in str(row) and row["prefix"] == issued.token[:11]
    assert issued.token not in str(list(Event.objects.values()))


def test_taken_back_it_opens_nothing_here_at_once_and_elsewhere_within_five_seconds(hospital, monkeypatch):
    issued = issue(hospital)
    client = program(issued.token)
    assert client.get("/api/v1/me/").status_code == 200
    ServiceToken.objects.filter(pk=issued.row.pk).update(revoked_at=kernel_clock.wall_now())
    assert client.get("/api/v1/me/").status_code == 200, "as another process would, for a few seconds"
    later = authentication.time.monotonic() + authentication.REMEMBERED_S + 0.1
    monkeypatch.setattr(authentication.time, "monotonic", lambda: later)
    assert is_refused(client)
    ServiceToken.objects.filter(pk=issued.row.pk).update(revoked_at=None)
    authentication.forget_tokens()
    assert client.get("/api/v1/me/").status_code == 200
    revoke_token(
        performer=hospital.administrator, token_id=issued.row.pk, now=NOW, wall_now=kernel_clock.wall_now()
    )
    assert is_refused(client)
    names = Event.objects.filter(subject=f"service_token:{issued.row.pk}").order_by("position")
    assert [event.name for event in names] == ["machine.token.created", "machine.token.revoked"]


def test_it_expires(hospital):
    issued = issue(hospital, days=1)
    past = kernel_clock.wall_now() - timedelta(days=2)
    ServiceToken.objects.filter(pk=issued.row.pk).update(created_at=past, expires_at=past + timedelta(days=1))
    assert is_refused(program(issued.token))


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer nonsense", "Bearer ivig_nonsense", "Bearer ivig_a b", "Bearer ivig_å"]
)
def test_anything_else_is_no_token(hospital, header):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    assert is_refused(client)


def test_its_use_is_noted_to_an_hour(hospital):
    client = program(issue(hospital).token)
    client.get("/api/v1/me/")
    used = ServiceToken.objects.get().used_at
    assert kernel_clock.wall_now() - used < timedelta(minutes=1)
    authentication.forget_tokens()
    client.get("/api/v1/me/")
    assert ServiceToken.objects.get().used_at == used


def test_an_administrator_gives_one_out_with_the_password_and_sees_it_once(hospital):
    door = Door(hospital.administrator)
    wrong = door.post("service-tokens/", entry(hospital, own_password="not-this-one"))
    assert (wrong.status_code, wrong.json()["code"]) == (400, "identity_not_proved")
    made = door.post("service-tokens/", entry(hospital))
    assert made.status_code == 201 and program(made.json()["token"]).get("/api/v1/me/").status_code == 200
    (shown,) = door.get("service-tokens/").json()
    assert "token" not in shown and shown["wards"] == [hospital.ward.name]
    assert door.client.get("/service-tokens/").content.decode().count('data-test="service-token"') == 1
    assert door.post(f"service-tokens/{shown['id']}/revoke/").json()["revoked_at"]


@pytest.mark.parametrize("role", ["nurse", "charge_nurse", "physician", "safety_officer"])
def test_nobody_else_gives_one_out_or_takes_one_back(hospital, role):
    door, issued = Door(getattr(hospital, role)), issue(hospital)
    assert door.get("service-tokens/").status_code == 403
    assert door.post("service-tokens/", entry(hospital)).status_code == 403
    assert door.post(f"service-tokens/{issued.row.pk}/revoke/").status_code == 403
    assert door.client.get("/service-tokens/").status_code == 403
    assert ServiceToken.objects.get().revoked_at is None


def test_another_wards_administrator_finds_none(hospital, elsewhere):
    issued, door = issue(hospital), Door(elsewhere.administrator)
    assert door.get("service-tokens/").json() == []
    assert door.post(f"service-tokens/{issued.row.pk}/revoke/").status_code == 404
    assert door.post("service-tokens/", entry(hospital)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"actions": []}, "scope_empty"),
        ({"actions": ["co_sign"]}, "scope_not_a_machines"),
        ({"actions": ["everything"]}, "scope_not_a_machines"),
        ({"ward_ids": []}, "token_without_ward"),
        ({"days": 366}, "entries_invalid"),
    ],
)
def test_too_wide_a_token_is_refused(hospital, changes, code):
    answer = Door(hospital.administrator).post("service-tokens/", entry(hospital, **changes))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not ServiceToken.objects.exists()


def test_the_command_makes_lists_and_revokes(hospital):
    made, shown = io.StringIO(), io.StringIO()
    words = ["Backup reader", "--action", "see_board", "--ward", hospital.ward.name]
    call_command("service_token", "create", *words, stdout=made, stderr=io.StringIO())
    token = made.getvalue().strip()
    assert program(token).get("/api/v1/me/").status_code == 200
    call_command("service_token", "list", stdout=shown)
    assert token not in shown.getvalue() and "Backup reader" in shown.getvalue()
    call_command("service_token", "revoke", str(ServiceToken.objects.get().pk), stdout=shown)
    assert is_refused(program(token))
    with pytest.raises(CommandError, match="There is no ward"):
        call_command("service_token", "create", "x", "--action", "see_board", "--ward", "Nowhere")
