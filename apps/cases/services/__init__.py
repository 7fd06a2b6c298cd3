"""Writers of cases."""

from apps.cases.services.asking import answer_query, ask_ward, withdraw_query
from apps.cases.services.coding import change_meddra_version, code_reaction
from apps.cases.services.opening import add_event, open_case
from apps.cases.services.versions import make_version
from apps.cases.services.watching import clock_nears_its_end, clock_runs_out, note_sent, refresh_clocks
from apps.cases.services.writing import describe_case, draft_again, write_narrative

__all__ = [
    "add_event",
    "answer_query",
    "ask_ward",
    "change_meddra_version",
    "clock_nears_its_end",
    "clock_runs_out",
    "code_reaction",
    "describe_case",
    "draft_again",
    "make_version",
    "note_sent",
    "open_case",
    "refresh_clocks",
    "withdraw_query",
    "write_narrative",
]
