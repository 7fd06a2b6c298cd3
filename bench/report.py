"""`python -m bench.report`: write bench/results.json into docs/performance.md, between the markers."""

import json
import sys
from pathlib import Path
from typing import Any

from bench.figures import Figure, shown, table
from ivig_monitor.launch.places import ROOT

RESULTS = Path(__file__).parent / "results.json"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


def main(results: Path = RESULTS, page: Path = PAGE) -> int:
    """Replace what stands between the markers."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        print(f"{page} has no place for the results: it needs the lines {BEGIN} and {END}.", file=sys.stderr)
        return 1
    told = report(json.loads(results.read_text(encoding="utf-8")))
    page.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{after}", encoding="utf-8")
    return 0


def report(results: dict[str, Any]) -> str:
    """Machine, verdicts and one table for each measurement, in Markdown."""
    figures = [_figure(one) for one in results["figures"]]
    judged = [figure for figure in figures if figure.verdict]
    missed = [figure for figure in judged if figure.verdict == "missed"]
    parts = [_machine(results), f"{len(judged) - len(missed)} of {len(judged)} limits were reached."]
    if missed:
        parts.append("Missed:\n\n" + "\n".join(f"- {_sentence(figure)}" for figure in missed))
    for row in dict.fromkeys(figure.row for figure in figures):
        own = [figure for figure in figures if figure.row == row]
        parts.append(f"### {row[:1].upper()}{row[1:]}\n\n{table(own)}")
    for name, problem in results["broken"].items():
        parts.append(f"`{name}` could not be measured: {problem}")
    return "\n\n".join(parts)


def _machine(results: dict[str, Any]) -> str:
    machine = results["machine"]
    busy = results["others_busy_cores"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    lines = [
        f"Measured at {results['measured_at']}, {results['kind']} sizes, commit {machine['commit'] or 'unknown'}.",
        f"Machine: {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB,"
        f" {machine['system']}, Python {machine['python']}; {packages}.",
        f"Other processes used {shown(max(busy, default=0.0))} of a core at most before a slice began.",
    ]
    return "\n".join(lines)


def _sentence(figure: Figure) -> str:
    return f"{figure.row}, {figure.what}: {shown(figure.value)} {figure.unit} ({figure.limit})"


def _figure(one: dict[str, Any]) -> Figure:
    return Figure(
        **{name: one[name] for name in ("row", "what", "value", "unit", "most", "least", "details")}
    )


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
