"""What other rooms ask of this one: to write reports, to read those of others, and to check them by schema."""

from django.conf import settings

from apps.icsr.xml.batches import batch_bytes, write_batch
from apps.icsr.xml.raw import Unread
from apps.icsr.xml.reading import LARGEST_FILE_BYTES, ReadBatch, ReadMessage, read_batch
from apps.icsr.xml.schemas import faults_of_schema

__all__ = [
    "LARGEST_FILE_BYTES",
    "ReadBatch",
    "ReadMessage",
    "Unread",
    "batch_bytes",
    "read_batch",
    "schema_faults",
    "write_batch",
]


def schema_faults(content: bytes) -> tuple[str, ...] | None:
    """What ICH's schemas say against a file; None where the site has not named their directory.

    The setting is `E2B_SCHEMAS`. Raises DomainError `icsr_schemas_missing` or `icsr_file_broken`.
    """
    return faults_of_schema(content, settings.E2B_SCHEMAS) if settings.E2B_SCHEMAS else None
