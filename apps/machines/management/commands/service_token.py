"""`manage.py service_token create|list|revoke`: tokens of programs from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.selectors import every_ward, wards_of
from apps.edge.rights import OPERATOR
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.machines.domain.scopes import MACHINE_ACTIONS
from apps.machines.selectors import all_tokens
from apps.machines.services import create_token, revoke_token


class Command(BaseCommand):
    rights = OPERATOR
    help = "Give a program a token, list the tokens, or take one back."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        create = acts.add_parser("create", help="prints the token, this once")
        create.add_argument("name")
        create.add_argument("--action", action="append", required=True, choices=sorted(MACHINE_ACTIONS))
        create.add_argument("--ward", action="append", required=True, help="the ward's name")
        create.add_argument("--days", type=int, default=90)
        acts.add_parser("list")
        revoke = acts.add_parser("revoke")
        revoke.add_argument("token_id", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['act']}")(options)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _create(self, options: dict[str, Any]) -> None:
        known = {ward.name: ward.pk for ward in every_ward()}
        missing = [name for name in options["ward"] if name not in known]
        if missing:
            raise CommandError(f"There is no ward {missing[0]!r}. There are: {', '.join(sorted(known))}.")
        issued = create_token(
            performer=None,
            own_password="",  # nosec B106  # the operator has the machine
            name=options["name"],
            actions=options["action"],
            ward_ids=[known[name] for name in options["ward"]],
            days=options["days"],
            now=clock.now(),
            wall_now=clock.wall_now(),
        )
        self.stderr.write(f"Number {issued.row.pk}, until {issued.row.expires_at:%Y-%m-%d}. Shown this once:")
        self.stdout.write(issued.token)

    def _list(self, options: dict[str, Any]) -> None:
        now = clock.wall_now()
        for row in all_tokens():
            over = "revoked" if row.revoked_at else "expired" if row.expires_at <= now else "open"
            used = f"{row.used_at:%Y-%m-%d %H}h" if row.used_at else "never"
            wards = ", ".join(ward.name for ward in wards_of(row.person))
            self.stdout.write(
                f"{row.pk}\t{row.prefix}…\t{over}\t{row.name}\t{' '.join(row.actions)}\t{wards}"
                f"\tuntil {row.expires_at:%Y-%m-%d}\tused {used}"
            )

    def _revoke(self, options: dict[str, Any]) -> None:
        row = revoke_token(
            performer=None, token_id=options["token_id"], now=clock.now(), wall_now=clock.wall_now()
        )
        self.stdout.write(f"{row.prefix}… is revoked; processes that know it go on for 5 seconds at most.")
