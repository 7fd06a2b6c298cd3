"""`manage.py seed_demo`: the demo ward, with invented patients in every phase."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.edge.rights import OPERATOR
from apps.kernel import clock
from ivig_monitor.demo.ward import seed


class Command(BaseCommand):
    rights = OPERATOR
    help = "Fill an empty database with the demo ward; leaves a filled one alone."

    def handle(self, *args: Any, **options: Any) -> None:
        done = seed(now=clock.now())
        self.stdout.write("The demo ward is ready." if done else "The demo ward is there already.")
