"""What every measurement is given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from bench.hospital import Hospital, Size, adopt, build, build_empty
from bench.machine import wait_until_quiet
from bench.stage import Stage
from tests.stack import Database

USUAL = Size(wards=40, nurses_per_ward=5, sessions=1000)
SMALL = Size(wards=20, nurses_per_ward=1, sessions=40)
PATIENCE_S = 10.0

T = TypeVar("T")


@dataclass
class Bench:
    """How thorough a run is, and the hospital it measures; made when first asked for."""

    server_url: str
    quick: bool = False
    full: bool = False
    minutes: float | None = None
    prepared: str | None = None
    others_busy_cores: list[float] = field(default_factory=list)

    @cached_property
    def hospital(self) -> Hospital:
        """40 wards with 200 nurses and 1 000 running infusions; a quick run has fewer."""
        if self.prepared:
            return adopt(self.server_url, self.prepared)
        return build(self.server_url, SMALL if self.quick else USUAL)

    def stage(self, *, settings: str = "ivig_monitor.settings.base") -> Stage:
        """A fresh copy of the hospital. Its timers rest for a day, so that nothing else falls due."""
        stage = Stage(self.server_url, copy_of=self.hospital.database.name, settings=settings)
        stage.sql("UPDATE ledger_timer SET due_at = due_at + interval '1 day' WHERE state = 'pending'")
        return stage

    @cached_property
    def empty(self) -> Database:
        """The schema and nothing in it."""
        return build_empty(self.server_url)

    def bare_stage(self, *, settings: str = "ivig_monitor.settings.base") -> Stage:
        """A fresh copy of the empty database."""
        return Stage(self.server_url, copy_of=self.empty.name, settings=settings)

    def pick(self, quick: T, usual: T, full: T | None = None) -> T:
        """The size for this kind of run."""
        if self.quick:
            return quick
        return full if self.full and full is not None else usual

    def settle(self) -> None:
        """Wait a little for a quiet machine, and remember how busy others were."""
        self.others_busy_cores.append(wait_until_quiet(0.0 if self.quick else PATIENCE_S))

    def close(self) -> None:
        """Drop the databases that were made."""
        if "empty" in self.__dict__:
            self.empty.drop()
        if "hospital" in self.__dict__:
            self.hospital.database.drop()


def in_ms(seconds: Sequence[float]) -> list[float]:
    """Milliseconds."""
    return [1000 * one for one in seconds]
