"""Production settings refuse what is unsafe, and say which variable to set."""

import os
import subprocess
import sys

import pytest

from apps.edge.keys import PUBLIC_KEYS, PUBLIC_SEARCH_SECRET
from ivig_monitor.launch.places import ROOT

GOOD = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
    "ALLOWED_HOSTS": "ivig.hospital.example",
    "DATABASE_URL": "postgresql://ivig:secret@db:5432/ivig",
    "REDIS_URL": "redis://redis:6379/0",
    "PATIENT_KEYS": "first:MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=",
    "PATIENT_SEARCH_SECRET": "zyxwvutsrqponmlkjihgfedcba-9876543210",
}
LOAD = "from ivig_monitor.settings import production as p; print(p.SESSION_COOKIE_SECURE, p.DEBUG)"
CHANNEL = {
    "ALERT_FALLBACK_URL": "https://pager.hospital.example/ward",
    "ALERT_FALLBACK_EMAIL": "duty@hospital.example",
    "ALERT_FALLBACK_SMTP_URL": "smtps://mail.hospital.example",
    "ALERT_FALLBACK_ALLOWED_HOSTS": "pager.hospital.example,mail.hospital.example,hospital.example",
}
ALSO = (
    "ALERT_FALLBACK_FROM",
    "ALERT_FALLBACK_LANGUAGE",
    "ADMINISTRATOR_URL",
    "ADMINISTRATOR_EMAIL",
    "PUBLIC_URL",
)
CHANGED = (
    "PATIENT_KEYS_FILE",
    "PATIENT_SEARCH_SECRET_FILE",
    "DEBUG",
    "IVIG_CLOCK_FILE",
    "IVIG_DEMO",
    *GOOD,
    *CHANNEL,
    *ALSO,
)


def load(**changes: str) -> "subprocess.CompletedProcess[str]":
    """Import the settings with these variables; an empty value unsets one."""
    environment = {name: value for name, value in os.environ.items() if name not in CHANGED}
    environment |= {name: value for name, value in (GOOD | changes).items() if value}
    return subprocess.run(
        [sys.executable, "-c", LOAD], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_a_complete_environment_is_accepted() -> None:
    done = load()
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "False"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"DEBUG": "1"}, "Unset DEBUG"),
        ({"DEBUG": "True"}, "Unset DEBUG"),
        ({"SECRET_KEY": ""}, "Set SECRET_KEY to a random secret"),
        (
            {"SECRET_KEY": "not-secret-for-commands-that-sign-nothing"},
            "Set SECRET_KEY to a secret of your own",
        ),
        ({"SECRET_KEY": "django-insecure-" + "x1y2z3" * 10}, "Set SECRET_KEY to a secret of your own"),
        ({"PATIENT_KEYS": ""}, "Set PATIENT_KEYS"),
        ({"PATIENT_KEYS": "first:c2hvcnQ="}, "Key first must have 32 bytes"),
        ({"PATIENT_KEYS": "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY="}, "Key 1 has no id"),
        ({"PATIENT_KEYS": "a:%%%"}, "Key a is not base64"),
        ({"PATIENT_KEYS": PUBLIC_KEYS}, "Set PATIENT_KEYS to random keys of your own"),
        ({"PATIENT_KEYS": f"{GOOD['PATIENT_KEYS']},{GOOD['PATIENT_KEYS']}"}, "Two keys have the same id"),
        ({"PATIENT_KEYS": "", "PATIENT_KEYS_FILE": "/nowhere"}, "PATIENT_KEYS_FILE names no file"),
        ({"PATIENT_SEARCH_SECRET": ""}, "Set PATIENT_SEARCH_SECRET"),
        ({"PATIENT_SEARCH_SECRET": PUBLIC_SEARCH_SECRET}, "Set PATIENT_SEARCH_SECRET"),
        ({"PATIENT_SEARCH_SECRET": GOOD["SECRET_KEY"]}, "another secret than SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "Set SECRET_KEY to something longer"),
        ({"SECRET_KEY": "a" * 80}, "Set SECRET_KEY to something longer"),
        ({"ALLOWED_HOSTS": ""}, "Set ALLOWED_HOSTS to the host names"),
        ({"ALLOWED_HOSTS": " , "}, "Set ALLOWED_HOSTS to the host names"),
        ({"ALLOWED_HOSTS": "ivig.hospital.example,*"}, "Set ALLOWED_HOSTS to exact host names"),
        ({"ALLOWED_HOSTS": ".hospital.example"}, "Set ALLOWED_HOSTS to exact host names"),
        ({"DATABASE_URL": ""}, "Set DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL must start with postgresql://"),
        ({"REDIS_URL": ""}, "Set REDIS_URL"),
        ({"IVIG_CLOCK_FILE": "/tmp/clock.json"}, "Unset IVIG_CLOCK_FILE"),
        ({"IVIG_DEMO": "1"}, "Unset IVIG_DEMO"),
        ({"METRICS_TOKEN": "guessed"}, "Set METRICS_TOKEN to 32 random characters"),
    ],
)
def test_what_is_unsafe_is_refused(changes: dict[str, str], sentence: str) -> None:
    done = load(**changes)
    assert done.returncode != 0
    assert sentence in done.stderr.strip().splitlines()[-1]


def test_a_channel_out_of_the_ward_may_be_set_or_left_out() -> None:
    assert load(**CHANNEL).returncode == 0
    assert (
        load(
            **(CHANNEL | {"ALERT_FALLBACK_URL": "", "ADMINISTRATOR_EMAIL": "it@hospital.example"})
        ).returncode
        == 0
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"ALERT_FALLBACK_URL": "http://pager.hospital.example/"},
            "ALERT_FALLBACK_URL must start with https://",
        ),
        ({"ALERT_FALLBACK_URL": "https://elsewhere.example/"}, "ALERT_FALLBACK_ALLOWED_HOSTS does not list"),
        ({"ALERT_FALLBACK_ALLOWED_HOSTS": ""}, "ALERT_FALLBACK_ALLOWED_HOSTS does not list"),
        ({"ALERT_FALLBACK_SMTP_URL": ""}, "Set ALERT_FALLBACK_SMTP_URL"),
        ({"ALERT_FALLBACK_EMAIL": ""}, "Set ALERT_FALLBACK_EMAIL"),
        ({"ADMINISTRATOR_URL": "ftp://hospital.example/"}, "ADMINISTRATOR_URL must start with https://"),
        ({"ALERT_FALLBACK_LANGUAGE": "de"}, "ALERT_FALLBACK_LANGUAGE must be en, fa or nb"),
        ({"PUBLIC_URL": "ivig.hospital.example"}, "PUBLIC_URL must start with https://"),
    ],
)
def test_half_a_channel_is_refused(changes: dict[str, str], sentence: str) -> None:
    done = load(**(CHANNEL | changes))
    assert done.returncode != 0
    assert sentence in done.stderr.strip().splitlines()[-1]


def test_every_fault_is_named_at_once() -> None:
    done = load(DEBUG="1", SECRET_KEY="", ALLOWED_HOSTS="*")
    last = done.stderr.strip().splitlines()[-1]
    assert all(name in last for name in ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"))
    assert "secret@db" not in done.stderr


def production(code: str) -> "subprocess.CompletedProcess[str]":
    """Run this Python under the production settings."""
    environment = {name: value for name, value in os.environ.items() if name not in CHANGED}
    environment |= GOOD | {"DJANGO_SETTINGS_MODULE": "ivig_monitor.settings.production"}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_djangos_own_check_of_a_deployment_finds_nothing() -> None:
    done = production(
        "from django.core.management import call_command; call_command('check', deploy=True, fail_level='INFO')"
    )
    assert done.returncode == 0, done.stderr
    # Joining the preload list of browsers is the hospital's decision; nothing else is kept silent.
    assert "1 silenced" in done.stdout


def test_every_cookie_is_bound_to_this_host_and_to_tls() -> None:
    done = production(
        "from django.conf import settings as s\n"
        "for one in ('SESSION', 'CSRF', 'LANGUAGE'):\n"
        "    print(getattr(s, one + '_COOKIE_NAME'), getattr(s, one + '_COOKIE_SECURE'),"
        " getattr(s, one + '_COOKIE_PATH'), getattr(s, one + '_COOKIE_DOMAIN'), getattr(s, one + '_COOKIE_SAMESITE'))\n"
        "print(s.VIEW_COOKIE_NAME, s.SESSION_COOKIE_HTTPONLY, s.SOCKET_ORIGINS, s.SECURE_HSTS_SECONDS)"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "__Host-sessionid True / None Lax",
        "__Host-csrftoken True / None Lax",
        "__Host-django_language True / None Lax",
        "__Secure-board_view True ['https://ivig.hospital.example'] 31536000",
    ]
