"""A site's file of receivers means one thing or is refused with a sentence."""

import pytest

from apps.icsr.domain.receivers import EDQM_ROUTES
from apps.kernel.errors import DomainError
from apps.submissions.domain.receivers import Delivery, chosen, receivers_from

PLAIN = {"code": "centre", "identifier": "CENTRE", "sender": "CLINIC", "delivery": "download"}


def test_what_is_left_out_has_a_safe_meaning():
    (one,) = receivers_from([PLAIN])
    assert (one.delivery, one.acknowledges, one.answer_within_hours) == (Delivery.DOWNLOAD, True, 48)
    assert (one.identifier, one.sender, one.regimes) == ("CENTRE", "CLINIC", None)
    assert one.profile.route_oid == EDQM_ROUTES


def test_a_known_receiver_brings_its_profile_and_the_site_its_identifiers():
    norway, fda = receivers_from(
        [
            {**PLAIN, "code": "no", "regimes": ["norway_health_personnel"], "route_oid": "1.2.3"},
            {
                "code": "us",
                "profile": "fda",
                "sender": "CLINIC",
                "delivery": "https",
                "url": "https://x.example/",
            },
        ]
    )
    assert norway.name == "Norwegian Medical Products Agency"
    assert norway.regimes == frozenset({"norway_health_personnel"})
    assert norway.profile.system("ROUTE", "20045000") == "1.2.3"
    assert (fda.identifier, fda.profile.processing_mode) == ("ZZFDA", "I")
    assert chosen((norway, fda), "us") == fda
    with pytest.raises(DomainError) as raised:
        chosen((norway, fda), "other")
    assert raised.value.code == "receiver_unknown"


@pytest.mark.parametrize(
    "content",
    [
        {},
        ["centre"],
        [{**PLAIN, "code": ""}],
        [{**PLAIN, "code": "two words"}],
        [{**PLAIN, "code": 4}],
        [PLAIN, PLAIN],
        [{**PLAIN, "delivery": "pigeon"}],
        [{**PLAIN, "delivery": "https"}],
        [{**PLAIN, "delivery": "directory"}],
        [{**PLAIN, "delivery": "directory", "directory": "relative/path"}],
        [{**PLAIN, "sender": ""}],
        [{**PLAIN, "identifier": ""}],
        [{**PLAIN, "identifier": "X" * 61}],
        [{**PLAIN, "profile": "nobody"}],
        [{**PLAIN, "acknowledges": "yes"}],
        [{**PLAIN, "answer_within_hours": 0}],
        [{**PLAIN, "answer_within_hours": True}],
        [{**PLAIN, "regimes": "eu_post_marketing"}],
        [{**PLAIN, "colour": "blue"}],
    ],
)
def test_what_means_nothing_is_refused_with_a_sentence(content):
    with pytest.raises(DomainError) as raised:
        receivers_from(content)
    assert raised.value.code == "receivers_invalid" and "SUBMISSION_RECEIVERS" in str(raised.value)
