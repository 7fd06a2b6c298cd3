"""Whatever is asked, in whatever order, over real plans: no rate above a ceiling, no more volume than was hung."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import (
    FINAL_STATES,
    Complete,
    ConfirmStep,
    GateDecision,
    Hung,
    LowerRate,
    Pause,
    Rate,
    Resume,
    Session,
    SessionState,
    SetRate,
    Start,
    Stay,
    Stop,
    decide,
    next_step,
    reachable_step,
    reduced_rate,
    volume_given_ml,
)
from apps.kernel.errors import DomainError
from tests.unit.infusions.plans import HALF, plan_of
from tests.unit.infusions.test_label_plans import LABEL_PLANS
from tests.unit.infusions.test_rate_plan import START

OPEN = GateDecision(open=True, holds=())
RESOLUTION = Decimal("0.1")
steps = st.integers(-3, 12)
acts = st.one_of(
    st.tuples(st.just("confirm"), steps),
    st.tuples(st.just("stay"), st.integers(5, 240)),
    st.tuples(st.just("lower"), steps),
    st.tuples(st.just("reaction"), st.sampled_from(["slow", "pause", "stop"])),
    st.tuples(st.just("pause"), st.none()),
    st.tuples(st.just("resume"), steps),
    st.tuples(st.just("hang"), st.decimals("1", "300", places=0)),
    st.tuples(st.just("complete"), st.sampled_from(["", "because"])),
    st.tuples(st.just("stop"), st.none()),
)


class Bedside:
    """One infusion and a person who tries everything; keeps what the rules let pass, as the services do."""

    def __init__(self, plan, weight_kg):
        self.plan, self.weight_kg, self.now = plan, weight_kg, START
        self.state, self.running = SessionState.PREPARED, SetRate.of(plan.steps[0]).stopped
        self.highest = None
        self.entered_at = self.due_at = None
        self.rates, self.hung = [], []

    def try_to(self, act, argument):
        try:
            self.take(decide(self.session(), self.asked(act, argument), self.now))
        except DomainError:
            return

    def asked(self, act, argument):
        step = (
            SetRate.of(self.plan.steps[argument % len(self.plan.steps)])
            if isinstance(argument, int)
            else None
        )
        match act:
            case "start":
                return Start(argument, highest_step_index=argument)
            case "confirm":
                return self.confirming(argument)
            case "stay":
                return Stay(argument)
            case "lower":
                return LowerRate(step)
            case "reaction":
                return self.reacting(argument)
            case "resume":
                return Resume(step, self.highest or self.running, open_reaction=False)
            case "complete":
                return Complete(argument)
            case "pause":
                return Pause()
        return Stop()

    def confirming(self, index):
        following = next_step(self.plan, self.running.rate_ml_per_h)
        minutes = int((self.now - self.entered_at).total_seconds() // 60) if self.entered_at else 0
        return ConfirmStep(
            step_index=index,
            next_step_index=following.index if following else len(self.plan.steps),
            reachable_step_index=reachable_step(
                self.plan, step_index=self.running.step_index, minutes_at_step=minutes
            ),
            gate=OPEN,
        )

    def reacting(self, action):
        reduced = reduced_rate(
            self.plan,
            onset_step_index=self.running.step_index,
            onset_rate_ml_per_kg_h=self.running.rate_ml_per_kg_h,
            weight_kg=self.weight_kg,
            rule=HALF,
            pump_resolution_ml_per_h=RESOLUTION,
        )
        self.highest = SetRate(reduced.step_index, reduced.rate_ml_per_kg_h, reduced.rate_ml_per_h)
        return {"slow": LowerRate(self.highest), "pause": Pause(), "stop": Stop()}[action]

    def take(self, decision):
        before, self.state = self.state, decision.state
        self.due_at = decision.step_due_at
        if decision.rate is None:
            return
        self.rates.append(Rate(self.now, decision.rate.rate_ml_per_h))
        if decision.rate.rate_ml_per_h:
            self.running, self.entered_at = decision.rate, self.now
            if before is SessionState.PAUSED:
                self.highest = None

    def session(self):
        return Session(
            state=self.state,
            plan=self.plan,
            rate=self.running,
            step_entered_at=self.entered_at,
            step_due_at=self.due_at,
            finish_at=None,
            volume_left_ml=self.plan.volume_ml - self.given_ml(),
        )

    def given_ml(self):
        return volume_given_ml(self.rates, self.hung, self.now)


@given(
    code=st.sampled_from(sorted(LABEL_PLANS)),
    weight_kg=st.decimals("4", "150", places=1),
    risks=st.sets(st.sampled_from(["diabetes", "immobilisation"])),
    disease=st.sampled_from(["cidp", "itp", "primary_immunodeficiency"]),
    start=st.integers(0, 9),
    tried=st.lists(st.tuples(st.integers(0, 90), acts), max_size=25),
)
def test_no_sequence_of_acts_passes_a_ceiling_or_gives_more_than_hangs(
    guidelines, code, weight_kg, risks, disease, start, tried
):
    table = guidelines.rate_table(code)
    plan = plan_of(
        guidelines,
        table.product_codes[0],
        table=code,
        weight_kg=weight_kg,
        disease=disease,
        risks=risks,
        resolution=RESOLUTION,
        volume_ml="500",
    )
    bedside = Bedside(plan, weight_kg)
    bedside.hung.append(Hung(START, Decimal(100)))
    bedside.try_to("start", start % len(plan.steps))
    assert bedside.state is SessionState.RUNNING
    ceiling_ml_per_h = plan.ceiling.rate_ml_per_kg_h * weight_kg
    for wait, (act, argument) in tried:
        bedside.now += timedelta(minutes=wait)
        before = bedside.running
        if act == "hang":
            bedside.hung.append(Hung(bedside.now, argument))
        else:
            bedside.try_to(act, argument)
        assert all(0 <= rate.rate_ml_per_h <= ceiling_ml_per_h for rate in bedside.rates)
        assert bedside.running.rate_ml_per_kg_h <= plan.ceiling.rate_ml_per_kg_h
        assert bedside.given_ml() <= sum(vial.volume_ml for vial in bedside.hung)
        if act != "confirm":
            assert bedside.running.rate_ml_per_h <= before.rate_ml_per_h, "only a confirmed step is faster"
        if bedside.state in FINAL_STATES or bedside.state is SessionState.PAUSED:
            assert bedside.rates[-1].rate_ml_per_h == 0
        if bedside.state is not SessionState.RUNNING:
            assert bedside.due_at is None
