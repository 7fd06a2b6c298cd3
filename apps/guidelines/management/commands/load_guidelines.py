"""`manage.py load_guidelines`: make the shipped guideline documents current."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.edge.rights import OPERATOR
from apps.guidelines.services import load_guidelines
from apps.kernel import clock
from apps.kernel.errors import DomainError


class Command(BaseCommand):
    rights = OPERATOR
    help = "Load the guideline documents shipped with this version and make them current."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            release = load_guidelines(now=clock.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Guidelines {release.version[:12]} are current.")
