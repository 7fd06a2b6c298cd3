"""Scripts stored in every free text of the product run on no page, in a real browser."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models
from playwright.sync_api import BrowserContext, Page

from apps.patients.domain.identity import Identity
from apps.patients.sealing import open_identity, seal_identity
from tests.browser.conftest import SignedInPage
from tests.browser.test_accessibility import addresses
from tests.stack import Stack

__all__ = ["addresses"]

# What is said in a person's own words, or comes from another house: everything here is poisoned.
FREE = {
    "accounts_emergencyaccess": {"reason", "verdict_note"},
    "accounts_user": {"first_name", "last_name", "email"},
    "accounts_ward": {"name"},
    "accounts_wardcover": {"reason"},
    "alerts_alert": {"source"},
    "alerts_outgoingmessage": {"title", "text", "last_error"},
    "cases_case": {"narrative", "native_narrative", "sender_comment"},
    "cases_casequery": {"question", "answer"},
    "cases_caseversion": {"reason"},
    "cases_codedterm": {"name"},
    "courses_courseversion": {"reason"},
    "courses_infectionepisode": {"error_reason", "note"},
    "courses_infusionday": {"hydration"},
    "courses_openrechallenge": {"reaction"},
    "courses_treatmentresponse": {"error_reason", "note"},
    "courses_troughlevel": {"error_reason", "note"},
    "discharge_discharge": {"note"},
    "discharge_vaccineoverride": {"reason"},
    "followups_coursefact": {"reason"},
    "followups_followupattempt": {"note"},
    "followups_followupcheck": {"reason", "source"},
    "guidelines_regimenreading": {"reason"},
    "guidelines_sitedocument": {"note", "withdrawal_reason"},
    "identity_passkey": {"name"},
    "infusions_handover": {"note"},
    "infusions_hungvial": {"lot_number", "serial", "status_reason"},
    "infusions_intervention": {"detail", "status_reason"},
    "infusions_observation": {"note", "status_reason"},
    "infusions_ratechange": {"reason"},
    "infusions_reaction": {"note", "resolution_note", "status_reason"},
    "laboratory_labresult": {"note", "status_reason"},
    "ledger_timer": {"last_error"},
    "lots_lothold": {"agreement", "lot_number", "reason", "release_reason"},
    "machines_servicetoken": {"name"},
    "meddra_lowlevelterm": {"name"},
    "meddra_meddraversion": {"language"},
    "meddra_place": {"class_name", "group_name", "high_level_name"},
    "meddra_preferredterm": {"name"},
    "patients_patient": {"bed"},
    "safety_adverseevent": {"note"},
    "safety_assessment": {"signer_name"},
    "safety_outcomeentry": {"note"},
    "selfreport_selfreport": {"note"},
    "selfreport_selfreportentry": {"note"},
    "selfreport_selfreportlink": {"reason"},
    "selfreport_sending": {"last_error"},
    "signals_lotsignal": {"lot_number"},
    "submissions_foreignfile": {"batch_number", "name", "sender"},
    "submissions_foreignreport": {"created", "report_number", "worldwide_number"},
    "submissions_receipt": {"note"},
    "submissions_storedacknowledgement": {"batch_number", "name", "number"},
    "submissions_submission": {"receiver_name"},
}
# Free texts inside JSON, wherever it is kept.
FREE_KEYS = {
    "answer", "bed", "comment", "detail", "hydration", "lot", "lot_number", "name", "note", "premedication",
    "question", "reason", "text", "verbatim",
}  # fmt: skip
# Rows whose names of things are ours, not anybody's words.
_OURS = {"guidelines_guidelinerelease", "edge_idempotentanswer", "ledger_heartbeat", "vigilance_finding"}
# The same names are written by the service itself in these: codes, digests, versions, sentences of the guidelines.
CODES = {
    "about", "action", "actor", "address", "analyte", "auth_hash", "batch_number", "basis", "birth_date_digest",
    "canonical_unit", "channel", "choice", "code", "code_hash", "device", "device_hash", "device_name", "digest",
    "encoded", "ended_because", "identity", "index", "key", "place", "prefix", "purpose", "record_number_digest",
    "request_id", "sealed_address", "session_key", "totp_sealed", "totp_waiting", "what",
    "comparator", "consciousness", "counted", "disease", "effect", "fact", "fingerprint", "guideline_version",
    "gtin", "hash", "high_level_code", "group_code", "class_code", "indication_code", "indication_slug", "kind",
    "language", "limit", "local_number", "matches", "meaning", "meddra_version", "message", "message_number", "name",
    "number", "occurrence", "origin", "outcome", "password", "preferred_code", "previous_hash", "primary_class_code",
    "priority", "process", "product_code", "pseudonym", "rate_table_code", "receiver", "record_sha256", "regime",
    "regimen_code", "report_id", "request_hash", "respiratory_effort", "review_urgency", "row_id", "sealed_token",
    "severity", "severity_term", "sha256", "signed_sha256", "signer_role", "specialty", "start", "subject", "term",
    "time_zone", "titre", "token_hash", "unit", "username", "vaccine", "version", "version_kind",
}  # fmt: skip
PAYLOADS = (
    """"'></script></textarea><img src=x onerror="hit()"><svg onload=hit()><script>hit()</script>""",
    """"><img src=x onerror=hit()>""",
    """"><svg onload=hit()>""",
)
WATCH = """
window.hits = [];
window.hit = () => window.hits.push("script ran");
document.addEventListener("securitypolicyviolation", (event) =>
  window.hits.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""


def text_columns() -> dict[str, dict[str, int | None]]:
    """Every column of ours that holds text without a list of choices, with its longest length."""
    return {
        model._meta.db_table: {
            field.column: field.max_length
            for field in model._meta.local_fields
            if isinstance(field, models.CharField | models.TextField) and not field.choices
        }
        for model in apps.get_models()
        if model.__module__.startswith("apps.") and model._meta.db_table not in _OURS
    }


def test_every_text_column_is_somebodys_words_or_a_code() -> None:
    """A new free text is poisoned below, or somebody says here that nobody types it."""
    unknown = {
        f"{table}.{column}"
        for table, columns in text_columns().items()
        for column in columns
        if column not in FREE.get(table, ()) and column not in CODES
    }
    assert unknown == set()
    known = text_columns()
    assert {f"{t}.{c}" for t, columns in FREE.items() for c in columns if c not in known.get(t, {})} == set()


@pytest.fixture(scope="module")
def stack(module_stack: Stack) -> Stack:
    """A stack of this file's own: nothing in it is as others expect it."""
    return module_stack


@pytest.fixture(scope="module")
def poisoned(stack: Stack, addresses: dict[str, list[str]]) -> Iterator[dict[str, list[str]]]:
    """The demo ward after everything in it was told, with a script in each free text."""
    columns = text_columns()
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        for table, names in FREE.items():
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # type: ignore[arg-type]
            for name in sorted(names):
                longest = columns[table][name] or 10_000
                payload = next((one for one in PAYLOADS if len(one) + 5 <= longest), PAYLOADS[-1])
                where = "" if name in ("name", "bed", "title", "text") else f" WHERE {name} <> ''"
                # The row's number behind it: some names may stand there only once.
                numbered = f"UPDATE {table} SET {name} = left(%s || id::text, %s){where}"
                connection.execute(numbered, [payload, longest])  # type: ignore[arg-type]
        _poison_names(connection)
        for model in apps.get_models():
            if model.__module__.startswith("apps.") and model._meta.db_table not in _OURS:
                _poison_json(connection, model)
    yield addresses


def _poison_names(connection: Any) -> None:
    """Names and record numbers lie sealed: a script is sealed in their place."""
    rows = connection.execute("SELECT id, pseudonym, identity FROM patients_patient").fetchall()
    for row, pseudonym, sealed in rows:
        person = open_identity(sealed, pseudonym)
        told = Identity(f"{PAYLOADS[0]}{row}", person.birth_date, f"{PAYLOADS[1]}{row}")
        connection.execute(
            "UPDATE patients_patient SET identity = %s WHERE id = %s", [seal_identity(told, pseudonym), row]
        )


def _poison_json(connection: Any, model: type[models.Model]) -> None:
    table, key = model._meta.db_table, model._meta.pk.column  # type: ignore[union-attr]
    for field in model._meta.local_fields:
        if not isinstance(field, models.JSONField):
            continue
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for row, value in connection.execute(f'SELECT {key}, "{field.column}" FROM {table}').fetchall():
            changed = _with_payload(value)
            if changed != value:
                json = psycopg.types.json.Jsonb(changed)
                connection.execute(f'UPDATE {table} SET "{field.column}" = %s WHERE {key} = %s', [json, row])


def _with_payload(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: PAYLOADS[1]
            if name in FREE_KEYS and isinstance(entry, str) and entry
            else _with_payload(entry)
            for name, entry in value.items()
        }
    return [_with_payload(entry) for entry in value] if isinstance(value, list) else value


def _watched(context: BrowserContext) -> None:
    context.add_init_script(WATCH)


@pytest.mark.parametrize("person", ["nurse", "physician", "pharmacovigilance"])
def test_a_stored_script_runs_nowhere(
    poisoned: dict[str, list[str]], signed_in_page: SignedInPage, person: str
) -> None:
    """Every page of the product, as each of three people: nothing ran, and the policy had nothing to stop.

    Seen to fail with `|safe` behind the patient's name at the bedside. That the watch sees a script that does run is
    shown by the test below, on a page that does make markup of text.
    """
    page = signed_in_page(person)
    _watched(page.context)
    told: list[str] = []
    seen = 0
    for name, places in poisoned.items():
        for address in places:
            answer = page.goto(address)
            assert answer is not None and answer.status < 500, address
            seen += answer.status == 200
            _open_everything(page)
            told += [f"{name} {address}: {hit}" for hit in page.evaluate("window.hits")]
    assert told == []
    assert seen > 25


def _open_everything(page: Page) -> None:
    page.evaluate(
        """() => {
          document.querySelectorAll("details").forEach((item) => (item.open = true));
          document.querySelectorAll("dialog").forEach((item) => { if (!item.open) item.show(); });
        }"""
    )
    page.wait_for_timeout(150)  # an image that cannot be loaded says so a moment later


def test_the_watch_itself_sees_a_script(signed_in_page: SignedInPage) -> None:
    """A page that does build markup from text is told: by the policy, and by trusted types."""
    page = signed_in_page("nurse")
    _watched(page.context)
    page.goto("/patients/")
    refused = page.evaluate(
        """() => { try { document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=hit()>"); return ""; }
                   catch (error) { return error.name; } }"""
    )
    assert refused == "TypeError"
    assert any("trusted-types" in hit for hit in page.evaluate("window.hits"))
