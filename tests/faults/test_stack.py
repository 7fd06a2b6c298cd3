"""The live stack itself: what the other tests stand on."""

from datetime import timedelta

from tests.clients import ApiClient, WardSocket
from tests.stack import Stack


def test_people_sign_in_and_a_socket_says_hello(stack: Stack) -> None:
    nurse = ApiClient(stack, "nurse")
    ward = nurse.read("me/")["wards"][0]
    with WardSocket(stack, nurse, ward["id"]) as socket:
        assert socket.wait_for(lambda message: message["type"] == "hello")["clock_speed"] == 1.0


def test_a_fresh_stack_moves_its_own_clock_and_loses_its_parts(fresh_stack: Stack) -> None:
    before = fresh_stack.clinical_now
    fresh_stack.advance_clock(3600)
    assert timedelta(hours=1) <= fresh_stack.clinical_now - before < timedelta(hours=1, minutes=1)
    assert (
        len(fresh_stack.wait_until(lambda: fresh_stack.worker_pids()[3:] and fresh_stack.worker_pids())) == 4
    )
    fresh_stack.kill("worker")
    fresh_stack.kill("valkey")
    fresh_stack.start("valkey")
    fresh_stack.start("worker")
    fresh_stack.start("web-2")
    assert ApiClient(fresh_stack, "nurse", web="web-2").read("me/")["username"] == "nurse"
