"""Rules about the wrapper (N): one message around one report, one batch around messages."""

from collections.abc import Iterator, Sequence

from apps.icsr.domain.batch import Batch, Message
from apps.icsr.domain.rules_frame import (
    Case,
    Fault,
    Hit,
    Hits,
    Rules,
    before,
    label_of,
    screen_for,
    shown,
    words,
)
from apps.icsr.domain.times import E2bTime
from apps.kernel.text import N_

RULES = Rules()
EMPTY_BATCH = N_("A batch needs at least one report.")
SAME_MESSAGE_TWICE = N_("The report %(number)s stands twice in one batch.")
BATCH_CODES = ("empty_batch", "same_message_twice")


@RULES.rule(
    "message_id_differs",
    "N.2.r.1",
    N_("The number of the message must be the report's number (%(number)s)."),
)
def _message_id_differs(case: Case) -> Hits:
    number = words(case.report.identification.report_id)
    if case.message and words(case.message.identifier) not in ("", number):
        yield Hit(params={"number": number})


@RULES.rule(
    "message_created_differs",
    "N.2.r.4",
    N_("The message must be created when the report is (%(created)s)."),
)
def _message_created_differs(case: Case) -> Hits:
    created = case.report.identification.created
    if case.message and isinstance(case.message.created, E2bTime) and case.message.created != created:
        yield Hit(params={"created": shown(created)})


@RULES.rule(
    "message_sender_differs",
    "N.2.r.2",
    N_("The sender of the message (%(sender)s) must be the sender of the batch (%(batch)s)."),
)
def _message_sender_differs(case: Case) -> Hits:
    if case.message is None or case.batch is None:
        return
    one, other = words(case.message.sender), words(case.batch.sender)
    if one and other and one != other:
        yield Hit(params={"sender": one, "batch": other})


@RULES.rule(
    "batch_before_message",
    "N.1.5",
    N_("The batch (%(sent)s) cannot be sent before its report was created (%(created)s)."),
)
def _batch_before_message(case: Case) -> Hits:
    created = case.report.identification.created
    if case.batch and before(case.batch.sent, created):
        yield Hit(params={"sent": shown(case.batch.sent), "created": shown(created)})


def batch_faults(batch: Batch, messages: Sequence[Message]) -> Iterator[Fault]:
    """What is wrong with a batch as a whole; each report of it has its own `faults`."""
    if not messages:
        yield _fault("empty_batch", "N.1.2", EMPTY_BATCH)
    seen: set[str] = set()
    for row, message in enumerate(messages, start=1):
        number = message.identifier or ""
        if number and number in seen:
            yield _fault("same_message_twice", "N.2.r.1", SAME_MESSAGE_TWICE, (row,), number=number)
        seen.add(number)


def _fault(code: str, element: str, message: str, rows: tuple[int, ...] = (), **params: str) -> Fault:
    return Fault(code, element, label_of(element, rows), message, params, screen_for(element))
