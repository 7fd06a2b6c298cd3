"""What wraps reports on their way: one batch is one file (N.1), one message one report (N.2.r)."""

from dataclasses import dataclass, field
from typing import Annotated

from apps.icsr.domain.report import Icsr
from apps.icsr.domain.times import E2bTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One file on its way (N.1). `kind` is "1", ichicsr, in every batch of reports."""

    kind: Annotated[str | None, "N.1.1"] = "1"
    number: Annotated[str | None, "N.1.2"] = None
    sender: Annotated[str | None, "N.1.3"] = None
    receiver: Annotated[str | None, "N.1.4"] = None
    sent: Annotated[E2bTime | None, "N.1.5"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One report in a batch with its wrapper (N.2.r)."""

    identifier: Annotated[str | None, "N.2.r.1"] = None
    sender: Annotated[str | None, "N.2.r.2"] = None
    receiver: Annotated[str | None, "N.2.r.3"] = None
    created: Annotated[E2bTime | None, "N.2.r.4"] = None
    report: Icsr = field(default_factory=Icsr)


def message_of(report: Icsr, *, sender: str, receiver: str) -> Message:
    """The report in the wrapper the guide asks for: N.2.r.1 is C.1.1 and N.2.r.4 is C.1.2."""
    about = report.identification
    return Message(
        identifier=about.report_id, sender=sender, receiver=receiver, created=about.created, report=report
    )
