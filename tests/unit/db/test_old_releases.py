"""A course stays with the release it was planned with, also after the documents took another shape."""

import importlib
from decimal import Decimal

import pytest
from django.apps import apps

from apps.courses.api.shapes import CourseSerializer
from apps.courses.models import Course
from apps.guidelines.models import GuidelineRelease
from apps.guidelines.selectors import current_guidelines, guidelines_version
from tests.builders import NOW, Door, admit_patient, order_course

pytestmark = pytest.mark.django_db

migration = importlib.import_module("apps.guidelines.migrations.0002_indications")

CITE = {"keys": ["NEL"], "section": "Preparater og dosering", "quote": "Vanlig initial dose er 2g/kg"}
NAME = {"en": "CIDP", "nb": "CIDP", "fa": "CIDP"}
OLD_DOCUMENTS = {
    "sources": {
        "code": "sources",
        "title": "Sources",
        "language": "en",
        "sources": {"NEL": {"title": "NEL", "read": "whole"}},
    },
    "nel_ivig_nb": {
        "code": "nel_ivig_nb",
        "title": "Intravenøs immunglobulin (IVIG)",
        "language": "nb",
        "contraindications": [
            {
                "code": "iga_deficiency",
                "handling": "confirm",
                "name": NAME,
                "remark": "Labels.",
                "cite": CITE,
            },
            {"code": "ivig_allergy", "handling": "block", "name": NAME, "remark": "", "cite": CITE},
        ],
        "regimens": [
            {
                "code": "cidp",
                "name": NAME,
                "dose_mg_per_kg": "2000",
                "days_options": [5, 2],
                "maintenance_quote": "Gjentatte kurer",
                "cite": CITE,
            },
            {
                "code": "mmn",
                "name": NAME,
                "dose_mg_per_kg": "2000",
                "days_options": [5],
                "maintenance_quote": "",
                "cite": CITE,
            },
        ],
        "tests_before": [{"code": "crp", "repeat_each_course": True, "name": NAME, "cite": CITE}],
        "rate_tables": [
            {
                "code": "nel_100mg_per_ml",
                "concentration_mg_per_ml": "100",
                "product_codes": [],
                "cite": CITE,
                "steps": [
                    {
                        "rate_ml_per_kg_h": "0.5",
                        "min_duration_minutes": None,
                        "max_duration_minutes": None,
                        "quote": "",
                    }
                ],
            }
        ],
    },
    "products": {
        "code": "products",
        "title": "Products",
        "language": "en",
        "products": [
            {
                "code": "kiovig",
                "name": "Kiovig",
                "concentration_mg_per_ml": "100",
                "vial_sizes_ml": [10, 25, 50, 100, 200, 300],
                "stabiliser": "glycine",
                "iga_max_ug_per_ml": 140,
                "region": "EU",
                "initial_rate_ml_per_kg_h": "0.5",
                "max_rate_ml_per_kg_h": "6",
                "hazards": ["proline"],
                "cite": CITE,
                "rate_cite": CITE,
            }
        ],
        "hazards": [{"code": "proline", "text": NAME, "cite": CITE}],
    },
}


@pytest.fixture
def old_release(hospital):
    release = GuidelineRelease.objects.create(
        version="0" * 64, documents=OLD_DOCUMENTS, document_hashes={}, loaded_at=NOW
    )
    migration.upgrade_releases(apps, None)
    return release


def test_an_old_release_says_what_it_said(old_release):
    guidelines = guidelines_version(old_release.version)
    cidp, mmn = guidelines.indications
    assert (cidp.slug, cidp.document, cidp.row) == ("cidp", "nel_ivig_nb", None)
    (dose,) = cidp.regimens
    assert (dose.amount_mg_per_kg_min, dose.amount_mg_per_kg_max) == (Decimal(2000), Decimal(2000))
    assert (dose.basis, dose.days_min, dose.days_max, dose.queried) == ("total_course", 2, 5, False)
    assert cidp.quotes == ("Vanlig initial dose er 2g/kg", "Gjentatte kurer")
    assert (mmn.regimens[0].days_min, mmn.quotes) == (5, ("Vanlig initial dose er 2g/kg",))
    deficiency, allergy = guidelines.contraindications
    assert (deficiency.handling, deficiency.when) == ("confirm", ("iga_deficiency",))
    assert deficiency.remark and deficiency.remark.nb == "Labels."
    assert (allergy.handling, allergy.remark) == ("block", None)
    assert allergy.citations[0].quote == CITE["quote"]
    (test,) = guidelines.tests_before
    assert (test.repeat_each_course, test.before_first_dose_only) == (True, False)
    product = guidelines.product("kiovig")
    assert not product.missing and product.unverified == ()
    assert [(hazard.handling, hazard.when) for hazard in product.hazards] == [("caution", ())]


def test_a_course_planned_with_an_old_release_still_opens(hospital, old_release):
    course = order_course(hospital, admit_patient(hospital))
    Course.objects.filter(pk=course.pk).update(
        guideline_version=old_release.version,
        indication_code="cidp",
    )
    shown = Door(hospital.physician).get(f"courses/{course.pk}/").json()
    assert shown["indication"]["code"] == "cidp"
    assert shown["dose"] == CourseSerializer(course).data["dose"]


def test_releases_of_today_s_shape_stay_as_they_are(release):
    current = GuidelineRelease.objects.get(is_current=True)
    before = current.documents
    migration.upgrade_releases(apps, None)
    current.refresh_from_db()
    assert current.documents == before
    assert current_guidelines().indications
