"""People see their own wards, act within their role, and anything else is not there."""

import re
from datetime import timedelta

import pytest
from django.urls import URLPattern
from knox.models import AuthToken

from apps.accounts.covering import grant_cover
from apps.accounts.domain.roles import Role
from apps.accounts.emergency import open_in_emergency
from apps.accounts.services import ensure_staff, ensure_ward
from apps.alerts.models import Alert
from apps.cases.domain.versions import Kind
from apps.cases.services import ask_ward, make_version, open_case
from apps.followups.models import FollowUpCheck
from apps.infusions import services
from apps.infusions.models import InfusionSession, Reaction
from apps.kernel import clock as kernel_clock
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from apps.selfreport.services import issue_link
from apps.submissions.models import Submission
from ivig_monitor.api_urls import api
from tests.builders import (
    NOW,
    PASSWORD,
    VIAL,
    Door,
    climb,
    finish,
    measure,
    measure_trough,
    note_infection,
    put_on_call,
    react,
    respond,
    running_session,
    vitals_entry,
)
from tests.entries import answered, course_entry, revision_entry

pytestmark = pytest.mark.django_db

_START = {"day_number": 2, "identity_confirmed": True, "baseline": vitals_entry(), "vials": [VIAL]}
_REACTION = {"symptoms": [{"term": "headache", "severity": "mild"}], "action": "none"}
_REVISION = revision_entry("2026-03-02", reason="weighed again")
_MISTAKE = {"reason": "another patient's"}
_TROUGH = {"measured_on": "2026-03-01", "value": "5.2", "unit": "g/L"}
_LABORATORY = {
    "taken_at": "2026-03-01T08:00",
    "results": [{"analyte": "creatinine", "value": "80", "unit": "µmol/L"}],
}
_RIGHT_RESULT = {
    "analyte": "creatinine", "value": "81", "unit": "µmol/L", "taken_at": "2026-03-01T08:00", "reason": "typed wrongly",
}  # fmt: skip
_INFECTION = {"occurred_on": "2026-03-01", "severity": "mild"}
_SENDING = {"token": "x" * 43, "channel": "mail", "address": "a@b.example", "consent": True}
_REVIEW = {"revision": 0, "reactions": [{"verbatim": "headache"}]}
_REVIEW_SIGNED = {"revision": 1, "meaning": "medical_review", "own_password": PASSWORD}
# Every address with a number in it: what a well-formed POST carries, None where there is only GET.
BODIES = {
    "wards/<int:ward_id>/board/": None,
    "wards/<int:ward_id>/board/changes/": None,
    "wards/<int:ward_id>/on-call/": {"physician_id": 1, "ends_at": "2026-03-02T20:00"},
    "on-call/<int:duty_id>/withdraw/": {},
    "wards/<int:ward_id>/covers/": {"person_id": 1, "ends_at": "2026-03-02T20:00", "reason": "ill"},
    "covers/<int:cover_id>/withdraw/": {},
    "emergency-access/<int:access_id>/verdict/": {"verdict": "justified", "note": "It was."},
    "patients/<int:patient_id>/": None,
    "patients/<int:patient_id>/troughs/": _TROUGH,
    "patients/<int:patient_id>/infections/": _INFECTION,
    "patients/<int:patient_id>/laboratory/": _LABORATORY,
    "laboratory-results/<int:result_id>/corrections/": _RIGHT_RESULT,
    "laboratory-results/<int:result_id>/entered-in-error/": _MISTAKE,
    "troughs/<int:trough_id>/entered-in-error/": _MISTAKE,
    "infections/<int:infection_id>/entered-in-error/": _MISTAKE,
    "courses/<int:course_id>/": None,
    "courses/<int:course_id>/sessions/": _START,
    "courses/<int:course_id>/prepare/": {"day_number": 2},
    "courses/<int:course_id>/days/<int:day_number>/rate-plan/": None,
    "courses/<int:course_id>/revisions/": _REVISION,
    "courses/<int:course_id>/versions/": None,
    "courses/<int:course_id>/responses/": {"outcome": "good", "assessed_on": "2026-03-02"},
    "responses/<int:response_id>/entered-in-error/": _MISTAKE,
    "sessions/<int:session_id>/": None,
    "sessions/<int:session_id>/abandon/": {"reason": "not today"},
    "sessions/<int:session_id>/observations/": vitals_entry(),
    "sessions/<int:session_id>/observations/<int:observation_id>/entered-in-error/": _MISTAKE,
    "sessions/<int:session_id>/spo2-scale/": {"scale": 2, "reason": "hypercapnic"},
    "sessions/<int:session_id>/confirm-step/": {"version": 1},
    "sessions/<int:session_id>/stay/": {"version": 1, "minutes": 15, "reason": "tired"},
    "sessions/<int:session_id>/lower-rate/": {"step_index": 0},
    "sessions/<int:session_id>/pause/": {},
    "sessions/<int:session_id>/resume/": {"version": 1},
    "sessions/<int:session_id>/stop/": {},
    "sessions/<int:session_id>/complete/": {"version": 1},
    "sessions/<int:session_id>/end-watch/": {"reason": "went home"},
    "sessions/<int:session_id>/vials/": VIAL | {"identity_confirmed": True},
    "sessions/<int:session_id>/vials/<int:vial_id>/entered-in-error/": _MISTAKE,
    "sessions/<int:session_id>/reactions/": _REACTION,
    "sessions/<int:session_id>/reactions/<int:reaction_id>/resolve/": {},
    "sessions/<int:session_id>/reactions/<int:reaction_id>/describe/": {"symptoms": _REACTION["symptoms"]},
    "sessions/<int:session_id>/reactions/<int:reaction_id>/go-on-slower/": {"version": 1},
    "sessions/<int:session_id>/reactions/<int:reaction_id>/entered-in-error/": _MISTAKE,
    "sessions/<int:session_id>/interventions/": {"code": "oxygen"},
    "sessions/<int:session_id>/interventions/<int:intervention_id>/entered-in-error/": _MISTAKE,
    "sessions/<int:session_id>/take-over/": {},
    "handovers/<int:handover_id>/accept/": {},
    "handovers/<int:handover_id>/withdraw/": {},
    "alerts/<int:alert_id>/acknowledge/": {},
    "follow-ups/<int:check_id>/": None,
    "follow-ups/<int:check_id>/outcomes/": {"outcome": "no_effect"},
    "follow-ups/<int:check_id>/script/": None,
    "follow-ups/<int:check_id>/answers/": {"answers": {"fever": "no"}},
    "follow-ups/<int:check_id>/lost/": {"reason": "moved away"},
    "follow-ups/<int:check_id>/take/": {},
    "follow-ups/<int:check_id>/give-back/": {},
    "courses/<int:course_id>/follow-up-facts/": {"fact": "sepsis", "holds": True, "reason": "fever"},
    "courses/<int:course_id>/self-report-link/": {"language": "fa"},
    "self-report-links/<int:link_id>/revoke/": {"reason": "lost"},
    "self-report-links/<int:link_id>/send/": _SENDING,
    "courses/<int:course_id>/discharges/": {"note": "went home"},
    "patients/<int:patient_id>/serology-guard/": None,
    "patients/<int:patient_id>/vaccine-release/": None,
    "patients/<int:patient_id>/vaccine-overrides/": {"vaccine": "measles_vaccine_hold", "reason": "outbreak"},
    "courses/<int:course_id>/open-matters/": None,
    "adverse-events/<int:event_id>/": None,
    "adverse-events/<int:event_id>/review/": _REVIEW,
    "adverse-events/<int:event_id>/review/signature/": _REVIEW_SIGNED,
    "adverse-events/<int:event_id>/outcomes/": {"outcome": "recovered", "observed_at": "2026-03-02T09:00"},
    "cases/<int:case_id>/": None,
    "cases/<int:case_id>/events/": {"event_id": 1},
    "cases/<int:case_id>/coding/": {"about": "event:1", "code": "90000001"},
    "cases/<int:case_id>/meddra-version/": {"version": "99.0"},
    "cases/<int:case_id>/narrative/": {"revision": 1, "text": "What happened."},
    "cases/<int:case_id>/narrative/draft/": {"revision": 1},
    "cases/<int:case_id>/description/": {"revision": 1},
    "cases/<int:case_id>/queries/": {"question": "When did it pass?"},
    "cases/<int:case_id>/versions/": {"kind": "follow_up"},
    "cases/<int:case_id>/versions/<int:number>/faults/": None,
    "cases/<int:case_id>/sending/": None,
    "submissions/<int:submission_id>/": None,
    "submissions/<int:submission_id>/file/": None,
    "submissions/<int:submission_id>/hand-over/": {"reference": "AR-1"},
    "submissions/<int:submission_id>/send-again/": {},
    "submissions/<int:submission_id>/withdraw/": {"reason": "Wrong one."},
    "case-queries/<int:query_id>/answer/": {"answer": "At noon."},
    "case-queries/<int:query_id>/withdraw/": {},
}
EVERYBODY = ["nurse", "charge_nurse", "physician", "pharmacist", "safety_officer", "administrator", "auditor"]
NUMBERS = sorted({name for route in BODIES for name in re.findall(r"<int:(\w+)>", route)})
# These can be read at the same address.
BOTH = [
    "wards/<int:ward_id>/on-call/",
    "wards/<int:ward_id>/covers/",
    "patients/<int:patient_id>/troughs/",
    "patients/<int:patient_id>/infections/",
    "patients/<int:patient_id>/laboratory/",
    "courses/<int:course_id>/responses/",
    "courses/<int:course_id>/follow-up-facts/",
    "courses/<int:course_id>/self-report-link/",
    "courses/<int:course_id>/discharges/",
    "adverse-events/<int:event_id>/review/",
    "cases/<int:case_id>/versions/",
]
READS = [*(route for route, body in BODIES.items() if body is None), *BOTH]
WRITES = [route for route, body in BODIES.items() if body is not None]
LISTS = ["patients/", "courses/", "follow-ups/", "adverse-events/"]
OPEN_TO_ALL_STAFF = ["me/", "wards/", "products/", "indications/"]
# The guideline, the dictionary and lots on hold belong to the hospital; their rights are tested beside them.
# So are sessions (test_sessions.py) and the tokens of programs (test_service_tokens.py).
OF_NO_WARD = (
    "indications/", "site-documents/", "lots-on-hold/", "meddra/", "foreign-cases/", "me/sessions/", "service-tokens/",
    "staff/",
)  # fmt: skip
# Who is on call is the administrator's to say as well.
ON_CALL = [
    "wards/<int:ward_id>/on-call/",
    "on-call/<int:duty_id>/withdraw/",
    "wards/<int:ward_id>/covers/",
    "covers/<int:cover_id>/withdraw/",
]
SAFETY = [
    "adverse-events/",
    "adverse-events/export/",
    "adverse-events/export/xlsx/",
    "adverse-events/export/research/",
    "adverse-events/to-review/",
    "adverse-events/<int:event_id>/",
    "adverse-events/<int:event_id>/review/",
]
# Cases are pharmacovigilance's; physicians see them, nurses answer what is asked.
CASES = [
    route
    for route in BODIES
    if route.startswith(("cases/", "submissions/")) or (route.endswith("withdraw/") and "case" in route)
]


def patterns():
    return {str(pattern.pattern): pattern for pattern in api if isinstance(pattern, URLPattern)}


def filled(route, numbers):
    for name, number in numbers.items():
        route = route.replace(f"<int:{name}>", str(number))
    return route + ("?after=0" if route.endswith("changes/") else "")


def code_of(answer):
    body = answer.json()
    assert set(body) == {"code", "message", "extra"} and body["message"], body
    return answer.status_code, body["code"]


def give_oxygen(hospital, session_id):
    return services.record_intervention(
        performer=hospital.nurse,
        session_id=session_id,
        code="oxygen",
        detail="2 L/min",
        given_at=NOW,
        reaction_id=None,
        now=NOW,
    )


def offered_handover(hospital, session_id):
    (handover,) = services.offer_handover(
        performer=hospital.nurse,
        session_ids=[session_id],
        given_to_id=hospital.second_nurse.pk,
        note="",
        now=NOW,
    )
    return handover


def give_link(hospital, course_id):
    return issue_link(performer=hospital.nurse, course_id=course_id, language="en", now=NOW).link.pk


def cover(hospital):
    """Somebody of another ward stands in."""
    return grant_cover(
        performer=hospital.charge_nurse,
        ward_id=hospital.ward.pk,
        person_id=stranger().pk,
        starts_at=None,
        ends_at=NOW + timedelta(hours=8),
        reason="Two are ill.",
        now=NOW,
    )


def open_by_emergency(hospital, patient_id):
    """A patient of the ward, opened by somebody of another one."""
    return open_in_emergency(
        performer=stranger("stranger-in-need"),
        patient_id=patient_id,
        ward_id=hospital.ward.pk,
        reason="Found without pulse in the lift.",
        now=NOW,
    )


def stranger(username="stranger"):
    """A nurse of no ward here."""
    ward = ensure_ward(name="Third floor", time_zone="UTC")
    return ensure_staff(
        username=username, full_name=("A", "Stranger"), role=Role.NURSE, wards=[ward], password=PASSWORD
    )


def open_a_case(hospital, event):
    """A case with a first version and a question that waits."""
    officer = hospital.safety_officer
    case = open_case(performer=officer, event_ids=[event.pk], now=NOW)
    make_version(performer=officer, case_id=case.pk, kind=Kind.INITIAL, now=NOW)
    query = ask_ward(performer=officer, case_id=case.pk, question="When?", event_id=None, now=NOW)
    return case.pk, query.pk


def lie_ready(hospital, case_id):
    """A file that waits for somebody to hand it over; who may see it does not depend on what it holds."""
    submission = Submission.objects.create(
        ward=hospital.ward,
        receiver="centre",
        receiver_name="Centre",
        batch_number="B-1",
        delivery="download",
        acknowledges=True,
        state="ready",
        size_bytes=0,
        prepared_at=NOW,
        prepared_by=hospital.safety_officer,
    )
    submission.reports.create(position=1, case_id=case_id, version_number=1, version_kind="initial")
    return submission


@pytest.fixture
def numbers(hospital, settings):
    """One of everything on the ward: a day that is over, its checks, and a running infusion with a reaction."""
    finished = running_session(hospital, now=NOW - timedelta(hours=30))
    finish(hospital, finished.pk)
    session = running_session(hospital, now=NOW - timedelta(minutes=40))
    climb(hospital, session.pk, to_step=1)
    react(hospital, session.pk, NOW - timedelta(minutes=1), severity="moderate")
    settings.CASE_COUNTRY, settings.CASE_ORGANISATION_CODE = "NO", "HOSP"
    case_id, query_id = open_a_case(hospital, AdverseEvent.objects.get())
    return {
        "case_id": case_id,
        "query_id": query_id,
        "submission_id": lie_ready(hospital, case_id).pk,
        "number": 1,
        "ward_id": hospital.ward.pk,
        "patient_id": session.patient_id,
        "course_id": session.course_id,
        "day_number": 2,
        "session_id": session.pk,
        "observation_id": session.observations.last().pk,
        "vial_id": session.vials.get().pk,
        "reaction_id": Reaction.objects.get().pk,
        "intervention_id": give_oxygen(hospital, session.pk).pk,
        "handover_id": offered_handover(hospital, session.pk).pk,
        "alert_id": Alert.objects.exclude(code="emergency_access").get().pk,
        "check_id": FollowUpCheck.objects.first().pk,
        "event_id": AdverseEvent.objects.get().pk,
        "response_id": respond(hospital, session.course_id).pk,
        "trough_id": measure_trough(hospital, session.patient_id).pk,
        "infection_id": note_infection(hospital, session.patient_id).pk,
        "result_id": measure(hospital, session.patient_id, "creatinine", "90", "µmol/L").pk,
        "duty_id": put_on_call(hospital).pk,
        "cover_id": cover(hospital).pk,
        "access_id": open_by_emergency(hospital, session.patient_id).pk,
        "link_id": give_link(hospital, session.course_id),
    }


def test_no_address_with_a_number_is_forgotten_here():
    found = {
        route: pattern
        for route, pattern in patterns().items()
        if "<int:" in route and not route.startswith(OF_NO_WARD)
    }
    assert set(found) == set(BODIES)
    for route, pattern in found.items():
        view = pattern.callback.view_class
        assert hasattr(view, "post") is (BODIES[route] is not None), route
        assert hasattr(view, "get") is (route in READS), route


def test_on_ones_own_ward_every_address_answers(hospital, numbers):
    nurse, officer = Door(hospital.nurse), Door(hospital.safety_officer)
    for route in READS:
        door = officer if route in CASES else nurse
        assert door.get(filled(route, numbers)).status_code == 200, route


@pytest.mark.parametrize("role", EVERYBODY)
def test_what_lies_on_another_ward_is_not_there(numbers, elsewhere, role):
    stranger = Door(getattr(elsewhere, role))
    for route in READS:
        assert code_of(stranger.get(filled(route, numbers))) == (404, "not_found"), route
    events = Event.objects.count()
    for route in WRITES:
        assert code_of(stranger.post(filled(route, numbers), BODIES[route])) == (404, "not_found"), route
    assert Event.objects.count() == events


def test_nobody_can_tell_another_wards_number_from_one_that_does_not_exist(numbers, elsewhere):
    stranger = Door(elsewhere.nurse)
    nothing = dict.fromkeys(numbers, 987_654_321)
    for route in READS:
        there, nowhere = stranger.get(filled(route, numbers)), stranger.get(filled(route, nothing))
        assert there.json() == nowhere.json(), route
    for route in WRITES:
        there = stranger.post(filled(route, numbers), BODIES[route])
        nowhere = stranger.post(filled(route, nothing), BODIES[route])
        assert there.json() == nowhere.json(), route


def test_absurd_numbers_are_not_found_either(hospital):
    nurse = Door(hospital.nurse)
    absurd = dict.fromkeys(NUMBERS, 10**40)
    for route in READS:
        assert code_of(nurse.get(filled(route, absurd))) == (404, "not_found"), route
    for route in WRITES:
        assert code_of(nurse.post(filled(route, absurd), BODIES[route])) == (404, "not_found"), route


def test_lists_hold_ones_own_ward_only(numbers, elsewhere, hospital, clock):
    clock.fire()
    for path in LISTS:
        assert Door(hospital.nurse).get(path).json(), path
        assert Door(elsewhere.nurse).get(path).json() == [], path
    assert Door(elsewhere.safety_officer).get("adverse-events/export/xlsx/").status_code == 200
    export = Door(elsewhere.safety_officer).get("adverse-events/export/")
    assert len(export.content.decode().splitlines()) == 1
    assert Door(elsewhere.nurse).get(f"follow-ups/?ward={hospital.ward.pk}").json() == []


def test_nobody_can_put_anything_on_another_ward(numbers, elsewhere):
    patient = {
        "name": "Testperson Alm", "birth_date": "1980-01-01", "sex": "male",
        "medical_record_number": "UNIT-ELSEWHERE", "ward_id": numbers["ward_id"],
    }  # fmt: skip
    assert code_of(Door(elsewhere.nurse).post("patients/", patient)) == (404, "not_found")
    course = course_entry(numbers["patient_id"], "2026-03-02")
    assert code_of(Door(elsewhere.physician).post("courses/", course)) == (404, "not_found")
    assert code_of(Door(elsewhere.nurse).post("courses/", course)) == (404, "not_found")


def test_a_reaction_is_found_only_under_its_own_infusion(hospital, numbers):
    other = running_session(hospital)
    path = f"sessions/{other.pk}/reactions/{numbers['reaction_id']}/resolve/"
    assert code_of(Door(hospital.nurse).post(path)) == (404, "not_found")
    assert Reaction.objects.get().resolved_at is None


@pytest.mark.parametrize("role", ["safety_officer", "administrator"])
def test_those_who_do_not_work_at_the_bedside_are_told_so(hospital, numbers, role):
    door = Door(getattr(hospital, role))
    own = {"safety_officer": CASES, "administrator": ON_CALL}[role]
    for route in [*READS, *LISTS]:
        if route not in SAFETY and route not in own:
            assert code_of(door.get(filled(route, numbers))) == (403, "not_your_role"), route
    for route in WRITES:
        if route not in own:
            assert code_of(door.post(filled(route, numbers), BODIES[route])) == (403, "not_your_role"), route
    order = course_entry(numbers["patient_id"], "2026-03-02")
    assert code_of(door.post("course-assessments/", order)) == (403, "not_your_role")


def test_adverse_events_are_for_everyone_but_the_administrator_and_leave_with_the_safety_officer(
    hospital, numbers
):
    for role, path, expected in [
        *[("safety_officer", path, 200) for path in SAFETY],
        *[("administrator", path, 403) for path in SAFETY],
        ("nurse", "adverse-events/export/", 403),
        ("nurse", "adverse-events/export/xlsx/", 403),
        ("physician", "adverse-events/export/xlsx/", 403),
        ("nurse", "adverse-events/export/research/", 403),
        ("physician", "adverse-events/export/research/", 403),
        ("physician", "adverse-events/export/", 403),
    ]:
        answer = Door(getattr(hospital, role)).get(filled(path, numbers))
        assert answer.status_code == expected, (role, path)


CASE_LISTS = ["cases/", "case-clocks/", "submissions/"]


@pytest.mark.parametrize(
    ("role", "sees", "changes", "answers"),
    [
        ("nurse", 403, 403, 200),
        ("charge_nurse", 403, 403, 200),
        ("physician", 200, 403, 200),
        ("safety_officer", 200, 201, 403),
        ("administrator", 403, 403, 403),
    ],
)
def test_cases_are_pharmacovigilances_and_the_ward_answers(hospital, numbers, role, sees, changes, answers):
    door = Door(getattr(hospital, role))
    reads = [route for route in READS if route in CASES] + CASE_LISTS
    for route in reads:
        assert door.get(filled(route, numbers)).status_code == sees, route
    assert door.get("case-queries/").status_code == answers
    event = AdverseEvent.objects.get()
    event.pk, event.origin = None, "check:4711"
    event.save()
    assert door.post("cases/", {"event_ids": [event.pk]}).status_code == changes
    for route in set(WRITES) & set(CASES):
        if changes == 403:
            assert code_of(door.post(filled(route, numbers), BODIES[route])) == (403, "not_your_role"), route
    answer = filled("case-queries/<int:query_id>/answer/", numbers)
    assert door.post(answer, {"answer": "At noon."}).status_code == answers


def test_another_wards_officer_finds_no_case_and_no_question(numbers, elsewhere):
    for path in CASE_LISTS:
        assert Door(elsewhere.safety_officer).get(path).json() == []
    assert Door(elsewhere.nurse).get("case-queries/").json() == []


def test_only_a_physician_opens_a_course_and_only_the_bedside_registers(hospital, numbers):
    course = course_entry(numbers["patient_id"], "2026-03-02")
    for role in ("nurse", "safety_officer", "administrator"):
        assert code_of(Door(getattr(hospital, role)).post("courses/", course)) == (403, "not_your_role")
    physician = Door(hospital.physician)
    answers = answered(course, physician.post("course-assessments/", course).json())
    assert physician.post("courses/", answers).status_code == 201
    patient = {
        "name": "Testperson Alm", "birth_date": "1980-01-01", "sex": "male",
        "medical_record_number": "UNIT-ROLE", "ward_id": hospital.ward.pk,
    }  # fmt: skip
    for role in ("safety_officer", "administrator"):
        assert code_of(Door(getattr(hospital, role)).post("patients/", patient)) == (403, "not_your_role")


def test_somebody_who_left_sees_nothing(hospital, numbers):
    door = Door(hospital.nurse)
    hospital.nurse.wards.clear()
    assert code_of(door.get(filled("sessions/<int:session_id>/", numbers))) == (404, "not_found")
    hospital.nurse.wards.add(hospital.ward)
    hospital.nurse.is_active = False
    hospital.nurse.save()
    assert code_of(door.get(filled("sessions/<int:session_id>/", numbers))) == (403, "not_signed_in")


@pytest.mark.parametrize("route", [route for route in patterns() if route != "auth/token/"])
def test_signed_out_every_address_asks_to_sign_in(db, route):
    nobody = Door(None)
    view = patterns()[route].callback.view_class
    more = ("document_id", "hold_id", "upload_id", "report_id", "device_session_id", "token_id", "staff_id")
    path = filled(route, dict.fromkeys((*NUMBERS, *more), 1))
    path = path.replace("<slug:slug>", "nel_cidp").replace("<slug:regimen_code>", "initial")
    for method in ("get", "post"):
        if hasattr(view, method):
            status, code = code_of(getattr(nobody, method)(path))
            assert status in (401, 403) and code == "not_signed_in", (method, route)


def test_a_token_opens_the_same_doors(hospital, numbers):
    nobody = Door(None)
    answer = nobody.post("auth/token/", {"username": hospital.nurse.username, "password": PASSWORD}, key="")
    assert answer.status_code == 200
    token = {"Authorization": f"Token {answer.json()['token']}"}
    assert nobody.client.get("/api/v1/me/", headers=token).json()["username"] == hospital.nurse.username
    path = filled("sessions/<int:session_id>/observations/", numbers)
    assert nobody.post(path, vitals_entry(), headers=token).status_code == 200
    wrong = {"Authorization": f"Token {answer.json()['token'][:-1]}x"}
    assert code_of(nobody.client.get("/api/v1/me/", headers=wrong))[1] == "not_signed_in"


def test_a_token_ends_and_only_its_hash_is_stored(hospital):
    nobody = Door(None)
    answer = nobody.post("auth/token/", {"username": hospital.nurse.username, "password": PASSWORD}, key="")
    token = answer.json()["token"]
    stored = AuthToken.objects.get()
    assert token not in str(stored.__dict__.values())
    AuthToken.objects.update(expiry=kernel_clock.wall_now() - timedelta(seconds=1))
    answer = nobody.client.get("/api/v1/me/", headers={"Authorization": f"Token {token}"})
    assert code_of(answer)[1] == "not_signed_in"


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " "])
def test_a_wrong_password_gets_no_token(hospital, password):
    answer = Door(None).post(
        "auth/token/", {"username": hospital.nurse.username, "password": password}, key=""
    )
    assert code_of(answer) in [(400, "sign_in_refused"), (400, "entries_invalid")]
    assert not AuthToken.objects.exists()


def test_a_session_needs_its_csrf_token_to_write(hospital, numbers):
    door = Door(hospital.nurse, enforce_csrf_checks=True)
    path = filled("sessions/<int:session_id>/pause/", numbers)
    assert door.get("me/").status_code == 200
    assert code_of(door.post(path)) == (403, "not_allowed")
    assert InfusionSession.objects.get(pk=numbers["session_id"]).state == "running"
    door.client.get("/sign-in/")
    door.client.get(f"/wards/{hospital.ward.pk}/")
    cookie = door.client.cookies["csrftoken"].value
    assert door.post(path, headers={"X-CSRFToken": cookie}).status_code == 200


@pytest.mark.parametrize("path", OPEN_TO_ALL_STAFF)
@pytest.mark.parametrize("role", EVERYBODY)
def test_what_every_member_of_staff_may_read(hospital, path, role):
    assert Door(getattr(hospital, role)).get(path).status_code == 200
