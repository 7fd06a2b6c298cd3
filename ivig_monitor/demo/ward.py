"""Who lies on the demo ward and how far each of them has come."""

from datetime import datetime, timedelta

from apps.accounts.domain.roles import Role
from apps.accounts.selectors import Staff, Ward
from apps.accounts.services import ensure_staff, ensure_ward
from apps.followups.selectors import checks_of_patient
from apps.followups.services import record_outcome
from apps.guidelines.domain import ASKED_KINDS
from apps.patients.selectors import any_patient
from apps.patients.services import register_patient
from ivig_monitor.demo.people import PATIENTS
from ivig_monitor.demo.story import ADULT, CHILD, Story
from ivig_monitor.demo_accounts import DEMO_ACCOUNTS, HAEMATOLOGY, NEUROLOGY

TIME_ZONES = {NEUROLOGY: "Europe/Oslo", HAEMATOLOGY: "Asia/Tehran"}
WARD_PHYSICIAN = {NEUROLOGY: "physician", HAEMATOLOGY: "physician2"}
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
            usual=CHILD if person.key == "child" else ADULT,
        )
    _live(stories, now)
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
    stories["second_day"].order(at=yesterday - timedelta(hours=1), weight_kg="75")
    stories["second_day"].start(at=yesterday)
    stories["second_day"].finish()

    _given_before(stories["call_due"], now - timedelta(hours=30))
    _given_before(stories["call_overdue"], now - timedelta(hours=55))
    _given_before(stories["followed_up"], now - timedelta(days=11))
    _answer_all(stories["followed_up"], now)

    stories["other_ward"].order(at=minutes(180), weight_kg="70")
    stories["other_ward"].start(at=minutes(50), lot="LOT-C0420")
    stories["other_ward"].run(until=now)
    _given_before(stories["other_ward_due"], now - timedelta(hours=28))


def _given_before(story: Story, last_day_at: datetime) -> None:
    first_day_at = last_day_at - timedelta(days=1)
    story.order(at=first_day_at - timedelta(hours=2), weight_kg="66", days=2, product="octagam_10")
    for day, at in ((1, first_day_at), (2, last_day_at)):
        story.start(at=at, day=day, lot="LOT-A1204")
        story.finish()


def _answer_all(story: Story, now: datetime) -> None:
    for check in checks_of_patient(story.patient_id):
        asked_at = check.due_at + timedelta(hours=1)
        if check.status != "planned" or check.kind not in ASKED_KINDS or asked_at > now:
            continue
        record_outcome(
            performer=story.nurse,
            check_id=check.pk,
            outcome="no_effect",
            note="",
            now=asked_at,
        )
