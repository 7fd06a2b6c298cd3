"""Writers of who somebody is."""

from apps.identity.services.changes import note_change, record_passing, tell_changes
from apps.identity.services.codes import (
    confirm_totp,
    make_recovery_codes,
    prove_code,
    remove_totp,
    wait_for_totp,
)
from apps.identity.services.door import Knock, count_code, forget_code_tries, know_place, open_door
from apps.identity.services.passkeys import (
    Site,
    add_passkey,
    prove_passkey,
    registration_options,
    remove_passkey,
    rename_passkey,
    sign_in_options,
)
from apps.identity.services.passwords import change_password
from apps.identity.services.resetting import reset_factors

__all__ = [
    "Knock",
    "Site",
    "add_passkey",
    "change_password",
    "confirm_totp",
    "count_code",
    "forget_code_tries",
    "know_place",
    "make_recovery_codes",
    "note_change",
    "open_door",
    "prove_code",
    "prove_passkey",
    "record_passing",
    "registration_options",
    "remove_passkey",
    "remove_totp",
    "rename_passkey",
    "reset_factors",
    "sign_in_options",
    "tell_changes",
    "wait_for_totp",
]
