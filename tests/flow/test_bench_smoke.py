"""The benchmark still runs: two short measurements on the demo ward, and a report made from them."""

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.figures import Figure
from bench.report import BEGIN, END
from bench.report import main as write_report
from ivig_monitor.launch.places import ROOT
from tests.stack import StackTemplate


def test_two_short_measurements_and_their_report(stack_template: StackTemplate, tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    command = [sys.executable, "-m", "bench", "board", "writing", "--quick"]
    command += ["--database", stack_template.database, "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    results = json.loads(out.read_text(encoding="utf-8"))
    assert results["broken"] == {} and results["machine"]["cores"]
    assert {figure["row"] for figure in results["figures"]} == {"board snapshot", "record one vital-sign set"}
    assert all(figure["value"] >= 0 for figure in results["figures"])

    page = tmp_path / "performance.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    assert write_report(out, page) == 0
    text = page.read_text(encoding="utf-8")
    assert "### Board snapshot" in text and "old" not in text
    assert text.startswith("before") and text.endswith("after\n")


def test_a_missed_limit_is_marked_and_a_reached_one_too() -> None:
    assert Figure("row", "what", 2.6, "×", most=2.5).verdict == "missed"
    assert Figure("row", "what", 2.5, "×", most=2.5).verdict == "reached"
    assert Figure("row", "what", 0.9, "×", least=1.0).verdict == "missed"
    assert Figure("row", "what", float("nan"), "ms", most=250).verdict == "missed"
    assert Figure("row", "what", 3.0, "ms").verdict == ""
