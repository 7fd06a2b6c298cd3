"""`manage.py restore_drill FILE`: proves that a backup can be restored, and says what is in it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.edge.rights import OPERATOR
from apps.kernel import clock
from apps.vigilance.services.backup import BackupProblem, drill_restore


class Command(BaseCommand):
    """Ends with an error when the backup cannot be trusted."""

    rights = OPERATOR
    help = "Restores a backup into a scratch database, checks chains, counts and timers, and drops it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["file"]
        try:
            manifest, restored, wrong = drill_restore(
                source=source, now=clock.now(), wall_now=clock.wall_now()
            )
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        say = self.stdout.write
        say(f"{source}: made {manifest.made_at} from PostgreSQL {manifest.postgresql}, checksum right.")
        say(f"{sum(restored.counts.values())} rows in {len(restored.counts)} tables restored.")
        say(
            f"{restored.counts.get('ledger_event', 0)} events, the last at {restored.last_event_at or 'no time'}."
        )
        say(f"{len(restored.broken_chains)} broken chains.")
        say(f"{restored.overdue_timers} timers would be overdue now and fire at once, marked late.")
        if wrong:
            raise CommandError("This backup is not what was dumped:\n" + "\n".join(wrong))
        say("Sound.")
