"""`manage.py grant_service_role ivig_service`: the service's own role at PostgreSQL, which owns no table."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.audit.privileges import grant_service_role
from apps.edge.rights import OPERATOR

PASSWORD = "POSTGRES_SERVICE_PASSWORD"  # nosec B105  # the variable's name
SHORTEST = 16


class Command(BaseCommand):
    """Run by the tables' owner after each migration. The password comes from the environment, never an argument."""

    rights = OPERATOR
    help = f"Makes the role the service signs in with, which can drop no trigger; its password stands in {PASSWORD}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get(PASSWORD, "")
        if len(password) < SHORTEST:
            raise CommandError(f"Set {PASSWORD} to {SHORTEST} characters or more.")
        tables = grant_service_role(role=options["role"], password=password)
        self.stdout.write(f"{options['role']} may work on {tables} tables and owns none.")
