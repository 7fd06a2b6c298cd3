"""`manage.py replay_rules FILE`: what other bedside rules would have said of past infusions."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.edge.rights import OPERATOR
from apps.guidelines.selectors import current_guidelines
from apps.guidelines.services import candidate_guidelines
from apps.infusions.replay import Fired, Replayed, replay_rules
from apps.kernel.errors import DomainError
from apps.kernel.text import fill_in_english

SIDES = ("both", "extra", "missed")
MARKS = {"both": "=", "extra": "+", "missed": "-"}


class Command(BaseCommand):
    rights = OPERATOR
    help = (
        "Run bedside rules of a site document (YAML), laid over the current release, over past infusions and"
        " print what both say (=), what only the new rules say (+) and what only the present ones say (-)."
        " Writes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a site document with observation_rules")
        parser.add_argument(
            "--since", type=date.fromisoformat, help="started on this day or later, as 2026-03-01"
        )
        parser.add_argument("--session", type=int, help="this infusion only, by number")
        parser.add_argument("--ward", help="infusions of this ward only, by name")
        parser.add_argument("--json", action="store_true", help="everything, as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        since: date | None = options["since"]
        try:
            replayed = list(
                replay_rules(
                    present=current_guidelines(),
                    candidate=candidate_guidelines(options["file"].read_text(encoding="utf-8")),
                    since=datetime(since.year, since.month, since.day, tzinfo=UTC) if since else None,
                    session_id=options["session"],
                    ward=options["ward"],
                )
            )
        except (DomainError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(replayed), ensure_ascii=False, indent=1))
        else:
            self._print(replayed)

    def _print(self, replayed: list[Replayed]) -> None:
        for session in replayed:
            self.stdout.write(f"Session {session.session_id}, {session.ward}: {_counts([session])}")
            lines = [(one.at, MARKS[side], one) for side in SIDES for one in getattr(session, side)]
            for at, mark, one in sorted(lines, key=lambda line: line[:2]):
                local = at.astimezone(ZoneInfo(session.time_zone)).strftime("%Y-%m-%d %H:%M")
                self.stdout.write(
                    f"  {mark} {local} {one.finding.priority} {one.finding.rule_code}: {_text(one)}"
                )
        self.stdout.write(f"{len(replayed)} sessions: {_counts(replayed)}")


def _as_json(replayed: list[Replayed]) -> dict[str, Any]:
    return {
        "sessions": [
            {"session": session.session_id, "ward": session.ward}
            | {side: [_record(one) for one in getattr(session, side)] for side in SIDES}
            for session in replayed
        ],
        "totals": {"sessions": len(replayed), **_totals(replayed)},
    }


def _record(one: Fired) -> dict[str, str]:
    return {
        "at": one.at.isoformat(),
        "rule": one.finding.rule_code,
        "group": one.finding.group,
        "priority": one.finding.priority,
        "text": _text(one),
    }


def _text(one: Fired) -> str:
    return fill_in_english(one.finding.message, one.finding.params)


def _totals(replayed: list[Replayed]) -> Counter[str]:
    return Counter({side: sum(len(getattr(session, side)) for session in replayed) for side in SIDES})


def _counts(replayed: list[Replayed]) -> str:
    totals = _totals(replayed)
    return f"{totals['both']} by both, {totals['extra']} only new, {totals['missed']} only present"
