"""Seals every identity, a batch a transaction; begun again it goes on where it was broken off."""

from collections.abc import Callable
from typing import Any

from django.db import migrations, transaction

from apps.patients.domain.identity import Identity
from apps.patients.sealing import digests_of, open_identity, seal_identity

BATCH = 500


def seal(apps: Any, schema_editor: Any) -> None:
    Patient, NameWord = apps.get_model("patients", "Patient"), apps.get_model("patients", "NameWord")

    def one(patient: Any) -> None:
        person = Identity(patient.name, patient.birth_date, patient.medical_record_number)
        digests = digests_of(person)
        patient.identity = seal_identity(person, patient.pseudonym)
        patient.record_number_digest, patient.birth_date_digest = digests.record_number, digests.birth_date
        patient.name = patient.birth_date = patient.medical_record_number = None
        NameWord.objects.bulk_create(NameWord(patient=patient, digest=word) for word in digests.words)

    _in_batches(Patient, {"name__isnull": False}, one)


def unseal(apps: Any, schema_editor: Any) -> None:
    Patient, NameWord = apps.get_model("patients", "Patient"), apps.get_model("patients", "NameWord")
    if Patient.objects.exclude(erased_at=None).exists():
        raise RuntimeError("Identities were erased since: the schema before cannot hold these patients.")

    def one(patient: Any) -> None:
        person = open_identity(patient.identity, patient.pseudonym)
        patient.name, patient.birth_date, patient.medical_record_number = person
        patient.identity = ""
        patient.record_number_digest = patient.birth_date_digest = None
        NameWord.objects.filter(patient=patient).delete()

    _in_batches(Patient, {"name__isnull": True}, one)


_CHANGED = ["identity", "record_number_digest", "birth_date_digest", "name", "birth_date", "medical_record_number"]


def _in_batches(Patient: Any, condition: dict[str, bool], change: Callable[[Any], None]) -> None:
    while True:
        with transaction.atomic():
            rows = list(Patient.objects.select_for_update().filter(**condition).order_by("pk")[:BATCH])
            for patient in rows:
                change(patient)
            Patient.objects.bulk_update(rows, _CHANGED)
        if not rows:
            return


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("patients", "0002_identity_sealed")]

    operations = [migrations.RunPython(seal, unseal)]
