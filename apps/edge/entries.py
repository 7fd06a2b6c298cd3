"""Base of every body that is sent to the API.

A misspelled name that need not be given, such as the time of an act, would otherwise be lost without a word.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from rest_framework import serializers

from apps.edge.messages import translated
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

UNKNOWN = N_(
    "“%(name)s” is no part of this entry. Check how it is spelled, or leave it out. Known are: %(known)s."
)
_NAME_SHOWN = 60
_NAMES_TOLD = 10  # a body of nothing but names must not make an answer many times its size


class EntrySerializer(serializers.Serializer[Any]):
    """What is entered. A name that is no part of it is refused with the code `entry_unknown`."""

    # What makes things safer is never refused for a word too many: such an entry sets this.
    passes_over_unknown = False

    def to_internal_value(self, data: Any) -> Any:
        closed = isinstance(data, Mapping) and not self.passes_over_unknown
        unknown = self._unknown(data) if closed else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if not unknown:
                raise
            raise serializers.ValidationError({**error.detail, **unknown}) from error  # type: ignore[dict-item]
        if unknown:
            raise serializers.ValidationError(unknown)
        return value

    def _unknown(self, data: Mapping[str, Any]) -> dict[str, Any]:
        known = [name for name, field in self.fields.items() if not field.read_only]
        found = {}
        for name in islice((name for name in data if name not in known), _NAMES_TOLD):
            error = DomainError("entry_unknown", UNKNOWN, name=name[:_NAME_SHOWN], known=", ".join(known))
            found[name] = [serializers.ErrorDetail(translated(error), code=error.code)]
        return found
