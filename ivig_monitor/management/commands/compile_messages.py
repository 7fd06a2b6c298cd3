"""`manage.py compile_messages`: make the .mo files that Django reads; no gettext tools needed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.edge.rights import OPERATOR
from ivig_monitor.catalogues.files import compile_all


class Command(BaseCommand):
    rights = OPERATOR
    help = "Compile the texts under locale/ whose compiled file is missing or older."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in compile_all(settings.BASE_DIR):
            self.stdout.write(f"Compiled {path.relative_to(settings.BASE_DIR)}.")
