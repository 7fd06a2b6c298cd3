"""What a page without network rests on: the worker at the root, a shell without anybody's data, and honest authors."""

import uuid

import pytest
from django.test import Client

from tests.builders import Hospital

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, hospital: Hospital) -> Client:
    client.force_login(hospital.nurse)
    return client


def test_the_worker_governs_the_whole_site_and_is_never_old(client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-store" in answer["Cache-Control"]


def test_the_shell_shows_nobodys_data_and_keeps_the_content_policy(
    signed_in: Client, hospital: Hospital
) -> None:
    answer = signed_in.get("/offline/")
    assert answer.status_code == 200
    assert hospital.nurse.display_name not in answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_an_entry_of_somebody_elses_page_is_refused(signed_in: Client) -> None:
    def send(performer: str) -> dict:  # type: ignore[type-arg]
        return signed_in.post(
            "/api/v1/sessions/1/observations/",
            {},
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid.uuid4()), "Ivig-Performer": performer},
        ).json()

    me = str(signed_in.session["_auth_user_id"])
    assert send(me)["code"] != "other_person_signed_in"
    assert send(me + "0")["code"] == "other_person_signed_in"
