"""The only tables with names, birth dates and record numbers; the three of a person lie sealed together."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Self

from django.db import models, transaction

from apps.audit.collecting import note_read
from apps.patients.domain.identity import Identity, generalised_birth_date
from apps.patients.sealing import Digests, digests_of, open_identity, seal_identity


class PatientQuerySet(models.QuerySet["Patient"]):
    """Patients. Names cannot be filtered or sorted by here: what is looked for is found by its digest."""

    def bulk_create(self, objs: Iterable["Patient"], *args: Any, **kwargs: Any) -> list["Patient"]:
        patients = list(objs)
        digests = [patient.seal() for patient in patients]
        with transaction.atomic():
            made = super().bulk_create(patients, *args, **kwargs)
            _keep_words(zip(made, digests, strict=True))
        return made


class Patient(models.Model):
    """A person in our care. `name`, `birth_date` and `medical_record_number` are read and set as attributes."""

    class Sex(models.TextChoices):
        FEMALE = "female"
        MALE = "male"
        UNKNOWN = "unknown"

    pseudonym = models.CharField(max_length=12, unique=True)
    identity = models.TextField(blank=True, default="", help_text="sealed; empty once it was erased")
    record_number_digest = models.CharField(max_length=32, null=True, unique=True)
    birth_date_digest = models.CharField(max_length=32, null=True, db_index=True)
    sex = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    bed = models.CharField(max_length=20, blank=True)
    erased_at = models.DateTimeField(null=True)
    birth_year = models.PositiveSmallIntegerField(null=True, help_text="all that is left once it was erased")

    objects = PatientQuerySet.as_manager()

    _changed: Identity | None = None

    def __str__(self) -> str:
        return self.pseudonym

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Sequence[Any]) -> Self:
        """A row as it was loaded. Whoever loads who a patient is has read it: the audit is told here, for all rooms."""
        patient = super().from_db(db, field_names, values)
        if "identity" in field_names:
            note_read(patient_id=patient.pk, ward_id=patient.__dict__.get("ward_id"))
        return patient

    @property
    def name(self) -> str:
        """The name; the pseudonym once it was erased."""
        return self._person.name or self.pseudonym

    @name.setter
    def name(self, name: str) -> None:
        self._changed = self._person._replace(name=name)

    @property
    def birth_date(self) -> date:
        """The birth date; once it was erased the middle of the year, for an age that is true to a year."""
        born = self._person.birth_date
        return born if born is not None else generalised_birth_date(self.birth_year)

    @birth_date.setter
    def birth_date(self, birth_date: date | str) -> None:
        born = date.fromisoformat(birth_date) if isinstance(birth_date, str) else birth_date
        self._changed = self._person._replace(birth_date=born)

    @property
    def known_birth_date(self) -> date | None:
        """The birth date; None once it was erased."""
        return self._person.birth_date

    @property
    def medical_record_number(self) -> str:
        """The record number; empty once it was erased."""
        return self._person.medical_record_number

    @medical_record_number.setter
    def medical_record_number(self, number: str) -> None:
        self._changed = self._person._replace(medical_record_number=number)

    @property
    def _person(self) -> Identity:
        if self._changed is not None:
            return self._changed
        return open_identity(self.identity, self.pseudonym)

    def seal(self) -> Digests | None:
        """Seal what was set since the row was read. Returns what it is found by, None when nothing was set."""
        person, self._changed = self._changed, None
        if person is None:
            return None
        digests = digests_of(person)
        self.identity = seal_identity(person, self.pseudonym)
        self.record_number_digest, self.birth_date_digest = digests.record_number, digests.birth_date
        return digests

    def save(self, *args: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> None:
        digests = self.seal()
        if digests and update_fields is not None:
            update_fields = {*update_fields, "identity", "record_number_digest", "birth_date_digest"}
        with transaction.atomic():
            super().save(*args, update_fields=update_fields, **kwargs)
            _keep_words([(self, digests)])

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self._changed = None
        super().refresh_from_db(*args, **kwargs)


class NameWord(models.Model):
    """A keyed digest of a word of a patient's name, or of its beginning."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="name_words")
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "patient"], name="one_digest_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.digest


def _keep_words(found_by: Iterable[tuple[Patient, Digests | None]]) -> None:
    changed = [(patient, digests) for patient, digests in found_by if digests is not None]
    if not changed:
        return
    NameWord.objects.filter(patient__in=[patient for patient, _ in changed]).delete()
    NameWord.objects.bulk_create(
        NameWord(patient=patient, digest=word) for patient, digests in changed for word in digests.words
    )
