"""The steps of the main job over the API, as the stories take them."""

from typing import Any

from tests.clients import ApiClient
from tests.entries import answered, course_entry
from tests.stack import Stack

MEASURED = {
    "systolic_mmhg": "122",
    "diastolic_mmhg": "78",
    "pulse_per_min": "72",
    "respiratory_rate_per_min": "14",
    "spo2_percent": "98",
    "temperature_c": "36.7",
}
QUIET = MEASURED | {"oxygen_l_per_min": "0", "consciousness": "alert"}


def ward_id(client: ApiClient) -> int:
    """The person's only ward."""
    (ward,) = client.read("wards/")
    number: int = ward["id"]
    return number


def new_patient(nurse: ApiClient, number: str, **changes: Any) -> int:
    """Register an invented adult on the nurse's ward."""
    entry = {
        "name": f"Test {number}",
        "birth_date": "1980-05-17",
        "sex": "female",
        "medical_record_number": f"TEST-{number}",
        "ward_id": ward_id(nurse),
        "bed": number,
    }
    patient: int = nurse.write("patients/", entry | changes)["id"]
    return patient


def open_course(physician: ApiClient, patient_id: int, today: str, **changes: Any) -> dict[str, Any]:
    """The worked example of the Norwegian page, with every finding answered."""
    entry = course_entry(patient_id, today, **changes)
    assessment = physician.write("course-assessments/", entry)
    course: dict[str, Any] = physician.write("courses/", answered(entry, assessment))
    return course


def start_day(nurse: ApiClient, course_id: int, day_number: int = 1) -> dict[str, Any]:
    """Start a day with quiet baseline vital signs."""
    entry = {
        "day_number": day_number,
        "identity_confirmed": True,
        "baseline": QUIET,
        "vials": [{"lot_number": "LOT-TEST-1", "expires_on": "2030-12-31", "volume_ml": "250"}],
    }
    session: dict[str, Any] = nurse.write(f"courses/{course_id}/sessions/", entry)
    return session


def running_infusion(stack: Stack, nurse: ApiClient, physician: ApiClient, number: str) -> dict[str, Any]:
    """A new patient's first day, just started."""
    patient = new_patient(nurse, number)
    course = open_course(physician, patient, stack.clinical_now.date().isoformat())
    return start_day(nurse, course["id"])


def board_row(client: ApiClient, ward: int, row_id: str) -> dict[str, Any] | None:
    """What the ward's board shows of one thing; None when it is not on it."""
    rows = client.read(f"wards/{ward}/board/")["rows"]
    return next((row for row in rows if row["row_id"] == row_id), None)
