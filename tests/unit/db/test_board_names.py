"""In a corridor the board knows beds and initials: a patient's name is not shown, and not sent either."""

import pytest
from django.test import Client

from tests.builders import NOW, Door, observe, running_session

pytestmark = pytest.mark.django_db
NAME = "Testperson Rogn-Særpreget"
PARTS = ("Testperson", "Rogn", "Særpreget", r"S\u00e6rpreget")


@pytest.fixture
def session(hospital):
    return running_session(hospital, name=NAME)


@pytest.fixture
def client(hospital):
    client = Client()
    client.force_login(hospital.nurse)
    return client


@pytest.fixture
def page(hospital, session, client):
    def open_page(query=""):
        answer = client.get(f"/wards/{hospital.ward.pk}/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return open_page


def names_in(text):
    return [part for part in PARTS if part in text]


def test_snapshot_and_changes_send_initials_and_bed_and_nothing_else_of_a_person(hospital, session):
    door = Door(hospital.nurse)
    board = f"wards/{hospital.ward.pk}/board/"
    before = door.get(board, names="initials")
    observe(hospital, session.pk, NOW, systolic_mmhg=84)
    after = door.get(f"{board}changes/", names="initials", after=before.json()["sequence"])
    for answer in (before, after):
        assert names_in(answer.content.decode()) == []
        (person,) = answer.json()["people"].values()
        assert person == {"name": "T.R.", "bed": session.patient.bed}
    assert {row["kind"] for row in after.json()["rows"]} == {"session", "alert"}


def test_without_being_asked_the_board_names_people_in_full(hospital, session):
    door = Door(hospital.nurse)
    (person,) = door.get(f"wards/{hospital.ward.pk}/board/").json()["people"].values()
    assert person["name"] == NAME
    assert person["age_years"] == 45


def test_a_misspelt_wish_is_refused(hospital, session):
    answer = Door(hospital.nurse).get(f"wards/{hospital.ward.pk}/board/", names="initial")
    assert answer.status_code == 400


def test_the_corridor_page_carries_no_name_in_its_html(page):
    html = page("?view=kiosk")
    assert names_in(html) == []
    assert "T.R." in html
    assert "/patients/" not in html


def test_a_device_in_a_corridor_stays_one_without_names_until_somebody_chooses_otherwise(page, client):
    page("?view=kiosk")
    assert client.cookies["board_view"].value == "kiosk"
    assert names_in(page()) == []
    assert names_in(page("?view=normal")) != []
    assert names_in(page()) != []


@pytest.mark.parametrize("word", ["kiosque", "KIOSK", "<script>"])
def test_a_view_nobody_knows_is_answered_without_names(page, word):
    assert names_in(page(f"?view={word}")) == []
