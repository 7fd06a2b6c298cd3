"""Quotes, semicolons and sleeping databases in every place where an address takes a word."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from drf_spectacular.generators import SchemaGenerator

from ivig_monitor.launch.places import ROOT
from tests.builders import Door

pytestmark = pytest.mark.django_db

SLEEP_S = 8
HARMLESS = "zzqq"
# The guidelines are searched in memory, and a quote alone is no word to search for there.
IN_MEMORY = "/indications/"
INJECTED = [
    "'",
    '"',
    "\\",
    "%27",
    "' OR '1'='1",
    "1 OR 1=1",
    "1; DROP TABLE ledger_event; --",
    f"1); SELECT pg_sleep({SLEEP_S}); --",
    f"' || pg_sleep({SLEEP_S}) || '",
    f"(SELECT 1 FROM pg_sleep({SLEEP_S}))",
    "id; --",
    "-id",
    "password",
    "user__password__startswith",
    "{{7*7}}",
    "%(x)s %s {0.__class__}",
    "%",
    "_",
]
NEVER_ASKED = (
    "ordering",
    "order_by",
    "sort",
    "filter",
    "search",
    "fields",
    "page",
    "limit",
    "offset",
    "format",
)


def answer_of(door: Door, address: str, name: str, value: str) -> tuple[int, bytes]:
    started = time.monotonic()
    answer = door.client.get(address, {name: value})
    took = time.monotonic() - started
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code < 500, (address, name, value)
    assert took < SLEEP_S - 0.5, f"{address}?{name}={value} took {took:.1f} s: did the database sleep?"
    return answer.status_code, content


def operations(numbers: dict[str, Any]) -> dict[str, set[str]]:
    """Each address of the API that answers GET, and the parameters its description names."""
    found = {}
    for address, methods in SchemaGenerator().get_schema(public=True)["paths"].items():
        if "get" in methods and not set(re.findall(r"{(\w+)}", address)) - set(numbers):
            names = {p["name"] for p in methods["get"].get("parameters", ()) if p["in"] == "query"}
            found[address.format(**numbers)] = names
    return found


@pytest.fixture
def tables():
    def rows() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_event")
            events = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            return [events, cursor.fetchone()]

    (events_before,), tables_before = rows()
    yield
    (events,), tables = rows()
    assert tables == tables_before
    assert events >= events_before  # a file that leaves is put on record: rows come, none goes


@pytest.mark.parametrize("role", ["nurse", "safety_officer"])
def test_no_parameter_of_the_api_reaches_the_database_as_code(hospital, numbers, tables, role):
    """400, or what any other word gets: an injected condition may not show one row more.

    Seen to fail with `Patient.objects.extra(where=["bed = '" + word + "'"])` behind a parameter.
    """
    door = Door(getattr(hospital, role))
    tried = 0
    for address, names in operations(numbers).items():
        for name in names:
            harmless = answer_of(door, address, name, HARMLESS)
            for value in INJECTED:
                status, content = answer_of(door, address, name, value)
                assert status in (harmless[0], 200, 400, 403, 404), (address, name, value)
                if status == harmless[0] == 200 and not address.endswith(IN_MEMORY):
                    assert len(content) <= len(harmless[1]) + 40, (address, name, value)
                tried += 1
    assert tried > 100


def test_parameters_nobody_asked_for_change_nothing(hospital, numbers):
    """Ordering and filtering by any column, as generic list views offer it, is not there at all."""
    door = Door(hospital.nurse)
    for address in operations(numbers):
        plain = door.client.get(address)
        if plain.status_code != 200 or plain.streaming or address.endswith("/changes/"):
            continue
        for value in ("-password", "xml"):
            answer = door.client.get(address, dict.fromkeys(NEVER_ASKED, value))
            assert (answer.status_code, answer.content) == (200, plain.content), address


# Each page that reads its query, and under which names.
PAGES = {
    "/sign-in/": {"next"},
    "/wards/{ward_id}/": {"view"},
    "/on-call/": {"ward"},
    "/follow-ups/": {"ward", "mine", "planned"},
    "/guidelines/": {"q", "category", "document", "evidence", "population"},
    "/patients/{patient_id}/courses/new/": {"q", "category", "document", "evidence", "population"},
    "/patients/{patient_id}/laboratory/": {"test"},
    "/sessions/{session_id}/record.pdf": {"lang"},
    "/cases/{case_id}/": {"tab", "about", "q"},
    "/signals/": {"axis", "period", "since", "until", "product", "lot"},
    "/signals/comparisons/": {"period", "since", "until"},
    "/lots/one/": {"product", "lot"},
    "/terminology/": {"q"},
    "/api/v1/wards/{ward_id}/board/": {"names"},
    "/audit/": {"missing"},
    "/audit/whole/": {"subject"},
    "/sign-in/oidc/callback/": {"state", "code"},
    "/r/no-such-link/": {"lang", "new"},
}


def test_no_page_that_reads_its_query_is_forgotten_here():
    read: set[str] = set()
    for path in Path(ROOT / "apps").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        read |= set(re.findall(r"""(?:GET|query|asked|filters)\.get\(\s*["'](\w+)["']""", text))
    assert read <= set().union(*PAGES.values())


@pytest.mark.parametrize("page", PAGES)
def test_no_parameter_of_a_page_reaches_the_database_as_code(hospital, numbers, tables, page):
    """Seen to fail with the same raw condition behind a page's search."""
    doors = [Door(hospital.physician), Door(hospital.safety_officer), Door(hospital.auditor)]
    for name in sorted(PAGES[page]):
        for value in ("'", f"1); SELECT pg_sleep({SLEEP_S}); --", f"' || pg_sleep({SLEEP_S}) || '"):
            for door in doors:
                answer_of(door, page.format(**numbers), name, value)


@pytest.mark.parametrize(
    "word", ["' OR '1'='1", f"x');SELECT pg_sleep({SLEEP_S});--", "..%2f..%2fetc%2fpasswd", "%00"]
)
def test_no_part_of_a_path_is_code(hospital, word):
    door = Door(hospital.nurse)
    for path in (
        "/r/{}/",
        "/guidelines/documents/{}/",
        "/guidelines/indications/{}/",
        "/static/{}",
        "/patients/{}/",
    ):
        started = time.monotonic()
        assert door.client.get(path.format(word)).status_code in (400, 404), path
        assert time.monotonic() - started < SLEEP_S - 0.5
