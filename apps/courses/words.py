"""The reader's words for repeats and replacement therapy."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.text import N_

OUTCOME = {
    "none": _("No effect"),
    "suboptimal": _("Suboptimal response"),
    "good": _("Good response"),
    "relapse": _("Increasing symptoms or relapse"),
}
STEP = {
    "under_way": _("Wait for the course to end"),
    "evaluate": _("Evaluate the effect"),
    "second_course": _("Second course"),
    "stop_non_responder": _("Non-responder: decide on stopping"),
    "wait_for_relapse": _("Follow, wait for relapse"),
    "course_at_relapse": _("Treatment at relapse"),
    "lower_dose": _("Next course, lower dose"),
    "keep_dose": _("Next course, same dose"),
    "ask": _("A person must decide"),
}
# How a proposed dose came about; filled with the percentage of the algorithm.
READING = {
    "full": N_("The source's full dose"),
    "as_before": N_("As the last course"),
    "of_original": N_("Less %(percent)s %% of the original dose"),
    "of_current": N_("Less %(percent)s %% of the current dose"),
    "last_effective": N_("The last effective dose"),
}
SEVERITY = {
    "mild": _("Mild"),
    "serious": _("Serious"),
}
COMPARISON = {
    "below": _("Below the target"),
    "within": _("Within the target"),
    "above": _("Above the target"),
}
