"""A site's own documents: one writes, another approves, and courses keep what they were planned with."""

import pytest
import yaml

from apps.guidelines.models import GuidelineRelease
from apps.guidelines.selectors import current_guidelines, current_version, guidelines_version
from apps.guidelines.services import (
    approve_site_document,
    load_guidelines,
    submit_site_document,
    withdraw_site_document,
)
from apps.kernel.errors import DomainError
from tests.builders import NOW, PASSWORD, Door, admit_patient, order_course

pytestmark = pytest.mark.django_db
DOCUMENT = {
    "code": "site_pharmacy",
    "title": "Our pharmacy",
    "language": "en",
    "sources": {"OURLEAFLET": {"title": "The leaflet in the box", "read": "whole"}},
    "products": [
        {
            "code": "kiovig",
            "name": "Kiovig (our stock)",
            "concentration_mg_per_ml": "100",
            "vial_sizes_ml": [100],
            "stabiliser": "glycine",
            "sugar": "none",
            "iga_max_ug_per_ml": 140,
            "sodium": "",
            "region": "EU",
            "initial_rate_ml_per_kg_h": "0.3",
            "max_rate_ml_per_kg_h": "3",
            "hazards": [],
            "unverified": [],
            "cite": {"keys": ["OURLEAFLET"], "section": "2", "quote": ""},
            "rate_cite": {"keys": ["OURLEAFLET"], "section": "4.2", "quote": ""},
        }
    ],
}


@pytest.fixture
def other_physician(hospital, elsewhere):
    return elsewhere.physician


def submit(hospital, document=DOCUMENT):
    return submit_site_document(
        performer=hospital.physician, content=yaml.safe_dump(document), note="our stock", now=NOW
    )


def code_of(action):
    with pytest.raises(DomainError) as raised:
        action()
    return raised.value.code


def approve(document, performer):
    return approve_site_document(performer=performer, document_id=document.pk, own_password=PASSWORD, now=NOW)


def test_it_counts_from_its_approval_on_and_not_before(hospital, other_physician):
    before = current_version()
    document = submit(hospital)
    load_guidelines(now=NOW)
    assert current_version() == before
    approve(document, other_physician)
    product = current_guidelines().product("kiovig")
    assert (product.name, product.vial_sizes_ml) == ("Kiovig (our stock)", (100,))
    assert [p.code for p in current_guidelines().products].count("kiovig") == 1
    site = current_guidelines().document("site_pharmacy").site
    assert (site.author, site.approver) == (
        hospital.physician.display_name,
        other_physician.display_name,
    )


def test_a_course_keeps_the_version_it_was_planned_with(hospital, other_physician):
    course = order_course(hospital, admit_patient(hospital))
    approve(submit(hospital), other_physician)
    assert guidelines_version(course.guideline_version).product("kiovig").name == "Kiovig"
    shown = Door(hospital.nurse).get(f"courses/{course.pk}/").json()
    assert shown["product"]["name"] == "Kiovig"


def test_nobody_approves_their_own(hospital):
    document = submit(hospital)
    assert code_of(lambda: approve(document, hospital.physician)) == "approver_is_author"
    assert code_of(lambda: approve(document, hospital.nurse)) == "not_your_role"


def test_approving_takes_ones_own_password_and_happens_once(hospital, other_physician):
    document = submit(hospital)
    assert (
        code_of(
            lambda: approve_site_document(
                performer=other_physician, document_id=document.pk, own_password="x", now=NOW
            )
        )
        == "own_password_wrong"
    )
    approve(document, other_physician)
    assert code_of(lambda: approve(document, other_physician)) == "already_approved"


def test_withdrawn_the_shipped_one_counts_again(hospital, other_physician):
    before = current_version()
    document = submit(hospital)
    approve(document, other_physician)
    assert (
        code_of(
            lambda: withdraw_site_document(
                performer=other_physician, document_id=document.pk, reason="", now=NOW
            )
        )
        == "withdrawal_reason_needed"
    )
    withdraw_site_document(performer=other_physician, document_id=document.pk, reason="recalled", now=NOW)
    assert current_version() == before
    assert GuidelineRelease.objects.count() >= 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "products"}, "site_document_invalid"),
        ({"observation_rules": []}, "site_document_invalid"),
        ({"products": [{"code": "kiovig"}]}, "guideline_invalid"),
        ({"products": [DOCUMENT["products"][0] | {"max_rate_ml_per_kg_h": 6.0}]}, "guideline_invalid"),
        ({"products": [DOCUMENT["products"][0] | {"hazards": ["unknown"]}]}, "guideline_invalid"),
    ],
)
def test_what_would_not_fit_is_refused_when_it_is_submitted(hospital, changes, code):
    assert code_of(lambda: submit(hospital, DOCUMENT | changes)) == code


@pytest.mark.parametrize("content", ["", "just words", "a: [1", "- 1"])
def test_what_is_no_document_is_refused(hospital, content):
    assert (
        code_of(lambda: submit_site_document(performer=hospital.physician, content=content, note="", now=NOW))
        == "site_document_invalid"
    )


def test_over_the_api_the_whole_way(hospital, other_physician):
    writer, approver = Door(hospital.physician), Door(other_physician)
    entry = {"content": yaml.safe_dump(DOCUMENT), "note": "our stock"}
    assert Door(hospital.nurse).post("site-documents/", entry).json()["code"] == "not_your_role"
    submitted = writer.post("site-documents/", entry)
    assert submitted.status_code == 201, submitted.json()
    path = f"site-documents/{submitted.json()['id']}/"
    assert approver.post(path + "approve/", {"own_password": PASSWORD}).status_code == 200
    assert writer.get("site-documents/").json()[0]["approver"] == other_physician.display_name
    assert approver.post(path + "withdraw/", {"reason": "recalled"}).status_code == 200
