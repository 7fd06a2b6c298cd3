"""Every address, socket and command as every role on its own and on another ward, against the table of rights.

The addresses are read from the product itself: one that nobody gave a rule fails here, and so does one whose view
lets in somebody whom its rule does not.
"""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands, load_command_class
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from rest_framework.permissions import AllowAny
from rest_framework.test import APIClient
from rest_framework.views import APIView

from apps.accounts.domain.roles import Action, Role, allows
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert
from apps.dashboard.rights import Visitor, admit
from apps.dashboard.routing import websocket_urlpatterns
from apps.edge.rights import (
    OPERATOR,
    PUBLIC,
    SIGNED_IN,
    RightsMiddleware,
    addresses,
    faults_of,
    methods_of,
    rights_of,
)
from apps.infusions.services import offer_handover, take_over, withdraw_handover
from ivig_monitor.objects import OBJECTS
from tests.builders import NOW
from tests.entries import course_entry
from tests.unit.db.test_access import BODIES, EVERYBODY, filled, numbers  # noqa: F401

pytestmark = pytest.mark.django_db

# The whole list of what needs no signing in. The link of a patient's own form is its key.
PUBLIC_ADDRESSES = {
    "sign-in/",
    "sign-out/",
    # Between the password and the second factor nobody is signed in yet: these ask how far somebody has come.
    "sign-in/second/",
    "sign-in/first-password/",
    "sign-in/passkey/options/",
    "sign-in/passkey/",
    "sign-in/oidc/",
    "sign-in/oidc/callback/",
    "account/",
    "account/passkeys/options/",
    "account/passkeys/",
    "i18n/setlang/",
    "r/<str:token>/",
    "r/<str:token>/answers/",
    "service-worker.js",
    "offline/",
    "health/live",
    "health/ready",
    "health/findings",
    "metrics",
    "admin/login/",
    "api/schema/",
    "api/docs/",
    "api/v1/auth/token/",
    "^api/",
}
# What stands for the words in addresses: documents and codes that every house has.
WORDS = {
    "<slug:slug>": "nel_cidp",
    "<slug:regimen_code>": "initial",
    "<slug:code>": "nel",
    "<slug:one>": "nel_cidp",
    "<slug:other>": "nel_gbs",
}
# Signing in, one's own password; and looking a name up for a form, which Django refuses without the form.
_NO_ADMINISTRATION = ("admin/login/", "admin/password_change/", "admin/autocomplete/")
QUERIES = {"lots/one/": "?product=kiovig&lot=LOT-A1204"}
HOUSE = ("ivig_monitor", "apps.")


def every_address() -> Iterator[tuple[str, Any]]:
    for route, pattern in addresses(get_resolver().url_patterns):
        yield route, pattern.callback


def asked() -> list[tuple[str, str, tuple[str, ...]]]:
    """(route, method, the actions of which any will do) for whatever needs signing in, but the admin's pages."""
    found = []
    for route, callback in every_address():
        for method in methods_of(callback):
            rule = rights_of(callback, method)
            assert rule is not None, f"{method} {route} has no rule"
            if rule != PUBLIC and not route.startswith("admin/"):
                found.append((route, method, (rule,) if isinstance(rule, str) else rule))
    return found


def may(role: Role, rule: tuple[str, ...]) -> bool:
    return SIGNED_IN in rule or any(allows(role, Action(one)) for one in rule)


def path_of(route: str, known: dict[str, int]) -> str:
    for word, example in WORDS.items():
        route = route.replace(word, example)
    return "/" + re.sub(r"<int:\w+>", "1", filled(route, known)) + QUERIES.get(route, "")


def names_in(route: str) -> list[str]:
    return re.findall(r"<int:(\w+)>", route)


class Caller:
    """One person, whose calls leave nothing behind."""

    def __init__(self, user: Any, bodies: dict[str, Any]) -> None:
        self.client, self.user = APIClient(), user
        self.bodies = bodies

    def __call__(self, route: str, method: str, path: str) -> int:
        self.client.force_login(self.user)  # some addresses end the session they are called with
        with transaction.atomic():
            if method == "GET":
                answer = self.client.get(path)
            else:
                body = self.bodies.get(route.removeprefix("api/v1/")) or {}
                key = {"Idempotency-Key": str(uuid.uuid4())}
                api = route.startswith("api/")
                answer = self.client.generic(
                    method,
                    path,
                    _json(body) if api else "",
                    content_type="application/json" if api else "application/x-www-form-urlencoded",
                    headers=key,
                )
            transaction.set_rollback(True)
        if answer.status_code == 404 and api_code(answer) not in ("not_found", None):
            return 400  # what is not there is something the entry names, such as a version of a dictionary
        return answer.status_code


def api_code(answer: Any) -> str | None:
    return answer.json()["code"] if answer["Content-Type"] == "application/json" else None


def _json(body: Any) -> str:
    return json.dumps(body, default=str)


@pytest.fixture
def bodies(numbers):  # noqa: F811
    return BODIES | {
        "course-assessments/": course_entry(numbers["patient_id"], "2026-03-02"),
        "cases/<int:case_id>/events/": {"event_id": numbers["event_id"]},
    }


@pytest.fixture
def known(hospital, numbers):  # noqa: F811
    """known(who): the numbers of what is on the ward.

    Two things are one person's: an alert for pharmacovigilance is the officer's, an offer is whom it was made to.
    """

    def numbers_for(who):
        if who == "safety_officer":
            return numbers | {"alert_id": officers_alert(hospital).pk}
        if who in ("nurse", "charge_nurse", "physician"):
            return numbers | {"handover_id": offer_to(hospital, who, numbers).pk}
        return numbers

    return numbers_for


def officers_alert(hospital):
    return raise_alert(
        ward_id=hospital.ward.pk,
        patient_id=None,
        subject="case_clock:1",
        condition=Condition(code="clock", priority=Priority.MEDIUM, message="Look.", params={}),
        now=NOW,
        for_officers=True,
    )


def offer_to(hospital, who, known):
    giver, taker = hospital.nurse, getattr(hospital, who)
    withdraw_handover(performer=giver, handover_id=known["handover_id"], now=NOW)
    if taker == giver:
        giver = hospital.second_nurse
        take_over(performer=giver, session_id=known["session_id"], now=NOW)
    (offer,) = offer_handover(
        performer=giver,
        session_ids=[known["session_id"]],
        given_to_id=taker.pk,
        note="",
        now=NOW,
    )
    return offer


def test_every_address_has_a_rule_and_only_the_public_ones_are_public():
    faults = [fault for route, callback in every_address() for fault in faults_of(route, callback)]
    assert faults == []
    public = {
        route
        for route, callback in every_address()
        if any(rights_of(callback, method) == PUBLIC for method in methods_of(callback))
    }
    assert public == PUBLIC_ADDRESSES


def test_every_rule_is_of_the_table():
    words = {action.value for action in Action} | {SIGNED_IN}
    assert {one for _, _, rule in asked() for one in rule} <= words


@pytest.mark.parametrize("who", EVERYBODY)
def test_on_its_own_ward_a_role_may_what_the_table_says_and_nothing_else(hospital, bodies, known, who):
    user = getattr(hospital, who)
    call, mine = Caller(user, bodies), known(who)
    wrong = []
    for route, method, rule in asked():
        status = call(route, method, path_of(route, mine))
        refusals = {403, 404} if all(name in mine for name in names_in(route)) else {403}
        if (status not in refusals) is not may(Role(user.role), rule) or status in (401, 500):
            wrong.append((route, method, rule, status))
    assert not wrong, "\n".join(str(one) for one in wrong)


@pytest.mark.parametrize("who", EVERYBODY)
def test_on_another_ward_nothing_is_there_for_anybody(hospital, elsewhere, bodies, known, who):
    user = getattr(elsewhere, who)
    call, theirs = Caller(user, bodies), known(who)
    wrong = []
    for route, method, rule in asked():
        status = call(route, method, path_of(route, theirs))
        if any(name in OBJECTS for name in names_in(route)):
            right = status == 404
        elif route == "api/v1/course-assessments/":
            right = status == 404  # the patient is named in the entry
        else:
            right = (status != 403) is may(Role(user.role), rule)
        if not right:
            wrong.append((route, method, rule, status))
    assert not wrong, "\n".join(str(one) for one in wrong)


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_administrators_pages_are_for_whom_the_table_lets_administer(hospital, who):
    user = getattr(hospital, who)
    call, wrong = Caller(user, {}), []
    for route, callback in every_address():
        if not route.startswith("admin/") or route in _NO_ADMINISTRATION:
            continue
        assert rights_of(callback, "GET") == Action.ADMINISTER, route
        path = "/" + re.sub(r"<\w+:\w+>", str(hospital.ward.pk), route)
        path = path.replace("^(?P<app_label>accounts)/$", "accounts/").replace("(?P<url>.*)$", "nothing/")
        refused = call(route, "GET", path) == 403
        if refused is allows(Role(user.role), Action.ADMINISTER):
            wrong.append(route)
    assert not wrong, "\n".join(str(one) for one in wrong)


def test_djangos_own_flags_open_nothing(hospital):
    hospital.nurse.is_staff = hospital.nurse.is_superuser = True
    hospital.nurse.save()
    client = Client()
    client.force_login(hospital.nurse)
    assert client.get("/admin/").status_code == 403
    hospital.administrator.is_staff = hospital.administrator.is_superuser = False
    hospital.administrator.save()
    client.force_login(hospital.administrator)
    assert client.get("/admin/accounts/user/").status_code == 200


def test_signed_out_every_page_leads_to_the_signing_in(db):
    client = Client()
    for route, method, _ in asked():
        if not route.startswith("api/") and method == "GET":
            answer = client.get(path_of(route, {}))
            assert (answer.status_code, answer.get("Location", "")[:9]) == (302, "/sign-in/"), route


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_socket_is_opened_by_the_table_on_ones_own_ward_alone(hospital, elsewhere, who):
    for pattern in websocket_urlpatterns:
        rule = pattern.callback.consumer_class.rights
        user = getattr(hospital, who)
        client = Client()
        client.force_login(user)
        key = client.session.session_key
        assert isinstance(admit(key, hospital.ward.pk), Visitor) is allows(Role(user.role), Action(rule))
        assert not isinstance(admit(key, elsewhere.ward.pk), Visitor)


def test_every_command_is_the_operators():
    ours = {name: app for name, app in get_commands().items() if str(app).startswith(HOUSE)}
    assert len(ours) >= 13
    for name, app in ours.items():
        assert getattr(load_command_class(app, name), "rights", None) == OPERATOR, name


# The net itself


def test_a_view_without_a_rule_is_shut_and_found():
    def forgotten(request):
        return HttpResponse("open")

    request = RequestFactory().get("/forgotten/")
    with pytest.raises(ImproperlyConfigured):
        RightsMiddleware(forgotten).process_view(request, forgotten, (), {})
    assert faults_of("forgotten/", forgotten)


def test_an_api_view_that_lets_itself_be_asked_by_nobody_is_found():
    class Loose(APIView):
        rights = Action.SEE_PATIENTS
        permission_classes = [AllowAny]

        def get(self, request):
            return None

    class Half(APIView):
        rights = {"GET": Action.SEE_PATIENTS}

        def get(self, request):
            return None

        def post(self, request):
            return None

    (loose,) = faults_of("loose/", Loose.as_view())
    assert "permission" in loose
    (half,) = faults_of("half/", Half.as_view())
    assert "POST" in half
