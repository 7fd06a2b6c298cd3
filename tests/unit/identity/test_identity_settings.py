"""Half a setting about signing in is named before the service starts."""

import pytest

from ivig_monitor.settings.identity import identity_problems

WHOLE = {
    "IDENTITY_KEY": "0123456789abcdefghijklmnopqrstuv, ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
    "SECOND_FACTOR_ROLES": "physician,pharmacovigilance,administrator",
    "OIDC_ISSUER": "https://login.hospital.example",
    "OIDC_CLIENT_ID": "ivig",
    "OIDC_CLAIM": "preferred_username",
}


def test_a_whole_set_and_nothing_at_all_are_accepted():
    assert identity_problems(WHOLE) == []
    assert identity_problems({}) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"IDENTITY_KEY": "short"}, "32 random characters"),
        ({"IDENTITY_KEY": WHOLE["IDENTITY_KEY"] + ",short"}, "32 random characters"),
        ({"SECOND_FACTOR_ROLES": "physician,doctor"}, "names no role: doctor"),
        ({"OIDC_CLAIM": ""}, "Set OIDC_CLAIM as well"),
        ({"OIDC_ISSUER": "", "OIDC_CLIENT_ID": " "}, "Set OIDC_ISSUER, OIDC_CLIENT_ID as well"),
        ({"OIDC_ISSUER": "http://login.hospital.example"}, "OIDC_ISSUER must start with https://"),
        ({"OIDC_ACCOUNT_FIELD": "pk"}, "must be username or email"),
    ],
)
def test_what_is_missing_is_named(changes, sentence):
    (problem,) = identity_problems(WHOLE | changes)
    assert sentence in problem
