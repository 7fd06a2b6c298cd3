"""`manage.py erase_identity P-7K3M9Q`: two people at one terminal erase who a patient is. There is no way back."""

import argparse
from getpass import getpass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.services import Signature
from apps.edge.messages import translated
from apps.edge.rights import OPERATOR
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.patients.selectors import number_of_pseudonym
from apps.retention.services import erase_identity


class Command(BaseCommand):
    """The passwords are asked for, never given as arguments: those stand in the shell's history."""

    rights = OPERATOR
    help = "Wipes name, birth date, record number and addresses of a patient; the safety record stays."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("pseudonym", help="such as P-7K3M9Q; the patient's page shows it")
        parser.add_argument("--by", required=True, help="user name of an administrator of the patient's ward")
        parser.add_argument("--second", required=True, help="user name of a nurse or physician of the ward")
        parser.add_argument("--reason", required=True, help="is kept; without name and record number")
        parser.add_argument("--although-open", default="", help="why now, while something is still open")

    def handle(self, *args: Any, **options: Any) -> None:
        performer = get_user_model().objects.filter(username=options["by"], is_active=True).first()
        patient_id = number_of_pseudonym(options["pseudonym"])
        if performer is None or patient_id is None:
            raise CommandError("There is no such person, or no such patient. Check --by and the pseudonym.")
        try:
            erased = erase_identity(
                performer=performer,
                patient_id=patient_id,
                signature=Signature(
                    getpass(f"Password of {options['by']}: "),
                    options["second"],
                    getpass(f"Password of {options['second']}: "),
                ),
                reason=options["reason"],
                although_open=options["although_open"],
                now=clock.now(),
            )
        except DomainError as error:
            open_matters = [f" {matter}" for matter in error.extra.get("open", ())]
            raise CommandError(translated(error) + "".join(open_matters)) from None
        self.stdout.write(f"{erased.pseudonym}: nobody knows any more who this is. The safety record stays.")
