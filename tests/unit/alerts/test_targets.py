"""Messages leave the house only to where the settings say and allow."""

import pytest

from apps.alerts.domain.targets import Mailbox, TargetError, Webhook, mailbox, may_connect, webhook

ALLOWED = frozenset(
    {"pager.hospital.example", "mail.hospital.example", "hospital.example", "127.0.0.1", "::1"}
)
SERVER = "smtps://duty:s%40cret@mail.hospital.example"


def hook(url):
    return webhook(url, name="ALERT_FALLBACK_URL", allowed_hosts=ALLOWED)


def box(recipient="duty@hospital.example", smtp_url=SERVER, sender=""):
    return mailbox(
        recipient,
        name="ALERT_FALLBACK_EMAIL",
        smtp_url=smtp_url,
        smtp_name="ALERT_FALLBACK_SMTP_URL",
        sender=sender,
        allowed_hosts=ALLOWED,
    )


def test_an_allowed_webhook_is_taken_apart():
    assert hook("https://pager.hospital.example/ward?key=1") == Webhook(
        "pager.hospital.example", 443, "/ward?key=1", True
    )
    assert hook("http://127.0.0.1:8125") == Webhook("127.0.0.1", 8125, "/", False)
    assert hook("http://[::1]:8125/x").host == "::1"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://pager.hospital.example/", "https"),
        ("https://elsewhere.example/", "does not list"),
        ("https://pager.hospital.example.evil.example/", "does not list"),
        ("https://evil.example\\@pager.hospital.example/", "no user name|does not list"),
        ("https://user:word@pager.hospital.example/", "no user name"),
        ("https://pager.hospital.example/#x", "no fragment"),
        ("ftp://pager.hospital.example/", "must start with https://"),
        ("https:///path", "names no host"),
        ("https://pager.hospital.example:99999/", "is no address"),
        ("https://pager.hospital.example/a b", "percent-encoded"),
        ("pager.hospital.example", "names no host"),
    ],
)
def test_any_other_webhook_is_refused_with_a_sentence(url, told):
    with pytest.raises(TargetError, match=told) as refusal:
        hook(url)
    assert str(refusal.value).startswith("ALERT_FALLBACK_URL ")


def test_a_mailbox_is_reached_encrypted_except_on_this_machine():
    assert box() == Mailbox(
        "duty@hospital.example", "ivig-monitor@hospital.example", "mail.hospital.example", 465, "tls",
        "duty", "s@cret",
    )  # fmt: skip
    assert (box(smtp_url="smtp://mail.hospital.example").security, box(smtp_url="smtp://127.0.0.1:25").security) == (
        "starttls", "none",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"recipient": "duty@elsewhere.example"}, "does not list"),
        ({"recipient": "duty@hospital.example, spy@elsewhere.example"}, "one mail address"),
        ({"recipient": "duty@hospital.example\nBcc: spy@elsewhere.example"}, "one mail address"),
        ({"recipient": "duty"}, "one mail address"),
        ({"smtp_url": ""}, "Set ALERT_FALLBACK_SMTP_URL"),
        ({"smtp_url": "smtps://elsewhere.example"}, "does not list"),
        ({"smtp_url": "https://mail.hospital.example"}, "smtps:// or smtp://"),
        ({"sender": "Duty <duty@hospital.example>"}, "ALERT_FALLBACK_FROM"),
    ],
)
def test_any_other_mailbox_is_refused_with_a_sentence(changes, told):
    with pytest.raises(TargetError, match=told):
        box(**changes)


@pytest.mark.parametrize(
    ("host", "address", "allowed"),
    [
        ("pager.hospital.example", "10.4.5.6", True),
        ("pager.hospital.example", "203.0.113.9", True),
        ("pager.hospital.example", "169.254.169.254", False),
        ("pager.hospital.example", "fe80::1%eth0", False),
        ("pager.hospital.example", "fd00:ec2::254", False),
        ("pager.hospital.example", "::ffff:169.254.169.254", False),
        ("pager.hospital.example", "127.0.0.1", False),
        ("pager.hospital.example", "::ffff:127.0.0.1", False),
        ("pager.hospital.example", "0.0.0.0", False),
        ("pager.hospital.example", "224.0.0.1", False),
        ("localhost", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("localhost", "10.4.5.6", False),
    ],
)
def test_a_name_may_not_lead_to_this_machine_or_to_its_keys(host, address, allowed):
    assert may_connect(host, address) is allowed
