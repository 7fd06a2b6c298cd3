"""Import files of receivers and of others that are too large for a page."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.edge.rights import OPERATOR
from apps.icsr.services import LARGEST_FILE_BYTES
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.submissions.models import StoredAcknowledgement
from apps.submissions.services import import_acknowledgement, import_reports


class Command(BaseCommand):
    """Acknowledgements count as when an officer brings them; reports of others stay beside our own."""

    rights = OPERATOR
    help = "Imports acknowledgements of receivers and E2B(R3) reports of others from files."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files."""
        parser.add_argument("files", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        """One after the other; what cannot be read is named, and the rest is imported all the same."""
        failed = [name for name in options["files"] if not self._import(Path(name))]
        if failed:
            raise CommandError(f"Not imported: {', '.join(failed)}")

    def _import(self, path: Path) -> bool:
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST_FILE_BYTES + 1)
            self.stdout.write(f"{path}: {_imported(content, path.name)}")
        except (DomainError, OSError) as error:
            self.stderr.write(f"{path}: {error}")
            return False
        return True


def _imported(content: bytes, name: str) -> str:
    try:
        stored = import_acknowledgement(
            performer=None,
            content=content,
            origin=StoredAcknowledgement.Origin.UPLOAD,
            now=clock.now(),
            name=name,
        )
    except DomainError as refused:
        if refused.code != "acknowledgement_root":
            raise
        kept = import_reports(performer=None, content=content, now=clock.now(), name=name)
        return f"{kept.reports.count()} reports of others"
    return f"acknowledgement, {stored.match}"
