"""Two people sign one entry over the API: what they type, and the proof of both before anything is written."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from apps.accounts.selectors import staff_of
from apps.accounts.services import prove_signature
from apps.edge.entries import EntrySerializer
from apps.edge.idempotency import was_answered
from apps.kernel import clock


class TwoSignaturesSerializer(EntrySerializer):
    """One's own password, and the second person's name and password; the entry's `signature`."""

    own_password = serializers.CharField(max_length=200, trim_whitespace=False)
    second_username = serializers.CharField(max_length=150)
    second_password = serializers.CharField(max_length=200, trim_whitespace=False)


def prove_typed_signature(
    request: Request, shape: type[serializers.Serializer[Any]] = TwoSignaturesSerializer
) -> None:
    """Before the unit of work, so that a refusal is counted; an entry that cannot be read is refused within it.

    Raises DomainError `own_password_wrong`, `second_person_refused`.
    """
    signature = shape(data=request.data.get("signature"))
    if signature.is_valid() and not was_answered(request):
        prove_signature(performer=staff_of(request), wall_now=clock.wall_now(), **signature.validated_data)
