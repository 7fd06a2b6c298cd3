"""Statements built once and sent together: for the few reads and writes that every entry at the bedside passes.

Compiling such a query took Django longer than PostgreSQL took to answer it, and each round trip costs both sides.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)

Statement = tuple[str, list[Any]]


def run_together(statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
    """Run statements one after another in one round trip. Returns the rows of each, none for one without any.

    Each sees what was committed when its turn came, so rows after a lock are as the lock found them. The
    parameters are bound on this side, as Django's connections do: several statements cannot be bound on the other.
    """
    found: list[list[tuple[Any, ...]]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            ";".join(sql for sql, _ in statements), [value for _, values in statements for value in values]
        )
        while True:
            found.append(cursor.fetchall() if cursor.description else [])
            if not cursor.nextset():
                return found


class Columns(Generic[M]):
    """A model's columns under an alias, rows of them as instances, and one instance as a new row."""

    def __init__(self, model: type[M], alias: str) -> None:
        self.model, self.alias = model, alias
        self._fields = model._meta.concrete_fields

    def __len__(self) -> int:
        return len(self._fields)

    @cached_property
    def listed(self) -> str:
        """The columns as they stand behind SELECT."""
        return ", ".join(f'{self.alias}."{field.column}"' for field in self._fields)

    def instance(self, values: Sequence[Any]) -> M | None:
        """A row as it was selected; None where an outer join found nothing."""
        if values[self._key] is None:
            return None
        converted = list(values)
        for index, convert in self._converters:
            converted[index] = convert(converted[index], None, connection)
        return self.model.from_db(connection.alias, self._names, converted)

    def instances(self, rows: Sequence[Sequence[Any]]) -> list[M]:
        """Rows of this model alone."""
        return [row for row in map(self.instance, rows) if row is not None]

    def insert(self, instance: M) -> None:
        """Write a new row. Model signals are not sent."""
        values = [
            field.get_db_prep_save(field.pre_save(instance, True), connection=connection)
            for field in self._fields
            if not field.primary_key
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._insert, values)
            instance.pk = cursor.fetchone()[0]
        instance._state.adding, instance._state.db = False, connection.alias

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self._fields]

    @cached_property
    def _key(self) -> int:
        return next(index for index, field in enumerate(self._fields) if field.primary_key)

    @cached_property
    def _converters(self) -> list[tuple[int, Any]]:
        return [
            (index, field.from_db_value)
            for index, field in enumerate(self._fields)
            if hasattr(field, "from_db_value")
        ]

    @cached_property
    def _insert(self) -> str:
        names = [f'"{field.column}"' for field in self._fields if not field.primary_key]
        slots = ", ".join(["%s"] * len(names))
        table, key = self.model._meta.db_table, self._fields[self._key].column
        return f'INSERT INTO {table} ({", ".join(names)}) VALUES ({slots}) RETURNING "{key}"'  # nosec B608  # names of ours
