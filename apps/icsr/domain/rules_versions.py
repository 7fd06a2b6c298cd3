"""Rules from one version of a case to the next: what stays, what moves, what ends it."""

from apps.icsr.domain.rules_frame import Case, Hit, Hits, Rules, Screen, before, is_filled, shown
from apps.icsr.domain.times import E2bTime
from apps.kernel.text import N_

RULES = Rules()
_NULLIFICATION = "1"


@RULES.rule(
    "report_id_changed",
    "C.1.1",
    N_("The report's number was %(earlier)s before: it never changes from one version to the next."),
    screen=Screen.CASE_VERSIONS,
)
def _report_id_changed(case: Case) -> Hits:
    if case.previous is None:
        return
    earlier = case.previous.identification.report_id
    if is_filled(earlier) and earlier != case.report.identification.report_id:
        yield Hit(params={"earlier": earlier or ""})


@RULES.rule(
    "worldwide_id_changed",
    "C.1.8.1",
    N_("The worldwide number was %(earlier)s before: it never changes from one version to the next."),
    screen=Screen.CASE_VERSIONS,
)
def _worldwide_id_changed(case: Case) -> Hits:
    if case.previous is None:
        return
    earlier = case.previous.identification.worldwide_id
    if is_filled(earlier) and earlier != case.report.identification.worldwide_id:
        yield Hit(params={"earlier": earlier or ""})


@RULES.rule(
    "created_not_moved",
    "C.1.2",
    N_(
        "Each version is created anew: this one (%(created)s) must be later than the one before (%(earlier)s)."
    ),
)
def _created_not_moved(case: Case) -> Hits:
    if case.previous is None:
        return
    created, earlier = case.report.identification.created, case.previous.identification.created
    both = isinstance(created, E2bTime) and isinstance(earlier, E2bTime)
    if both and not before(earlier, created):
        yield Hit(params={"created": shown(created), "earlier": shown(earlier)})


@RULES.rule(
    "most_recent_not_moved",
    "C.1.5",
    N_(
        "A follow-up brings new information: its date (%(newest)s) must be later than before (%(earlier)s). When both"
        " came in on one day give the time of day; when nothing new came in make it an amendment."
    ),
)
def _most_recent_not_moved(case: Case) -> Hits:
    if case.previous is None or is_filled(case.report.identification.change):
        return
    newest, earlier = case.report.identification.most_recent, case.previous.identification.most_recent
    both = isinstance(newest, E2bTime) and isinstance(earlier, E2bTime)
    if both and not _is_later(newest, earlier):
        yield Hit(params={"newest": shown(newest), "earlier": shown(earlier)})


@RULES.rule(
    "most_recent_moved",
    "C.1.5",
    N_(
        "An amendment or nullification brings nothing new: the date of the newest information stays %(earlier)s."
    ),
)
def _most_recent_moved(case: Case) -> Hits:
    if case.previous is None or not is_filled(case.report.identification.change):
        return
    newest, earlier = case.report.identification.most_recent, case.previous.identification.most_recent
    if isinstance(newest, E2bTime) and newest != earlier:
        yield Hit(params={"earlier": shown(earlier)})


@RULES.rule(
    "nothing_to_change",
    "C.1.11.1",
    N_("Nothing was sent before that could be amended or nullified."),
)
def _nothing_to_change(case: Case) -> Hits:
    if case.previous is None and is_filled(case.report.identification.change):
        yield Hit()


@RULES.rule(
    "after_nullification",
    "C.1.11.1",
    N_("The case was nullified: nothing follows a nullification. Open a new case with a new number."),
)
def _after_nullification(case: Case) -> Hits:
    if case.previous is not None and case.previous.identification.change == _NULLIFICATION:
        yield Hit()


def _is_later(one: object, other: object) -> bool:
    """Whether a time is later; the time of day beside a bare date of the same day counts as later."""
    if not isinstance(one, E2bTime) or not isinstance(other, E2bTime):
        return False
    return before(other, one) or (one.text[:8] == other.text[:8] and one.precision > other.precision)
