"""A refusal says what is wrong, with its numbers, and which HTTP status it is."""

import pytest

from apps.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError


@pytest.mark.parametrize(
    ("error", "status"),
    [(DomainError, 400), (NotFoundError, 404), (ForbiddenError, 403), (ConflictError, 409)],
)
def test_each_refusal_has_its_status_and_is_a_domain_error(error, status):
    refusal = error("some_code", "Some sentence.")
    assert refusal.http_status == status
    assert isinstance(refusal, DomainError)
    assert (refusal.code, refusal.message, refusal.params, refusal.extra) == (
        "some_code", "Some sentence.", {}, {},
    )  # fmt: skip


def test_the_sentence_is_filled_with_its_numbers():
    refusal = DomainError("too_much", "%(value)s %% is above %(limit)s %%.", value="12", limit="5")
    assert str(refusal) == "12 % is above 5 %."
    assert refusal.params == {"value": "12", "limit": "5"}


def test_a_sentence_without_numbers_is_left_alone():
    assert str(DomainError("odd", "100 % sure")) == "100 % sure"


def test_what_goes_to_the_client_is_kept_apart_from_what_fills_the_sentence():
    refusal = ConflictError("changed", "Version %(version)s.", extra={"state": "paused"}, version=3)
    assert refusal.extra == {"state": "paused"}
    assert refusal.params == {"version": 3}
    assert str(refusal) == "Version 3."


def test_parameters_may_be_called_code_or_message():
    refusal = DomainError("a", "%(code)s %(message)s", code="c", message="m")
    assert (refusal.code, str(refusal)) == ("a", "c m")


def test_two_refusals_do_not_share_their_extras():
    first, second = DomainError("a", "A"), DomainError("b", "B")
    first.extra["seen"] = True
    assert second.extra == {}
