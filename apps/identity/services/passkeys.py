"""Passkeys (WebAuthn): made known, used, named, taken away. The cryptography is py_webauthn's."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import webauthn
from django.db import IntegrityError, transaction
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from apps.accounts.selectors import Staff
from apps.identity.domain.factors import counter_goes_on
from apps.identity.errors import passkey_refused
from apps.identity.models import Factors, Passkey
from apps.identity.services.changes import acting_on, note_change, record_of
from apps.identity.services.codes import factors_of
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.text import N_

PASSKEYS_AT_MOST = 10
_logger = logging.getLogger("identity.passkeys")


@dataclass(frozen=True, slots=True)
class Site:
    """Which site a passkey belongs to: a host name, and the origin pages are served from."""

    rp_id: str
    origin: str


def registration_options(*, user: Staff, site: Site) -> tuple[dict[str, Any], bytes]:
    """What the browser needs to make a passkey, and the challenge to keep."""
    with acting_on(user.pk):
        handle = bytes(factors_of(user.pk).handle)
    known = Passkey.objects.filter(user=user).values_list("credential_id", flat=True)
    options = webauthn.generate_registration_options(
        rp_id=site.rp_id,
        rp_name="IVIG Monitor",
        user_id=handle,
        user_name=user.username,
        user_display_name=user.display_name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(one)) for one in known],
    )
    return options_to_json_dict(options), options.challenge


def add_passkey(
    *, user: Staff, site: Site, challenge: bytes, credential: Mapping[str, Any], name: str, now: datetime
) -> None:
    """Keep a passkey's public half.

    Raises DomainError `passkey_refused`, `passkey_name_needed`, `passkeys_too_many`.
    """
    named = _name(name)
    try:
        made = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _refused("registration", error) from None
    with acting_on(user.pk):
        if Passkey.objects.filter(user=user).count() >= PASSKEYS_AT_MOST:
            raise DomainError(
                "passkeys_too_many",
                N_("You have %(number)s passkeys already. Remove one first."),
                number=PASSKEYS_AT_MOST,
            )
        try:
            with transaction.atomic():
                Passkey.objects.create(
                    user=user,
                    name=named,
                    credential_id=made.credential_id,
                    public_key=made.credential_public_key,
                    sign_count=made.sign_count,
                    added_at=now,
                )
        except IntegrityError:
            raise passkey_refused() from None
        note_change(
            user_id=user.pk, what="passkey_added", now=now, payload={"synced": made.credential_backed_up}
        )


def sign_in_options(*, site: Site) -> tuple[dict[str, Any], bytes]:
    """What the browser needs to offer the passkeys it has for this site, and the challenge to keep."""
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json_dict(options), options.challenge


def prove_passkey(*, site: Site, challenge: bytes, credential: Mapping[str, Any], now: datetime) -> Staff:
    """The person whose passkey answered the challenge. A counter that went back is refused and told in the ledger.

    Raises DomainError `passkey_refused`.
    """
    owner, credential_id = _found(credential)
    with acting_on(owner):
        passkey = Passkey.objects.select_related("user").filter(credential_id=credential_id).first()
        if passkey is None or not passkey.user.is_active:
            raise passkey_refused()
        try:
            proof = webauthn.verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=site.rp_id,
                expected_origin=site.origin,
                credential_public_key=bytes(passkey.public_key),
                credential_current_sign_count=0,  # judged below, where it can be told
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise _refused("assertion", error) from None
        goes_on = counter_goes_on(passkey.sign_count, proof.new_sign_count)
        if goes_on:
            passkey.sign_count, passkey.last_used_at = proof.new_sign_count, now
            passkey.save(update_fields=["sign_count", "last_used_at"])
        else:
            payload = {"passkey": passkey.pk, "kept": passkey.sign_count, "sent": proof.new_sign_count}
            note_change(user_id=owner, what="passkey_counter_back", now=now, payload=payload)
    if not goes_on:
        raise passkey_refused()
    return passkey.user


def rename_passkey(*, user: Staff, passkey_id: int, name: str, now: datetime) -> None:
    """Give a passkey another name. Raises DomainError `passkey_name_needed`, NotFoundError."""
    named = _name(name)
    with acting_on(user.pk):
        passkey = _own(user, passkey_id)
        passkey.name = named
        passkey.save(update_fields=["name"])
        record_of(user_id=user.pk, what="passkey_renamed", now=now, payload={"passkey": passkey.pk})


def remove_passkey(*, user: Staff, passkey_id: int, now: datetime) -> None:
    """Take a passkey away: it opens nothing any more. Raises NotFoundError."""
    with acting_on(user.pk):
        passkey = _own(user, passkey_id)
        payload = {"passkey": passkey.pk}
        passkey.delete()
        note_change(user_id=user.pk, what="passkey_removed", now=now, payload=payload)


def _found(credential: Mapping[str, Any]) -> tuple[int, bytes]:
    """Whose passkey it says it is. The handle it carries must be that person's (WebAuthn level 2, 7.2 step 6)."""
    try:
        credential_id = base64url_to_bytes(credential["id"])
        handle = base64url_to_bytes(credential["response"]["userHandle"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refused("shape", error) from None
    owner = Passkey.objects.filter(credential_id=credential_id).values_list("user_id", flat=True).first()
    if owner is None or not Factors.objects.filter(user=owner, handle=handle).exists():
        raise passkey_refused()
    return owner, credential_id


def _own(user: Staff, passkey_id: int) -> Passkey:
    passkey = Passkey.objects.filter(user=user, pk=passkey_id).first()
    if passkey is None:
        raise NotFoundError("not_found", N_("You have no such passkey."))
    return passkey


def _name(name: str) -> str:
    named = " ".join(name.split())
    if not 0 < len(named) <= 60 or not named.isprintable():
        raise DomainError(
            "passkey_name_needed",
            N_("Give the passkey a name of at most 60 characters, such as the device it lies on."),
            extra={"field": "name"},
        )
    return named


def _refused(what: str, error: Exception) -> DomainError:
    _logger.info("A passkey's %s was refused: %s", what, type(error).__name__)
    return passkey_refused()
