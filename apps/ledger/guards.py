"""Triggers that keep append-only tables as they are, whoever asks."""

import pgtrigger


def never_truncated(what: str) -> pgtrigger.Trigger:
    """PostgreSQL tells TRUNCATE from DELETE: emptying a table at once needs a refusal of its own."""
    return pgtrigger.Trigger(
        name=f"{what}_never_truncated",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
    )
