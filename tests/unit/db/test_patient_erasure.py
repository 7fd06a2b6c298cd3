"""An identity is erased by two people and for good; the safety record stays. And what has had its time goes."""

import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pypdf import PdfReader

from apps.accounts.services import Signature
from apps.alerts.models import OutgoingMessage
from apps.edge.models import IdempotentAnswer
from apps.infusions.models import InfusionSession
from apps.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from apps.ledger.models import Event
from apps.ledger.selectors import first_broken_event
from apps.patients.models import NameWord, Patient
from apps.patients.selectors import find_patients, patients_for
from apps.retention.domain.policy import PolicyError, parse_policy
from apps.retention.selectors import identities_due, policy
from apps.retention.services import erase_identity
from apps.selfreport.models import SelfReportLink, Sending
from tests import records
from tests.builders import NOW, PASSWORD, Door, admit_patient, finish, order_course, running_session

pytestmark = pytest.mark.django_db
REASON = "Asked for by the patient in writing, see the letter."


@pytest.fixture
def patient(hospital):
    return admit_patient(hospital, name="Særpreget Kanarifugl")


def erase(hospital, patient, *, performer=None, second=None, reason=REASON, although_open="", now=NOW):
    return erase_identity(
        performer=performer or hospital.administrator,
        patient_id=patient.pk,
        signature=Signature(PASSWORD, (second or hospital.physician).username, PASSWORD),
        reason=reason,
        although_open=although_open,
        now=now,
    )


def refusal(*args, **options):
    with pytest.raises(DomainError) as refused:
        erase(*args, **options)
    return refused.value


def test_nothing_that_names_the_patient_is_left_and_the_event_says_who_and_why(hospital, patient):
    number = patient.medical_record_number
    erased = erase(hospital, patient)
    row = Patient.objects.filter(pk=patient.pk).values().get()
    assert (row["identity"], row["record_number_digest"], row["birth_date_digest"]) == ("", None, None)
    assert (row["birth_year"], row["erased_at"]) == (1980, NOW)
    assert not NameWord.objects.filter(patient=patient).exists()
    fresh = Patient.objects.get(pk=patient.pk)
    assert (fresh.name, fresh.medical_record_number, fresh.known_birth_date) == (fresh.pseudonym, "", None)
    assert fresh.birth_date == date(1980, 7, 1) and erased.pseudonym == fresh.pseudonym
    for text in ("kanarifugl", number, "1980-05-17", fresh.pseudonym):
        assert find_patients(hospital.nurse, text) == []
    assert patients_for(hospital.nurse) == []
    event = Event.objects.get(name="patient.identity_erased")
    assert event.actor == f"user:{hospital.administrator.pk}"
    assert event.payload["second_person"] == hospital.physician.pk and event.payload["reason"] == REASON
    assert "Kanarifugl" not in str(event.payload) and first_broken_event(event.subject) is None


def test_the_record_number_is_free_again(hospital, patient):
    erase(hospital, patient)
    entry = {"name": "Testperson Or", "birth_date": "1980-01-01", "sex": "male", "ward_id": hospital.ward.pk}
    again = Door(hospital.nurse).post(
        "patients/", entry | {"medical_record_number": patient.medical_record_number}
    )
    assert again.status_code == 201


def test_the_safety_record_stays_under_the_pseudonym(hospital, clock):
    session = running_session(hospital, name="Særpreget Kanarifugl")
    patient, ended = session.patient, finish(hospital, session.pk)
    clock.set(ended + timedelta(hours=3))
    events = Event.objects.count()
    erased = erase(hospital, patient, although_open="The patient moved abroad and insists.", now=clock.now)
    assert "A follow-up check is still to be done." in erased.open_matters
    assert Event.objects.count() > events and InfusionSession.objects.filter(patient=patient).count() == 1
    shown = Door(hospital.nurse).get(f"sessions/{session.pk}/").json()
    assert shown["patient"]["name"] == patient.pseudonym and shown["patient"]["birth_date"] is None
    page = Door(hospital.nurse).client.get(f"/patients/{patient.pk}/")
    assert "Kanarifugl" not in page.content.decode()


def test_while_an_infusion_runs_it_is_refused_unless_somebody_says_why(hospital):
    session = running_session(hospital)
    refused = refusal(hospital, session.patient)
    assert isinstance(refused, ConflictError) and refused.code == "identity_in_use"
    assert "An infusion runs, or the patient is still watched after one." in refused.extra["open"]
    assert refusal(hospital, session.patient, although_open="so").code == "reason_too_short"
    assert Patient.objects.get(pk=session.patient_id).name != session.patient.pseudonym


def erasure_entry(hospital, patient, **changes):
    signature = {
        "own_password": PASSWORD,
        "second_username": hospital.physician.username,
        "second_password": changes.pop("second_password", PASSWORD),
    }
    return {"pseudonym": patient.pseudonym.lower(), "reason": REASON, "signature": signature} | changes


def test_at_the_page_both_type_their_passwords(hospital, elsewhere, patient):
    door = Door(hospital.administrator)
    assert 'data-test="erasure-form"' in door.client.get("/erasure/").content.decode()
    wrong = door.post("identity-erasures/", erasure_entry(hospital, patient, second_password="wrong"))
    assert (wrong.status_code, wrong.json()["code"]) == (400, "second_person_refused")
    unknown = door.post("identity-erasures/", erasure_entry(hospital, patient, pseudonym="P-000000"))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_such_pseudonym")
    foreign = Door(elsewhere.administrator).post("identity-erasures/", erasure_entry(elsewhere, patient))
    assert foreign.status_code == 404
    assert not Event.objects.filter(name="patient.identity_erased").exists()
    done = door.post("identity-erasures/", erasure_entry(hospital, patient))
    assert (done.status_code, done.json()) == (201, {"pseudonym": patient.pseudonym})
    assert Patient.objects.get(pk=patient.pk).name == patient.pseudonym


def test_the_page_says_what_still_needs_the_person(hospital):
    patient = running_session(hospital).patient
    door = Door(hospital.administrator)
    refused = door.post("identity-erasures/", erasure_entry(hospital, patient))
    assert (refused.status_code, refused.json()["code"]) == (409, "identity_in_use")
    said = refused.json()["extra"]["fields"]["although_open"]
    assert "An infusion runs, or the patient is still watched after one." in said


def test_it_takes_an_administrator_and_a_second_person(hospital, elsewhere, patient):
    with pytest.raises(ForbiddenError):
        erase(hospital, patient, performer=hospital.physician)
    with pytest.raises(NotFoundError):
        erase(hospital, patient, performer=elsewhere.administrator)
    assert refusal(hospital, patient, second=hospital.administrator).code == "second_person_same"
    assert refusal(hospital, patient, second=hospital.safety_officer).code == "second_person_not_allowed"
    assert refusal(hospital, patient, second=elsewhere.physician).code == "second_person_not_allowed"
    assert not Event.objects.filter(name="patient.identity_erased").exists()


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "reason_too_short"),
        ("  because  ", "reason_too_short"),
        ("Kanarifugl asked for it", "reason_names_patient"),
        ("asked for by SAERPREGET himself", "reason_names_patient"),
    ],
)
def test_the_reason_is_kept_and_must_not_name_the_patient(hospital, patient, reason, code):
    assert refusal(hospital, patient, reason=reason).code == code


def test_no_course_is_opened_for_somebody_nobody_knows(hospital, patient):
    erase(hospital, patient)
    with pytest.raises(ConflictError) as refused:
        order_course(hospital, patient)
    assert refused.value.code == "identity_erased"


def test_the_record_of_an_infusion_is_printed_without_a_birth_date(hospital, clock):
    session = records.written_up(hospital)
    erase(hospital, session.patient, although_open="The patient moved abroad and insists.")
    browser = Client()
    browser.force_login(hospital.nurse)
    answer = browser.get(f"/sessions/{session.pk}/record.pdf")
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert session.patient.pseudonym in text and "1980" not in text and "Testperson" not in text


def test_nobody_is_erased_twice(hospital, patient):
    erase(hospital, patient)
    assert refusal(hospital, patient).code == "already_erased"


def sending(hospital, patient, *, state, age_days=0):
    link = SelfReportLink.objects.create(
        patient=patient,
        ward=hospital.ward,
        course_id=patient.pk * 1000 + SelfReportLink.objects.count(),
        language="nb",
        token_hash=f"{SelfReportLink.objects.count():064}",
        issued_at=NOW,
        issued_by=hospital.nurse,
    )
    made = Sending(
        link=link,
        channel="mail",
        consent_at=NOW - timedelta(days=age_days),
        consent_noted_by=hospital.nurse,
        state=state,
        sealed_token="x",
    )
    made.address = "somebody@example.org"
    made.save()
    return made


def test_every_address_the_patient_was_written_to_goes_and_the_open_link_is_taken_back(hospital, patient):
    waiting, sent = (sending(hospital, patient, state=state) for state in ("queued", "sent"))
    assert "example.org" not in Sending.objects.values_list("sealed_address", flat=True)[0]
    assert Sending.objects.get(pk=sent.pk).address == "somebody@example.org"
    erase(hospital, patient)
    assert {one.address for one in Sending.objects.all()} == {""}
    assert Sending.objects.get(pk=waiting.pk).state == "withdrawn"
    assert not SelfReportLink.objects.filter(revoked_at=None).exists()


def test_the_command_asks_both_for_their_passwords_and_says_what_is_open(hospital, patient, monkeypatch):
    from apps.retention.management.commands import erase_identity as command

    def run(*, second=None, password=PASSWORD):
        monkeypatch.setattr(command, "getpass", lambda prompt: password)
        told = io.StringIO()
        names = {"by": hospital.administrator.username, "second": (second or hospital.physician).username}
        call_command("erase_identity", patient.pseudonym, reason=REASON, stdout=told, **names)
        return told.getvalue()

    with pytest.raises(CommandError, match="not your password"):
        run(password="wrong")
    with pytest.raises(CommandError, match="somebody else than you"):
        run(second=hospital.administrator)
    order_course(hospital, patient)
    with pytest.raises(CommandError, match=r"still open .* A course is not finished"):
        run()
    assert Patient.objects.get(pk=patient.pk).name == "Særpreget Kanarifugl"
    other = patient = admit_patient(hospital)
    assert other.pseudonym in run() and Patient.objects.get(pk=other.pk).identity == ""
    patient.pseudonym = "P-000000"
    with pytest.raises(CommandError, match="no such patient"):
        run()


# What has had its time


def retention(*options):
    told = io.StringIO()
    call_command("retention", *options, stdout=told)
    return told.getvalue().splitlines()


def test_a_dry_run_counts_and_touches_nothing_and_the_run_does_it_once(hospital, patient, clock):
    sending(hospital, patient, state="sent", age_days=3000)
    kept = sending(hospital, patient, state="queued", age_days=3000)
    Door(hospital.nurse).post("patients/", {})
    answers = [
        IdempotentAnswer(user=hospital.nurse, key=f"6f9d2c1e-4f4b-4a7e-9d5e-0a1b2c3d4e{n:02}", created_at=at)
        for n, at in enumerate([NOW - timedelta(days=9000), NOW + timedelta(days=9000)])
    ]
    IdempotentAnswer.objects.bulk_create(answers)
    message = OutgoingMessage.objects.create(
        about="alert:1",
        channel="smtp",
        title="t",
        text="t",
        state="sent",
        created_at=NOW - timedelta(days=9000),
    )
    due = retention("--dry-run")
    assert [line.split()[0] for line in due[:3]] == ["1", "1", "1"] and all("due" in line for line in due[:4])
    assert IdempotentAnswer.objects.count() == 2 and Sending.objects.exclude(sealed_address="").count() == 2
    assert [line.split()[0] for line in retention()[:3]] == ["1", "1", "1"]
    assert [line.split()[0] for line in retention()[:3]] == ["0", "0", "0"]
    assert IdempotentAnswer.objects.count() == 1
    assert Sending.objects.exclude(sealed_address="").get() == kept
    message.refresh_from_db()
    assert (message.title, message.text, message.state) == ("", "", "sent")


def test_an_identity_whose_record_has_had_its_time_is_named_by_its_pseudonym(hospital, clock):
    session = running_session(hospital)
    finish(hospital, session.pk)
    assert identities_due(now=NOW + timedelta(days=29 * 365)) == []
    [(pseudonym, until)] = identities_due(now=NOW + timedelta(days=31 * 365))
    assert (pseudonym, until.year) == (session.patient.pseudonym, NOW.year + 30)


def test_the_shipped_policy_says_for_each_period_by_which_source():
    kept = policy()
    assert kept.safety_years("no") == kept.safety_record and kept.safety_years("de").length == 30
    periods = [kept.safety_record, *kept.countries.values(), *kept.kept_days.values()]
    assert all(len(period.cite) > 20 for period in periods)
    assert kept.safety_record_until(date(2024, 2, 29), "NO") == date(2054, 3, 1)


@pytest.mark.parametrize(
    "content",
    [
        None,
        {},
        {"safety_record": {"years": 0, "cite": "x"}, "kept_days": {}},
        {"safety_record": {"years": True, "cite": "x"}, "kept_days": {}},
        {"safety_record": {"years": 30, "cite": " "}, "kept_days": {}},
        {"safety_record": {"years": 30, "cite": "x"}, "kept_days": {"session": {"days": 3, "cite": "x"}}},
    ],
)
def test_half_a_policy_is_refused(content):
    with pytest.raises(PolicyError):
        parse_policy(content)
