"""The board's rows: one current state per session, alert and follow-up."""

from django.db import models


class BoardRow(models.Model):
    """What a board shows of one thing, as last committed. Snapshot and push both read this row."""

    ward_id = models.BigIntegerField()
    row_id = models.CharField(max_length=80, unique=True)
    sequence = models.BigIntegerField()
    removed = models.BooleanField(default=False)
    payload = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["ward_id", "sequence"], name="board_row_changes")]
