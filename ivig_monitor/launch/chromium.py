"""The browser of the browser tests: the system's, or Debian's where it may be installed."""

import os
import shutil
import subprocess

from ivig_monitor.launch.problem import LaunchProblem

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The path of the system's Chromium, None when there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def find_or_install() -> str:
    """The same; as root on Debian it is installed first. Raises LaunchProblem that says how to get one."""
    if path := find():
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests.", flush=True)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *command], env=quiet, stdout=subprocess.DEVNULL)  # nosec B607  # as root
        if path := find():
            return path
    raise LaunchProblem(
        "The browser tests need Chromium: install it (Debian: apt-get install chromium) and try again."
    )
