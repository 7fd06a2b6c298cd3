"""Who may keep a socket open, judged for many at once."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts.domain.roles import Role
from apps.dashboard.rights import NO_RIGHT, SIGNED_OUT, Visitor, admit, refused
from tests.builders import build_hospital

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return build_hospital()


def sign_in(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def visitor(user, ward_id) -> Visitor:
    answer = admit(sign_in(user), ward_id)
    assert isinstance(answer, Visitor)
    return answer


def test_only_people_of_the_ward_whose_role_sees_boards_are_admitted(house):
    elsewhere = build_hospital("Elsewhere")
    assert admit(None, house.ward.pk) == SIGNED_OUT
    assert admit("nonsense", house.ward.pk) == SIGNED_OUT
    assert admit(sign_in(elsewhere.nurse), house.ward.pk) == NO_RIGHT
    assert admit(sign_in(house.safety_officer), house.ward.pk) == NO_RIGHT
    assert refused({visitor(house.nurse, house.ward.pk), visitor(house.physician, house.ward.pk)}) == {}


def test_each_loss_of_the_right_is_found(house):
    stays = visitor(house.second_nurse, house.ward.pk)
    signed_out = visitor(house.nurse, house.ward.pk)
    Session.objects.filter(pk=signed_out.session_key).delete()
    renewed = visitor(house.physician, house.ward.pk)
    house.physician.set_password("another-long-password")
    house.physician.save()
    assert refused({stays, signed_out, renewed}) == {signed_out: SIGNED_OUT, renewed: SIGNED_OUT}

    moved = visitor(house.nurse, house.ward.pk)
    house.nurse.wards.clear()
    assert refused({stays, moved}) == {moved: NO_RIGHT}

    house.second_nurse.role = Role.PHARMACOVIGILANCE.value
    house.second_nurse.save()
    assert refused({stays}) == {stays: NO_RIGHT}
    house.second_nurse.is_active = False
    house.second_nurse.save()
    assert refused({stays}) == {stays: SIGNED_OUT}
