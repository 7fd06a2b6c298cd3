"""Cases, what they are coded with, what the ward was asked, their versions and clocks."""

import pgtrigger
from django.conf import settings
from django.db import models

from apps.cases.domain.content import QUALIFICATIONS
from apps.cases.domain.versions import Kind


class Case(models.Model):
    """One case of one patient. Its number is given with the first version and never changes."""

    class State(models.TextChoices):
        OPEN = "open"
        NULLIFIED = "nullified"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    report_id = models.CharField(max_length=100, blank=True, help_text="C.1.1 and C.1.8.1")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    revision = models.PositiveIntegerField(
        default=1, help_text="grows with what is written, so that nobody overwrites"
    )
    first_received_at = models.DateTimeField(help_text="C.1.4: when the first event became known")
    meddra_version = models.CharField(max_length=4, blank=True, help_text="one for the whole case")
    reporter_qualification = models.CharField(
        max_length=30, choices=[(code, code) for code in QUALIFICATIONS], blank=True
    )
    narrative = models.TextField(blank=True, help_text="as a person wrote it; empty: it is drafted")
    narrative_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    narrative_at = models.DateTimeField(null=True)
    native_narrative = models.TextField(blank=True)
    sender_comment = models.TextField(blank=True)
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, help_text="the case that stays"
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report_id"], condition=~models.Q(report_id=""), name="one_case_of_a_report_id"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="case_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="case_number_kept",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__report_id="")
                & pgtrigger.Q(old__report_id__df=pgtrigger.F("new__report_id")),
            ),
        ]


class CaseEvent(models.Model):
    """An adverse event of a case. It belongs to one case that stands; a nullified one lets it go."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    event = models.ForeignKey("safety.AdverseEvent", on_delete=models.PROTECT, related_name="+")
    let_go = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(let_go=False), name="one_standing_case_of_an_event"
            )
        ]


class CodedTerm(models.Model):
    """What somebody coded with MedDRA; of the same thing the newest counts."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="coded")
    about = models.CharField(max_length=80, help_text="event:4 or indication:kiovig")
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=250)
    version = models.CharField(max_length=4)
    coded_at = models.DateTimeField()
    coded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="coded_term_kept", operation=pgtrigger.Update | pgtrigger.Delete)]


class CaseQuery(models.Model):
    """A question to the ward. Its answer lands in the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="queries")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    event_id = models.BigIntegerField(null=True)
    question = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]
        triggers = [
            pgtrigger.Protect(name="case_query_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="case_query_answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
        ]


class CaseVersion(models.Model):
    """A case as it stood when the version was made: content, its hash, and what kind it is. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=15, choices=[(kind.value, kind.value) for kind in Kind])
    reason = models.TextField(blank=True, help_text="C.1.11.2, or what is new")
    first_received_at = models.DateTimeField()
    most_recent_at = models.DateTimeField(help_text="C.1.5")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_case_version_of_each_number")
        ]
        triggers = [
            pgtrigger.Protect(name="case_version_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class CaseClock(models.Model):
    """A limit by which a case must reach a receiver. Computed again whenever what it rests on changes."""

    class State(models.TextChoices):
        RUNNING = "running"
        MET = "met"
        SUPERSEDED = "superseded"
        ENDED = "ended"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    regime = models.CharField(max_length=80)
    version_number = models.PositiveIntegerField(help_text="0: before the first version")
    limit = models.CharField(max_length=80)
    start = models.CharField(max_length=20)
    day_zero = models.DateField()
    due_on = models.DateField(null=True, help_text="last day in time, in the receiver's time zone")
    runs_out_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    met_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["regime", "version_number", "id"]
        indexes = [
            models.Index(
                fields=["runs_out_at"], name="running_case_clocks", condition=models.Q(state="running")
            )
        ]
        triggers = [pgtrigger.Protect(name="case_clock_never_deleted", operation=pgtrigger.Delete)]
