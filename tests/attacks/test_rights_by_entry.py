"""Nobody gains a right, or acts in another's name, by sending more than a form asks for."""

import re
from typing import Any

import pytest
from django.db import connection, transaction
from drf_spectacular.generators import SchemaGenerator

from apps.ledger.models import Event
from ivig_monitor.api_urls import api
from tests.builders import Door, running_session, vitals_entry
from tests.unit.db.test_access import BODIES, WRITES, filled

pytestmark = pytest.mark.django_db

# Names under which people, rights and signatures are kept; sent beside every well-formed entry.
SMUGGLED = {
    "role": "administrator",
    "is_superuser": True,
    "is_staff": True,
    "is_active": False,
    "wards": [1, 2, 3],
    "ward": 1,
    "password": "chosen-by-the-attacker",
    "performer": 1,
    "performer_id": 1,
    "actor": "user:1",
    "user": 1,
    "created_by": 1,
    "created_by_id": 1,
    "recorded_by": 1,
    "recorded_by_id": 1,
    "approved_by": 1,
    "approved_by_id": 1,
    "signer_name": "Somebody Else",
    "signer_role": "physician",
    "state": "completed",
}
REFERENCE = re.compile(r"#/components/schemas/(\w+)")
PEOPLE = "SELECT to_jsonb(u) - 'last_login' FROM accounts_user u ORDER BY id"
WARDS = "SELECT user_id, ward_id FROM accounts_user_wards ORDER BY 1, 2"


def people() -> list[Any]:
    """Every account with its rights, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE)
        accounts = cursor.fetchall()
        cursor.execute(WARDS)
        return [accounts, cursor.fetchall()]


def effect(door: Door, address: str, body: Any) -> tuple[int, Any, Any]:
    """What a request does to accounts and whose act the ledger says it is; undone afterwards."""
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with transaction.atomic():
        status = door.post(address, body).status_code
        acts = list(
            Event.objects.filter(pk__gt=newest).order_by("pk").values_list("name", "actor", "ward_id")
        )
        now = people()
        transaction.set_rollback(True)
    return status, acts, now


@pytest.mark.parametrize("role", ["nurse", "physician", "safety_officer"])
def test_no_write_takes_a_right_from_what_is_sent(hospital, numbers, role):
    """Each address that takes entries, once as the form sends it and once with everything else beside it.

    What is beside it is refused, or passed over where a stop must not fail for it. Seen to fail with a view that did
    `setattr(request.user, name, value)` for each entry, as a serializer of a whole model does.
    """
    door = Door(getattr(hospital, role))
    before, refused = people(), set()
    for route in WRITES:
        address, body = filled(route, numbers), BODIES[route]
        plain = effect(door, address, body)
        smuggled = effect(door, address, {**SMUGGLED, **body})
        if smuggled[0] == 400:
            refused.add(route)
            assert smuggled[1:] == ([], before), route
        else:
            assert smuggled == plain, route
        assert plain[2] == before, route
    assert len(refused) >= 10


def test_a_name_that_is_no_part_of_an_entry_is_refused_and_named(hospital):
    """A misspelled time of a note would be taken for now, without a word."""
    session = running_session(hospital)
    door = Door(hospital.nurse)
    answer = door.post(
        f"sessions/{session.pk}/observations/", vitals_entry() | {"effectiveAt": "x", "nøte": 1}
    )
    assert answer.status_code == 400 and answer.json()["code"] == "entries_invalid"
    fields = answer.json()["extra"]["fields"]
    assert set(fields) == {"effectiveAt", "nøte"}
    assert "effective_at" in fields["effectiveAt"][0] and "“effectiveAt”" in fields["effectiveAt"][0]
    inside = {"baseline": vitals_entry() | {"puls": 80}}
    assert (
        "puls"
        in door.post(f"courses/{session.course_id}/sessions/", inside).json()["extra"]["fields"]["baseline"]
    )


def test_a_body_of_nothing_but_names_gets_a_short_answer(hospital):
    """Seen to fail with an answer that names each of them: it is thirteen times as long as the body."""
    answer = Door(hospital.nurse).post(
        "auth/token/", dict.fromkeys((f"n{number}" for number in range(5000)), 1)
    )
    assert answer.status_code == 400 and len(answer.content) < 5000


def test_a_stop_is_never_refused_for_a_word_too_many(hospital):
    session = running_session(hospital)
    assert Door(hospital.nurse).post(f"sessions/{session.pk}/stop/", {"word": "too many"}).status_code == 200


def test_only_what_makes_things_safer_passes_over_other_names():
    """Every body of the API and what is nested in it, as its schema says."""
    schema = SchemaGenerator().get_schema(public=True)
    bodies = [
        operation["requestBody"]
        for operations in schema["paths"].values()
        for operation in operations.values()
        if "requestBody" in operation
    ]
    left, seen = set(REFERENCE.findall(str(bodies))), set()
    while left:
        seen |= left
        left = {
            inner for name in left for inner in REFERENCE.findall(str(schema["components"]["schemas"][name]))
        } - seen
    entries = {name: schema["components"]["schemas"][name] for name in seen}
    objects = {name: shape for name, shape in entries.items() if shape.get("type") == "object"}
    assert len(objects) > 80
    assert {name for name, shape in objects.items() if shape.get("additionalProperties") is not False} == {
        "HaltEntry",
        "LowerRateEntry",
        "ReactionEntry",
        "SymptomEntry",
    }


def test_no_entry_of_the_api_has_a_field_for_a_right():
    """The shapes themselves: none asks for a role, a flag of the account or another performer."""
    schema = SchemaGenerator().get_schema(public=True)
    asked: dict[str, set[str]] = {}
    for address, operations in schema["paths"].items():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            if name:
                asked[address] = set(schema["components"]["schemas"][name].get("properties", ()))
    assert len(asked) > 40
    forbidden = set(SMUGGLED) - {"state", "password"}
    assert {address: found & forbidden for address, found in asked.items() if found & forbidden} == {}
    # A password is sent to sign in or to sign, never to set one.
    assert [address for address, found in asked.items() if "password" in found] == ["/api/v1/auth/token/"]
    assert len(api) > 60
