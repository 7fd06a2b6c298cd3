"""`manage.py verify_chain`: whether anything that was recorded was changed, removed or put in afterwards."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.audit.verifying import Report, verify_all, verify_day, verify_head, verify_subject
from apps.edge.rights import OPERATOR


class Command(BaseCommand):
    """Names the first broken row and ends with 1; without a fault it says how much was looked at."""

    rights = OPERATOR
    help = (
        "Checks the chains of events, readings and closed days; names the first broken row and exits with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--subject", help="one chain, such as session:12")
        which.add_argument("--day", type=date.fromisoformat, help="one closed day, such as 2026-03-02")
        which.add_argument("--since", type=date.fromisoformat, help="the days from this one on")
        which.add_argument("--head", type=Path, help="a file that export_head wrote earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        report = _report(options)
        if report.fault:
            raise CommandError(f"BROKEN: {report.fault}", returncode=1)
        self.stdout.write(
            f"Whole: {report.events} events, {report.readings} readings, {report.days} closed days."
        )


def _report(options: dict[str, Any]) -> Report:
    if options["subject"]:
        return verify_subject(options["subject"])
    if options["day"]:
        return verify_day(options["day"])
    if options["head"]:
        try:
            return verify_head(json.loads(options["head"].read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(f"{options['head']} cannot be read as a head: {error}") from error
    return verify_all(since=options["since"])
