"""The patient's page: small, in three languages, without a cookie, and without a word about who the patient is."""

import io
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from apps.selfreport.services import issue_link
from ivig_monitor.logs import MessagesWithoutWords, Plain
from tests.builders import finish, running_session

pytestmark = pytest.mark.django_db
CANARY = "Testperson Rogn-Særpreget"
LIMIT_BYTES = 40_000


@pytest.fixture
def session(hospital):
    return running_session(hospital, name=CANARY)


@pytest.fixture
def token(hospital, session, clock):
    ended = finish(hospital, session.pk)
    clock.set(ended + timedelta(hours=30))
    return issue_link(
        performer=hospital.nurse, course_id=session.course_id, language="fa", now=clock.now
    ).token


def page(token, query="", **cookies):
    client = Client()
    client.cookies.load(cookies)
    return client.get(f"/r/{token}/{query}")


def test_it_is_small_enough_for_a_poor_network(token):
    assets = {
        name: Path(finders.find(name)).read_bytes() for name in ("css/selfreport.css", "js/selfreport.js")
    }
    for language in ("en", "nb", "fa"):
        answer = page(token, f"?lang={language}")
        fetched = re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.content.decode())
        assert sorted(fetched) == [f"/static/{name}" for name in sorted(assets)], "nothing else is fetched"
        assert len(answer.content) + sum(map(len, assets.values())) < LIMIT_BYTES, language
    assert b"url(" not in assets["css/selfreport.css"]


@pytest.mark.parametrize(
    ("language", "direction", "count", "question"),
    [
        ("en", "ltr", "1 / ", "Do you have a bad headache?"),
        ("nb", "ltr", "1 / ", "Har du sterk hodepine?"),
        ("fa", "rtl", "۱ / ", "آیا سردرد شدید دارید؟"),
    ],
)
def test_it_speaks_three_languages(token, language, direction, count, question):
    answer = page(token, f"?lang={language}")
    text = answer.content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in text
    assert answer["Content-Language"] == language
    assert f'<p class="count">{count}' in text and question in text
    for other in ("en", "nb", "fa"):
        assert f'href="?lang={other}"' in text


def test_it_begins_in_the_patients_language_whatever_the_browser_says(token):
    text = Client().get(f"/r/{token}/", headers={"Accept-Language": "nb"}).content.decode()
    assert '<html lang="fa" dir="rtl">' in text
    assert '<html lang="fa"' in page(token, "?lang=xx").content.decode()


def test_it_names_neither_patient_nor_hospital_nor_drug(token, session, hospital):
    patient = session.patient
    secrets = [
        CANARY, "Rogn", "Særpreget", patient.medical_record_number, patient.pseudonym, hospital.ward.name,
        "Kiovig", "immunoglobulin", "Immunoglobulin", "ایمونوگلوبولین", "IVIG", "CIDP", "LOT-", "1980",
        hospital.nurse.display_name,
    ]  # fmt: skip
    Client().post(f"/r/{token}/answers/", {}, content_type="application/json")
    for query in ("?lang=en", "?lang=nb", "?lang=fa", "?new=1"):
        answer = page(token, query)
        everything = answer.content.decode() + str(answer.headers)
        assert not [secret for secret in secrets if secret in everything]


def test_no_cookie_no_referrer_no_copy_and_nobody_finds_it(token):
    for answer in (page(token), page(token, "answers/"), Client().post(f"/r/{token}/", {})):
        assert not answer.cookies
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy and answer["X-Frame-Options"] == "DENY"


def test_nothing_runs_or_is_styled_inside_the_page(token):
    text = page(token).content.decode()
    scripts = re.findall(r"<script([^>]*)>", text)
    assert all("src=" in script or "application/json" in script for script in scripts)
    assert "<style" not in text and "style=" not in text and not re.search(r"\son\w+=", text)


def test_a_signed_in_person_sees_the_same_page(token, hospital):
    client = Client()
    client.force_login(hospital.nurse)
    text = client.get(f"/r/{token}/?lang=en").content.decode()
    assert hospital.nurse.display_name not in text and "sign-out" not in text


def test_a_radio_of_each_answer_for_each_symptom(token):
    text = page(token, "?lang=en").content.decode()
    names = re.findall(r'name="a\.([a-z0-9_]+)" value="(\w+)"', text)
    by_symptom: dict[str, list[str]] = {}
    for name, value in names:
        by_symptom.setdefault(name, []).append(value)
    assert len(by_symptom) > 20
    assert set(map(tuple, by_symptom.values())) == {("yes", "no", "unknown")}
    assert text.count("<legend>") == len(by_symptom)


@pytest.mark.parametrize("path", ["", "answers/", "answers", "nothing/here/", "?lang=fa"])
@pytest.mark.parametrize("right", [True, False])
def test_no_log_line_holds_a_token(token, path, right):
    """Django itself logs the address of whatever is refused."""
    token = token if right else "Canary" + "x" * 37
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(Plain())
    handler.addFilter(MessagesWithoutWords())
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        for method in ("get", "post", "put", "delete"):
            getattr(Client(raise_request_exception=False), method)(f"/r/{token}/{path}")
        logging.getLogger("django.server").propagate = True
        logging.getLogger("trial").warning(f'"GET /r/{token}/ HTTP/1.1" 404')
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert token not in lines.getvalue() and "Canary" not in lines.getvalue()
    assert "/r/…" in lines.getvalue()


def test_the_proxy_does_not_log_a_token_either():
    from ivig_monitor.launch.places import ROOT

    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    log_format = text.partition("log_format without_query")[2].partition(";")[0]
    assert "$uri_without_tokens" in log_format and "$uri " not in log_format
    assert re.search(r"map \$uri \$uri_without_tokens \{\s+~\^/\+r/", text)
