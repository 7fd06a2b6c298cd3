"""Passwords that sign are counted as those at the door are, whatever becomes of what they sign."""

import re
from pathlib import Path

import pytest

from apps.accounts.domain.proof import FAILURES_AT_MOST
from ivig_monitor.launch.places import ROOT
from tests.builders import PASSWORD, Door, admit_patient
from tests.entries import course_entry

pytestmark = pytest.mark.django_db
# Where a password may be looked at: the proof before a signature, the door, and the signature that was proved.
LOOKS_AT_PASSWORDS = {
    "apps/accounts/proving.py",
    "apps/accounts/services.py",
    "apps/devices/services.py",  # the PIN; five wrong ones end the session
    "apps/guidelines/services/site_documents.py",
    "apps/identity/services/door.py",
    "apps/identity/services/codes.py",
    "apps/identity/services/passwords.py",  # whether a new one is the old one, for who has just proved it
}


def entry_signed_by(hospital, own, second, second_password):
    entry = course_entry(admit_patient(hospital).pk, "2026-03-02")
    signature = {"own_password": own, "second_username": second, "second_password": second_password}
    return entry | {"signature": signature}


def codes(door, entry, times):
    return [door.post("courses/", entry).json().get("code") for _ in range(times)]


def test_ones_own_password_is_not_guessed_over_a_signature(hospital):
    door = Door(hospital.physician)
    wrong = entry_signed_by(hospital, "wrong", hospital.nurse.username, PASSWORD)
    assert codes(door, wrong, FAILURES_AT_MOST) == ["own_password_wrong"] * FAILURES_AT_MOST
    right = entry_signed_by(hospital, PASSWORD, hospital.nurse.username, PASSWORD)
    assert codes(door, right, 1) == ["own_password_wrong"], "too often: not even the right one"


def test_a_colleagues_password_is_not_guessed_over_a_signature(hospital):
    door = Door(hospital.physician)
    wrong = entry_signed_by(hospital, PASSWORD, hospital.nurse.username, "wrong")
    assert codes(door, wrong, FAILURES_AT_MOST) == ["second_person_refused"] * FAILURES_AT_MOST
    right = entry_signed_by(hospital, PASSWORD, hospital.nurse.username, PASSWORD)
    assert codes(door, right, 1) == ["second_person_refused"]
    other = entry_signed_by(hospital, PASSWORD, hospital.second_nurse.username, PASSWORD)
    assert codes(door, other, 1) != ["second_person_refused"], "another colleague signs"


def test_a_name_nobody_has_is_answered_as_a_wrong_password_is(hospital):
    door = Door(hospital.physician)
    known = door.post("courses/", entry_signed_by(hospital, PASSWORD, hospital.nurse.username, "wrong"))
    unknown = door.post("courses/", entry_signed_by(hospital, PASSWORD, "nobody", "wrong"))
    assert known.json() == unknown.json()


def test_a_password_that_is_no_text_is_counted_all_the_same(hospital):
    door = Door(hospital.physician)
    assert codes(door, entry_signed_by(hospital, 12345, "", ""), 1) == ["own_password_wrong"]


def test_no_other_code_looks_at_a_password():
    pattern = re.compile(r"(?<!def )\b(check_password|authenticate)\(")
    found = {
        str(path.relative_to(ROOT))
        for folder in ("apps", "ivig_monitor")
        for path in Path(ROOT, folder).rglob("*.py")
        if pattern.search(path.read_text(encoding="utf-8"))
    }
    assert found == LOOKS_AT_PASSWORDS
