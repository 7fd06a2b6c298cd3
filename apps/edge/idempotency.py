"""A write that may be sent twice and happens once.

The key's row is inserted first, in the same transaction as the effect: a parallel twin waits for it,
then finds the stored answer. A refused or failed write leaves no row, so it can be tried again.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response

from apps.edge.models import ANSWERS, IdempotentAnswer
from apps.edge.sealing import request_digest
from apps.kernel import clock
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work

HEADER = "Idempotency-Key"


def answer_once(request: Request, perform: Callable[[], Response]) -> Response:
    """Run `perform` in a unit of work, or repeat the answer it gave to this key before.

    Raises DomainError `idempotency_key_required`, or ConflictError `idempotency_key_reused` when the
    same key comes with another body.
    """
    key = _key(request)
    request_hash = _hash(request)
    with unit_of_work() as unit:
        claimed_id = _claim(request, key, request_hash)
        if claimed_id is None:
            return _first_answer(request, key, request_hash)
        response = perform()
        body = ANSWERS.seal(json.dumps(response.data, default=str, ensure_ascii=False), key)
        unit.last_statements.append((_ANSWER, [response.status_code, body, claimed_id]))
        return response


def was_answered(request: Request) -> bool:
    """Whether this key has its answer already: nothing happens again then, and nothing needs to be proved again."""
    return IdempotentAnswer.objects.filter(user=request.user, key=_key(request)).exists()


# A twin's uncommitted row makes this wait until the twin has committed or rolled back.
_CLAIM = """
INSERT INTO edge_idempotentanswer (user_id, key, request_hash, status_code, body, created_at)
VALUES (%s, %s, %s, 0, '', %s)
ON CONFLICT (user_id, key) DO NOTHING RETURNING id
"""
_ANSWER = "UPDATE edge_idempotentanswer SET status_code = %s, body = %s WHERE id = %s"


def _claim(request: Request, key: uuid.UUID, request_hash: str) -> int | None:
    """Take the key. Returns the number of its row; None when it was answered before."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [request.user.pk, key, request_hash, clock.wall_now()])
        row = cursor.fetchone()
    return row[0] if row else None


def _first_answer(request: Request, key: uuid.UUID, request_hash: str) -> Response:
    answer = IdempotentAnswer.objects.get(user=request.user, key=key)
    if answer.request_hash != request_hash:
        raise ConflictError(
            "idempotency_key_reused",
            N_("This Idempotency-Key was used for another entry. Send the new entry with a new key."),
        )
    body = json.loads(ANSWERS.open(answer.body, key)) if answer.body else None
    return Response(body, status=answer.status_code)


def _key(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.headers.get(HEADER, ""))
    except ValueError:
        raise DomainError(
            "idempotency_key_required",
            N_("Send an Idempotency-Key header with a UUID, so that this entry can be repeated safely."),
        ) from None


def _hash(request: Request) -> str:
    body = _without_passwords(request.data)
    content = json.dumps([request.method, request.path, body], sort_keys=True, default=str)
    return request_digest(content)


def _without_passwords(value: Any) -> Any:
    """A stored hash of a body would let its password be guessed: the rest of the body is known."""
    if isinstance(value, Mapping):
        return {k: _without_passwords(v) for k, v in value.items() if not str(k).endswith("password")}
    if isinstance(value, list):
        return [_without_passwords(item) for item in value]
    return value
