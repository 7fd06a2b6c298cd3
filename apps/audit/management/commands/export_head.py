"""`manage.py export_head > head.json`: what to keep off this machine, so that nobody can rewrite the past unseen."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from apps.audit.verifying import take_head
from apps.edge.rights import OPERATOR
from apps.kernel import clock


class Command(BaseCommand):
    """Writes JSON without any patient's data; `verify_chain --head` reads it."""

    rights = OPERATOR
    help = "Writes the head of the chain as JSON, to be kept elsewhere: verify_chain --head FILE checks against it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(take_head(wall_now=clock.wall_now()), indent=1, sort_keys=True))
