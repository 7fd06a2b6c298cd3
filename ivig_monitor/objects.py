"""What the numbers in addresses and entries mean: name → (model, way to its ward, way to its patient).

Asked when somebody was refused only: whether there is such a thing, and whether it was theirs to know of. A name
that is not here belongs to the hospital, not to a ward.
"""

_ENTRY = ("session__ward_id", "session__patient_id")
_PATIENTS = ("patient__ward_id", "patient_id")
_WARDS = ("ward_id", "patient_id")
_WARDS_ALONE = ("ward_id", None)

OBJECTS: dict[str, tuple[str, str, str | None]] = {
    "ward_id": ("accounts.Ward", "pk", None),
    "duty_id": ("accounts.OnCall", *_WARDS_ALONE),
    "cover_id": ("accounts.WardCover", *_WARDS_ALONE),
    "access_id": ("accounts.EmergencyAccess", *_WARDS_ALONE),
    "patient_id": ("patients.Patient", "ward_id", "pk"),
    "trough_id": ("courses.TroughLevel", *_PATIENTS),
    "infection_id": ("courses.InfectionEpisode", *_PATIENTS),
    "result_id": ("laboratory.LabResult", *_PATIENTS),
    "course_id": ("courses.Course", *_WARDS),
    "response_id": ("courses.TreatmentResponse", "course__ward_id", "course__patient_id"),
    "session_id": ("infusions.InfusionSession", *_WARDS),
    "observation_id": ("infusions.Observation", *_ENTRY),
    "vial_id": ("infusions.HungVial", *_ENTRY),
    "reaction_id": ("infusions.Reaction", *_ENTRY),
    "intervention_id": ("infusions.Intervention", *_ENTRY),
    "handover_id": ("infusions.Handover", *_ENTRY),
    "alert_id": ("alerts.Alert", *_WARDS),
    "check_id": ("followups.FollowUpCheck", *_WARDS),
    "link_id": ("selfreport.SelfReportLink", *_WARDS),
    "event_id": ("safety.AdverseEvent", *_WARDS),
    "case_id": ("cases.Case", *_WARDS_ALONE),
    "query_id": ("cases.CaseQuery", *_WARDS_ALONE),
    "submission_id": ("submissions.Submission", *_WARDS_ALONE),
}
