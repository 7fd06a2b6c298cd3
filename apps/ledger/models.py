"""Tables of the ledger. Nobody outside this app touches them: see services and selectors."""

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from apps.ledger.guards import never_truncated

MOST_URGENT, LEAST_URGENT = 1, 9


class Event(models.Model):
    """One thing that happened. Append-only; hash-chained within its subject."""

    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    position = models.PositiveIntegerField(help_text="1, 2, 3 … within the subject")
    ward_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=80, help_text="user:<id> or system")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    origin = models.JSONField(
        default=dict, db_default={}, help_text="request_id, address, device; what there was of them"
    )
    recipe = models.PositiveSmallIntegerField(default=1, db_default=1, help_text="how the hash was made")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "position"], name="event_position_in_subject"),
        ]
        indexes = [
            models.Index(fields=["actor", "id"], name="event_of_actor"),
            BrinIndex(fields=["recorded_at"], name="event_recorded_at"),
        ]
        triggers = [
            pgtrigger.Protect(name="event_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated("event"),
        ]


class Timer(models.Model):
    """Something that must happen once, at `due_at` of clinical time."""

    class State(models.TextChoices):
        PENDING = "pending"
        CLAIMED = "claimed"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    occurrence = models.CharField(max_length=80)
    ward_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField()
    priority = models.PositiveSmallIntegerField(default=5, help_text="1 is the most urgent")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.PositiveSmallIntegerField(null=True, help_text="the shift that took it")
    retry_at = models.DateTimeField(null=True, help_text="real time")
    fired_at = models.DateTimeField(null=True)
    late_by_s = models.FloatField(null=True, help_text="real seconds, when it fired late")
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "occurrence"], name="timer_has_one_effect"),
            models.CheckConstraint(
                condition=models.Q(priority__range=(MOST_URGENT, LEAST_URGENT)),
                name="timer_priority_is_looked_at",
            ),
        ]
        indexes = [
            # Which falls due next, and which of those that are due is the most urgent.
            models.Index(fields=["due_at"], name="timer_next_due", condition=models.Q(state="pending")),
            models.Index(
                fields=["priority", "due_at"], name="timer_most_urgent", condition=models.Q(state="pending")
            ),
            models.Index(fields=["claimed_by"], name="timer_claimed", condition=models.Q(state="claimed")),
        ]


class WardSequence(models.Model):
    """The last number given to a message of this ward. Locked last, so numbers appear in order."""

    ward_id = models.BigIntegerField(primary_key=True)
    last_sequence = models.BigIntegerField(default=0)


class OutboxMessage(models.Model):
    """A message that must reach the ward's dashboards; settled after it was handed over."""

    ward_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    payload = models.JSONField()
    created_at = models.DateTimeField(help_text="real time")
    sent_at = models.DateTimeField(null=True, help_text="real time")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ward_id", "sequence"], name="outbox_sequence_in_ward"),
        ]
        indexes = [
            models.Index(fields=["id"], name="outbox_unsent", condition=models.Q(sent_at__isnull=True)),
        ]


class Heartbeat(models.Model):
    """The last sign of life of one part of the system; the watchdog and the health pages read it."""

    kind = models.CharField(max_length=20, help_text="web, relay, tick, beat, watchdog")
    process = models.CharField(max_length=120, help_text="which one: host and process id")
    at = models.DateTimeField(help_text="real time")
    details = models.JSONField(default=dict, help_text="numbers such as open sockets; never a patient's data")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "process"], name="one_heartbeat_per_process")]
