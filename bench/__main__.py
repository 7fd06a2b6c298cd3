"""`python -m bench [name…]`: take the measurements named, all without one; print them and keep them.

Ends with 0 when every measurement could be taken, whether or not its limit was reached; a missed limit is
marked in the table.
"""

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apps.kernel.clock import wall_now
from bench.context import Bench
from bench.figures import Figure, table
from bench.machine import machine

MEASURES = ("writing", "frames", "fan_out", "timers", "board", "paint", "servers", "growth", "load")
RESULTS = Path(__file__).parent / "results.json"


def main(arguments: Sequence[str]) -> int:
    """Run and report. Returns the exit status."""
    asked = _parse(arguments)
    bench = Bench(
        server_url=os.environ["DATABASE_URL"],
        quick=asked.quick,
        full=asked.full,
        minutes=asked.minutes,
        prepared=asked.database,
    )
    figures: list[Figure] = []
    broken: dict[str, str] = {}
    seconds: dict[str, float] = {}
    try:
        for name in asked.names or MEASURES:
            began = time.monotonic()
            print(f"{name} …", flush=True)
            try:
                taken = importlib.import_module(f"bench.measures.{name}").measure(bench)
            except Exception as problem:  # the others are measured all the same
                broken[name] = f"{type(problem).__name__}: {problem}"
                print(f"{name} broke: {broken[name]}", file=sys.stderr, flush=True)
                continue
            seconds[name] = round(time.monotonic() - began, 1)
            figures += taken
            print(table(taken), f"({seconds[name]:.0f} s)", sep="\n", flush=True)
            _keep(asked.out, bench, figures, broken, seconds)  # a run that is cut short keeps what it has
    finally:
        bench.close()
    _keep(asked.out, bench, figures, broken, seconds)
    print("", table(figures), "", f"Kept in {asked.out}.", sep="\n")
    return 1 if broken else 0


def _keep(
    out: Path, bench: Bench, figures: list[Figure], broken: dict[str, str], seconds: dict[str, float]
) -> None:
    kind = "quick" if bench.quick else "full" if bench.full else "usual"
    results: dict[str, Any] = {
        "measured_at": wall_now().isoformat(timespec="seconds"),
        "kind": kind,
        "machine": machine(),
        "others_busy_cores": bench.others_busy_cores,
        "seconds": seconds,
        "figures": [figure.as_json() for figure in figures],
        "broken": broken,
    }
    out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="one short round of small sizes, to try it out")
    parser.add_argument("--full", action="store_true", help="every size, more rounds")
    parser.add_argument("--minutes", type=float, help="how long the load runs")
    parser.add_argument("--database", help="copy this prepared database instead of making one")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the results are written")
    asked = parser.parse_args(arguments)
    unknown = sorted(set(asked.names) - set(MEASURES))
    if unknown:
        parser.error(f"there is no measurement called {', '.join(unknown)}: {', '.join(MEASURES)}")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
