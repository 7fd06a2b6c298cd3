"""Serializer fields that read numbers and times the way a bedside needs."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.edge.messages import translated
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.numbers import parse_decimal, plain
from apps.kernel.text import N_

EFFECTIVE_AT_IMPLAUSIBLE = N_(
    "The time must not lie in the future or more than 24 hours back. Check the date and the clock."
)


@extend_schema_field(OpenApiTypes.DECIMAL)
class StrictDecimalField(serializers.Field):  # type: ignore[type-arg]
    """A Decimal with a unit and a plausible range; see `parse_decimal` for what is refused."""

    def __init__(
        self, *, minimum: Decimal, maximum: Decimal, max_decimal_places: int, unit: str, **kwargs: Any
    ) -> None:
        self.minimum, self.maximum = minimum, maximum
        self.max_decimal_places, self.unit = max_decimal_places, unit
        kwargs.setdefault("help_text", f"{minimum} to {maximum} {unit}")
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        try:
            return parse_decimal(
                data,
                minimum=self.minimum,
                maximum=self.maximum,
                max_decimal_places=self.max_decimal_places,
                unit=self.unit,
            )
        except DomainError as error:
            raise serializers.ValidationError(translated(error), code=error.code) from error

    def to_representation(self, value: Decimal) -> str:
        return plain(value)


class PlainDecimalField(serializers.DecimalField):
    """A Decimal going out: as text, without trailing zeros or exponents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=None, decimal_places=None, read_only=True, **kwargs)

    def to_representation(self, value: Decimal) -> str:
        return plain(value)


class EffectiveAtField(serializers.DateTimeField):
    """When it happened at the bedside: not in the future, not older than a day."""

    MAX_AGE = timedelta(hours=24)
    TOLERANCE = timedelta(minutes=1)

    def to_internal_value(self, value: Any) -> datetime:
        moment: datetime = super().to_internal_value(value)
        now = clock.now()
        if not now - self.MAX_AGE <= moment <= now + self.TOLERANCE:
            error = DomainError("effective_at_implausible", EFFECTIVE_AT_IMPLAUSIBLE)
            raise serializers.ValidationError(translated(error), code=error.code)
        return min(moment, now)
