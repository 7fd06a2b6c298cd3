"""Whether every chain of events is sound."""

from apps.ledger.models import Event
from apps.ledger.selectors import first_broken_event


def chains() -> dict[str, int]:
    """How many subjects there are, and how many of their chains are broken."""
    subjects = Event.objects.values_list("subject", flat=True).distinct()
    broken = [subject for subject in subjects if first_broken_event(subject) is not None]
    return {"subjects": len(subjects), "broken": len(broken)}
