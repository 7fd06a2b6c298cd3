"""One child process: started in a session of its own, logged to a file, never outliving its parent."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ivig_monitor.launch.problem import LaunchProblem

LOG_LIMIT_BYTES = 5_000_000
GONE_S = 1.0  # the dead are counted until their new parent has noticed
OWNER = "IVIG_LAUNCHER"  # in the environment of every child: whose it is, for the next start


class Child:
    """A command that can be started, watched and ended.

    `death_signal` is what the child receives when its parent dies, however it dies. `stop_signal`
    asks it to end; after `patience_s` seconds everything in its session is killed. `enter` is a
    program that the command runs inside, such as a user namespace; changing who one is forgets the
    tie to the parent, so the tie is made within it.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        owner: Path,
        enter: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        directory: Path | str = "/",
        stop_signal: signal.Signals = signal.SIGTERM,
        death_signal: signal.Signals = signal.SIGKILL,
        patience_s: float = 10.0,
        user: int | None = None,
        group: int | None = None,
    ) -> None:
        self.name = name
        self.command = [str(part) for part in command]
        self.enter = list(enter)
        self.log = log
        self.environment = {**(os.environ if environment is None else environment), OWNER: str(owner)}
        self.directory = str(directory)
        self.stop_signal = stop_signal
        self.death_signal = death_signal
        self.patience_s = patience_s
        self.user = user
        self.group = group
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it. Raises LaunchProblem when the program cannot be run."""
        tied = ["setpriv", "--pdeathsig", self.death_signal.name[3:], "--"] if shutil.which("setpriv") else []
        with open_log(self.log) as log:
            try:
                self.process = subprocess.Popen(
                    [*self.enter, *tied, *self.command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=self.directory,
                    env=self.environment,
                    start_new_session=True,  # Ctrl-C in the terminal is for the launcher alone
                    user=self.user,
                    group=self.group,
                    extra_groups=[] if self.user is not None else None,
                )
            except (FileNotFoundError, PermissionError) as error:
                raise LaunchProblem(f"{self.name} cannot be started: {error}.") from error

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """Process id of the running child. Raises LaunchProblem before the first start."""
        if self.process is None:
            raise LaunchProblem(f"{self.name} was not started.")
        return self.process.pid

    def ask_to_stop(self) -> None:
        """Send the stop signal and do not wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def wait_stopped(self) -> None:
        """Wait until it has ended; after `patience_s` kill it and whatever it started."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience_s)
        self.kill()

    def stop(self) -> None:
        """Ask, wait, and kill if need be."""
        self.ask_to_stop()
        self.wait_stopped()

    def kill(self) -> None:
        """kill -9 the whole session, helpers included."""
        if self.process is None:
            return
        session = self.process.pid
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(session, signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not _has_members(session), seconds=GONE_S)

    def last_words(self, characters: int = 800) -> str:
        """The end of its log."""
        try:
            return self.log.read_text(encoding="utf-8", errors="replace")[-characters:].strip()
        except OSError:
            return ""


def _has_members(session: int) -> bool:
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # there is one, of another user
    return True


def open_log(path: Path) -> BinaryIO:
    """Open a log for appending; one that has grown large becomes `<name>.1` first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def wait_until(condition: Callable[[], bool], *, seconds: float, pause_s: float = 0.02) -> bool:
    """Wait for a condition; False when it did not come true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause_s)
    return True
