"""Who lies on the demo ward and how far each of them has come."""

from datetime import datetime, timedelta
from typing import Any

from apps.accounts.domain.roles import Role
from apps.accounts.selectors import Staff, Ward
from apps.accounts.services import ensure_staff, ensure_ward
from apps.patients.selectors import any_patient
from apps.patients.services import register_patient
from ivig_monitor.demo.cases import seed_cases
from ivig_monitor.demo.people import PATIENTS
from ivig_monitor.demo.story import ADULT, CHILD, Story
from ivig_monitor.demo_accounts import DEMO_ACCOUNTS, HAEMATOLOGY, NEUROLOGY

TIME_ZONES = {NEUROLOGY: "Europe/Oslo", HAEMATOLOGY: "Asia/Tehran"}
WARD_PHYSICIAN = {NEUROLOGY: "physician", HAEMATOLOGY: "physician2"}
LOW_DOSE: dict[str, Any] = {"days": 1, "dose_mg_per_kg": 400, "regimen": ("nel_low_dose", "low_dose")}
FIRST_CALL = "aseptic_meningitis_call"
WARD_NURSE = {NEUROLOGY: "nurse", HAEMATOLOGY: "nurse2"}


def seed(*, now: datetime) -> bool:
    """Fill an empty database with the demo ward. Returns False, changing nothing, when it is there."""
    if any_patient():
        return False
    wards = {name: ensure_ward(name=name, time_zone=zone) for name, zone in TIME_ZONES.items()}
    staff = _staff(wards)
    stories = {}
    for number, person in enumerate(PATIENTS, start=1):
        patient = register_patient(
            performer=staff[WARD_NURSE[person.ward]],
            ward_id=wards[person.ward].pk,
            name=person.name,
            birth_date=person.birth_date,
            sex=person.sex,
            medical_record_number=f"DEMO-{number:03}",
            bed=person.bed,
            now=now - timedelta(days=12),
        )
        stories[person.key] = Story(
            patient_id=patient.pk,
            physician=staff[WARD_PHYSICIAN[person.ward]],
            nurse=staff[WARD_NURSE[person.ward]],
            usual=CHILD if person.is_child else ADULT,
        )
    _live(stories, now)
    seed_cases(stories, physician=staff["physician"], officer=staff["pharmacovigilance"], now=now)
    return True


def _staff(wards: dict[str, Ward]) -> dict[str, Staff]:
    return {
        account.username: ensure_staff(
            username=account.username,
            full_name=("Demo", account.title),
            role=Role(account.role),
            specialty=account.specialty,
            wards=[wards[name] for name in account.wards],
            password=account.password,
        )
        for account in DEMO_ACCOUNTS
    }


def _live(stories: dict[str, Story], now: datetime) -> None:
    def minutes(ago: int) -> datetime:
        return now - timedelta(minutes=ago)

    stories["ordered"].order(at=minutes(90), weight_kg="82")

    stories["just_started"].order(at=minutes(60), weight_kg="64")
    stories["just_started"].start(at=minutes(9))

    stories["escalating"].order(at=minutes(120), weight_kg="78")
    stories["escalating"].start(at=minutes(35))
    stories["escalating"].run(until=minutes(1), highest_step=0)

    stories["steady"].order(at=minutes(200), weight_kg="58", days=2)
    stories["steady"].start(at=minutes(95), lot="LOT-B7731")
    stories["steady"].run(until=now)

    stories["falling"].order(at=minutes(200), weight_kg="90")
    stories["falling"].start(at=minutes(62))
    stories["falling"].run(until=minutes(4), highest_step=2)
    stories["falling"].observe(at=minutes(3), systolic_mmhg=98)

    stories["reacting"].order(at=minutes(150), weight_kg="61")
    stories["reacting"].start(at=minutes(58), lot="LOT-B7731")
    stories["reacting"].run(until=minutes(12), highest_step=2)
    stories["reacting"].react(
        at=minutes(11),
        term="urticaria",
        severity="moderate",
        action="pause",
        note="Hives on both forearms. Antihistamine given.",
    )
    stories["reacting"].observe(at=minutes(6))

    stories["child"].order(at=minutes(170), weight_kg="21")
    stories["child"].start(at=minutes(40), lot="LOT-C0420")
    stories["child"].run(until=minutes(2))

    stories["watched"].order(at=minutes(300), weight_kg="70")
    stories["watched"].start(at=minutes(125))
    stories["watched"].finish(watch=False)

    yesterday = now - timedelta(hours=20)
    stories["second_day"].given_before(
        last_day_at=yesterday, days=5, given=1, product="kiovig", weight_kg="75"
    ).answer(until=minutes(240))

    _followed_up(stories, now)

    stories["other_ward"].order(at=minutes(180), weight_kg="70")
    stories["other_ward"].start(at=minutes(50), lot="LOT-C0420")
    stories["other_ward"].run(until=now)
    due_there = stories["other_ward_due"].given_before(last_day_at=now - timedelta(hours=28))
    due_there.answer(until=now, but=FIRST_CALL)
    _went_otherwise(stories, now)


def _followed_up(stories: dict[str, Story], now: datetime) -> None:
    """A call that is due, one that nobody made, and a patient who was asked everything."""
    for key, ago in (("call_due", timedelta(hours=30)), ("call_overdue", timedelta(hours=66))):
        stories[key].given_before(last_day_at=now - ago).answer(until=now, but=FIRST_CALL)
    stories["followed_up"].given_before(last_day_at=now - timedelta(days=11)).answer(until=now)


def _went_otherwise(stories: dict[str, Story], now: datetime) -> None:
    """Tried in vain, a red flag, lost; what the laboratory found; a child whose parents answer from home."""

    def ago(hours: float) -> datetime:
        return now - timedelta(hours=hours)

    tried = stories["not_reached"].given_before(last_day_at=ago(36), **LOW_DOSE)
    tried.answer(until=ago(2), but=FIRST_CALL)
    tried.not_reached(FIRST_CALL, at=[ago(1)], note="Rang out. No answering machine.")

    flagged = stories["stiff_neck"].given_before(last_day_at=ago(38), **LOW_DOSE)
    flagged.answer(until=ago(3), but=FIRST_CALL)
    call = flagged.check(FIRST_CALL)
    flagged.reached(
        call,
        {"bad_headache": "yes", "stiff_neck": "yes", "light_hurts": "yes", "fever": "no"},
        at=ago(2),
        note="Since this morning. Comes in now with her sister.",
    )
    flagged.take_alerts(f"check:{call.pk}", at=ago(1.9))

    lost = stories["lost"].given_before(last_day_at=ago(24 * 8.5), **LOW_DOSE)
    lost.answer(until=ago(40), but="day_7_call")
    lost.not_reached("day_7_call", at=[ago(32), ago(27), ago(8)], note="The number is no longer in use.")
    lost.give_up("day_7_call", at=ago(5), reason="Moved abroad. The family physician was written to.")

    _kidneys(stories["kidneys"], now)
    _hemolysis(stories["hemolysis"], now)

    child = stories["child_at_home"].given_before(
        last_day_at=ago(52), days=1, product="kiovig", weight_kg="17", regimen=("kawasaki", "first_dose")
    )
    child.answer(until=ago(34))
    token = child.go_home(at=ago(34), language="fa")
    call = child.check(FIRST_CALL)
    child.reported_from_home(token, at=max(call.due_at, ago(20)), yes=frozenset({"nausea_vomiting"}))
    child.take_alerts(f"check:{call.pk}", at=ago(2))
    child.answer(until=now)


def _kidneys(story: Story, now: datetime) -> None:
    """Three of five days are given to somebody at risk; creatinine rises, this morning by half of what it was."""
    last_day_at = now - timedelta(hours=25)
    care = story.given_before(last_day_at=last_day_at, days=5, given=3, product="kiovig", weight_kg="72")
    for days_before, creatinine in ((2, "78"), (1, "84"), (0, "96")):
        morning = last_day_at - timedelta(days=days_before, hours=1)
        care.measured(morning, known_after=timedelta(minutes=50), creatinine=f"{creatinine} µmol/L")
    care.answer(until=now - timedelta(hours=3), before_day=4)
    care.measured(now - timedelta(hours=3), creatinine="119 µmol/L", sodium="138 mmol/L")
    care.take_alerts(f"laboratory:{story.patient_id}", at=now - timedelta(minutes=50))


def _hemolysis(story: Story, now: datetime) -> None:
    """A small fall on the first day, which may be dilution; a great one on day 7, with the signs."""
    last_day_at = now - timedelta(days=8)
    care = story.given_before(last_day_at=last_day_at, blood_group="A")
    care.measured(
        last_day_at - timedelta(days=1, hours=3),
        hemoglobin="138 g/L",
        ldh="190 U/L",
        haptoglobin="1.2 g/L",
        dat="negative",
    )
    care.measured(last_day_at + timedelta(hours=20), hemoglobin="125 g/L")
    care.measured(last_day_at + timedelta(hours=50), hemoglobin="127 g/L")
    care.answer(until=last_day_at + timedelta(days=6), but="hemolysis_lab")
    care.measured(
        last_day_at + timedelta(days=7),
        hemoglobin="103 g/L",
        ldh="436 U/L",
        haptoglobin="0.1 g/L",
        bilirubin_indirect="29 µmol/L",
        dat="grade_2",
    )
    known_at = last_day_at + timedelta(days=7, hours=2)
    care.take_alerts(f"laboratory:{story.patient_id}", at=known_at + timedelta(minutes=5))
    care.suspect(
        "hemolysis_lab", at=known_at + timedelta(minutes=10), note="See the results of this morning."
    )
    care.answer(until=now)
