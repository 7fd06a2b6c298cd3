"""A ward for each infusion: many wards without many more rows."""

from django.db import connection

from apps.accounts.models import User, Ward
from apps.dashboard.models import BoardRow
from apps.infusions.models import InfusionSession
from apps.patients.models import Patient


def spread(*, most: int) -> list[tuple[int, int]]:
    """Move running infusions, their patients and board rows to wards of their own, where their nurses work too.

    Returns (session id, ward id) pairs.
    """
    sessions = list(InfusionSession.objects.filter(state="running").order_by("pk")[:most])
    wards = Ward.objects.bulk_create(
        Ward(name=f"Wide {session.pk}", time_zone="Europe/Oslo") for session in sessions
    )
    staff: dict[int, list[int]] = {}
    works = User.wards.through
    for user_id, ward_id in works.objects.values_list("user_id", "ward_id"):
        staff.setdefault(ward_id, []).append(user_id)
    works.objects.bulk_create(
        works(user_id=user_id, ward_id=ward.pk)
        for session, ward in zip(sessions, wards, strict=True)
        for user_id in staff[session.ward_id]
    )
    for session, ward in zip(sessions, wards, strict=True):
        InfusionSession.objects.filter(pk=session.pk).update(ward=ward)
        Patient.objects.filter(pk=session.patient_id).update(ward=ward)
        BoardRow.objects.filter(row_id=f"session:{session.pk}").update(ward_id=ward.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [(session.pk, ward.pk) for session, ward in zip(sessions, wards, strict=True)]
