"""What every answer says to a browser, so that a mistake elsewhere does less."""

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import ValidationError, validate_password
from django.test import Client

from apps.selfreport.services import issue_link
from ivig_monitor.launch.places import ROOT
from tests.builders import NOW, PASSWORD, Door, running_session

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/",
    "/sign-in/",
    "/patients/",
    "/guidelines/",
    "/adverse-events/",
    "/offline/",
    "/service-worker.js",
    "/nothing-here/",
    "/api/v1/me/",
    "/api/v1/patients/",
    "/api/v1/nothing/",
    "/api/schema/",
    "/api/docs/",
    "/admin/login/",
]
OURS = [address for address in ADDRESSES if not address.startswith(("/admin/", "/api/docs/"))]


def directives(answer: Any) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_closes_what_it_does_not_need(hospital, address):
    """Seen to fail without WebHeaders: no CORP, no permissions policy, and pages a browser may keep."""
    headers = Door(hospital.physician).client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "no-store" in headers["Cache-Control"]
    permissions = headers["Permissions-Policy"]
    assert (
        "camera=(self)" in permissions and "microphone=()" in permissions and "geolocation=()" in permissions
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_policy_is_the_strict_one(hospital, address):
    """Nothing inline, nothing evaluated, nothing of another host; no base, no plugin, no frame."""
    policy = directives(Door(hospital.physician).client.get(address))
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert (
        policy["script-src"]
        == policy["style-src"]
        == policy["form-action"]
        == policy["connect-src"]
        == "'self'"
    )
    assert not re.search(r"unsafe|https?:|\*|strict-dynamic", " ".join(policy.values()))
    trusted = policy.get("require-trusted-types-for"), policy.get("trusted-types")
    assert trusted == (("'script'", "ivig") if address in OURS else (None, None))


def test_one_module_alone_makes_markup_of_text():
    """Where trusted types are unknown, the source holds the same."""
    sinks = re.compile(
        r"\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|parseFromString|createContextualFragment"
        r"|\.srcdoc|eval\(|new Function|setHTMLUnsafe|createPolicy"
    )
    found = {
        path.name
        for path in (ROOT / "static" / "js").rglob("*.js")
        if sinks.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"trusted.js"}
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"""<[^>{]*\son[a-z]+\s*=|javascript:|\|\s*safe\b|autoescape off|<style|\sstyle=""", text
        ), path.name
        for tag in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in tag, (path.name, tag)


def test_the_patients_page_is_stricter_still(hospital):
    session = running_session(hospital)
    issued = issue_link(performer=hospital.nurse, course_id=session.course_id, language="en", now=NOW)
    answer = Client().get(f"/r/{issued.token}/")
    policy = directives(answer)
    assert (policy["trusted-types"], policy["require-trusted-types-for"]) == ("'none'", "'script'")
    assert "img-src" not in policy and policy["default-src"] == "'none'"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "no-store" and not answer.cookies


def test_no_other_origin_may_read_an_answer(hospital):
    door = Door(hospital.nurse)
    for address in ("/", "/api/v1/patients/"):
        for method in (door.client.get, door.client.options):
            headers = method(address, headers={"Origin": "https://elsewhere.example"}).headers
            assert not [name for name in headers if name.lower().startswith("access-control-")], address


def test_over_tls_the_browser_is_told_to_stay_there(hospital, settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 365 * 24 * 3600, True
    answer = Client().get("/sign-in/", secure=True)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_the_session_is_no_business_of_scripts(hospital):
    client = Client()
    form = {"username": hospital.nurse.username, "password": PASSWORD}
    cookie = client.post("/sign-in/", form).cookies["sessionid"]
    assert (
        cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["domain"]
    )
    assert cookie.value not in client.get("/").content.decode()


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "X-ANY"])
def test_methods_nobody_serves_are_refused(hospital, method):
    for address in ("/patients/", "/api/v1/patients/", "/api/v1/me/"):
        assert Door(hospital.nurse).client.generic(method, address).status_code in (403, 405), address


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("short-one", False),
        ("password1234", False),
        ("1q2w3e4r5t6y", False),
        ("correct horse battery staple", True),
        ("گذرواژه‌ی بلند و خوب", True),
        ("x" * 40 + "ab c" * 30, True),
    ],
)
def test_passwords_are_long_and_not_common(password, taken):
    """Any letters, spaces among them, in any mixture; 64 characters and many more."""
    try:
        validate_password(password)
        assert taken
    except ValidationError:
        assert not taken


def test_passwords_are_hashed_slowly(settings):
    from ivig_monitor.settings import base

    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    assert identify_hasher(make_password("a-long-test-password")).algorithm == "argon2"


def nginx() -> str:
    return (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")


def test_an_api_call_without_tls_is_refused_not_redirected():
    """A program that forgot TLS shall find out at once, not go on because somebody redirects it."""
    plain = nginx().partition("listen 80;")[2].partition("listen 443")[0]
    assert re.search(r"location /api/ \{ return 403; \}", plain)
    assert "return 308 https://" in plain


def test_the_proxy_overwrites_what_the_service_believes():
    text = nginx()
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "proxy_add_x_forwarded_for" not in text and "proxy_set_header Host $host;" in text


def test_the_proxy_speaks_tls_of_today_only():
    assert re.findall(r"ssl_protocols\s+([^;]+);", nginx()) == ["TLSv1.2 TLSv1.3"]
