"""The vital signs that loads record."""

from typing import Any

from bench.http import Post

QUIET = {
    "systolic_mmhg": "122",
    "diastolic_mmhg": "78",
    "pulse_per_min": "72",
    "respiratory_rate_per_min": "14",
    "spo2_percent": "98",
    "temperature_c": "36.7",
    "oxygen_l_per_min": "0",
    "consciousness": "alert",
}


def vitals(number: int) -> dict[str, str]:
    """Quiet vital signs that wander a little."""
    return QUIET | {
        "pulse_per_min": str(70 + number % 9),
        "systolic_mmhg": str(118 + number % 7),
        "temperature_c": f"36.{5 + number % 4}",
    }


def observation(session: dict[str, Any], number: int, **more: str) -> Post:
    """Recording a set of vital signs of a running infusion, answered with what the next entry needs, as to a tablet."""
    return Post(
        path=f"/api/v1/sessions/{session['id']}/observations/",
        body=vitals(number) | more,
        headers={"Authorization": f"Token {session['token']}", "Prefer": "return=minimal"},
    )
