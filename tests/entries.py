"""What clients send when they order a course."""

from typing import Any


def course_entry(patient_id: int, starts_on: str, **changes: Any) -> dict[str, Any]:
    """60 kg, 2 g/kg over 5 days, Kiovig 100 mg/mL: the Norwegian page's worked example.

    `profile` in the changes is merged into the profile.
    """
    profile = {"weight_kg": "60", "weighed_on": starts_on, "blood_group": "O", "iga": "normal"}
    entry = {
        "patient_id": patient_id,
        "indication_code": "nel_cidp",
        "regimen_code": "initial",
        "product_code": "kiovig",
        "dose_g_per_kg": "2",
        "days": 5,
        "starts_on": starts_on,
        "setting": "inpatient",
    }
    return entry | changes | {"profile": profile | changes.get("profile", {})}


def revision_entry(starts_on: str, *, reason: str) -> dict[str, Any]:
    """The same order as a change of its course's first version: whose it is, the address says."""
    order = course_entry(0, starts_on)
    del order["patient_id"]
    return order | {"based_on_version": 1, "reason": reason}


def answered(entry: dict[str, Any], assessment: dict[str, Any]) -> dict[str, Any]:
    """The entry with every finding of its assessment answered."""
    answers = [{"code": finding["code"], "reason": "seen and decided"} for finding in assessment["findings"]]
    return entry | {"answers": answers}
