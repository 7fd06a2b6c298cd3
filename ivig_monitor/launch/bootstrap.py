"""Makes the virtual environment with the standard library and goes on inside it.

Works where Debian's python3-venv is missing: the environment is made without pip, and the pip of
the Python that was started installs into it.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ivig_monitor.launch.places import var
from ivig_monitor.launch.problem import LaunchProblem

PROGRESS_S = 3.0
UNFINISHED = ".installing"
STEPS = {"Collecting", "Downloading", "Installing", "Using"}


def directory(root: Path) -> Path:
    """The virtual environment: `.venv` in the checkout, or where IVIG_VENV says."""
    return Path(os.environ.get("IVIG_VENV") or root / ".venv").absolute()


def python_of(venv: Path) -> Path:
    """The environment's own Python."""
    return venv / "bin" / "python"


def enter(root: Path, requirements: Sequence[str], arguments: Sequence[str]) -> None:
    """Make sure the files' packages are installed, then go on inside the environment.

    Returns when already inside; otherwise replaces this process. Raises LaunchProblem, OSError.
    """
    venv = directory(root)
    with _one_at_a_time() as lock:
        if (venv / UNFINISHED).exists() or not _runs(venv):
            _make(venv)
        changed = [name for name in requirements if not _is_installed(venv, root / name)]
        if changed:
            _install(venv, [root / name for name in changed], lock)
    if Path(sys.prefix).resolve() != venv.resolve():
        sys.stdout.flush()
        os.execv(python_of(venv), [str(python_of(venv)), *arguments])  # nosec B606  # what was typed, no shell


@contextmanager
def _one_at_a_time() -> Iterator[TextIO]:
    places = var()
    places.make()
    with (places.base / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is at work here; waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def _runs(venv: Path) -> bool:
    if not python_of(venv).exists():
        return False
    # A Python that was upgraded underneath looks for its packages in another directory.
    asked = subprocess.run(
        [python_of(venv), "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
    )
    return asked.returncode == 0 and (venv / "lib" / asked.stdout.strip()).is_dir()


def _make(venv: Path) -> None:
    if venv.exists() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").exists():
        raise LaunchProblem(f"{venv} is not a virtual environment and will not be overwritten: move it away.")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", "--clear", str(venv)], capture_output=True, text=True
    )
    if made.returncode:
        raise LaunchProblem(_why("The virtual environment cannot be made", made.stdout + made.stderr))


def _install(venv: Path, requirements: Sequence[Path], lock: TextIO) -> None:
    pip = _python_with_pip()
    print("Installing packages, once: about a minute.", flush=True)
    (venv / UNFINISHED).touch()
    command = [
        pip,
        "-m",
        "pip",
        "--python",
        str(python_of(venv)),
        "install",
        "--require-hashes",
        "--only-binary=:all:",
    ]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    for path in requirements:
        command += ["-r", str(path)]
    started = said = time.monotonic()
    output: list[str] = []
    # A pip configured for --user installs refuses a virtual environment.
    environment = os.environ | {"PIP_USER": "0"}
    # pip holds the lock too: should the launcher be killed, the next one waits until pip has ended.
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        pass_fds=(lock.fileno(),),
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            output.append(line)
            step = line.strip().split(" ")[0]
            if step in STEPS and time.monotonic() - said > PROGRESS_S:
                said = time.monotonic()
                print(f"{said - started:5.0f} s  {line.strip()[:80]}", flush=True)
    if process.returncode:
        raise LaunchProblem(_why("The packages cannot be installed", "".join(output)))
    for path in requirements:
        _stamp(venv, path).write_text(_fingerprint(path), encoding="utf-8")
    (venv / UNFINISHED).unlink()
    print(f"{time.monotonic() - started:5.0f} s  packages installed", flush=True)


def _python_with_pip() -> str:
    # Inside the environment there is no pip: its parent's is used again.
    parent = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, str(parent)):
        if (
            Path(python).exists()
            and not subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode
        ):
            return python
    raise LaunchProblem("This Python has no pip: install it (Debian, Ubuntu: apt-get install python3-pip).")


def _is_installed(venv: Path, requirements: Path) -> bool:
    try:
        return _stamp(venv, requirements).read_text(encoding="utf-8") == _fingerprint(requirements)
    except OSError:
        return False


def _stamp(venv: Path, requirements: Path) -> Path:
    return venv / f".installed-{requirements.name}"


def _fingerprint(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def _why(what: str, output: str) -> str:
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return f"{what}: there is no space left on the disk. It takes about 600 MB."
    network = ("NewConnectionError", "Temporary failure in name resolution", "ConnectTimeout", "ProxyError")
    if any(sign in output for sign in network):
        return f"{what}: the package index cannot be reached. Check the network and start again."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")] or lines[-1:] or ["no reason was given"]
    return f"{what}: {errors[0].removeprefix('ERROR: ')}"
