"""What the database cannot take is refused with a clear 503, in the shape of every refusal."""

import pytest
from django.db import DataError, InternalError, OperationalError
from django.test import RequestFactory
from psycopg import errors

from ivig_monitor.storage_errors import StorageErrors

CANARY = "Ola Særpreget"


def answer(error: Exception, path: str = "/api/v1/patients/"):
    return StorageErrors(lambda request: None).process_exception(RequestFactory().post(path), error)


def read_only() -> InternalError:
    error = InternalError("read only")
    error.__cause__ = errors.ReadOnlySqlTransaction()
    return error


@pytest.mark.parametrize("error", [OperationalError(f"DETAIL: {CANARY}"), read_only()])
def test_a_database_in_trouble_is_a_503_that_says_what_to_do(error):
    refused = answer(error)
    body = refused.content.decode()
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "database_unavailable" in body and "Nothing was saved" in body and CANARY not in body
    page = answer(error, "/patients/")
    assert page.status_code == 503 and "text/html" in page["Content-Type"]


@pytest.mark.parametrize("error", [ValueError("x"), DataError("x"), InternalError("x")])
def test_an_error_of_ours_stays_one(error):
    assert answer(error) is None
