"""Serializer fields that read numbers, texts and times the way a bedside needs."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.edge.messages import translated
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.numbers import fold_digits, parse_decimal, plain
from apps.kernel.plain_text import Kind, check_text
from apps.kernel.text import N_

EFFECTIVE_AT_IMPLAUSIBLE = N_(
    "The time must not lie in the future or more than 24 hours back. Check the date and the clock."
)

DAY_IMPLAUSIBLE = N_(
    "This day lies before 1900 or after 2199. Give it in the Gregorian calendar, year first: 2026-03-31."
)
_WHOLE_NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


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


class WholeNumberField(serializers.IntegerField):
    """A whole number: JSON's own, or text in Latin, Persian or Arabic digits; `1_000` and booleans are neither."""

    def to_internal_value(self, data: Any) -> int:
        text = fold_digits(data.strip()) if isinstance(data, str) else str(data)
        if isinstance(data, float) and data.is_integer() and abs(data) < 2**53:
            text = str(int(data))
        if isinstance(data, bool) or not _WHOLE_NUMBER.fullmatch(text):
            self.fail("invalid")
        return int(text)


class DayField(serializers.DateField):
    """A day of the Gregorian calendar, `2026-03-31`, between 1900 and 2199.

    A year of the Persian calendar falls outside, and so cannot pass for one of the Gregorian.
    """

    EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

    def to_internal_value(self, value: Any) -> date:
        text = fold_digits(value.strip()) if isinstance(value, str) else ""
        if not _DAY.fullmatch(text):
            self.fail("invalid", format="YYYY-MM-DD")
        day: date = super().to_internal_value(text)
        if not self.EARLIEST <= day <= self.LATEST:
            error = DomainError("day_implausible", DAY_IMPLAUSIBLE)
            raise serializers.ValidationError(translated(error), code=error.code)
        return day


class _VisibleTextField(serializers.CharField):
    """Text without blanks around it, of which everything can be seen."""

    kind: Kind

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        try:
            return check_text(text, kind=self.kind)
        except DomainError as error:
            raise serializers.ValidationError(translated(error), code=error.code) from error


class CodeField(_VisibleTextField):
    """A code, a lot or a record number: no character of no width at all."""

    kind = Kind.CODE


class LineField(_VisibleTextField):
    """One line of words, such as a name or a bed; Persian's non-joiner is part of it."""

    kind = Kind.LINE


class NoteField(_VisibleTextField):
    """A person's own words, on as many lines as it takes."""

    kind = Kind.NOTE
