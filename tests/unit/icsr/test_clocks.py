"""A case is reported in time: by the receiver's calendar, from the day the information came in."""

import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.guidelines.domain import parse_guidelines
from apps.guidelines.domain.overriding import with_site_documents
from apps.icsr.domain.clocks import (
    CaseFacts,
    ClockState,
    Start,
    Version,
    VersionKind,
    assumed_sentence,
    clock_sentence,
    clocks,
    day_in,
    state_of,
)
from apps.kernel.errors import DomainError
from apps.kernel.text import fill_in_english

OSLO, TEHRAN, NEW_YORK = ZoneInfo("Europe/Oslo"), ZoneInfo("Asia/Tehran"), ZoneInfo("America/New_York")
SAMOA = ZoneInfo("Pacific/Apia")
REGIMES = (
    "eu_post_marketing",
    "eu_trial",
    "fda_post_marketing",
    "fda_trial",
    "norway_health_personnel",
    "iran_health_personnel",
)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EXPECTED_MILD = CaseFacts(serious=False, unexpected=False, fatal_or_life_threatening=False, countries=("NO",))
UNEXPECTED_MILD = CaseFacts(
    serious=False, unexpected=True, fatal_or_life_threatening=False, countries=("NO",)
)
EXPECTED_SERIOUS = CaseFacts(
    serious=True, unexpected=False, fatal_or_life_threatening=False, countries=("NO",)
)
SERIOUS = CaseFacts(serious=True, unexpected=True, fatal_or_life_threatening=False, countries=("NO",))
EXPECTED_FATAL = CaseFacts(serious=True, unexpected=False, fatal_or_life_threatening=True, countries=("NO",))
FATAL = CaseFacts(serious=True, unexpected=True, fatal_or_life_threatening=True, countries=("NO",))
IRANIAN_MILD = CaseFacts(serious=False, unexpected=True, fatal_or_life_threatening=False, countries=("IR",))
NOTHING_KNOWN = CaseFacts(serious=None, unexpected=None, fatal_or_life_threatening=None)
ANY_FACTS = st.builds(
    CaseFacts,
    serious=st.sampled_from((True, False, None)),
    unexpected=st.sampled_from((True, False, None)),
    fatal_or_life_threatening=st.sampled_from((True, False, None)),
    countries=st.sampled_from(((), ("NO",), ("IR",), ("IR", "DE"))),
)
MOMENTS = st.integers(0, 12 * 365 * 24 * 60).map(
    lambda minutes: datetime(2018, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from((OSLO, TEHRAN, NEW_YORK, SAMOA, ZoneInfo("UTC")))


def version(number=1, kind=VersionKind.INITIAL, at=NOON, facts=SERIOUS):
    return Version(number, kind, at, facts)


def follow_up(number, at, facts):
    return version(number, VersionKind.FOLLOW_UP, at, facts)


def due_days(guidelines, regime, facts):
    (clock,) = clocks(guidelines.reporting_regime(regime), [version(facts=facts)])
    return None if clock.due_on is None else (clock.due_on - clock.day_zero).days


@pytest.mark.parametrize(
    ("facts", "eu", "eu_trial", "fda", "fda_trial", "clinic"),
    [
        (EXPECTED_MILD, 90, None, None, None, 90),
        (UNEXPECTED_MILD, 90, None, None, None, 15),
        (EXPECTED_SERIOUS, 15, None, None, None, 15),
        (SERIOUS, 15, 15, 15, 15, 15),
        (EXPECTED_FATAL, 15, None, None, None, 7),
        (FATAL, 15, 7, 15, 7, 7),
        (IRANIAN_MILD, None, None, None, None, 15),
        (NOTHING_KNOWN, 15, 7, 15, 7, 7),
    ],
    ids=["mild", "unexpected", "serious", "both", "expected fatal", "fatal", "outside", "unknown"],
)
def test_every_regime_counts_its_own_days(guidelines, facts, eu, eu_trial, fda, fda_trial, clinic):
    asked = (eu, eu_trial, fda, fda_trial, clinic, clinic)
    assert tuple(due_days(guidelines, regime, facts) for regime in REGIMES) == asked


def test_fatal_counts_as_serious_whoever_forgot_to_say_so(guidelines):
    facts = CaseFacts(serious=False, unexpected=True, fatal_or_life_threatening=True, countries=("IR",))
    assert due_days(guidelines, "eu_post_marketing", facts) == 15


def test_what_is_missing_from_a_seven_day_report_follows_within_eight_more(guidelines):
    (clock,) = clocks(guidelines.reporting_regime("eu_trial"), [version(facts=FATAL)])
    assert (clock.due_on, clock.further_on) == (date(2026, 3, 9), date(2026, 3, 17))


@pytest.mark.parametrize(
    ("at", "zone", "day_zero", "runs_out"),
    [
        # Half past eleven at night in Oslo is the next day in Tehran and the same one in New York.
        ("2026-06-01T23:30+02:00", OSLO, date(2026, 6, 1), "2026-06-16T22:00+00:00"),
        ("2026-06-01T23:30+02:00", TEHRAN, date(2026, 6, 2), "2026-06-17T20:30+00:00"),
        ("2026-06-01T23:30+02:00", NEW_YORK, date(2026, 6, 1), "2026-06-17T04:00+00:00"),
        # Fifteen calendar days hold an hour less, or more, over a change of the clocks.
        ("2026-03-20T12:00+01:00", OSLO, date(2026, 3, 20), "2026-04-04T22:00+00:00"),
        ("2026-10-20T12:00+02:00", OSLO, date(2026, 10, 20), "2026-11-04T23:00+00:00"),
        ("2026-03-01T00:00-05:00", NEW_YORK, date(2026, 3, 1), "2026-03-17T04:00+00:00"),
        # Until 2022 Iran leapt from midnight to one o'clock: the day begins with the leap.
        ("2021-03-06T12:00+03:30", TEHRAN, date(2021, 3, 6), "2021-03-21T20:30+00:00"),
        # ... and went back from midnight to eleven: the day ends at the second midnight.
        ("2021-09-06T12:00+04:30", TEHRAN, date(2021, 9, 6), "2021-09-21T20:30+00:00"),
    ],
)
def test_the_last_day_ends_with_the_receivers_day(guidelines, at, zone, day_zero, runs_out):
    regime = guidelines.reporting_regime("eu_post_marketing")
    (clock,) = clocks(regime, [version(at=datetime.fromisoformat(at))], zone=zone)
    assert clock.day_zero == day_zero
    assert clock.due_on == day_zero + timedelta(days=15)
    assert clock.runs_out_at == datetime.fromisoformat(runs_out)


def test_a_day_without_a_time_stays_that_day_everywhere(guidelines):
    regime = guidelines.reporting_regime("fda_post_marketing")
    (clock,) = clocks(regime, [version(at=date(2026, 3, 2))])
    assert clock.day_zero == date(2026, 3, 2)


def test_getting_serious_starts_a_new_clock_at_that_information(guidelines):
    later = NOON + timedelta(days=40)
    first, second = clocks(
        guidelines.reporting_regime("eu_post_marketing"),
        [version(facts=EXPECTED_MILD), follow_up(2, later, EXPECTED_SERIOUS)],
    )
    assert (first.start, first.due_on) == (Start.INITIAL, date(2026, 5, 31))
    assert (second.start, second.due_on) == (Start.UPGRADE, date(2026, 4, 26))


def test_the_upgrade_of_a_case_nobody_had_to_report_is_its_first_clock_with_days(guidelines):
    first, second = clocks(
        guidelines.reporting_regime("fda_post_marketing"),
        [version(facts=EXPECTED_SERIOUS), follow_up(2, NOON + timedelta(days=400), SERIOUS)],
    )
    assert first.due_on is None and first.runs_out_at is None and first.days_left(NOON) is None
    assert (second.start, second.due_on) == (Start.UPGRADE, date(2027, 4, 21))


def test_follow_up_of_a_fifteen_day_report_has_fifteen_days_from_the_new_information(guidelines):
    _, second = clocks(
        guidelines.reporting_regime("fda_post_marketing"),
        [version(facts=SERIOUS), follow_up(2, NOON + timedelta(days=3), SERIOUS)],
    )
    assert (second.start, second.day_zero, second.due_on) == (
        Start.FOLLOW_UP,
        date(2026, 3, 5),
        date(2026, 3, 20),
    )


def test_getting_less_serious_is_still_told_within_the_former_limit_once(guidelines):
    days = [NOON + timedelta(days=day) for day in (0, 5, 10)]
    first, second, third = clocks(
        guidelines.reporting_regime("eu_post_marketing"),
        [
            version(at=days[0], facts=SERIOUS),
            follow_up(2, days[1], EXPECTED_MILD),
            follow_up(3, days[2], EXPECTED_MILD),
        ],
    )
    assert [clock.start for clock in (first, second, third)] == [
        Start.INITIAL,
        Start.DOWNGRADE,
        Start.FOLLOW_UP,
    ]
    assert [(clock.due_on - clock.day_zero).days for clock in (first, second, third)] == [15, 15, 90]


def test_deciding_what_was_open_is_no_downgrade(guidelines):
    _, second = clocks(
        guidelines.reporting_regime("eu_post_marketing"),
        [version(facts=NOTHING_KNOWN), follow_up(2, NOON + timedelta(days=2), EXPECTED_MILD)],
    )
    assert (second.start, second.limit.days) == (Start.FOLLOW_UP, 90)


@pytest.mark.parametrize("kind", [VersionKind.AMENDMENT, VersionKind.NULLIFICATION])
@pytest.mark.parametrize("regime", REGIMES)
def test_amendment_and_nullification_start_no_clock(guidelines, regime, kind):
    history = [version(), version(2, kind, NOON + timedelta(days=5), FATAL)]
    assert [clock.version for clock in clocks(guidelines.reporting_regime(regime), history)] == [1]


def test_an_unknown_limit_is_an_aim_of_our_own_and_says_so(guidelines):
    for regime in ("norway_health_personnel", "iran_health_personnel"):
        assert all(limit.is_aim for limit in guidelines.reporting_regime(regime).limits)
        (clock,) = clocks(guidelines.reporting_regime(regime), [version()])
        message, params = clock_sentence(clock)
        assert "no limit of this authority is known" in fill_in_english(message, params)
        assert "DERIVED" in clock.limit.citation.keys
    for regime in REGIMES[:4]:
        assert not any(limit.is_aim for limit in guidelines.reporting_regime(regime).limits)
        (clock,) = clocks(guidelines.reporting_regime(regime), [version()])
        message, params = clock_sentence(clock)
        assert "15 calendar days after 2026-03-02" in fill_in_english(message, params)


def test_no_day_count_says_so(guidelines):
    (clock,) = clocks(guidelines.reporting_regime("fda_post_marketing"), [version(facts=EXPECTED_MILD)])
    message, params = clock_sentence(clock)
    assert "no number of days" in fill_in_english(message, params)
    assert assumed_sentence(clock) is None


def test_what_was_assumed_is_said(guidelines):
    (several,) = clocks(guidelines.reporting_regime("fda_post_marketing"), [version(facts=NOTHING_KNOWN)])
    assert several.assumed == ("serious", "unexpected")
    assert "Some of what the limit asks" in assumed_sentence(several)[0]
    undecided = CaseFacts(serious=True, unexpected=None, fatal_or_life_threatening=False, countries=("NO",))
    (one,) = clocks(guidelines.reporting_regime("fda_post_marketing"), [version(facts=undecided)])
    assert "counts as unexpected" in assumed_sentence(one)[0]


class TestHowAClockStands:
    @pytest.fixture
    def clock(self, guidelines):
        (clock,) = clocks(guidelines.reporting_regime("eu_post_marketing"), [version()], zone=OSLO)
        return clock

    @pytest.mark.parametrize(
        ("sent", "nullified", "now", "state"),
        [
            ([], None, "2026-03-17T22:59:59+00:00", ClockState.RUNNING),
            ([], None, "2026-03-17T23:00:00+00:00", ClockState.OVERDUE),
            ([(1, "2026-03-17T22:59:59+00:00")], None, "2026-05-01T00:00:00+00:00", ClockState.MET),
            ([(2, "2026-03-10T00:00:00+00:00")], None, "2026-05-01T00:00:00+00:00", ClockState.MET),
            ([(1, "2026-03-17T23:00:00+00:00")], None, "2026-05-01T00:00:00+00:00", ClockState.MET_LATE),
            ([(0, "2026-03-10T00:00:00+00:00")], None, "2026-03-11T00:00:00+00:00", ClockState.RUNNING),
            ([], "2026-03-10T00:00:00+00:00", "2026-05-01T00:00:00+00:00", ClockState.ENDED),
            ([], "2026-04-10T00:00:00+00:00", "2026-05-01T00:00:00+00:00", ClockState.OVERDUE),
            (
                [(2, "2026-03-12T00:00:00+00:00")],
                "2026-03-10T00:00:00+00:00",
                "2026-05-01T00:00:00+00:00",
                ClockState.ENDED,
            ),
            (
                [(1, "2026-03-05T00:00:00+00:00")],
                "2026-03-10T00:00:00+00:00",
                "2026-05-01T00:00:00+00:00",
                ClockState.MET,
            ),
        ],
    )
    def test_by_what_was_sent_and_when(self, clock, sent, nullified, now, state):
        found = state_of(
            clock,
            sent=[(number, datetime.fromisoformat(at)) for number, at in sent],
            nullified_at=datetime.fromisoformat(nullified) if nullified else None,
            now=datetime.fromisoformat(now),
        )
        assert found is state

    def test_the_days_left_are_counted_in_the_receivers_days(self, clock):
        assert clock.days_left(datetime.fromisoformat("2026-03-16T22:59:00+00:00")) == 1
        assert clock.days_left(datetime.fromisoformat("2026-03-16T23:00:00+00:00")) == 0
        assert clock.days_left(datetime.fromisoformat("2026-03-17T23:00:00+00:00")) == -1


@given(at=MOMENTS, zone=ZONES, facts=ANY_FACTS, code=st.sampled_from(REGIMES))
def test_day_zero_is_the_day_the_information_came_in_and_the_rest_is_counting(
    guidelines, at, zone, facts, code
):
    (clock,) = clocks(guidelines.reporting_regime(code), [version(at=at, facts=facts)], zone=zone)
    assert clock.day_zero == at.astimezone(zone).date()
    if clock.due_on is None:
        return
    assert (clock.due_on - clock.day_zero).days == clock.limit.days
    last, after = clock.runs_out_at - timedelta(microseconds=1), clock.runs_out_at
    assert day_in(last, zone) <= clock.due_on < day_in(after, zone)
    assert clock.days_left(at) == clock.limit.days
    nothing = {"sent": (), "nullified_at": None}
    assert state_of(clock, now=last, **nothing) is ClockState.RUNNING
    assert state_of(clock, now=after, **nothing) is ClockState.OVERDUE


@given(facts=ANY_FACTS, code=st.sampled_from(REGIMES))
def test_knowing_less_never_gives_more_time(guidelines, facts, code):
    regime = guidelines.reporting_regime(code)
    worst = replace(facts, unexpected=None, countries=())
    (known,), (unknown,) = clocks(regime, [version(facts=facts)]), clocks(regime, [version(facts=worst)])
    endless = date.max
    assert (unknown.due_on or endless) <= (known.due_on or endless)


@given(
    kinds=st.lists(st.sampled_from((*VersionKind,)), max_size=6),
    facts=st.lists(ANY_FACTS, min_size=7, max_size=7),
    code=st.sampled_from(REGIMES),
    order=st.randoms(use_true_random=False),
)
def test_one_clock_for_each_version_with_new_information(guidelines, kinds, facts, code, order):
    history = [version(facts=facts[0])]
    for number, kind in enumerate(kinds, start=2):
        kind = VersionKind.FOLLOW_UP if kind is VersionKind.INITIAL else kind
        history.append(version(number, kind, NOON + timedelta(days=number), facts[number - 1]))
    found = clocks(guidelines.reporting_regime(code), history)
    telling = [v.number for v in history if v.kind in (VersionKind.INITIAL, VersionKind.FOLLOW_UP)]
    assert [clock.version for clock in found] == telling
    assert [clock.start is Start.INITIAL for clock in found] == [n == 1 for n in telling]
    order.shuffle(history)
    assert clocks(guidelines.reporting_regime(code), history) == found


class TestTheData:
    def regime(self, documents, **changes):
        changed = copy.deepcopy(dict(documents))
        changed["reporting_regimes"]["reporting_regimes"][0].update(changes)
        return changed

    def test_a_site_sets_its_own_aim(self, documents):
        cite = {"keys": ["DERIVED"], "section": "agreed with the centre", "quote": ""}
        name = {"en": "Any", "nb": "Alle", "fa": "همه"}
        theirs = {
            "code": "site_clocks",
            "title": "Our clocks",
            "language": "en",
            "reporting_regimes": [
                {
                    "code": "norway_health_personnel",
                    "name": name,
                    "time_zone": "Europe/Oslo",
                    "area": [],
                    "limits": [
                        {"code": "any", "name": name, "needs": [], "kind": "aim", "days": 3}
                        | {"further_days": None, "cite": cite}
                    ],
                }
            ],
        }
        guidelines = parse_guidelines(with_site_documents(documents, {"site_clocks": theirs}))
        assert due_days(guidelines, "norway_health_personnel", EXPECTED_MILD) == 3
        assert due_days(guidelines, "eu_post_marketing", SERIOUS) == 15

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            (lambda regime: regime.update(time_zone="Europe/Atlantis"), "time_zone"),
            (lambda regime: regime["limits"].pop(), "the last limit must hold"),
            (lambda regime: regime["limits"].reverse(), "limits"),
            (lambda regime: regime["limits"].insert(0, {**regime["limits"][1], "code": "first"}), "shortest"),
            (lambda regime: regime["limits"].insert(1, regime["limits"][0]), "twice"),
            (lambda regime: regime["limits"][-1].update(kind="aim"), "need a number of days"),
            (lambda regime: regime["limits"][0].update(needs=["seroius"]), "needs"),
        ],
    )
    def test_a_regime_that_cannot_be_counted_by_is_refused(self, documents, change, place):
        changed = copy.deepcopy(dict(documents))
        change(changed["reporting_regimes"]["reporting_regimes"][0])
        with pytest.raises(DomainError, match=place):
            parse_guidelines(changed)
