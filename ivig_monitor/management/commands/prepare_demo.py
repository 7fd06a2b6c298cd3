"""`manage.py prepare_demo`: everything the demo needs in the database, in one process."""

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from apps.edge.rights import OPERATOR


class Command(BaseCommand):
    """Safe to repeat: each step does only what is not done yet."""

    rights = OPERATOR
    help = "Migrates, compiles texts, loads the guidelines and seeds the demo ward."

    steps = (
        ("Database schema", "migrate", {"interactive": False, "verbosity": 0}),
        ("Texts in three languages", "compile_messages", {}),
        ("Guidelines and products", "load_guidelines", {}),
        ("Demo ward", "seed_demo", {}),
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for label, command, arguments in self.steps:
            started = time.monotonic()
            call_command(command, **arguments)
            self.stdout.write(f"{label}: {time.monotonic() - started:.1f} s")
