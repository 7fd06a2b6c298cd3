"""A course stays with the release it was planned with, also after the documents took another shape."""

import importlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps

from apps.courses.api.shapes import CourseSerializer
from apps.courses.models import Course
from apps.guidelines.models import GuidelineRelease
from apps.guidelines.selectors import current_guidelines, guidelines_version
from apps.infusions import services
from apps.infusions.models import InfusionSession, Reaction
from apps.infusions.presentation import present
from apps.infusions.selectors import access_session
from apps.kernel.errors import DomainError
from tests.builders import (
    NOW,
    Door,
    admit_patient,
    climb,
    finish,
    observe,
    order_course,
    react,
    start_day,
    vial,
    vitals,
    watch,
)

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


# An infusion whose course pins a release from before the bedside was in the documents

OLD_SIGNS = (
    "systolic_mmhg", "diastolic_mmhg", "pulse_per_min", "respiratory_rate_per_min", "spo2_percent", "temperature_c",
)  # fmt: skip
LATER = {"news2", "bedside_pews", "observation_schedule", "reference_ranges", "reaction_guidance"}
LATER_RULES = {"ages", "parts", "parameters", "organ_groups"}


def without(node, *names):
    return {name: value for name, value in node.items() if name not in names}


def as_before_the_bedside(documents):
    """Six signs, adults' rules that look at one sign, terms without organs, no schedule, no score, no rate rules."""
    rules, reactions = documents["observation_rules"], documents["reactions"]
    old_rules = without(rules, "assessed_signs") | {
        "vital_signs": [
            without(sign, "needed_for") for sign in rules["vital_signs"] if sign["code"] in OLD_SIGNS
        ],
        "observation_rules": [
            rule
            for rule in rules["observation_rules"]
            if not LATER_RULES & set(rule) and rule.get("sign") in OLD_SIGNS
        ],
    }
    old_reactions = reactions | {
        "reaction_terms": [
            without(term, "organ_groups")
            for term in reactions["reaction_terms"]
            if term["code"] in ("headache", "urticaria")
        ]
    }
    kept = {code: without(body, "rate_rules") for code, body in documents.items() if code not in LATER}
    return kept | {"observation_rules": old_rules, "reactions": old_reactions}


@pytest.fixture
def session(hospital, clock):
    """A day of a course from before, started today."""
    current = GuidelineRelease.objects.get(is_current=True)
    old = GuidelineRelease.objects.create(
        version="1" * 64,
        documents=as_before_the_bedside(current.documents),
        document_hashes={},
        loaded_at=NOW,
    )
    course = order_course(hospital, admit_patient(hospital))
    Course.objects.filter(pk=course.pk).update(guideline_version=old.version)
    return start_day(hospital, course, vials=[vial(volume_ml=Decimal(300))])


def minutes(count):
    return NOW + timedelta(minutes=count)


def test_it_is_pinned_to_its_release_which_knows_nothing_of_the_bedside(session):
    pinned = guidelines_version(session.guideline_version)
    assert session.guideline_version == "1" * 64
    assert not (pinned.observation_schedules or pinned.score_tables or pinned.rate_rules)
    assert {rule.group for rule in pinned.observation_rules} >= {"hypotension", "tachycardia"}


def test_its_vital_signs_are_due_by_today_s_schedule(hospital, session):
    assert session.observation_due_at == minutes(15)
    observe(hospital, session.pk, minutes(10), systolic_mmhg=84, pulse_per_min=135, spo2_percent=90)
    assert access_session(hospital.nurse, session.pk).observation_due_at == minutes(15), "an emergency score"


def test_its_gate_asks_for_the_signs_of_today(hospital, session):
    observe(hospital, session.pk, minutes(30), consciousness=None)
    shown = present(access_session(hospital.nurse, session.pk), now=minutes(30))
    assert [hold["code"] for hold in shown["next_step"]["gate"]["holds"]] == ["gate_vital_missing"]
    assert climb(hospital, session.pk, to_step=2) == minutes(35)


def test_its_baseline_too(hospital, session):
    services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(1))
    course = Course.objects.get(pk=session.course_id)
    with pytest.raises(DomainError) as refused:
        start_day(hospital, course, day=2, baseline=vitals(NOW, oxygen_l_per_min=None))
    assert refused.value.code == "baseline_incomplete"


def test_its_scores_are_today_s_and_its_rules_its_own(hospital, session):
    observe(hospital, session.pk, minutes(10), systolic_mmhg=84)
    shown = present(access_session(hospital.nurse, session.pk), now=minutes(10))
    assert (shown["score"]["code"], shown["score"]["total"]) == ("news2", 3)
    assert [alert.code for alert in shown["alerts"]] == ["hypotension"], "no combination was in it"


def test_its_reactions_may_be_of_a_term_that_came_later(hospital, session):
    react(hospital, session.pk, minutes(5), term="wheezing", severity="moderate", action="slow")
    assert Reaction.objects.get().term == "wheezing"
    shown = present(access_session(hospital.nurse, session.pk), now=minutes(6))
    assert (shown["rate_ml_per_h"], shown["reactions"][0]["term_name"]) == (15, "Wheezing")


def test_one_tap_is_enough_there_too(hospital, session, clock):
    clock.set(minutes(5))
    door, path = Door(hospital.nurse), f"sessions/{session.pk}/reactions/"
    assert door.post(path, {}).json()["state"] == "paused"
    assert door.get("adverse-events/").json()[0]["term"] == "unspecified"
    assert door.get(f"adverse-events/{door.get('adverse-events/').json()[0]['id']}/").status_code == 200


def test_it_runs_to_its_end_and_is_watched(hospital, session):
    ended = finish(hospital, session.pk)
    assert session.watch_minutes_after == 60
    assert watch(hospital, session.pk) == ended + timedelta(minutes=60)
    assert InfusionSession.objects.get().state == "completed"
