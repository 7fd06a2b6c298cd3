"""What is typed as an address, how a link lies until it is sent, and what production refuses."""

import base64

import pytest

from apps.selfreport.channels import AddressError, normal_address
from apps.selfreport.domain import new_token, token_digest
from apps.selfreport.sealing import seal, unseal
from ivig_monitor.settings.patients import patient_problems

ADDRESS, NUMBER = "someone@post.example", "+989123456789"


@pytest.mark.parametrize(
    ("channel", "typed", "used"),
    [
        ("sms", "+47 912 34 567", "+4791234567"),
        ("sms", "0047 912-34-567", "+4791234567"),
        ("sms", "+۹۸ ۹۱۲ ۳۴۵ ۶۷۸۹", NUMBER),
        ("sms", "91234567", None),
        ("sms", "+47 12", None),
        ("sms", "+47912345678901234", None),
        ("sms", ADDRESS, None),
        ("mail", f" {ADDRESS} ", ADDRESS),
        ("mail", "two@post.example, three@post.example", None),
        ("mail", "a@b.example\nBcc: c@d.example", None),
        ("mail", "nobody", None),
        ("mail", NUMBER, None),
    ],
)
def test_an_address_is_read_strictly(channel, typed, used):
    if used is None:
        with pytest.raises(AddressError):
            normal_address(channel, typed)
    else:
        assert normal_address(channel, typed) == used


def test_a_seal_opens_only_with_its_own_message_link_and_secret(settings):
    token = new_token()
    sealed = seal(token, message_id="one")
    digest = token_digest(token)
    assert sealed != token and len(base64.urlsafe_b64decode(sealed + "=")) == 32
    assert unseal(sealed, message_id="one", token_hash=digest) == token
    assert unseal(sealed, message_id="two", token_hash=digest) is None
    assert unseal(sealed, message_id="one", token_hash="0" * 64) is None
    assert unseal("", message_id="one", token_hash=digest) is None
    settings.SECRET_KEY = "another-secret-key"
    assert unseal(sealed, message_id="one", token_hash=digest) is None


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({}, ""),
        ({"EMERGENCY_NUMBER": "113", "HOSPITAL_NUMBER": "+98 21 6119 0000"}, ""),
        ({"EMERGENCY_NUMBER": "call us"}, "EMERGENCY_NUMBER"),
        ({"HOSPITAL_NUMBER": "۱۱۵"}, "HOSPITAL_NUMBER"),
        ({"PATIENT_SMS_URL": "https://sms.example/send"}, "PATIENT_SMS_URL"),
        ({"PATIENT_SMS_URL": "http://sms.example/", "ALERT_FALLBACK_ALLOWED_HOSTS": "sms.example"}, "https"),
        (
            {"PATIENT_SMTP_URL": "smtps://mail.example", "ALERT_FALLBACK_ALLOWED_HOSTS": "mail.example"},
            "PATIENT_MAIL_FROM",
        ),
        (
            {"PATIENT_SMTP_URL": "smtps://mail.example", "PATIENT_MAIL_FROM": "a@h.example"},
            "PATIENT_SMTP_URL",
        ),
        (
            {
                "PATIENT_SMTP_URL": "smtps://mail.example",
                "PATIENT_MAIL_FROM": "a@h.example",
                "ALERT_FALLBACK_ALLOWED_HOSTS": "mail.example",
            },
            "",
        ),
        ({"SELF_REPORT_GRACE_HOURS": "two"}, "SELF_REPORT_GRACE_HOURS"),
    ],
)
def test_production_refuses_what_is_half_set(environment, word):
    problems = patient_problems(environment)
    assert bool(problems) is bool(word)
    assert word in " ".join(problems)
