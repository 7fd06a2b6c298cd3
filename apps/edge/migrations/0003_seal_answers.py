"""Seals the answers that were stored open, a batch a transaction; begun again it goes on."""

import json
from collections.abc import Callable
from typing import Any

from django.db import migrations, transaction
from django.db.models import Q

from apps.edge.models import ANSWERS

BATCH = 500
# A sealed text begins with the id of its key; JSON that we write never does.
_OPEN = Q(body__startswith="{") | Q(body__startswith="[") | Q(body__startswith='"') | Q(body="null")


def seal(apps: Any, schema_editor: Any) -> None:
    _in_batches(apps, _OPEN, lambda body, key: ANSWERS.seal(body, key))


def unseal(apps: Any, schema_editor: Any) -> None:
    _in_batches(apps, ~_OPEN & ~Q(body=""), lambda body, key: json.dumps(json.loads(ANSWERS.open(body, key))))


def _in_batches(apps: Any, condition: Q, change: Callable[[str, Any], str]) -> None:
    Answer = apps.get_model("edge", "IdempotentAnswer")
    while True:
        with transaction.atomic():
            rows = list(Answer.objects.select_for_update().filter(condition).order_by("pk")[:BATCH])
            for row in rows:
                row.body = change(row.body, row.key)
            Answer.objects.bulk_update(rows, ["body"])
        if not rows:
            return


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("edge", "0002_answer_as_text")]

    operations = [migrations.RunPython(seal, unseal)]
