"""Four cases of pharmacovigilance: two lots, thirty hours, a second version, and a duplicate that was nullified."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from apps.accounts.selectors import Staff
from apps.cases import services as cases
from apps.cases.domain.versions import Kind
from apps.cases.selectors import CaseRecord, access_case
from apps.cases.site import site
from apps.meddra.services import load_meddra
from apps.safety import services as safety
from apps.safety.domain import Outcome, Review, ReviewedReaction
from apps.safety.selectors import AdverseEventRecord, adverse_events_for
from ivig_monitor.demo.dictionary import BLOOD, MENINGES, NERVES, SHOCK, archive
from ivig_monitor.demo.story import Story

_HOUR = timedelta(hours=1)
_ONE_DAY: dict[str, Any] = {"days": 1, "dose_mg_per_kg": 400, "regimen": ("nel_low_dose", "low_dose")}
_PROBABLE = ("time_reasonable", "unlikely_other", "withdrawal_reasonable")


def seed_cases(stories: Mapping[str, Story], *, physician: Staff, officer: Staff, now: datetime) -> None:
    """The events, their reviews and the cases. Without a described site no case has a number: none is made."""
    if not site().country:
        return
    load_meddra(performer=None, archive=archive(), now=now - timedelta(days=13))
    desks = _Desks(physician, officer)
    _anaphylaxis(stories["shock"], desks, now - timedelta(days=5), now)
    _meningitis(stories["meningitis"], desks, now - timedelta(days=4), now)
    _hemolysis(stories["hemolysis"], desks, now)


@dataclass(frozen=True, slots=True)
class _Desks:
    """The physician who reviews and the officer who reports."""

    physician: Staff
    officer: Staff

    def events_of(self, story: Story, term: str = "") -> list[AdverseEventRecord]:
        """The patient's adverse events, the one that was opened first first."""
        events = [one for one in adverse_events_for(self.officer) if one.patient_id == story.patient_id]
        return sorted((one for one in events if not term or one.term == term), key=lambda one: one.pk)

    def review(self, event: AdverseEventRecord, review: Review, *, at: datetime) -> None:
        """Saved and signed."""
        draft = safety.save_review(
            performer=self.physician, event_id=event.pk, review=review, revision=0, now=at
        )
        safety.sign_review(
            performer=self.physician,
            event_id=event.pk,
            revision=draft.revision,
            meaning="medical_review",
            now=at,
        )

    def case_of(self, event: AdverseEventRecord, code: str, *, at: datetime) -> CaseRecord:
        """Opened from one event, coded and described."""
        case = cases.open_case(performer=self.officer, event_ids=[event.pk], now=at)
        for about, term in ((f"event:{event.pk}", code), (f"indication:{event.product_code}", NERVES)):
            cases.code_reaction(performer=self.officer, case_id=case.pk, about=about, code=term, now=at)
        cases.describe_case(
            performer=self.officer,
            case_id=case.pk,
            revision=access_case(self.officer, case.pk).revision,
            reporter_qualification="physician",
            native_narrative="",
            sender_comment="",
            now=at,
        )
        return case

    def keep(self, case: CaseRecord, kind: Kind, *, at: datetime, **told: Any) -> None:
        """The next version."""
        cases.make_version(performer=self.officer, case_id=case.pk, kind=kind, now=at, **told)


def _anaphylaxis(story: Story, desks: _Desks, start: datetime, now: datetime) -> None:
    """In the second lot of two. It was told twice: the second case is nullified as the same."""
    story.order(at=start - 2 * _HOUR, weight_kg="70", **_ONE_DAY)
    second_ml = str(story.day_volume_ml - 100)
    story.start(at=start, lot="LOT-A1204", next_lot="LOT-B7731", vials_ml=("100", second_ml))
    onset = start + timedelta(minutes=150)
    story.run(until=onset)
    story.observe(at=onset, systolic_mmhg=78, diastolic_mmhg=44, pulse_per_min=128, spo2_percent=90)
    reaction = story.react(
        at=onset + timedelta(minutes=1),
        term="anaphylaxis",
        severity="severe",
        action="stop",
        note="Hives on the chest, wheezing, faint. Adrenaline at once.",
    )
    story.gave(
        at=onset + timedelta(minutes=2),
        code="adrenaline_im",
        detail="0.5 mg i.m., thigh",
        reaction_id=reaction,
    )
    care = story.aftercare()
    assert story.session is not None
    bedside = f"session:{story.session.pk}"
    care.take_alerts(bedside, at=onset + timedelta(minutes=3))
    story.observe(at=onset + timedelta(minutes=10), systolic_mmhg=102, diastolic_mmhg=62, pulse_per_min=110)
    story.watched(at=onset + timedelta(minutes=20))
    again = story.react(
        at=onset + timedelta(minutes=95),
        term="anaphylaxis",
        severity="severe",
        action="none",
        note="Written again at the handover: the same as before.",
    )
    care.take_alerts(bedside, at=onset + timedelta(minutes=96))
    for number in (reaction, again):
        story.passed(at=onset + 2 * _HOUR, reaction_id=number)
    care.answer(until=now)
    first, second = desks.events_of(story)
    review = _review(
        "Anafylaksi med utslett, piping i brystet og blodtrykksfall",
        ReviewedReaction(
            term="anaphylaxis",
            severity_term="anaphylaxis",
            grade=4,
            seriousness=("life_threatening",),
            expectedness="expected",
            outcome="recovered",
        ),
        action_taken="stopped",
        dechallenge="improved",
    )
    desks.review(first, review, at=onset + 3 * _HOUR)
    stays = desks.case_of(first, SHOCK, at=onset + 20 * _HOUR)
    desks.keep(stays, Kind.INITIAL, at=onset + 21 * _HOUR)
    desks.review(second, review, at=onset + 4 * _HOUR)
    goes = desks.case_of(second, SHOCK, at=onset + 26 * _HOUR)
    desks.keep(goes, Kind.INITIAL, at=onset + 27 * _HOUR)
    reason = "Duplicate: the same reaction was recorded twice on the ward."
    desks.keep(goes, Kind.NULLIFICATION, at=onset + 44 * _HOUR, reason=reason, same_as=stays.pk)


def _meningitis(story: Story, desks: _Desks, start: datetime, now: datetime) -> None:
    """Told at the first call, thirty hours after the end."""
    care = story.given_before(last_day_at=start, product="kiovig", **_ONE_DAY)
    assert story.session is not None and story.session.ended_at is not None
    told_at = story.session.ended_at + 30 * _HOUR
    care.answer(until=told_at - _HOUR, but="aseptic_meningitis_call")
    call = care.check("aseptic_meningitis_call")
    answers = {"bad_headache": "yes", "stiff_neck": "yes", "light_hurts": "yes", "fever": "no"}
    care.reached(call, answers, at=told_at, note="Kom inn samme kveld.")
    care.take_alerts(f"check:{call.pk}", at=told_at + timedelta(minutes=5))
    care.answer(until=now)
    [event] = desks.events_of(story)
    review = _review(
        "Hodepine, stiv nakke og lysskyhet: aseptisk meningitt",
        ReviewedReaction(
            term="aseptic_meningitis",
            severity_term="meningitis",
            grade=3,
            seriousness=("hospitalisation",),
            expectedness="expected",
            outcome="recovering",
        ),
        action_taken="not_applicable",
        dechallenge="not_done",
    )
    desks.review(event, review, at=told_at + 3 * _HOUR)
    case = desks.case_of(event, MENINGES, at=told_at + 20 * _HOUR)
    desks.keep(case, Kind.INITIAL, at=told_at + 21 * _HOUR)


def _hemolysis(story: Story, desks: _Desks, now: datetime) -> None:
    """What the laboratory found, and a second version when more was known."""
    event = desks.events_of(story, "hemolysis")[0]
    review = _review(
        "Hemolyse etter immunglobulin",
        ReviewedReaction(
            term="hemolysis",
            severity_term="hemolysis",
            grade=2,
            seriousness=("medically_important",),
            expectedness="expected",
            outcome="not_recovered",
        ),
        action_taken="not_applicable",
        dechallenge="not_done",
    )
    desks.review(event, review, at=now - 20 * _HOUR)
    case = desks.case_of(event, BLOOD, at=now - 17 * _HOUR)
    desks.keep(case, Kind.INITIAL, at=now - 16 * _HOUR)
    later = now - 6 * _HOUR
    story.aftercare().measured(later - 2 * _HOUR, hemoglobin="109 g/L", ldh="301 U/L")
    safety.record_outcome(
        performer=desks.physician,
        event_id=event.pk,
        severity_term="",
        outcome=Outcome.RECOVERING,
        observed_at=later,
        note="",
        replaces_id=None,
        now=later,
    )
    desks.keep(case, Kind.FOLLOW_UP, at=now - 5 * _HOUR, reason="New laboratory values; recovering.")


def _review(verbatim: str, reaction: ReviewedReaction, *, action_taken: str, dechallenge: str) -> Review:
    return Review(
        language="nb",
        severity_scale="ctcae",
        reactions=(replace(reaction, verbatim=verbatim),),
        who_umc="probable",
        who_umc_criteria=_PROBABLE,
        naranjo=(("q1", "yes"), ("q2", "yes"), ("q5", "no")),
        action_taken=action_taken,
        dechallenge=dechallenge,
        rechallenge="not_done",
    )
