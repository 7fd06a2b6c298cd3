"""A patient with a name that nobody else has goes through the whole house; outside of the door it is nowhere.

Logs, metrics, events, messages to boards, everything that Redis is told, mails, webhooks, and every row of every table.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from tests.clients import ApiClient, WardSocket, sign_in
from tests.flow.steps import QUIET, new_patient, open_course, start_day, ward_id
from tests.sinks import SmtpSink, WebhookSink
from tests.stack import Stack, StackTemplate

FIRST, LAST, NUMBER, BORN = "Gulbrandine", "Kanarifugl", "KANARI-4711", "1971-02-03"
CANARIES = (FIRST, LAST, NUMBER, BORN, "19710203")
METRICS_TOKEN = "a-token-of-thirty-two-characters-x"
HIGH_WAITS_S = (120, 120, 180)
HOUR_S = 3600


class Overheard:
    """Every command that Redis is given while this is used as a context manager."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url)
        self._commands: list[str] = []
        self._monitor = self._client.monitor()

    def __enter__(self) -> "Overheard":
        self._monitor.__enter__()
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        with suppress(redis.ConnectionError, OSError):
            self._monitor.connection.disconnect()

    def _listen(self) -> None:
        with suppress(redis.RedisError, OSError, ValueError, AttributeError):
            for command in self._monitor.listen():
                self._commands.append(str(command["command"]))

    @property
    def text(self) -> str:
        return "\n".join(self._commands)


@pytest.fixture
def hook() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def watched(
    stack_template: StackTemplate, tmp_path: Path, hook: WebhookSink, mail: SmtpSink
) -> Iterator[Stack]:
    """A stack of this test's own whose messages leave to servers of ours."""
    stack = Stack(stack_template, tmp_path)
    stack.environment |= {
        "ALERT_FALLBACK_URL": hook.url,
        "ALERT_FALLBACK_EMAIL": "duty@localhost",
        "ALERT_FALLBACK_SMTP_URL": mail.url,
        "ALERT_FALLBACK_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "PATIENT_SMTP_URL": mail.url,
        "PATIENT_MAIL_FROM": "hospital@localhost",
        "METRICS_TOKEN": METRICS_TOKEN,
    }
    try:
        stack.start_all()
        stack.start("watchdog")
        yield stack
    finally:
        stack.stop_all()


def test_a_name_stays_where_it_belongs(watched: Stack, hook: WebhookSink, mail: SmtpSink) -> None:
    stack = watched
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    officer = ApiClient(stack, "pharmacovigilance")
    pushed: list[Any] = []
    with Overheard(stack.environment["REDIS_URL"]) as overheard:
        with WardSocket(stack, nurse, ward_id(nurse)) as socket:
            patient = new_patient(
                nurse, "kanari", name=f"{FIRST} {LAST}", medical_record_number=NUMBER, birth_date=BORN
            )
            course = open_course(physician, patient, stack.clinical_now.date().isoformat())
            session = start_day(nurse, course["id"])
            path = f"sessions/{session['id']}/"
            _reaction_and_alert_out_of_the_ward(stack, nurse, path, session["id"], hook, mail)
            with suppress(TimeoutError):
                while True:
                    socket.receive(0.5)
            pushed = socket.messages
        assert session["patient"]["name"] == f"{FIRST} {LAST}" and pushed

        _look_at_pages(stack, patient, session["id"], course["id"])
        shown = nurse.read(path)
        ended = nurse.write(path + "stop/", {"version": shown["version"], "reason": "reaction"})
        assert ended["state"] == "stopped"
        _at_home(stack, nurse, course["id"], session["id"], mail)
        _case(stack, physician, officer, session["id"])
        _refusals(stack, nurse, path)
        measured = httpx.get(
            f"{stack.url}/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}, trust_env=False
        )
        assert measured.status_code == 200

    assert overheard.text.count("celery") and len(hook.posted) and len(mail.mails) >= 2
    outside = {
        "pushes to boards": str(pushed),
        "metrics": measured.text,
        "Redis": overheard.text,
        "webhooks": str(hook.posted),
        "mails": _words(mail),
    } | {
        log.name: log.read_text(encoding="utf-8", errors="replace") for log in stack.places.log.glob("*.log")
    }
    found = {place: words for place, text in outside.items() if (words := _canaries_in(text))}
    assert {"web.log", "worker.log"} <= set(outside)
    assert found == {}
    assert _in_the_database(stack, CANARIES) == {}
    known = session["patient"]["pseudonym"]  # what is there is found
    assert {"patients_patient", "ledger_event"} <= set(_in_the_database(stack, (known,)))


def _reaction_and_alert_out_of_the_ward(
    stack: Stack, nurse: ApiClient, path: str, session: int, hook: WebhookSink, mail: SmtpSink
) -> None:
    nurse.write(path + "observations/", QUIET | {"systolic_mmhg": "82"})
    symptoms = [{"term": "urticaria", "severity": "moderate"}]
    nurse.write(path + "reactions/", {"symptoms": symptoms, "action": "pause"})
    for level, wait_s in enumerate(HIGH_WAITS_S, start=1):
        stack.advance_clock(wait_s)
        query = (
            "SELECT 1 FROM alerts_alerthop h JOIN alerts_alert a ON a.id = h.alert_id"
            " WHERE a.subject = %s AND h.level = %s"
        )
        stack.wait_until(lambda: stack.sql(query, (f"session:{session}", level)), 120, f"Level {level}")  # noqa: B023
    stack.wait_until(lambda: hook.posted and mail.mails, 120, "No call left the ward")


def _look_at_pages(stack: Stack, patient: int, session: int, course: int) -> None:
    cookies = sign_in(stack.url, "nurse")
    with httpx.Client(base_url=stack.url, cookies=cookies, timeout=20, trust_env=False) as browser:
        for page in (
            "/patients/",
            f"/patients/{patient}/",
            f"/sessions/{session}/",
            f"/courses/{course}/",
            "/",
        ):
            answer = browser.get(page, follow_redirects=True)
            assert answer.status_code == 200, page
        form = {"q": f"{FIRST} {LAST}", "csrfmiddlewaretoken": cookies["csrftoken"]}
        headers = {"Origin": stack.url, "X-CSRFToken": cookies["csrftoken"]}
        found = browser.post("/patients/", data=form, headers=headers)
        assert LAST in found.text and str(found.request.url).endswith("/patients/")


def _at_home(stack: Stack, nurse: ApiClient, course: int, session: int, mail: SmtpSink) -> None:
    """The first call falls due; the patient is sent a link, answers from home, and a nurse calls."""
    first = "SELECT id FROM followups_followupcheck WHERE session_id = %s AND status = 'due' ORDER BY due_at LIMIT 1"
    stack.advance_clock(40 * HOUR_S)
    stack.wait_until(lambda: stack.sql(first, (session,)), 60, "No check fell due")
    link = nurse.write(f"courses/{course}/self-report-link/", {"language": "nb"})
    nurse.write(
        f"self-report-links/{link['id']}/send/",
        {"token": link["token"], "channel": "mail", "address": "somebody@example.org", "consent": True},
    )
    stack.wait_until(lambda: link["token"] in _words(mail), 60, "The link was not sent")
    page = httpx.get(f"{stack.url}/r/{link['token']}/", trust_env=False)
    assert page.status_code == 200 and not _canaries_in(page.text)
    answers = {
        "key": "6f9d2c1e-4f4b-4a7e-9d5e-0a1b2c3d4e5f",
        "answers": {"bad_headache": "yes"},
        "note": "",
    }
    told = httpx.post(
        f"{stack.url}/r/{link['token']}/answers/", json=answers | {"complete": True}, trust_env=False
    )
    assert told.status_code == 200, told.text
    [check] = stack.sql(first, (session,))
    nurse.write(f"follow-ups/{check['id']}/outcomes/", {"outcome": "suspected", "note": "Stiff neck"})


def _case(stack: Stack, physician: ApiClient, officer: ApiClient, session: int) -> None:
    events = [one for one in physician.read("adverse-events/") if one["session_id"] == session]
    assert events
    case = officer.write("cases/", {"event_ids": [events[0]["id"]]})
    assert not _canaries_in(str(officer.read(f"cases/{case['id']}/")))
    for export in ("adverse-events/export/", "adverse-events/export/xlsx/"):
        assert officer.get(export).status_code == 200


def _refusals(stack: Stack, nurse: ApiClient, path: str) -> None:
    again = {"name": f"{FIRST} {LAST}", "birth_date": BORN, "sex": "female", "ward_id": ward_id(nurse)}
    assert nurse.post("patients/", again | {"medical_record_number": NUMBER}).status_code == 409
    assert nurse.post(path + "observations/", {"systolic_mmhg": LAST}).status_code == 400
    assert nurse.get("nowhere/", q=LAST).status_code == 404


def _words(mail: SmtpSink) -> str:
    """Every mail as it came, and its parts decoded."""
    parts = [part for one in list(mail.mails) for part in one.walk()]
    decoded = [part.get_payload(decode=True) for part in parts]
    plain = [content.decode("utf-8", "replace") for content in decoded if isinstance(content, bytes)]
    return "\n".join([*map(str, mail.mails), *plain])


def _canaries_in(text: str) -> list[str]:
    folded = text.casefold()
    return [word for word in CANARIES if word.casefold() in folded]


def _in_the_database(stack: Stack, words: Iterable[str]) -> dict[str, list[str]]:
    """table -> those words that are in it, over every column of every table, bytes included."""
    spelled = {word: (word.casefold(), word.encode().hex(), word.lower().encode().hex()) for word in words}
    found = {}
    for row in stack.sql(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
    ):
        table = row["name"]
        texts = [one["t"] for one in stack.sql(f'SELECT t::text AS t FROM "{table}" t')]
        text = "\n".join(texts).casefold()
        if there := [word for word, forms in spelled.items() if any(form in text for form in forms)]:
            found[table] = there
    return found
