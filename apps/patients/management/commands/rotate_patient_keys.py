"""`manage.py rotate_patient_keys`: bring what is sealed under the first of PATIENT_KEYS; `--check` only looks."""

import argparse
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.edge.rights import OPERATOR
from apps.edge.rotation import keys_in_use, reseal
from apps.edge.sealing import key_ids


class Command(BaseCommand):
    rights = OPERATOR
    help = (
        "Seal anew whatever does not lie under the first of PATIENT_KEYS. May be broken off and begun again."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="only say which keys are in use; fails while another than the first one is",
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        self._refuse_missing()
        if not check:
            done: Counter[str] = Counter()
            for place, count in reseal():
                done[place] += count
                self.stdout.write(f"{place}: {done[place]} sealed anew")
        used = keys_in_use()
        for place, counts in used.items():
            told = (
                ", ".join(f"{count} under {key}" for key, count in sorted(counts.items())) or "nothing sealed"
            )
            self.stdout.write(f"{place}: {told}")
        first, *others = key_ids()
        if still := sorted({key for counts in used.values() for key in counts} - {first}):
            raise CommandError(
                f"Keep {', '.join(still)} in PATIENT_KEYS: values lie under it."
                f" Run rotate_patient_keys to bring them under {first}."
            )
        if others:
            self.stdout.write(
                f"Nothing lies under {', '.join(others)} any more: it may be taken out of PATIENT_KEYS."
            )

    def _refuse_missing(self) -> None:
        used = {key for counts in keys_in_use().values() for key in counts}
        if missing := sorted(used - set(key_ids())):
            raise CommandError(
                f"Values lie under {', '.join(missing)}, which PATIENT_KEYS does not hold."
                " Put it back: without it they are lost."
            )
