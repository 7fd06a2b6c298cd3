"""Why a check is planned, in the reader's language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.followups.course_picture import learned_late_of
from apps.followups.domain import LEARNED_LATE, LEARNED_TOO_LATE, Reason
from apps.followups.domain.learned_late import without_lateness
from apps.followups.models import FollowUpCheck
from apps.followups.records import kept_reasons
from apps.guidelines.domain import Guidelines, LocalText
from apps.guidelines.selectors import guidelines_version, in_reader_language


def planned_because(check: FollowUpCheck) -> str:
    """One sentence: the facts that call for the check, and what of them nobody knows."""
    reasons = kept_reasons(check.reasons)
    guidelines = guidelines_version(check.guideline_version)
    facts = [_fact(reason, guidelines) for reason in without_lateness(reasons)]
    if facts:
        why = _("Planned because: %(facts)s.") % {"facts": _("; ").join(facts)}
    else:
        why = _("Planned for everybody who had immunoglobulin.")
    return " ".join([why, *_how_late(reasons, check.guideline_version)])


def _how_late(reasons: Sequence[Reason], guideline_version: str) -> list[str]:
    late = [one for one in reasons if one in (LEARNED_LATE, LEARNED_TOO_LATE)]
    policy = learned_late_of(guideline_version) if late else None
    if policy is None:
        return []
    said = {LEARNED_LATE: policy.name, LEARNED_TOO_LATE: policy.missed}
    return [f"{in_reader_language(said[one])}." for one in late]


def _fact(reason: Reason, guidelines: Guidelines) -> str:
    if reason.dose_mg_per_kg is not None and reason.short_of_mg_per_kg is not None:
        return _("%(ordered)s g/kg were ordered, at least %(dose)s g/kg of it went in") % {
            "ordered": f"{reason.short_of_mg_per_kg / 1000:f}",
            "dose": f"{reason.dose_mg_per_kg / 1000:f}",
        }
    if reason.dose_mg_per_kg is not None:
        return _("at least %(dose)s g/kg in this course") % {"dose": f"{reason.dose_mg_per_kg / 1000:f}"}
    name = fact_name(reason.fact, guidelines)
    if not reason.is_known:
        return _("%(fact)s: not known, so it counts as a risk") % {"fact": name}
    return f"{name} ({reason.figure})" if reason.figure else name


def fact_name(code: str, guidelines: Guidelines) -> str:
    """A fact in the reader's language; its code where this version does not know it."""
    return in_reader_language(_names(guidelines).get(code, _unnamed(code)))


def _names(guidelines: Guidelines) -> dict[str, LocalText]:
    named = (*guidelines.risk_factors, *guidelines.risk_ceilings, *guidelines.follow_up_facts)
    return {item.code: item.name for item in named}


def _unnamed(code: str) -> LocalText:
    return LocalText(en=code, nb=code, fa=code)
