"""A physician opens a course, and the dose is the Norwegian page's worked example."""

from tests.clients import ApiClient
from tests.flow.steps import new_patient, open_course
from tests.stack import Stack


def test_the_worked_example_comes_out_with_whole_vials_beside_it(stack: Stack) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    patient = new_patient(nurse, "dose-1")
    dose = open_course(physician, patient, "2026-11-21")["dose"]
    assert (dose["total_g"], dose["total_ml"]) == ("120", "1200")
    assert (dose["per_day_g"], dose["per_day_ml"]) == ("24", "240")
    assert dose["vials"] == [{"size_ml": 200, "count": 1}, {"size_ml": 50, "count": 1}]
    assert dose["vial_volume_ml_per_day"] == "250"
    assert (dose["deviation_percent"], dose["within_tolerance"]) == ("4.17", True)


def test_the_preview_equals_what_is_opened_and_writes_nothing(stack: Stack) -> None:
    physician = ApiClient(stack, "physician")
    before = len(physician.read("courses/"))
    preview = physician.write(
        "dose-previews/", {"product_code": "octagam_5", "weight_kg": "۶۰", "dose_g_per_kg": "2", "days": 2}
    )
    assert (preview["total_ml"], preview["vial_volume_ml_per_day"]) == ("2400", "1200")
    assert preview["warnings"][0]["code"] == "daily_dose_thrombosis"
    assert len(physician.read("courses/")) == before


def test_a_nurse_may_not_open_a_course_and_a_blocked_contraindication_stops_it(stack: Stack) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    patient = new_patient(nurse, "dose-2")
    entry = {
        "patient_id": patient,
        "indication_code": "nel_cidp",
        "product_code": "kiovig",
        "weight_kg": "60",
        "dose_g_per_kg": "2",
        "days": 5,
        "starts_on": "2026-11-21",
    }
    assert nurse.post("courses/", entry).json()["code"] == "not_your_role"
    refused = physician.post("courses/", entry | {"contraindications": ["ivig_allergy"]})
    assert (refused.status_code, refused.json()["code"]) == (400, "contraindicated")
    unexplained = physician.post("courses/", entry | {"contraindications": ["severe_heart_failure"]})
    assert unexplained.json()["code"] == "override_reason_needed"
    ten_times = physician.post("courses/", entry | {"weight_kg": "600"}).json()
    assert "weight_kg" in ten_times["extra"]["fields"]
