"""Bringing every sealed value under the key for writing. May be broken off and begun again at any time."""

from collections import Counter
from collections.abc import Iterator

from django.db import connection, transaction
from psycopg import sql

from apps.edge.sealing import SealedColumn, key_ids, sealed_columns

BATCH = 500


def keys_in_use() -> dict[str, Counter[str]]:
    """`table.column` -> how many of its values lie under which key."""
    return {f"{column.table}.{column.column}": _in_use(column) for column in sealed_columns()}


def reseal() -> Iterator[tuple[str, int]]:
    """Seal anew what lies under another key than the first, a batch a transaction: (`table.column`, how many)."""
    for column in sealed_columns():
        while count := _reseal_batch(column):
            yield f"{column.table}.{column.column}", count


def _in_use(column: SealedColumn) -> Counter[str]:
    query = "SELECT split_part({column}, ':', 1), count(*) FROM {table} WHERE {column} <> '' GROUP BY 1"
    with connection.cursor() as cursor:
        cursor.execute(_filled(query, column))
        return Counter(dict(cursor.fetchall()))


def _reseal_batch(column: SealedColumn) -> int:
    chosen = """
    SELECT id, {row}, {column} FROM {table} WHERE {column} <> '' AND NOT starts_with({column}, %s)
    ORDER BY id LIMIT %s FOR NO KEY UPDATE
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_filled(chosen, column), [f"{key_ids()[0]}:", BATCH])
        rows = cursor.fetchall()
        fresh = [(column.seal(column.open(sealed, row), row), number) for number, row, sealed in rows]
        cursor.executemany(_filled("UPDATE {table} SET {column} = %s WHERE id = %s", column), fresh)
    return len(rows)


def _filled(query: str, column: SealedColumn) -> sql.Composed:
    names = {"table": column.table, "column": column.column, "row": column.row_name}
    return sql.SQL(query).format(**{key: sql.Identifier(name) for key, name in names.items()})  # type: ignore[arg-type]
