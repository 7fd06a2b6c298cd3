"""Fixtures every group of tests shares."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.stack import Stack, StackTemplate

MakeStack = Callable[..., Stack]
# How long an example takes tells of the machine and what else it does; a rule holds or it does not.
hypothesis.settings.register_profile(
    "any machine",
    parent=hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("any machine")
NO_SERVERS = "These tests need PostgreSQL and Valkey: run `python3 manage.py test`, which starts both."


@pytest.fixture(scope="session")
def servers() -> None:
    """Breaks off with a sentence when nobody started the servers."""
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        pytest.exit(NO_SERVERS, returncode=1)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django asks for this before it creates the test database; each process has one of its own."""


@pytest.fixture(scope="session")
def stack_template(servers: None) -> Iterator[StackTemplate]:
    """The prepared demo database that every stack is a copy of."""
    template = StackTemplate(os.environ["DATABASE_URL"])
    yield template
    template.drop()


@pytest.fixture(scope="session")
def stack(stack_template: StackTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One live demo for the whole run: web, worker and beat as real processes. Share it politely."""
    yield from _running(stack_template, tmp_path_factory.mktemp("stack"))


@pytest.fixture(scope="module")
def module_stack(stack_template: StackTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A live demo for the tests of one file, which leave all processes running behind them."""
    yield from _running(stack_template, tmp_path_factory.mktemp("m"))


@pytest.fixture
def fresh_stack(stack_template: StackTemplate, tmp_path: Path) -> Iterator[Stack]:
    """A live demo of this test's own, for tests that kill, stop or move the clock."""
    yield from _running(stack_template, tmp_path)


@pytest.fixture
def make_stack(stack_template: StackTemplate, tmp_path: Path) -> Iterator[MakeStack]:
    """Makes a stack of this test's own, not yet started; takes the options of Stack."""
    with ExitStack() as open_stacks:

        def make(**options: Any) -> Stack:
            stack = Stack(stack_template, tmp_path, **options)
            open_stacks.callback(stack.stop_all)
            return stack

        yield make


def _running(template: StackTemplate, directory: Path) -> Iterator[Stack]:
    stack = Stack(template, directory)
    try:
        stack.start_all()
        yield stack
    finally:
        stack.stop_all()
