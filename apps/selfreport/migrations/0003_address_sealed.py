"""The addresses that patients named are sealed."""

from collections.abc import Callable
from typing import Any

from django.db import migrations, models, transaction

from apps.selfreport.models import ADDRESSES

BATCH = 500


def seal(apps: Any, schema_editor: Any) -> None:
    def one(sending: Any) -> None:
        sending.sealed_address = ADDRESSES.seal(sending.address, sending.message_id)
        sending.address = ""

    _in_batches(apps, {"sealed_address": ""}, one)


def unseal(apps: Any, schema_editor: Any) -> None:
    def one(sending: Any) -> None:
        sending.address = ADDRESSES.open(sending.sealed_address, sending.message_id)
        sending.sealed_address = ""

    _in_batches(apps, {"address": ""}, one)


def _in_batches(apps: Any, done: dict[str, str], change: Callable[[Any], None]) -> None:
    Sending = apps.get_model("selfreport", "Sending")
    [empty] = done
    other = {"sealed_address": "address", "address": "sealed_address"}[empty]
    while True:
        with transaction.atomic():
            waiting = Sending.objects.select_for_update().filter(**done).exclude(**{other: ""})
            rows = list(waiting.order_by("pk")[:BATCH])
            for sending in rows:
                change(sending)
            Sending.objects.bulk_update(rows, ["address", "sealed_address"])
        if not rows:
            return


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("selfreport", "0002_who_waited_longest")]

    operations = [
        migrations.AddField(
            "sending",
            "sealed_address",
            models.TextField(blank=True, default="", help_text="empty once it was wiped"),
        ),
        migrations.AlterField("sending", "address", models.CharField(max_length=254, default="", blank=True)),
        migrations.RunPython(seal, unseal),
        migrations.RemoveField("sending", "address"),
    ]
