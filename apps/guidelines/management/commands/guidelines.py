"""`manage.py guidelines [--json]`: what the loaded guideline documents hold, for review."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.edge.rights import OPERATOR
from apps.guidelines.presentation import document_records
from apps.guidelines.shipped import shipped_release
from apps.kernel.errors import DomainError


class Command(BaseCommand):
    rights = OPERATOR
    help = "Print the guideline documents shipped with this version, for review. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="everything, as a list of documents")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            release = shipped_release()
        except DomainError as error:
            raise CommandError(str(error)) from error
        records = document_records(release.documents, release.document_hashes, release.guidelines)
        if options["json"]:
            self.stdout.write(json.dumps(records, ensure_ascii=False, indent=1))
            return
        for record in records:
            until = f", valid until {record['valid_until']}" if record["valid_until"] else ""
            self.stdout.write(
                f"{record['document']}: {record['title']}{until}, {len(record['indications'])} indications,"
                f" {record['sha256'][:12]}"
            )
