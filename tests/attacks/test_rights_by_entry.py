"""Nobody gains a right, or acts in another's name, by sending more than a form asks for."""

from typing import Any

import pytest
from django.db import connection, transaction
from drf_spectacular.generators import SchemaGenerator

from apps.ledger.models import Event
from ivig_monitor.api_urls import api
from tests.builders import Door
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

    Seen to fail with a view that did `setattr(request.user, name, value)` for each entry, as a serializer of a
    whole model does.
    """
    door = Door(getattr(hospital, role))
    before = people()
    for route in WRITES:
        address, body = filled(route, numbers), BODIES[route]
        plain = effect(door, address, body)
        smuggled = effect(door, address, {**SMUGGLED, **body})
        assert smuggled == plain, route
        assert plain[2] == before, route


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
