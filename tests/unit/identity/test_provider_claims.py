"""What an identity provider's word must hold."""

from datetime import UTC, datetime

import pytest

from apps.identity.domain.provider import is_strong, linking_value, token_problem

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
GOOD = {
    "iss": "https://login.hospital.example",
    "aud": "ivig",
    "sub": "248289761001",
    "nonce": "n-0S6_WzA2Mj",
    "iat": AT - 5,
    "exp": AT + 300,
}


def problem(**changes):
    claims = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return token_problem(
        claims, issuer="https://login.hospital.example", client_id="ivig", nonce="n-0S6_WzA2Mj", now=NOW
    )


def test_a_whole_word_counts():
    assert problem() is None
    assert problem(aud=["ivig"]) is None
    assert problem(aud=["ivig", "other"], azp="ivig") is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": "https://login.hospital.example/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "other"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": ["ivig", "other"]}, "authorized party"),
        ({"azp": "other"}, "authorized party"),
        ({"exp": AT - 61}, "expiry"),
        ({"exp": None}, "expiry"),
        ({"exp": "tomorrow"}, "expiry"),
        ({"exp": True}, "expiry"),
        ({"iat": AT + 61}, "time of issue"),
        ({"iat": AT - 601}, "time of issue"),
        ({"iat": None}, "time of issue"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": ""}, "subject"),
    ],
)
def test_anything_missing_or_foreign_is_refused(changes, why):
    assert problem(**changes) == why


@pytest.mark.parametrize(
    ("claims", "claim", "value"),
    [
        ({"employee": "N100"}, "employee", "N100"),
        ({"email": "a@b.example", "email_verified": True}, "email", "a@b.example"),
        ({"email": "a@b.example", "email_verified": False}, "email", ""),
        ({"email": "a@b.example", "email_verified": "true"}, "email", ""),
        ({"email": "a@b.example"}, "email", ""),
        ({"employee": ["N100"]}, "employee", ""),
        ({"employee": "N1\x0000"}, "employee", ""),
        ({}, "employee", ""),
    ],
)
def test_an_account_is_named_by_a_claim_the_provider_vouches_for(claims, claim, value):
    assert linking_value(claims, claim) == value


@pytest.mark.parametrize(
    ("claims", "strong"),
    [
        ({"acr": "Level4"}, True),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "Level3", "amr": ["pwd"]}, False),
        ({"amr": "mfa"}, False),
        ({}, False),
    ],
)
def test_a_second_factor_used_there_counts_in_the_words_of_the_settings(claims, strong):
    assert is_strong(claims, acr=["Level4"], amr=["mfa", "hwk"]) is strong
    assert not is_strong(claims, acr=[], amr=[])
