"""Under which subjects the events of a patient stand. An inspection looks into every room; the list is kept here."""

from django.apps import apps

# Subject's first word -> (model, the way from it to the patient).
_ROOMS: dict[str, tuple[str, str]] = {
    "course": ("courses.Course", "patient"),
    "trough": ("courses.TroughLevel", "patient"),
    "infection": ("courses.InfectionEpisode", "patient"),
    "session": ("infusions.InfusionSession", "patient"),
    "lab_result": ("laboratory.LabResult", "patient"),
    "check": ("followups.FollowUpCheck", "patient"),
    "alert": ("alerts.Alert", "patient"),
    "self_report_link": ("selfreport.SelfReportLink", "patient"),
    "self_report": ("selfreport.SelfReport", "link__patient"),
    "self_report_sending": ("selfreport.Sending", "link__patient"),
    "adverse_event": ("safety.AdverseEvent", "patient"),
    "case": ("cases.Case", "patient"),
    "submission": ("submissions.Submission", "reports__case__patient"),
}


def subjects_of(patient_id: int) -> list[str]:
    """Every subject that is about a patient, themselves included."""
    found = [f"patient:{patient_id}"]
    for word, (model, way) in _ROOMS.items():
        rows = apps.get_model(model)._default_manager.filter(**{way: patient_id})
        found += [f"{word}:{number}" for number in rows.values_list("pk", flat=True).distinct()]
    return found


def patient_of(subject: str) -> int | None:
    """The patient that a subject is about; None where it is about none, or several."""
    word, _, number = subject.partition(":")
    if not (number.isascii() and number.isdigit()):
        return None
    if word == "patient":
        return int(number)
    if word not in _ROOMS:
        return None
    model, way = _ROOMS[word]
    patients = apps.get_model(model)._default_manager.filter(pk=number).values_list(way, flat=True)
    found = set(patients[:2])
    return found.pop() if len(found) == 1 else None
