"""Results and situations for the pure rules."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from apps.laboratory.domain.series import Infusion, Result, Situation, in_order

FIRST = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ENDED = FIRST + timedelta(hours=3)


def situation(*, days=1, birth_date=date(1956, 5, 17), infusions=None):
    """An infusion of three hours on each day from the first on, all of one course."""
    if infusions is None:
        infusions = tuple(
            Infusion(7 + day, 3, FIRST + timedelta(days=day), ENDED + timedelta(days=day))
            for day in range(days)
        )
    return Situation(birth_date=birth_date, time_zone="Europe/Oslo", infusions=infusions)


NOT_TREATED = situation(infusions=())


class Chart:
    """Results as they are taken, numbered; times in hours from the first drop."""

    def __init__(self):
        self.results = []

    def add(self, analyte, value, *, h, comparator="", period_h=None):
        """A number in the canonical unit, or a choice in words: "positive" and the like."""
        in_words = isinstance(value, str) and not value.replace(".", "").isdigit()
        self.results.append(
            Result(
                number=len(self.results) + 1,
                analyte=analyte,
                taken_at=FIRST + timedelta(hours=float(h)),
                value=Decimal(0) if in_words else Decimal(value),
                comparator=comparator,
                choice=value if in_words else "",
                abnormal=in_words and value not in ("negative", "none", "no", "trace"),
                period_h=None if period_h is None else Decimal(period_h),
            )
        )
        return self

    @property
    def series(self):
        return in_order(self.results)
