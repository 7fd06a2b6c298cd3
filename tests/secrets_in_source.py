"""What looks like a secret in the files that are ours. `python -m tests.secrets_in_source` notes what was looked at.

The notes (tests/checks/secrets_seen.json) hold kinds and digests, no words. Noting prints each new place: look at it
first, because a secret that was committed once is known to everybody and must be changed.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivig_monitor.launch.places import ROOT

# Kinds of files that are ours to write a secret into; texts, papers and lists of digests are left out.
LOOKED_AT = (
    ".py",
    ".js",
    ".html",
    ".toml",
    ".yml",
    ".yaml",
    ".conf",
    ".sh",
    ".json",
    ".in",
    "Dockerfile",
    "run",
)
LEFT_OUT = ("locale/", "docs/", "apps/guidelines/data/", "tests/checks/secrets_seen.json")
SEEN = ROOT / "tests" / "checks" / "secrets_seen.json"
# Passwords of tests and measurements are invented; keys and tokens are looked for there, too.
TRY_OUT = ("tests/", "bench/")
NOTE = "Words that look like secrets and are none: looked at one by one. Only digests stand here."


@dataclass(frozen=True, order=True)
class Find:
    """A word in a file, by its digest."""

    file: str
    kind: str
    digest: str


def own_files() -> list[str]:
    """The files git knows, of the kinds that are looked at. Raises OSError when this is no checkout."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        raise OSError(tracked.stderr.strip() or "git does not answer")
    return [f for f in tracked.stdout.splitlines() if f.endswith(LOOKED_AT) and not f.startswith(LEFT_OUT)]


def finds() -> Iterator[tuple[Find, int]]:
    """Each find in our files, with its line."""
    program = Path(sys.executable).parent / "detect-secrets"
    done = subprocess.run(
        [program, "scan", *own_files()], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for file, found in json.loads(done.stdout)["results"].items():
        for one in found:
            if not (one["type"] == "Secret Keyword" and file.startswith(TRY_OUT)):
                yield Find(file, one["type"], one["hashed_secret"]), one["line_number"]


def seen() -> set[Find]:
    """What was looked at before."""
    return {Find(*one) for one in json.loads(SEEN.read_text(encoding="utf-8"))["seen"]}


def main() -> None:
    """Print what is new, and note all there is."""
    known, now = seen(), dict(finds())
    for find, line in sorted(now.items()):
        if find not in known:
            print(f"{find.file}:{line}  {find.kind}")
    rows = [[find.file, find.kind, find.digest] for find in sorted(now)]
    SEEN.write_text(json.dumps({"note": NOTE, "seen": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
