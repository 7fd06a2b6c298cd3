"""`manage.py retention`: what has had its time goes; with `--dry-run` it is only counted."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from apps.edge.rights import OPERATOR
from apps.kernel import clock
from apps.retention.selectors import identities_due, policy
from apps.retention.services import forget_what_is_due

_WORDS = {
    "self_report_address": "addresses that links were sent to",
    "stored_answer": "answers kept for a second sending",
    "outgoing_message": "texts of messages out of the ward",
    "session": "sessions that expired",
}


class Command(BaseCommand):
    """Run it once a day. Identities are named and never erased by a command: that takes two people."""

    rights = OPERATOR
    help = "Deletes or wipes what has been kept for its time, and names the identities whose time is over."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, touch nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        kept = policy().kept_days
        for name, count in forget_what_is_due(wall_now=clock.wall_now(), dry_run=dry_run).items():
            period = f" (kept {kept[name].length} days)" if name in kept else ""
            self.stdout.write(f"{count} {_WORDS[name]}{period}{': due' if dry_run else ': gone'}")
        for pseudonym, until in identities_due(now=clock.now()):
            self.stdout.write(
                f"{pseudonym}: the safety record's time is over since {until}; two people decide"
            )
