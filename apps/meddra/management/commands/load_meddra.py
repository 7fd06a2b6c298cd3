"""`manage.py load_meddra ARCHIVE.zip`: load the site's own licensed MedDRA."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.edge.rights import OPERATOR
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.meddra.services import load_meddra


class Command(BaseCommand):
    rights = OPERATOR
    help = (
        "Load a MedAscii zip archive of MedDRA beside the versions that are there. Your organisation needs a"
        " MedDRA subscription; no term comes with this software."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, help="the zip archive with the folder MedAscii")
        parser.add_argument(
            "--release", default="", help="such as 29.0, where the archive has no meddra_release.asc"
        )
        parser.add_argument("--language", default="", help="such as English, where the archive does not say")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["archive"].open("rb") as archive:
                loaded = load_meddra(
                    performer=None,
                    archive=archive,
                    version=options["release"],
                    language=options["language"],
                    now=clock.now(),
                )
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"MedDRA {loaded.number} ({loaded.language}) is loaded: {loaded.low_level_terms} low level terms,"
            f" {loaded.preferred_terms} preferred terms."
        )
