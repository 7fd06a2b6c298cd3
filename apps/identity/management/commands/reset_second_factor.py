"""manage.py reset_second_factor <user name>: for somebody who lost every second factor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.edge.rights import OPERATOR
from apps.identity.services import reset_factors
from apps.kernel import clock
from apps.kernel.errors import DomainError


class Command(BaseCommand):
    rights = OPERATOR
    help = "Take away somebody's authenticator, passkeys and recovery codes. Make sure first who is asking."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reset_factors(username=options["username"], now=clock.now())
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{options['username']} signs in with the password alone until a factor is added.")
