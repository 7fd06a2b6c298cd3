"""Write the newest version of every standing case into one E2B(R3) file, however many there are."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.audit.services import record_file
from apps.cases.selectors import build_icsr, faults_of, newest_versions
from apps.edge.rights import OPERATOR
from apps.icsr.domain import Message
from apps.icsr.services import write_batch
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.submissions.domain.receivers import SiteReceiver
from apps.submissions.selectors import batch_for, message_for
from apps.submissions.site import site_receiver


class Command(BaseCommand):
    """One report is in memory at a time. It is a copy for archives and moves: nothing counts as sent by it."""

    rights = OPERATOR
    help = (
        "Writes the newest version of every standing case as one E2B(R3) file for a receiver of the site. Cases that "
        "do not keep every rule are left out and named. Nothing counts as sent by it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """--receiver and --out."""
        parser.add_argument("--receiver", required=True, help="code in the file of receivers")
        parser.add_argument("--out", required=True, help="the file to write; it must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write aside, bring to the disk, rename."""
        out = Path(options["out"])
        aside = out.with_name(f".{out.name}.part")
        if out.exists():
            raise CommandError(f"{out} is there already.")
        now = clock.now()
        try:
            receiver = site_receiver(options["receiver"])
            batch = batch_for(receiver, number=f"EXPORT-{now:%Y%m%d%H%M%S}", sent=now, zone="UTC")
            with aside.open("wb") as file:
                kept = _Digesting(file)
                count = write_batch(cast(BinaryIO, kept), batch, self._messages(receiver), receiver.profile)
                file.flush()
                os.fsync(file.fileno())
        except (DomainError, OSError) as error:
            aside.unlink(missing_ok=True)
            raise CommandError(str(error)) from error
        sha256 = kept.digest.hexdigest()
        record_file(
            kind="export_icsrs", records=count, sha256=sha256, now=now, receiver=receiver.code, file=out.name
        )
        aside.rename(out)
        self.stdout.write(f"{count} reports, SHA-256 {sha256}")

    def _messages(self, receiver: SiteReceiver) -> Iterator[Message]:
        for version in newest_versions():
            found = faults_of(version, now=clock.now())
            if found:
                self.stderr.write(f"{version.case.report_id} is left out: {found[0].label} {found[0].code}")
            else:
                yield message_for(build_icsr(version), receiver)


class _Digesting:
    """A file that is hashed while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Hash and pass on."""
        self.digest.update(data)
        return self._file.write(data)
