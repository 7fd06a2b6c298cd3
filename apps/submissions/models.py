"""Submissions and their bytes, the trail of receipts, acknowledgements, and reports of others."""

import pgtrigger
from django.conf import settings
from django.db import models

from apps.icsr.domain.acknowledgements import Outcome
from apps.submissions.domain.outcomes import Answered
from apps.submissions.domain.receivers import Delivery

_PERSON = settings.AUTH_USER_MODEL


def _kept(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class Submission(models.Model):
    """One file for one receiver. Its bytes and numbers never change; each attempt sends the same."""

    class State(models.TextChoices):
        READY = "ready"  # for a person to take and hand over
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    receiver = models.CharField(max_length=30)
    receiver_name = models.CharField(max_length=200)
    batch_number = models.CharField(max_length=100, unique=True, help_text="N.1.2")
    delivery = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Delivery])
    acknowledges = models.BooleanField()
    state = models.CharField(max_length=10, choices=State.choices)
    answered = models.CharField(
        max_length=24, choices=[(one.value, one.value) for one in Answered], default=Answered.NOT_YET.value
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="of this round")
    round = models.PositiveSmallIntegerField(default=1, help_text="grows when a person sends it again")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, help_text="when the receiver had it")

    class Meta:
        ordering = ["-prepared_at", "-id"]
        indexes = [models.Index(fields=["ward", "-prepared_at"], name="submissions_of_a_ward")]
        triggers = [
            pgtrigger.Protect(name="submission_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="submission_content_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__batch_number__df=pgtrigger.F("new__batch_number"))
                | (~pgtrigger.Q(old__sha256="") & pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))),
            ),
        ]


class SubmissionPart(models.Model):
    """A piece of a submission's bytes, so that no process needs all of them in memory."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="one_submission_part_of_a_number")
        ]
        triggers = [_kept("submission_part_kept")]


class SubmittedReport(models.Model):
    """A version of a case in a submission, and what the receiver says of it."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reports")
    position = models.PositiveIntegerField()
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    version_number = models.PositiveIntegerField()
    version_kind = models.CharField(max_length=15)
    message_number = models.CharField(max_length=100, help_text="N.2.r.1 and C.1.1")
    outcome = models.CharField(
        max_length=24, choices=[(one.value, one.value) for one in Outcome], default=Outcome.NOT_TOLD.value
    )
    local_number = models.CharField(max_length=100, blank=True, help_text="the receiver's own, ACK.B.r.2")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "position"], name="one_submitted_report_of_a_position"
            )
        ]
        triggers = [pgtrigger.Protect(name="submitted_report_never_deleted", operation=pgtrigger.Delete)]


class Receipt(models.Model):
    """One line of a submission's trail. Lines are added and never changed."""

    class Kind(models.TextChoices):
        PREPARED = "prepared"
        TAKEN = "taken"  # somebody downloaded the file
        ATTEMPTED = "attempted"
        DELIVERED = "delivered"
        NOT_DELIVERED = "not_delivered"
        GIVEN_UP = "given_up"
        SENT_AGAIN = "sent_again"
        HANDED_OVER = "handed_over"
        WITHDRAWN = "withdrawn"
        UNANSWERED = "unanswered"
        ACKNOWLEDGED = "acknowledged"

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+", null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="of what was sent or came back")

    class Meta:
        ordering = ["id"]
        triggers = [_kept("submission_receipt_kept")]


class StoredAcknowledgement(models.Model):
    """An answer as it came. Repeated, contradicting and unmatched ones are kept like any other."""

    class Origin(models.TextChoices):
        UPLOAD = "upload"
        DIRECTORY = "directory"
        GATEWAY = "gateway"

    class Match(models.TextChoices):
        MATCHED = "matched"
        REPEATED = "repeated"  # the same bytes came before
        UNMATCHED = "unmatched"  # it answers nothing that was sent from here

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="acknowledgements", null=True
    )
    match = models.CharField(max_length=10, choices=Match.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    name = models.CharField(max_length=255, blank=True, help_text="of the file it lay in")
    number = models.CharField(max_length=200, blank=True, help_text="ACK.M.1")
    batch_number = models.CharField(max_length=200, blank=True, help_text="ACK.A.1")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["sha256"], name="acknowledgements_by_content")]
        triggers = [_kept("stored_acknowledgement_kept")]


class ForeignFile(models.Model):
    """A file of somebody else's reports, as it came."""

    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255, blank=True)
    batch_number = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        triggers = [_kept("foreign_file_kept")]


class ForeignReport(models.Model):
    """A case of others. It is shown and never counted with our own."""

    file = models.ForeignKey(ForeignFile, on_delete=models.PROTECT, related_name="reports")
    position = models.PositiveIntegerField()
    report_number = models.CharField(max_length=200, blank=True, help_text="C.1.1")
    worldwide_number = models.CharField(max_length=200, blank=True, help_text="C.1.8.1")
    created = models.CharField(max_length=40, blank=True, help_text="C.1.2 as written")
    reactions = models.JSONField(default=list)
    drugs = models.JSONField(default=list)

    class Meta:
        ordering = ["file", "position"]
        triggers = [_kept("foreign_report_kept")]
