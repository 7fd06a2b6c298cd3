"""An archive comes through the door in parts: no single request holds more than an entry can."""

import base64
import binascii
from datetime import datetime, timedelta

from apps.accounts.selectors import Action, Staff, require
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work
from apps.meddra.archive import MAX_ARCHIVE_BYTES, as_stream
from apps.meddra.models import MeddraVersion, Upload, UploadPart
from apps.meddra.services.loading import load_meddra

PART_BYTES = 512 * 1024
KEPT_FOR = timedelta(hours=24)


def begin_upload(*, performer: Staff, size_bytes: int, now: datetime) -> Upload:
    """Announce an archive of this size; what the person left unfinished before is forgotten.

    Raises DomainError `meddra_archive_too_large`.
    """
    with unit_of_work():
        require(performer, Action.LOAD_TERMINOLOGY)
        if not 0 < size_bytes <= MAX_ARCHIVE_BYTES:
            raise DomainError(
                "meddra_archive_too_large",
                N_("The archive is larger than %(limit)s MB. MedDRA's is not: check which file this is."),
                limit=MAX_ARCHIVE_BYTES // 1024 // 1024,
            )
        Upload.objects.filter(begun_by=performer).delete()
        Upload.objects.filter(begun_at__lt=now - KEPT_FOR).delete()
        return Upload.objects.create(size_bytes=size_bytes, begun_at=now, begun_by=performer)


def add_upload_part(*, performer: Staff, upload_id: int, number: int, content: str) -> None:
    """Keep one part (base64), the first is number 0; the same part again changes nothing.

    Raises DomainError `meddra_part_invalid`; NotFoundError for an upload that is not the person's.
    """
    with unit_of_work():
        upload = _own(performer, upload_id)
        try:
            decoded = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            raise _part_invalid(number) from None
        parts = -(-upload.size_bytes // PART_BYTES)
        expected = PART_BYTES if number < parts - 1 else upload.size_bytes - (parts - 1) * PART_BYTES
        if not 0 <= number < parts or len(decoded) != expected:
            raise _part_invalid(number)
        UploadPart.objects.update_or_create(upload=upload, number=number, defaults={"content": decoded})


def load_upload(*, performer: Staff, upload_id: int, version: str, now: datetime) -> MeddraVersion:
    """Load the archive whose parts have all come.

    Raises ConflictError `meddra_upload_incomplete`, and what loading raises.
    """
    with unit_of_work():
        upload = _own(performer, upload_id)
        parts = [bytes(part) for part in upload.parts.values_list("content", flat=True)]
        if sum(map(len, parts)) != upload.size_bytes:
            raise ConflictError(
                "meddra_upload_incomplete", N_("Not all of the archive has arrived. Choose the file again.")
            )
        loaded = load_meddra(performer=performer, archive=as_stream(parts), version=version, now=now)
        upload.delete()
    return loaded


def _own(performer: Staff, upload_id: int) -> Upload:
    require(performer, Action.LOAD_TERMINOLOGY)
    upload = Upload.objects.select_for_update().filter(pk=upload_id, begun_by=performer).first()
    if upload is None:
        raise NotFoundError("not_found", N_("This upload is not there any more. Choose the file again."))
    return upload


def _part_invalid(number: int) -> DomainError:
    return DomainError(
        "meddra_part_invalid", N_("Part %(number)s of the archive did not arrive whole."), number=number
    )
