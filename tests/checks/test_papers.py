"""What the papers on security and safety promise is held by tests that exist, and nothing is left out."""

import ast
import re
from functools import cache
from itertools import pairwise

import pytest

from ivig_monitor.launch.places import ROOT

PAPERS = ("security.md", "safety.md", "threat-model.md")
NAMED = re.compile(r"`(?:tests/)?((?:unit|flow|faults|checks|browser|attacks)/[\w/]+\.py)(?:::(\w+))?`")
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| ([12]) \| .+ \| .+ \| .*\|$", re.MULTILINE)
# How many items ASVS 5.0 has in levels 1 and 2; those of V17 (WebRTC) stand in a sentence.
LEVEL_1, LEVEL_2, OF_WEBRTC = 70, 183, 7
HAZARDS = (
    "Wrong rate",
    "Missed alert",
    "Frozen board",
    "Wrong patient",
    "Lost follow-up",
    "Unreported case",
    "Lockout in an emergency",
)
HAZARD = re.compile(
    r"^\| [A-Z]\d+ \| [^|]+ \| [^|]+ \| ([1-5])×([1-5]) \| ([^|]+) \| ([1-5])×([1-5]) \| ([^|]*)\|$",
    re.MULTILINE,
)
NOT_ACCEPTABLE = 10


def paper(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@cache
def functions(path: str) -> frozenset[str]:
    """Every function in a file of tests; none when there is no such file."""
    file = ROOT / "tests" / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


@pytest.mark.parametrize("name", PAPERS)
def test_every_test_that_a_paper_names_exists(name: str) -> None:
    named = NAMED.findall(paper(name))
    assert len(named) > 40
    missing = [
        f"{path}::{function}" if function else path
        for path, function in named
        if not functions(path) or (function and function not in functions(path))
    ]
    assert missing == []


def test_no_item_of_the_standard_is_left_out() -> None:
    rows = ROW.findall(paper("security.md"))
    assert len({item for item, _ in rows}) == len(rows)
    counted = {level: sum(found == level for _, found in rows) for level in "12"}
    assert counted == {"1": LEVEL_1, "2": LEVEL_2 - OF_WEBRTC}
    sentence = paper("security.md").partition("### V17 WebRTC")[2]
    assert len(set(re.findall(r"V17\.\d\.\d", sentence))) == OF_WEBRTC
    places = [tuple(map(int, item[1:].split("."))) for item, _ in rows]
    assert all(one < other for one, other in pairwise(places)), "The items stand in their order."


def test_what_is_held_by_the_product_is_held_by_a_test_or_says_how() -> None:
    """Where a row says no more than that it is held, a test says it."""
    for line in paper("security.md").splitlines():
        if re.match(r"\| V\d", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == 5, line
            assert cells[4] or cells[3] not in ("held", "held in production"), line


@pytest.mark.parametrize("hazard", HAZARDS)
def test_every_hazard_has_causes_controls_and_tests(hazard: str) -> None:
    section = re.search(rf"^## {hazard}$(.*?)(?=^## )", paper("safety.md"), re.MULTILINE | re.DOTALL)
    assert section
    rows = HAZARD.findall(section[1])
    lines = [line for line in section[1].splitlines() if re.match(r"\| [A-Z]\d", line)]
    assert len(rows) == len(lines) >= 5, lines
    for severity, probability, control, severity_after, probability_after, test in rows:
        assert severity == severity_after, control  # a control makes it rarer, not milder
        assert int(probability_after) < int(probability), control
        assert int(severity_after) * int(probability_after) < NOT_ACCEPTABLE, control
        assert re.match(r"(D|P|I|to fill:) ", control), control
        assert NAMED.search(test) or "to fill:" in control, control
