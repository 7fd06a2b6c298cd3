"""Log lines without patient data.

An exception's own words quote what somebody typed ("could not convert string to float: 'Ola Nordmann'") and
PostgreSQL's quote rows ("Key (medical_record_number)=(…)"). A line therefore names the exception, where it was
raised, and PostgreSQL's code and constraint; the words are left out, except for errors of the network
and the disk, which hold addresses only. A line carries the fields listed here and no others: a
library cannot add arguments of a task or a whole request.
"""

import logging
import re
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

FIELDS = ("correlation_id", "celery_current_id", "celery_parent_id", "code", "finding", "status_code")
FRAMES = 12
# Who knows the address of a patient's form can write in it.
_SECRET_PATH = re.compile(r"(/r/)[^/\s\"']+")
ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


class WithoutWords:
    """Formats exceptions as kinds and places. For mixing into a logging.Formatter."""

    def formatException(self, ei: Any) -> str:
        """One line per exception of the chain, innermost cause last, each followed by where it was raised."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines += [describe(error), *_places(error.__traceback__)]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


class Json(WithoutWords, JsonFormatter):
    """One JSON object a line: time, level, logger, message, ids, and the exception without its words."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}{process}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            datefmt="%Y-%m-%dT%H:%M:%S%z",
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_record: dict[str, Any]) -> dict[str, Any]:
        """Keep what is known to be harmless, and of it what has a value."""
        known = {"time", "level", "logger", "message", "process", "exc_info", *FIELDS}
        return {name: value for name, value in log_record.items() if name in known and value is not None}


class Plain(WithoutWords, logging.Formatter):
    """For a person at a terminal: the same, to be read."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")


class MessagesWithoutWords(logging.Filter):
    """Exceptions given as arguments of a message lose their words; Celery's trace loses the task's arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: the line stays, without what may quote a patient."""
        if isinstance(record.args, tuple):
            record.args = tuple(_harmless(argument) for argument in record.args)
        elif isinstance(record.args, dict):
            record.args = {name: _harmless(argument) for name, argument in record.args.items()}
        if isinstance(record.msg, str):
            record.msg = without_tokens(record.msg)
        if record.name == "celery.app.trace" and record.exc_info:
            error = record.exc_info[1]
            record.msg, record.args = "A task failed: %s", (describe(error) if error else "",)
        return True


def without_tokens(text: str) -> str:
    """A text in which the addresses of patients' forms end before their tokens."""
    return _SECRET_PATH.sub(r"\1…", text)


def describe(error: BaseException) -> str:
    """Its kind, and of its words those that cannot quote a patient."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    state, diagnosis = getattr(error, "sqlstate", None), getattr(error, "diag", None)
    if state:
        constraint = getattr(diagnosis, "constraint_name", None)
        return f"{kind} (PostgreSQL {state}{f', {constraint}' if constraint else ''})"
    code = getattr(error, "code", None)
    if isinstance(error, OSError) and error.strerror:
        return f"{kind}: {error.strerror}"
    return f"{kind} ({code})" if isinstance(code, str) and code.isidentifier() else kind


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f'  File "{code.co_filename}", line {trace.tb_lineno}, in {code.co_name}')
        trace = trace.tb_next
    return places[-FRAMES:]


def _harmless(argument: Any) -> Any:
    if isinstance(argument, BaseException):
        return describe(argument)
    return without_tokens(argument) if isinstance(argument, str) else argument


def logging_settings(*, plain: bool) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, in one format, with the ids of the request or task."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": Plain if plain else Json}},
        "filters": {
            "correlation": {"()": "django_guid.log_filters.CorrelationId"},
            "celery": {"()": "django_guid.integrations.celery.log_filters.CeleryTracing"},
            "words": {"()": MessagesWithoutWords},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["correlation", "celery", "words"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            # Their own handlers would print lines of another shape, and requests whole.
            **{
                name: {"handlers": [], "level": level, "propagate": True}
                for name, level in (
                    ("django", "INFO"),
                    ("uvicorn", "INFO"),
                    ("uvicorn.error", "INFO"),
                    ("uvicorn.access", "WARNING"),
                    ("celery", "INFO"),
                )
            },
            "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            # Two lines a second from beat would bury what matters.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.worker.request": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "django_guid": {"level": "WARNING"},
            # Every glyph of every printed record.
            "fontTools.subset": {"level": "WARNING"},
        },
    }
