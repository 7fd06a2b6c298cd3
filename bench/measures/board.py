"""The board's snapshot beside the best single statement that builds the JSON.

The board reads one current-state row per infusion, so a hundred recorded sets cost it what one does; the sessions
it shows here are rows of that table.
"""

from statistics import median

from bench.context import Bench
from bench.figures import Figure, spread

ROW = "board snapshot"


def measure(bench: Bench) -> list[Figure]:
    """50, 500 and 5 000 running infusions on one ward."""
    bench.settle()
    with bench.stage() as stage:
        taken = stage.inside(
            "board", sizes=bench.pick([50, 500], [50, 500, 5000]), rounds=bench.pick(2, 7, 15)
        )
    figures: list[Figure] = []
    for one in taken:
        ratios = [own / peer for own, peer in zip(one["product_ms"], one["statement_ms"], strict=True)]
        size = f"{one['size']:,} infusions"
        figures += [
            Figure(ROW, f"{size}, × the statement", median(ratios), "×", most=2.5, details=spread(ratios)),
            Figure(ROW, size, median(one["product_ms"]), "ms", details={"bytes": one["bytes"]}),
            Figure(ROW, f"{size}, the statement", median(one["statement_ms"]), "ms"),
        ]
    queries = [one["queries"] for one in taken]
    growth = max(queries) - min(queries)
    return [
        *figures,
        Figure(ROW, "queries", max(queries), ""),
        Figure(ROW, "more queries with more infusions", growth, "", most=0),
    ]
