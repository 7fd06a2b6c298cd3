"""Reporting clocks: computed anew when what they rest on changes; officers hear before one runs out and when it has."""

from dataclasses import replace
from datetime import datetime, timedelta

from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.cases.domain.content import CaseContent
from apps.cases.gathering import gather
from apps.cases.models import Case, CaseClock
from apps.cases.selectors import content_of
from apps.cases.services.common import record
from apps.cases.site import regime_codes
from apps.guidelines.selectors import current_guidelines
from apps.icsr.domain.clocks import CaseFacts, Clock, Version, VersionKind, clocks
from apps.kernel.text import N_
from apps.ledger.services import cancel_timers, schedule_timer, unit_of_work
from apps.ledger.types import DueTimer

NEARS, RUNS_OUT = "case.clock.nears", "case.clock.runs_out"
TOLD_BEFORE = timedelta(days=3)
CLOCK_NEARS = N_("Case %(case)s must have reached %(regime)s by %(due)s.")
CLOCK_RAN_OUT = N_("Case %(case)s should have reached %(regime)s by %(due)s.")


def refresh_clocks(*, case_id: int, now: datetime) -> None:
    """Bring a case's clocks to what its versions, and what is known since, start under each regime of the site.

    A clock that stays the same stays the same row; another takes the place of one that does not. Nothing runs for a
    nullified case.
    """
    with unit_of_work():
        case = Case.objects.select_for_update(of=("self",)).select_related("ward", "patient").get(pk=case_id)
        standing = {
            (clock.regime, clock.version_number): clock
            for clock in case.clocks.exclude(state=CaseClock.State.SUPERSEDED)
        }
        if case.state == Case.State.NULLIFIED:
            for clock in standing.values():
                _close(clock, CaseClock.State.ENDED, now)
            return
        wanted = _wanted(case, standing, now)
        for key, clock in standing.items():
            if key not in wanted and clock.state == CaseClock.State.RUNNING:
                _close(clock, CaseClock.State.SUPERSEDED, now)
        for key, started in wanted.items():
            _bring(case, standing.get(key), started, now)


def note_sent(*, case_id: int, version_number: int, regimes: frozenset[str] | None, now: datetime) -> None:
    """A version reached its receiver: clocks of it and of earlier versions are met; `regimes` None means all."""
    with unit_of_work():
        case = Case.objects.select_for_update(of=("self",)).select_related("ward").get(pk=case_id)
        running = case.clocks.filter(
            state=CaseClock.State.RUNNING, version_number__lte=max(version_number, 1)
        )
        met = [clock for clock in running if regimes is None or clock.regime in regimes]
        for clock in met:
            clock.met_at = now
            _close(clock, CaseClock.State.MET, now)
        if met:
            record(case, "clock_met", None, now, version=version_number, regimes=[one.regime for one in met])


def clock_nears_its_end(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: three days are left."""
    _tell(timer, Condition("case_clock_nears", Priority.LOW, CLOCK_NEARS, {}), now)


def clock_runs_out(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: the last day is over."""
    _tell(timer, Condition("case_clock_ran_out", Priority.HIGH, CLOCK_RAN_OUT, {}), now)


def facts_of(content: CaseContent) -> CaseFacts:
    """What limits ask about a case."""
    return CaseFacts(
        serious=content.serious,
        unexpected=content.unexpected,
        fatal_or_life_threatening=content.fatal_or_life_threatening,
        countries=(content.site.country,) if content.site.country else (),
    )


def _wanted(
    case: Case, standing: dict[tuple[str, int], CaseClock], now: datetime
) -> dict[tuple[str, int], Clock]:
    made = list(case.versions.all())
    versions = [
        Version(one.number, VersionKind(one.kind), one.most_recent_at, facts_of(content_of(one)))
        for one in made
    ]
    guidelines = current_guidelines()
    wanted: dict[tuple[str, int], Clock] = {}
    for code in regime_codes():
        regime = guidelines.reporting_regime(code)
        told = [*versions, *_untold(case, versions, standing.get((code, len(made) + 1)), now)]
        for clock in clocks(regime, told):
            wanted[code, clock.version] = clock
    # What is known beyond the last version starts a clock only where it makes the case more urgent.
    untold = len(made) + 1
    return {
        key: clock
        for key, clock in wanted.items()
        if key[1] != untold or not made or clock.start.value == "upgrade"
    }


def _untold(case: Case, made: list[Version], standing: CaseClock | None, now: datetime) -> list[Version]:
    """What is known now as the version that would tell it; since when, the row that stands remembers."""
    facts = facts_of(gather(case, now=now))
    if not made:
        return [Version(1, VersionKind.INITIAL, case.first_received_at, facts)]
    if made[-1].kind is VersionKind.NULLIFICATION or facts == made[-1].facts:
        return []
    since = standing.made_at if standing is not None else now
    return [Version(made[-1].number + 1, VersionKind.FOLLOW_UP, since, facts)]


def _bring(case: Case, stands: CaseClock | None, started: Clock, now: datetime) -> None:
    same = (
        stands is not None
        and stands.limit == started.limit.code
        and stands.day_zero == started.day_zero
        and stands.due_on == started.due_on
    )
    if stands is not None and (same or stands.state != CaseClock.State.RUNNING):
        return
    if stands is not None:
        _close(stands, CaseClock.State.SUPERSEDED, now)
    clock = CaseClock.objects.create(
        case=case,
        regime=started.regime.code,
        version_number=started.version,
        limit=started.limit.code,
        start=started.start.value,
        day_zero=started.day_zero,
        due_on=started.due_on,
        runs_out_at=started.runs_out_at,
        made_at=now,
    )
    if clock.runs_out_at is not None:
        _schedule(case, clock, NEARS, max(clock.runs_out_at - TOLD_BEFORE, now))
        _schedule(case, clock, RUNS_OUT, clock.runs_out_at)


def _schedule(case: Case, clock: CaseClock, kind: str, due_at: datetime) -> None:
    schedule_timer(
        kind=kind,
        subject=f"case_clock:{clock.pk}",
        occurrence="1",
        due_at=due_at,
        ward_id=case.ward_id,
        priority=6,
        payload={"case_id": case.pk},
    )


def _close(clock: CaseClock, state: CaseClock.State, now: datetime) -> None:
    clock.state = state
    clock.save(update_fields=["state", "met_at"])
    cancel_timers(subject=f"case_clock:{clock.pk}", kinds=(NEARS, RUNS_OUT))
    resolve_alerts(subject=f"case_clock:{clock.pk}", now=now, settled=True)


def _tell(timer: DueTimer, condition: Condition, now: datetime) -> None:
    clock = (
        CaseClock.objects.select_for_update(of=("self",))
        .select_related("case__ward")
        .filter(pk=timer.subject_id, state=CaseClock.State.RUNNING)
        .first()
    )
    if clock is None or clock.due_on is None:
        return
    regime = current_guidelines().reporting_regime(clock.regime)
    raise_alert(
        ward_id=clock.case.ward_id,
        patient_id=None,
        subject=f"case_clock:{clock.pk}",
        condition=replace(
            condition,
            params={
                "case": clock.case.report_id or f"#{clock.case_id}",
                "regime": regime.name.as_mapping(),
                "due": clock.due_on,
            },
            source=f"case:{clock.case_id}",
        ),
        now=now,
        for_officers=True,
    )
