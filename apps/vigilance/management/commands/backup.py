"""`manage.py backup`: one dump of the database that says what it holds."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.edge.rights import OPERATOR
from apps.kernel import clock
from apps.vigilance.services.backup import BackupProblem, make_backup


class Command(BaseCommand):
    """The dump holds patients' data unencrypted: keep it where only few may read it."""

    rights = OPERATOR
    help = "Dumps the database to a file, with its checksum and row counts beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="the file; default ivig-<time>.dump here")

    def handle(self, *args: Any, **options: Any) -> None:
        wall_now = clock.wall_now()
        target: Path = options["to"] or Path(f"ivig-{wall_now:%Y%m%dT%H%M%SZ}.dump")
        try:
            manifest = make_backup(target=target, now=clock.now(), wall_now=wall_now)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{target}: {manifest.size_bytes} bytes, {sum(manifest.counts.values())} rows in"
            f" {len(manifest.counts)} tables, {manifest.counts.get('ledger_event', 0)} events."
        )
