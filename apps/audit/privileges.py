"""The role with which the service signs in at PostgreSQL: it owns nothing, so it can drop no trigger.

Its owner migrates. What the tables refuse by trigger the role may not even try: no deleting where nothing is
deleted, no changing where nothing changes.
"""

import pgtrigger
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql


def grant_service_role(*, role: str, password: str) -> int:
    """Make the role if it is not there, and let it do what the service does. Returns on how many tables.

    Run it as the tables' owner after each migration; again is the same. Raises ProgrammingError for an owner who may
    make no roles.
    """
    name = sql.Identifier(role)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        word = "ALTER" if cursor.fetchone() else "CREATE"
        attributes = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD"
        run(cursor, f"{word} ROLE {{}} {attributes} {{}}", name, sql.Literal(_verifier(role, password)))
        cursor.execute("SELECT current_schema(), current_database()")
        schema, database = (sql.Identifier(one) for one in cursor.fetchone())
        run(cursor, "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", database, name)
        run(cursor, "GRANT USAGE ON SCHEMA {} TO {}", schema, name)
        run(cursor, "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {} TO {}", schema, name)
        run(cursor, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}", schema, name)
        for model in apps.get_models():
            for privilege in sorted(refused(model)):
                run(
                    cursor,
                    f"REVOKE {privilege} ON {{}} FROM {{}}",
                    sql.Identifier(model._meta.db_table),
                    name,
                )
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
        tables: int = cursor.fetchone()[0]
    return tables


def refused(model: type[Model]) -> set[str]:
    """What a trigger of the model's refuses whatever the row holds: UPDATE, DELETE, or both."""
    found: set[str] = set()
    for trigger in getattr(model._meta, "triggers", []):
        if isinstance(trigger, pgtrigger.Protect) and trigger.condition is None:
            operation = str(trigger.operation)
            found |= {privilege for privilege in ("UPDATE", "DELETE") if privilege in operation}
    return found


def _verifier(role: str, password: str) -> str:
    """What PostgreSQL keeps of a password (SCRAM): the password itself stands in no statement and no log of them."""
    connection.ensure_connection()
    libpq = connection.connection.pgconn
    return str(libpq.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode())


def run(cursor: object, statement: str, *parts: sql.Composable) -> None:
    """One statement with names and literals quoted as PostgreSQL quotes them."""
    cursor.execute(sql.SQL(statement).format(*parts))  # type: ignore[attr-defined, arg-type]
