"""Log lines name what went wrong and where, in words that cannot quote a patient."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import yaml

from apps.kernel.errors import DomainError
from ivig_monitor.launch.embedded_postgres import SETTINGS
from ivig_monitor.launch.places import ROOT
from ivig_monitor.logs import Json, MessagesWithoutWords, Plain

CANARY = "Ola Særpreget-Nordmann"


def written(message: str, *arguments: object, error: BaseException | None = None, **extra: object) -> str:
    raised = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("ivig.trial", logging.ERROR, __file__, 1, message, arguments, raised)
    record.__dict__.update(extra)
    assert MessagesWithoutWords().filter(record)
    return Json().format(record) + Plain().format(record)


def caught(act: Callable[[], object]) -> BaseException:
    try:
        act()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def unique_violation() -> None:
    try:
        raise psycopg.errors.UniqueViolation(f"DETAIL: Key (name)=({CANARY}) already exists.")
    except psycopg.Error as error:
        raise RuntimeError(f"while saving {CANARY}") from error


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda: float(CANARY), "ValueError"),
        (lambda: {}[CANARY], "KeyError"),
        (unique_violation, "UniqueViolation (PostgreSQL 23505)"),
        (
            lambda: (_ for _ in ()).throw(DomainError("not_a_number", f"{CANARY} is no number")),
            "not_a_number",
        ),
        (lambda: Path(f"/nowhere/{CANARY}").stat(), "No such file or directory"),
    ],
)
def test_an_exception_is_its_kind_and_place(act: Callable[[], object], kind: str) -> None:
    error = caught(act)
    line = written("It failed: %s", error, error=error)
    assert CANARY not in line and "Særpreget" not in line
    assert kind in line and "test_logs.py" in line


def test_only_known_fields_are_written() -> None:
    line = written("Said", request=CANARY, data={"args": CANARY}, correlation_id="abc", code="redis_down")
    entry = json.loads(line.split("}")[0] + "}")
    assert CANARY not in line
    assert (entry["correlation_id"], entry["code"], entry["level"], entry["logger"]) == (
        "abc",
        "redis_down",
        "ERROR",
        "ivig.trial",
    )


def test_celery_does_not_print_a_tasks_arguments() -> None:
    error = caught(lambda: float(CANARY))
    arguments, raised = ({"exc": CANARY},), (type(error), error, None)
    name = "celery.app.trace"
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, "Task x: %(exc)s", arguments, raised)
    MessagesWithoutWords().filter(record)
    assert CANARY not in Json().format(record) and "ValueError" in Json().format(record)


def test_postgresql_is_told_not_to_log_what_a_refused_statement_held() -> None:
    assert (SETTINGS["log_min_error_statement"], SETTINGS["log_error_verbosity"]) == ("panic", "terse")
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    command = compose["services"]["postgres"]["command"]
    assert "log_min_error_statement=panic" in command and "log_error_verbosity=terse" in command


def test_the_proxy_does_not_log_what_was_searched_for() -> None:
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    assert "access_log /var/log/nginx/access.log without_query;" in text
    log_format = text.partition("log_format without_query")[2].partition(";")[0]
    assert all(
        name not in log_format
        for name in ("$request ", "$request_uri", "$args", "$query_string", "$http_referer")
    )
