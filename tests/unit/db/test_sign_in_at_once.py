"""Many tries at once are no more than many in a row."""

import pytest

from apps.identity import services
from apps.identity.domain.throttle import FREE_TRIES, NAMES_AT_MOST
from apps.identity.services import Knock
from apps.kernel import clock as kernel_clock
from apps.kernel.errors import DomainError
from apps.ledger.models import Event
from tests.builders import NOW, in_parallel
from tests.unit.db.test_sign_in_second_factor import code_of, with_totp

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def knocking(username):
    wall_now = kernel_clock.wall_now()
    knock = Knock(username=username, address="203.0.113.9")
    return lambda: services.open_door(knock=knock, password="guess", wall_now=wall_now, now=NOW)


def codes(results):
    return [result.code for result in results if isinstance(result, DomainError)]


def test_one_name_guessed_from_many_connections(hospital):
    found = codes(in_parallel(*[knocking(hospital.nurse.username) for _ in range(AT_ONCE)]))
    assert sorted(found) == ["sign_in_refused"] * FREE_TRIES + ["too_many_tries"] * (AT_ONCE - FREE_TRIES)
    assert Event.objects.filter(name="identity.sign_in.refused").count() == 1


def test_many_names_tried_from_many_connections(hospital):
    wanted = NAMES_AT_MOST + 6
    found = []
    for start in range(0, wanted, AT_ONCE):
        names = [f"name-{number}" for number in range(start, min(start + AT_ONCE, wanted))]
        found += codes(in_parallel(*[knocking(name) for name in names]))
    assert sorted(found) == ["sign_in_refused"] * NAMES_AT_MOST + ["too_many_tries"] * 6


def test_one_code_opens_once_though_it_arrives_everywhere_at_once(hospital):
    secret = with_totp(hospital.nurse)
    wall_now, code = kernel_clock.wall_now(), code_of(secret)

    def enter():
        return services.prove_code(user=hospital.nurse, code=code, wall_now=wall_now, now=NOW)

    results = in_parallel(*[enter for _ in range(4)])
    assert [result for result in results if result == "totp"] == ["totp"], results
    assert codes(results) == ["code_refused"] * 3
