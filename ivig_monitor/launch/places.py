"""Where the launcher keeps things. `var/` is git-ignored; deleting it starts the demo afresh."""

import hashlib
import json
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ivig_monitor.launch.problem import LaunchProblem

ROOT = Path(__file__).resolve().parents[2]

# A unix socket's path may have 107 bytes; PostgreSQL adds "/.s.PGSQL.5432" to the directory.
SOCKET_DIRECTORY_LIMIT = 90
TEMPORARY = "ivig-sockets-"


@dataclass(frozen=True, slots=True)
class Places:
    """The directories and files under one base directory."""

    base: Path

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def run(self) -> Path:
        return self.base / "run"

    @property
    def lock(self) -> Path:
        return self.base / "launcher.lock"

    @property
    def addresses(self) -> Path:
        """Written while embedded servers run: the addresses other commands connect to."""
        return self.run / "servers.json"

    @property
    def secret_key(self) -> Path:
        return self.base / "secret_key"

    @property
    def patient_keys(self) -> Path:
        """What names of patients lie under; lost with it."""
        return self.base / "patient_keys"

    @property
    def patient_search_secret(self) -> Path:
        return self.base / "patient_search_secret"

    @property
    def clock(self) -> Path:
        return self.base / "demo_clock.json"

    def make(self) -> None:
        """Create the directories. Raises LaunchProblem when they are somebody else's, OSError."""
        try:
            self.base.mkdir(parents=True, exist_ok=True)
        except PermissionError as error:
            raise LaunchProblem(
                f"You may not write to {self.base.parent}: use a copy of your own."
            ) from error
        owner = self.base.stat().st_uid
        if owner != os.geteuid():
            raise LaunchProblem(f"{self.base} belongs to {_name(owner)}: start as that user, or remove it.")
        for directory in (self.log, self.run):
            directory.mkdir(exist_ok=True)

    def read_addresses(self) -> dict[str, str]:
        """DATABASE_URL and REDIS_URL of the embedded servers; empty when none were started."""
        try:
            addresses: dict[str, str] = json.loads(self.addresses.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return addresses


def short_directory(wanted: Path, limit: int) -> Path:
    """The wanted directory, made; or a temporary one when its path has more bytes than the limit."""
    if len(os.fsencode(wanted)) > limit:
        return Path(tempfile.mkdtemp(prefix=TEMPORARY))
    wanted.mkdir(parents=True, exist_ok=True)
    return wanted


def forget_short_directory(directory: Path | None) -> None:
    """Remove it if it was a temporary one."""
    if directory is not None and directory.name.startswith(TEMPORARY):
        shutil.rmtree(directory, ignore_errors=True)


def short_name(path: Path) -> str:
    """Ten characters that stand for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def var() -> Places:
    """The places of this checkout; IVIG_VAR moves them."""
    return Places(Path(os.environ.get("IVIG_VAR") or ROOT / "var").resolve())
