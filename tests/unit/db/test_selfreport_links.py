"""A link opens a form for whoever holds it, for a time, until somebody takes it back; nobody can guess one."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from apps.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from apps.ledger.models import Event
from apps.selfreport.domain import LIMITS, Purpose, new_token, token_digest
from apps.selfreport.models import Knocks, SelfReportLink
from apps.selfreport.selectors import expiry_of, link_of_token
from apps.selfreport.services import issue_link, revoke_link
from tests.builders import NOW, Door, finish, running_session

pytestmark = pytest.mark.django_db
CANARY = "Testperson Rogn-Særpreget"


@pytest.fixture
def session(hospital):
    return running_session(hospital)


@pytest.fixture
def ended(hospital, session):
    return finish(hospital, session.pk)


def issue(hospital, session, now, language="nb", person=None):
    return issue_link(
        performer=person or hospital.nurse, course_id=session.course_id, language=language, now=now
    )


def opened(token, **headers):
    return Client().get(f"/r/{token}/", headers=headers)


def test_only_a_digest_is_kept_and_no_event_or_answer_tells_the_token(hospital, session, ended):
    answer = Door(hospital.nurse).post(f"courses/{session.course_id}/self-report-link/", {"language": "nb"})
    assert answer.status_code == 201 and answer["Cache-Control"] == "no-store"
    token = answer.json()["token"]
    assert answer.json()["url"].endswith(f"/r/{token}/") and len(token) == 43
    link = SelfReportLink.objects.get()
    assert link.token_hash == token_digest(token)
    again = Door(hospital.nurse).get(f"courses/{session.course_id}/self-report-link/").json()
    assert [entry["id"] for entry in again] == [link.pk] and token not in str(again)
    event = Event.objects.get(name="selfreport.link.issued")
    assert (event.actor, event.payload["patient_id"]) == (f"user:{hospital.nurse.pk}", session.patient_id)
    from apps.edge.models import ANSWERS, IdempotentAnswer

    kept = IdempotentAnswer.objects.all()
    answers = [ANSWERS.open(answer.body, answer.key) for answer in kept if answer.body]
    everything = str([*Event.objects.values(), *kept.values(), *answers, link.__dict__])
    assert token not in everything


def test_no_two_tokens_are_alike_and_each_holds_256_bits():
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200 and all(re.fullmatch(r"[\w-]{43}", token, re.ASCII) for token in tokens)


def test_a_new_link_closes_the_one_before(hospital, session, ended, clock):
    clock.set(ended)
    first, second = issue(hospital, session, ended), issue(hospital, session, ended)
    assert (opened(first.token).status_code, opened(second.token).status_code) == (404, 200)
    first.link.refresh_from_db()
    assert (first.link.revocation, first.link.revoked_by) == ("reissued", hospital.nurse)
    assert SelfReportLink.objects.filter(revoked_at__isnull=True).count() == 1


def test_taken_back_it_opens_for_nobody_and_says_who_did_it(hospital, session, ended, clock):
    clock.set(ended)
    issued = issue(hospital, session, ended)
    link_id = issued.link.pk
    revoke_link(performer=hospital.physician, link_id=link_id, reason="Wrong number.", now=ended)
    assert opened(issued.token).status_code == 404
    event = Event.objects.get(name="selfreport.link.revoked")
    assert (event.actor, event.payload["reason"]) == (f"user:{hospital.physician.pk}", "Wrong number.")
    with pytest.raises(ConflictError):
        revoke_link(performer=hospital.nurse, link_id=link_id, reason="", now=ended)


def test_it_opens_until_the_last_call_and_two_days_more_and_follows_the_plan(hospital, session, ended, clock):
    issued = issue(hospital, session, ended)
    last = expiry_of(issued.link)
    assert last - timedelta(hours=48) > ended
    clock.set(last - timedelta(seconds=1))
    assert opened(issued.token).status_code == 200
    clock.set(last)
    assert opened(issued.token).status_code == 404


def test_given_out_before_the_infusion_ends_it_opens_and_lives_by_the_plan_later(hospital, session, clock):
    issued = issue(hospital, session, NOW)
    assert expiry_of(issued.link) == NOW + timedelta(days=30)
    clock.set(NOW)
    assert opened(issued.token).status_code == 200
    finish(hospital, session.pk)
    assert expiry_of(issued.link) != NOW + timedelta(days=30)


def test_who_may_give_it_out(hospital, elsewhere, session, ended):
    issue(hospital, session, ended, person=hospital.physician)
    for person in (hospital.safety_officer, hospital.administrator):
        with pytest.raises(ForbiddenError):
            issue(hospital, session, ended, person=person)
    with pytest.raises(NotFoundError):
        issue(hospital, session, ended, person=elsewhere.nurse)
    with pytest.raises(DomainError, match="English"):
        issue(hospital, session, ended, language="de")


def test_wrong_expired_and_taken_back_look_the_same_in_three_languages(
    hospital, session, ended, clock, settings
):
    settings.EMERGENCY_NUMBER = "113"
    clock.set(ended)
    replaced = issue(hospital, session, ended)
    taken = issue(hospital, session, ended)
    revoke_link(performer=hospital.nurse, link_id=taken.link.pk, reason="", now=ended)
    expired = issue(hospital, session, ended)
    clock.set(ended + timedelta(days=130))
    pages = [
        opened(token)
        for token in (replaced.token, taken.token, expired.token, new_token(), "x", "x" * 44, "é" * 43)
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages if page.status_code == 404}) == 1
    text = pages[0].content.decode()
    for language, direction in (("en", "ltr"), ("fa", "rtl"), ("nb", "ltr")):
        assert f'lang="{language}" dir="{direction}"' in text
    assert 'href="tel:113"' in text and "۱۱۳" in text
    assert pages[0]["Referrer-Policy"] == "no-referrer" and pages[0]["Cache-Control"] == "no-store"


def test_guessing_is_counted_and_a_neighbour_at_the_same_address_still_gets_in(
    hospital, session, ended, clock
):
    clock.set(ended)
    issued = issue(hospital, session, ended)
    limit = LIMITS[Purpose.WRONG_LINK].requests
    codes = [opened(new_token()).status_code for _ in range(limit + 2)]
    assert codes == [404] * limit + [429] * 2
    assert opened(issued.token).status_code == 200
    assert "127.0.0.1" not in str(list(Knocks.objects.values()))


def test_a_link_that_is_hammered_rests(hospital, session, ended, clock, monkeypatch):
    clock.set(ended)
    issued = issue(hospital, session, ended)
    monkeypatch.setitem(LIMITS, Purpose.LINK, type(LIMITS[Purpose.LINK])(3, timedelta(minutes=10)))
    assert [opened(issued.token).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_an_address_that_floods_rests(hospital, session, ended, clock, monkeypatch, settings):
    clock.set(ended)
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR"
    issued = issue(hospital, session, ended)
    monkeypatch.setitem(LIMITS, Purpose.ADDRESS, type(LIMITS[Purpose.ADDRESS])(2, timedelta(minutes=10)))
    one, other = {"X-Forwarded-For": "2001:db8::1"}, {"X-Forwarded-For": "192.0.2.7"}
    assert [opened(issued.token, **one).status_code for _ in range(3)] == [200, 200, 429]
    assert opened(issued.token, **other).status_code == 200


def test_after_the_link_page_nobody_sees_the_token_again(hospital, session, ended, clock):
    clock.set(ended)
    issued = issue(hospital, session, ended)
    client = Client()
    client.force_login(hospital.nurse)
    page = client.get(f"/courses/{session.course_id}/self-report/")
    assert page.status_code == 200 and issued.token not in page.content.decode()
    client.force_login(hospital.administrator)
    assert client.get(f"/courses/{session.course_id}/self-report/").status_code == 403
    assert link_of_token(issued.token, now=ended) == issued.link
