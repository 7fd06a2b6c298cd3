"""Whatever the schema allows, and whatever it forbids: no operation fails, each answers as the schema says.

Schemathesis invents the entries, well-formed and malformed; people of every role send them to things that exist.
"""

import json
import uuid
import zlib
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from schemathesis import GenerationMode

from apps.accounts.services import set_on_call
from apps.alerts.models import Alert
from apps.courses.selectors import access_course
from apps.followups.models import FollowUpCheck
from apps.infusions import services
from apps.infusions.selectors import access_session
from apps.safety.models import AdverseEvent
from apps.selfreport.services import issue_link
from tests.builders import (
    NOW,
    PASSWORD,
    VIAL,
    Door,
    admit_patient,
    measure,
    measure_trough,
    note_infection,
    observe,
    order_course,
    react,
    respond,
    running_session,
    vitals_entry,
)
from tests.entries import course_entry

pytestmark = pytest.mark.django_db

SCHEMA: dict[str, Any] = json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
OPERATIONS = {
    operation.ok().definition.raw["operationId"]: operation.ok()
    for operation in schemathesis.openapi.from_dict(SCHEMA).get_all_operations()
}
GROUPS = sorted({operation.path.split("/")[3] for operation in OPERATIONS.values()})
INVENTED = st.none() | st.integers(0, 20)
QUICK, THOROUGH = 5, 60


def refusals(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 as JSON schema: `nullable` becomes a type."""
    if isinstance(schema, list):
        return [refusals(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: refusals(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


COMPONENTS = refusals(SCHEMA["components"])


@pytest.fixture
def things(hospital, clock) -> dict[str, Any]:
    """What the addresses name, and an entry that each operation would take."""
    session = running_session(hospital)
    observation = observe(hospital, session.pk, clock.forward(minutes=1), systolic_mmhg=80)
    reaction = react(hospital, session.pk, clock.forward(minutes=1), severity="moderate", action="pause")
    given_ = services.record_intervention(
        performer=hospital.nurse,
        session_id=session.pk,
        code="other",
        detail="a glass of water",
        given_at=clock.now,
        reaction_id=None,
        now=clock.now,
    )
    course = access_course(hospital.nurse, session.course_id)
    other = order_course(hospital, admit_patient(hospital))
    trough = measure_trough(hospital, session.patient_id)
    infection = note_infection(hospital, session.patient_id)
    result = measure(hospital, session.patient_id, "creatinine", "90", "µmol/L")
    response = respond(hospital, course.pk)
    check = FollowUpCheck.objects.first()
    duty = set_on_call(
        performer=hospital.physician,
        ward_id=hospital.ward.pk,
        physician_id=hospital.physician.pk,
        starts_at=None,
        ends_at=clock.now + timedelta(hours=8),
        now=clock.now,
    )
    link = issue_link(performer=hospital.nurse, course_id=course.pk, language="nb", now=clock.now).link
    numbers = {
        "session_id": session.pk,
        "observation_id": observation.pk,
        "vial_id": session.vials.get().pk,
        "reaction_id": reaction.pk,
        "intervention_id": given_.pk,
        "course_id": course.pk,
        "day_number": 1,
        "patient_id": session.patient_id,
        "ward_id": hospital.ward.pk,
        "trough_id": trough.pk,
        "infection_id": infection.pk,
        "result_id": result.pk,
        "response_id": response.pk,
        "check_id": check.pk if check else 1,
        "event_id": AdverseEvent.objects.latest("pk").pk,
        "alert_id": Alert.objects.latest("pk").pk,
        "duty_id": duty.pk,
        "handover_id": 1,
        "link_id": link.pk,
        "document_id": 1,
        **dict.fromkeys(("case_id", "number", "query_id", "report_id", "submission_id"), 1),
        **dict.fromkeys(("hold_id", "upload_id"), 1),
        **dict.fromkeys(("cover_id", "access_id", "device_session_id", "token_id", "staff_id"), 1),
        "slug": "nel_cidp",
        "regimen_code": "initial",
    }
    version = access_session(hospital.nurse, session.pk).version
    start = {"day_number": 1, "identity_confirmed": True, "baseline": vitals_entry(), "vials": [VIAL]}
    order = course_entry(other.patient_id, NOW.date().isoformat())
    entries = {
        "record_observation": vitals_entry(),
        "start_session": start,
        "assess_order": order,
        "open_course": order,
        "revise_course": order | {"based_on_version": 1, "reason": "changed"},
        "hang_vial": VIAL | {"identity_confirmed": True},
        "register_patient": {
            "name": "Testperson Or", "birth_date": "1980-01-01", "sex": "male",
            "medical_record_number": "UNIT-FUZZ", "ward_id": hospital.ward.pk,
        },
        "auth_token": {"username": hospital.nurse.username, "password": PASSWORD},
        "scan_wristband": {"data": "UNIT-1", "patient_id": session.patient_id},
        "record_results": {
            "taken_at": (NOW - timedelta(hours=2)).isoformat(),
            "results": [{"analyte": "sodium", "value": "138", "unit": "mmol/L"}],
        },
        "correct_result": {
            "analyte": "creatinine", "value": "1.1", "unit": "mg/dL", "taken_at": NOW.isoformat(), "reason": "unit",
        },
        "result_entered_in_error": {"reason": "another patient's"},
        "pause_session": {"reason": "line"},
        "lower_rate": {"step_index": 0},
        "confirm_step": {"version": version},
        "resume_session": {"version": version, "step_index": 0},
        "complete_session": {"version": version, "reason": "early"},
        "stay_at_rate": {"version": version, "minutes": 30, "reason": "asked"},
        "set_spo2_scale": {"scale": 2, "reason": "lungs"},
        "record_reaction": {"symptoms": [{"term": "headache", "severity": "mild"}], "action": "none"},
        "describe_reaction": {"symptoms": [{"term": "headache", "severity": "mild"}], "note": "seen"},
        "record_intervention": {"code": "oxygen", "detail": "2 L/min", "reaction_id": reaction.pk},
        "record_response": {"outcome": "good", "assessed_on": NOW.date().isoformat()},
        "record_trough": {"measured_on": NOW.date().isoformat(), "value": "7.1", "unit": "g/L"},
        "record_infection": {"occurred_on": NOW.date().isoformat(), "severity": "mild"},
        "record_follow_up_outcome": {"outcome": "suspected", "note": "seen"},
        "confirm_package": {"gtin": "05012345678900", "product_code": "kiovig"},
        "prepare_session": {"day_number": 2},
        "issue_self_report_link": {"language": "fa"},
        "revoke_self_report_link": {"reason": "lost"},
        "send_self_report_link": {
            "token": "x" * 43, "channel": "mail", "address": "a@b.example", "consent": True,
        },
        "set_on_call": {"physician_id": hospital.physician.pk, "ends_at": (NOW + timedelta(hours=9)).isoformat()},
        "offer_handover": {"session_ids": [session.pk], "given_to_id": hospital.second_nurse.pk},
    }  # fmt: skip
    return {"numbers": numbers, "entries": entries, "other_course": other.pk}


@pytest.mark.parametrize("group", GROUPS)
def test_no_entry_upsets_an_operation(hospital, elsewhere, things, group):
    _try(group, hospital, elsewhere, things, QUICK)


@pytest.mark.long
@pytest.mark.parametrize("group", GROUPS)
def test_no_entry_of_many_upsets_an_operation(hospital, elsewhere, things, group):
    _try(group, hospital, elsewhere, things, THOROUGH)


def _try(group, hospital, elsewhere, things, examples):
    people = [
        hospital.nurse,
        hospital.physician,
        hospital.safety_officer,
        hospital.administrator,
        elsewhere.nurse,
    ]
    doors = [Door(person) for person in people] + [Door(None)]
    for name, operation in OPERATIONS.items():
        if operation.path.split("/")[3] == group:
            _try_operation(name, operation, doors, things, examples)


def _try_operation(name, operation, doors, things, examples):
    entry = things["entries"].get(name, {})
    cases = st.one_of(*[_cases(operation, mode, things) for mode in GenerationMode])

    @settings(
        max_examples=examples,
        database=None,
        derandomize=examples == QUICK,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, door=st.sampled_from(doors[:2] * 3 + doors), invented=INVENTED)
    def run(case, door, invented):
        body = case.body
        if entry and isinstance(body, dict) and invented is not None:
            # An entry that would be taken, but for a field or two.
            names = sorted(body, key=lambda field: hash_of(field, invented))
            body = entry | {field: body[field] for field in names[: invented % 3]}
        with transaction.atomic():
            answer = _send(door, case, body)
            transaction.set_rollback(True)
        _check(name, operation, answer, body)

    run()


def hash_of(name: str, seed: int) -> int:
    """An order of names that differs from seed to seed and is the same in every run."""
    return zlib.crc32(f"{seed}{name}".encode("utf-8", "surrogatepass"))


def _cases(operation, mode, things):
    wanted = {parameter.name for parameter in operation.path_parameters}
    numbers = {key: things["numbers"][key] for key in wanted}
    return operation.as_strategy(
        generation_mode=mode,
        path_parameters=numbers,
        headers={},
        **({"media_type": "application/json"} if operation.body else {}),
    )


def _send(door, case, body):
    content = json.dumps(body) if isinstance(body, dict | list | str | int | float | bool | None) else ""
    address = case.formatted_path
    return door.client.generic(
        case.method,
        address,
        content if case.method == "POST" else "",
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
        query_params={key: str(value) for key, value in (case.query or {}).items()},
    )


def _check(name, operation, answer, body):
    content = b"(a file)" if answer.streaming else answer.content
    said = f"{name} {answer.status_code} {content[:800]!r} after {body!r:.800}"
    assert answer.status_code < 500, said
    responses = operation.definition.raw["responses"]
    declared = responses.get(str(answer.status_code)) or responses.get(f"{answer.status_code // 100}XX")
    assert declared is not None, f"not in the schema: {said}"
    media_type = answer["Content-Type"].partition(";")[0]
    assert media_type in declared["content"], said
    if media_type == "application/json":
        schema = refusals(declared["content"][media_type]["schema"]) | {"components": COMPONENTS}
        for error in Draft4Validator(schema).iter_errors(answer.json()):
            raise AssertionError(f"{error.json_path}: {error.message[:300]}: {said}")
