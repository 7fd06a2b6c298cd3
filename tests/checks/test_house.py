"""The house rules, each by the tool that knows them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ivig_monitor.launch.places import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
EARLY = "js/early-forms.js"
PROGRAMS = Path(sys.executable).parent

RULES = {
    "ruff": ["ruff", "check", "--no-cache", "."],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-cache"],
    "compose": ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
}


@pytest.mark.parametrize("rule", RULES)
def test_the_house_follows(rule: str) -> None:
    program, *arguments = RULES[rule]
    done = subprocess.run([PROGRAMS / program, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


def test_no_migration_is_missing(servers: None) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_old_python_can_read_manage_py() -> None:
    """A sentence, not a syntax error: nothing in the file is newer than Python 3.0's grammar."""
    import ast

    ast.parse((ROOT / "manage.py").read_text(encoding="utf-8"), feature_version=(3, 4))
    text = (ROOT / "manage.py").read_text(encoding="utf-8")
    assert 'f"' not in text and ":=" not in text


def test_no_middle_dot_stands_beside_numbers() -> None:
    """Beside Persian digits it reads as a zero. Only page titles and a placeholder, which hold no figures, have it."""
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").glob("*.js")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "·" not in line or "block title" in line or "placeholder=" in line, (path.name, line)


def test_no_browser_sends_a_form_that_a_module_should() -> None:
    """Without a method it would go into the address, a PIN as well: such a page holds it from its head on."""
    templates = {path.relative_to(ROOT / "templates").as_posix(): path for path in TEMPLATES}
    texts = {name: path.read_text(encoding="utf-8") for name, path in templates.items()}

    def whole(name: str) -> str:
        return re.sub(r'{% include "([^"]+)"[^%]*%}', lambda found: whole(found[1]), texts[name])

    pages = {name: whole(name) for name, text in texts.items() if "<html" in text}
    shut = {name for name, text in pages.items() if EARLY in text.partition("</head>")[0]}
    assert {"base.html", "devices/locked.html"} <= shut
    open_forms = {name for name, text in pages.items() if re.search(r"<form(?![^>]*\bmethod=)", text)}
    assert open_forms <= shut
