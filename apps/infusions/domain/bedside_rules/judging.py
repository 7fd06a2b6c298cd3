"""Which rules fire: on one set, on each set of a series, and on the newest value of each sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.infusions.domain.bedside_rules.messages import message_of
from apps.infusions.domain.bedside_rules.registry import Evidence, Moment, evidence_for
from apps.infusions.domain.bedside_rules.rules import Finding, Rule
from apps.infusions.domain.bedside_rules.series import Series, as_of
from apps.infusions.domain.vitals import Vitals, latest_of_each


@dataclass(frozen=True, slots=True)
class Judged:
    """A set of vital signs and what fires on it."""

    vitals: Vitals
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Fired:
    """A finding at the bedside time of what it fired on."""

    at: datetime
    finding: Finding

    @property
    def key(self) -> tuple[datetime, str, str]:
        """What makes it the same finding in another series, or by another rule set: rule, time and urgency."""
        return (self.at, self.finding.rule_code, self.finding.priority)


def findings_on(vitals: Vitals, series: Series, rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """What fires on one set of the series, in the order of `rules`, at most one finding of a rule group.

    Rules see only what was effective by the time of the set. The most urgent rule of a group that fires
    speaks for it, of equals the first. A sign that was not measured fires nothing, which does not mean it is
    normal: `Vitals.missing` names it. Source: clinical facts 3.2, 3.3, 4.1-4.3, 5.4, 9.3.
    """
    return _fired(Moment(vitals, as_of(series, vitals.effective_at), rules))


def judge(series: Series, rules: Sequence[Rule]) -> tuple[Judged, ...]:
    """Each observation, in order of effective time, with what fires on it."""
    return tuple(Judged(vitals, findings_on(vitals, series, rules)) for vitals in series.observations)


def fired(series: Series, rules: Sequence[Rule], *, since: datetime | None = None) -> tuple[Fired, ...]:
    """What was so at each set of vital signs and as each reaction was seen, in order of bedside time.

    A sign that a set leaves out stands as it was measured last, so that two half sets say what a whole one says.
    `since`: only from that moment on. What is entered at a moment changes nothing at the moments before it.
    """
    moments = {vitals.effective_at for vitals in series.observations}
    moments |= {reaction.onset_at for reaction in series.reactions}
    return tuple(
        Fired(moment, finding)
        for moment in sorted(moments)
        if since is None or moment >= since
        for finding in current(as_of(series, moment), rules)
    )


def current(series: Series, rules: Sequence[Rule], *, since: datetime | None = None) -> tuple[Finding, ...]:
    """What fires now: on the newest value of each sign, and on the reactions that are open.

    Values from before `since` do not count; by default from before the last set of all six measured signs.
    """
    start = since or _last_full_set(series)
    recent = [vitals for vitals in series.observations if start is None or vitals.effective_at >= start]
    newest = latest_of_each(recent) or _nothing_measured(series)
    return _fired(Moment(newest, series, rules)) if newest else ()


def _fired(moment: Moment) -> tuple[Finding, ...]:
    speaking: dict[str, Finding] = {}
    for rule in moment.rules:
        if not _is_for(rule, moment.series):
            continue
        spoken = speaking.get(rule.group)
        if spoken is None or (rule.priority == "high" and spoken.priority != "high"):
            for evidence in evidence_for(rule.condition, moment)[:1]:
                speaking[rule.group] = _finding(rule, evidence)
    return tuple(speaking.values())


def _is_for(rule: Rule, series: Series) -> bool:
    return rule.ages.includes(series.age) and rule.spo2_scale in (None, series.spo2_scale)


def _finding(rule: Rule, evidence: Evidence) -> Finding:
    return Finding(
        rule_code=rule.code,
        group=rule.group,
        priority="high" if rule.priority == "high" else "medium",
        message=message_of(rule, evidence.about),
        params=evidence.params,
        source=rule.citation.label,
        quote=rule.citation.quote,
    )


def _last_full_set(series: Series) -> datetime | None:
    full = [vitals.effective_at for vitals in series.observations if not vitals.missing()]
    return full[-1] if full else None


def _nothing_measured(series: Series) -> Vitals | None:
    """Reactions speak also while no vital sign is known."""
    return Vitals(effective_at=series.reactions[-1].onset_at) if series.reactions else None
