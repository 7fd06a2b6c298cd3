"""The running infusion: session, rate changes, vials, observations, reactions, what was given, handovers."""

from operator import attrgetter
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models

from apps.infusions.domain.session_state import SessionState

_KEPT_ORDER = {
    "observations": attrgetter("effective_at", "pk"),
    "rate_changes": attrgetter("started_at", "pk"),
    "vials": attrgetter("hung_at", "pk"),
    "reactions": attrgetter("onset_at", "pk"),
}


class InfusionSession(models.Model):
    """One day's infusion. `version` grows with each change, so that two nurses cannot both win."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    course_id = models.BigIntegerField()
    day_number = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    guideline_version = models.CharField(max_length=64)
    product_code = models.CharField(max_length=80)
    rate_table_code = models.CharField(max_length=80)
    disease = models.CharField(max_length=80, blank=True)
    concentration_mg_per_ml = models.DecimalField(max_digits=6, decimal_places=2)
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2)
    volume_total_ml = models.DecimalField(max_digits=9, decimal_places=3)
    risk_factors = models.JSONField(default=list)
    pregnant = models.BooleanField(default=False, help_text="NEWS2 does not hold then")
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in SessionState],
        default=SessionState.PREPARED.value,
    )
    version = models.PositiveIntegerField(default=1)
    step_index = models.SmallIntegerField(default=0, help_text="-1 below the plan's first rate")
    step_entered_at = models.DateTimeField(null=True, help_text="when the present rate began")
    step_due_at = models.DateTimeField(null=True, help_text="when the next step may open")
    observation_due_at = models.DateTimeField(null=True)
    finish_at = models.DateTimeField(null=True)
    vial_due_at = models.DateTimeField(null=True, help_text="when what hangs will be in")
    asked = models.JSONField(default=list, help_text="which due things the timers have asked for")
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    ended_at = models.DateTimeField(null=True)
    watch_minutes_after = models.PositiveSmallIntegerField(default=60, help_text="watched after the end")
    watched_until = models.DateTimeField(null=True, help_text="when watching after the end was over")
    residual_ml = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, help_text="measured at the end in what was hung"
    )
    spo2_scale = models.PositiveSmallIntegerField(
        default=1, help_text="of NEWS2; 2 on a clinician's decision"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course_id", "day_number"],
                condition=~models.Q(state="abandoned"),
                name="one_session_per_day",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(state__in=["prepared", "running", "paused"]),
                name="one_open_session_per_patient",
            ),
        ]

    def kept(self, name: str) -> list[Any]:
        """Rows around the session (`observations`, `rate_changes`, `vials`, `reactions`), wrong entries too, in order.

        They are read once. What is written with this session as its `session` is in them at once (see `OfSession`).
        """
        rows = self._kept_rows()
        if name not in rows:
            rows[name] = sorted(getattr(self, name).all(), key=_KEPT_ORDER[name])
        return rows[name]

    def keep_all(self, name: str, rows: list[Any]) -> None:
        """Every row of this name, as it was just read under the session's lock."""
        for row in rows:
            row.session = self
        self._kept_rows()[name] = sorted(rows, key=_KEPT_ORDER[name])

    def keep(self, name: str, row: "OfSession") -> None:
        """A row around the session was written: in its place among those that were read."""
        kept = self._kept_rows().get(name)
        if kept is not None:
            kept[:] = [other for other in kept if other.pk != row.pk] + [row]
            kept.sort(key=_KEPT_ORDER[name])

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """As stored now, the rows around it as well."""
        self._kept_rows().clear()
        super().refresh_from_db(*args, **kwargs)

    def _kept_rows(self) -> dict[str, list[Any]]:
        rows: dict[str, list[Any]] = self.__dict__.setdefault("_rows_kept", {})
        return rows


class OfSession(models.Model):
    """A row around a session. When it is saved, the session it hangs on knows."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and take the row's place in the session's kept rows."""
        super().save(*args, **kwargs)
        session = self._state.fields_cache.get("session")
        if isinstance(session, InfusionSession):
            session.keep(str(self._meta.get_field("session").remote_field.related_name), self)


class RateChange(OfSession):
    """From `started_at` on the pump runs at this rate, until the next change. 0 mL/h: paused or ended."""

    session = models.ForeignKey(InfusionSession, on_delete=models.PROTECT, related_name="rate_changes")
    step_index = models.SmallIntegerField()
    rate_ml_per_kg_h = models.DecimalField(max_digits=7, decimal_places=3)
    rate_ml_per_h = models.DecimalField(max_digits=8, decimal_places=2)
    started_at = models.DateTimeField(help_text="at the bedside")
    recorded_at = models.DateTimeField(help_text="typed")
    reason = models.CharField(max_length=300, blank=True)
    performer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["started_at", "id"]
        triggers = [
            pgtrigger.Protect(name="rate_change_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class Correctable(OfSession):
    """An entry that is never wiped: a wrong one is marked, with the reason."""

    class Status(models.TextChoices):
        FINAL = "final"
        ENTERED_IN_ERROR = "entered_in_error"

    status = models.CharField(max_length=20, choices=Status.choices, default=Status.FINAL)
    status_reason = models.CharField(max_length=300, blank=True)
    status_changed_at = models.DateTimeField(null=True)
    status_changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        abstract = True


class Observation(Correctable):
    """One set of vital signs. A missing sign is unknown, not normal."""

    session = models.ForeignKey(InfusionSession, on_delete=models.PROTECT, related_name="observations")
    is_baseline = models.BooleanField(default=False)
    effective_at = models.DateTimeField(help_text="at the bedside")
    recorded_at = models.DateTimeField(help_text="typed")
    performer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    systolic_mmhg = models.PositiveSmallIntegerField(null=True)
    diastolic_mmhg = models.PositiveSmallIntegerField(null=True)
    pulse_per_min = models.PositiveSmallIntegerField(null=True)
    respiratory_rate_per_min = models.PositiveSmallIntegerField(null=True)
    spo2_percent = models.PositiveSmallIntegerField(null=True)
    temperature_c = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    oxygen_l_per_min = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, help_text="0 is room air"
    )
    consciousness = models.CharField(max_length=12, null=True)
    capillary_refill_s = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    respiratory_effort = models.CharField(max_length=10, null=True)
    not_done = models.JSONField(default=dict, help_text="sign to {code: refused or not_possible, reason}")
    note = models.TextField(blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)

    class Meta:
        ordering = ["effective_at", "id"]


class Reaction(Correctable):
    """A reaction seen during the infusion or the watch after it; open until somebody says that it has passed.

    It may begin with one tap and be described later: `term` is then "unspecified". `symptoms` lists what was
    seen, each `{term, severity}`; `term` and `severity` are the leading one's.
    """

    session = models.ForeignKey(InfusionSession, on_delete=models.PROTECT, related_name="reactions")
    term = models.CharField(max_length=80)
    severity = models.CharField(max_length=10)
    symptoms = models.JSONField(default=list)
    onset_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    described_at = models.DateTimeField(null=True)
    recheck_due_at = models.DateTimeField(null=True, help_text="when vital signs are wanted again")
    action = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    performer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    resolution_note = models.TextField(blank=True)


class Intervention(Correctable):
    """What was done or given for a patient during an infusion, with its bedside time."""

    session = models.ForeignKey(InfusionSession, on_delete=models.PROTECT, related_name="interventions")
    reaction = models.ForeignKey(Reaction, on_delete=models.PROTECT, related_name="interventions", null=True)
    code = models.CharField(max_length=80)
    detail = models.CharField(max_length=300, blank=True, help_text="drug, dose and route as typed")
    given_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    performer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["given_at", "id"]


class HungVial(Correctable):
    """A vial or bag that was hung in this session; its lot begins where it was hung.

    `volume_ml` is None only for sessions from before volumes were kept: then all was hung at the start.
    """

    session = models.ForeignKey(InfusionSession, on_delete=models.PROTECT, related_name="vials")
    lot_number = models.CharField(max_length=40)
    expires_on = models.DateField()
    volume_ml = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    gtin = models.CharField(max_length=14, blank=True)
    serial = models.CharField(max_length=40, blank=True)
    scanned = models.BooleanField(default=False)
    hung_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    performer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["hung_at", "id"]


class KnownPackage(models.Model):
    """Which product a package's trade item number stands for, as a person who held it in hand confirmed."""

    gtin = models.CharField(max_length=14, unique=True)
    product_code = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class Handover(models.Model):
    """A patient on the drip passed from one nurse to another; open until the other accepts by name."""

    session = models.ForeignKey(InfusionSession, on_delete=models.PROTECT, related_name="handovers")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    note = models.TextField(blank=True)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_handover",
            )
        ]
