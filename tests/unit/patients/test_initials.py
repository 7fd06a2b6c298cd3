"""What stands for a name where visitors can read."""

import pytest

from apps.patients.domain.identity import initials


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Demo Birch", "D.B."),
        ("Anna Maria Solberg Hansen", "A.H."),
        ("åse rogn-Særpreget", "Å.R."),
        ("Demo Lale (لاله)", "D.L."),
        ("نرگس رضایی", "ن.ر."),
        ("Björk", "B."),
        ("Test 31", "T."),
        ("'t Hooft", "T.H."),
        ("31", ""),
        ("", ""),
    ],
)
def test_first_letters_of_the_first_and_the_last_word(name: str, expected: str) -> None:
    assert initials(name) == expected
