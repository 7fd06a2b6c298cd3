"""A physician opens a course, and the dose is the Norwegian page's worked example."""

from tests.clients import ApiClient
from tests.entries import course_entry
from tests.flow.steps import new_patient, open_course
from tests.stack import Stack

TODAY = "2026-11-21"


def test_the_worked_example_comes_out_with_whole_vials_beside_it(stack: Stack) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    course = open_course(physician, new_patient(nurse, "dose-1"), TODAY)
    dose = course["dose"]
    assert (dose["total_g"], dose["total_ml"]) == ("120", "1200")
    assert (dose["per_day_g"], dose["per_day_ml"]) == ("24", "240")
    day = course["infusion_days"][0]
    assert day["vials"] == [{"size_ml": 200, "count": 1}, {"size_ml": 50, "count": 1}]
    assert (day["volume_ml"], day["dose_g"]) == ("250", "25")


def test_the_assessment_equals_what_is_opened_and_writes_nothing(stack: Stack) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    patient = new_patient(nurse, "dose-2")
    before = len(physician.read("courses/"))
    entry = course_entry(
        patient,
        TODAY,
        product_code="octagam_5",
        days=2,
        profile={"weight_kg": "۶۰", "conditions": ["sepsis"]},
    )
    assessment = physician.write("course-assessments/", entry)
    assert assessment["dose"]["total_ml"] == "2400"
    assert assessment["rounded"]["volume_ml"] == assessment["least_waste"]["volume_ml"] == "1200"
    assert len(physician.read("courses/")) == before


def test_a_nurse_may_not_open_a_course_and_a_contraindication_stops_it(stack: Stack) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    entry = course_entry(new_patient(nurse, "dose-3"), TODAY)
    assert nurse.post("courses/", entry).json()["code"] == "not_your_role"
    refused = physician.post("courses/", entry | _with("ivig_allergy"))
    assert (refused.status_code, refused.json()["code"]) == (400, "course_blocked")
    unexplained = physician.post("courses/", entry | _with("severe_heart_failure"))
    assert unexplained.json()["code"] == "findings_unanswered"
    ten_times = physician.post("courses/", course_entry(1, TODAY, profile={"weight_kg": "600"})).json()
    assert "weight_kg" in ten_times["extra"]["fields"]["profile"]


def _with(condition: str) -> dict[str, object]:
    return {"profile": course_entry(0, TODAY)["profile"] | {"conditions": [condition]}}
