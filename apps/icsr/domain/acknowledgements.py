"""What a receiver answers to a batch: taken, taken with remarks, refused; what contradicts itself is kept, not guessed.

Source: ICH ICSR Implementation Guide v5.03, the acknowledgement (ACK.M, ACK.A, ACK.B.r).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from apps.icsr.domain.times import E2bTime
from apps.kernel.text import N_, Params


class BatchVerdict(StrEnum):
    """What became of a batch (ACK.A.4)."""

    ACCEPTED = "AA"
    SOME_IN_ERROR = "AE"
    REJECTED = "AR"  # send all of it again


class MessageVerdict(StrEnum):
    """What became of one report (ACK.B.r.6)."""

    ACCEPTED = "CA"
    REJECTED = "CR"


class Outcome(StrEnum):
    """What acknowledgements say of one report, taken together."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_REMARKS = "accepted_with_remarks"
    REJECTED = "rejected"
    CONTRADICTING = "contradicting"  # a person must ask the receiver
    NOT_TOLD = "not_told"


@dataclass(frozen=True, slots=True)
class Remark:
    """An error, warning or note of the receiver, in its own words (ACK.A.5, ACK.B.r.7).

    `kind` is E, W or I as HL7 has it, or None where the receiver did not say.
    """

    kind: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAnswer:
    """The answer to one report (ACK.B.r). What is missing or cannot be read is None or empty.

    `message_number` (ACK.B.r.1) may hold the message's number, a blank and the report's number.
    """

    message_number: str
    local_number: str  # ACK.B.r.2, the receiver's own
    receiver: str  # ACK.B.r.3
    sender: str  # ACK.B.r.4
    message_created: E2bTime | None  # ACK.B.r.5
    verdict: MessageVerdict | None  # ACK.B.r.6
    remarks: tuple[Remark, ...] = ()

    def is_about(self, *numbers: str) -> bool:
        """Whether it answers the report with any of these numbers (N.2.r.1 and C.1.1)."""
        said = self.message_number
        return any(
            number and (said == number or said.startswith(f"{number} ") or said.endswith(f" {number}"))
            for number in numbers
        )


@dataclass(frozen=True, slots=True)
class Peculiarity:
    """Something about an acknowledgement that a person should know: a code and an English %-template."""

    code: str
    message: str
    params: Params


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """The answer to one batch. What is missing or cannot be read is None or empty."""

    number: str  # ACK.M.1
    sender: str  # ACK.M.2
    receiver: str  # ACK.M.3
    acknowledged: E2bTime | None  # ACK.M.4
    batch_number: str  # ACK.A.1
    local_number: str  # ACK.A.2
    batch_sent: E2bTime | None  # ACK.A.3
    verdict: BatchVerdict | None  # ACK.A.4
    remarks: tuple[Remark, ...] = ()
    answers: tuple[MessageAnswer, ...] = ()

    def answers_about(self, *numbers: str) -> tuple[MessageAnswer, ...]:
        """The answers to the report with any of these numbers; more than one where it is answered twice."""
        return tuple(answer for answer in self.answers if answer.is_about(*numbers))

    def outcome(self, *numbers: str) -> Outcome:
        """What it says of the report with any of these numbers (N.2.r.1 and C.1.1)."""
        answers = self.answers_about(*numbers)
        if not answers:
            return self._outcome_of_all()
        verdicts = {answer.verdict for answer in answers}
        if len(verdicts) > 1 or verdicts & _AGAINST.get(self.verdict, frozenset()):
            return Outcome.CONTRADICTING
        if verdicts == {MessageVerdict.REJECTED}:
            return Outcome.REJECTED
        if verdicts == {MessageVerdict.ACCEPTED}:
            remarked = any(answer.remarks for answer in answers)
            return Outcome.ACCEPTED_WITH_REMARKS if remarked else Outcome.ACCEPTED
        return Outcome.NOT_TOLD

    def peculiarities(self) -> tuple[Peculiarity, ...]:
        """What is missing in it, and where it contradicts itself."""
        return tuple(_peculiarities(self))

    def _outcome_of_all(self) -> Outcome:
        """For a report without an answer of its own: a refused batch was refused with all that was in it, an
        accepted one was accepted with all only if it answers no report by itself."""
        if self.verdict is BatchVerdict.REJECTED:
            return Outcome.REJECTED
        if self.verdict is not BatchVerdict.ACCEPTED or self.answers:
            return Outcome.NOT_TOLD
        return Outcome.ACCEPTED_WITH_REMARKS if self.remarks else Outcome.ACCEPTED


def combined_outcome(acknowledgements: Iterable[Acknowledgement], *numbers: str) -> Outcome:
    """What several acknowledgements of one batch say together of a report.

    The same answer again changes nothing; taken once and refused once is a contradiction.
    """
    told = {one.outcome(*numbers) for one in acknowledgements} - {Outcome.NOT_TOLD}
    if not told:
        return Outcome.NOT_TOLD
    if len(told) == 1:
        return told.pop()
    if told == {Outcome.ACCEPTED, Outcome.ACCEPTED_WITH_REMARKS}:
        return Outcome.ACCEPTED_WITH_REMARKS
    return Outcome.CONTRADICTING


_AGAINST: dict[BatchVerdict | None, frozenset[MessageVerdict | None]] = {
    BatchVerdict.ACCEPTED: frozenset({MessageVerdict.REJECTED}),
    BatchVerdict.REJECTED: frozenset({MessageVerdict.ACCEPTED}),
}
_NO_BATCH_NUMBER = N_("The acknowledgement does not say which batch it answers.")
_NO_VERDICT = N_("The acknowledgement does not say what became of the batch.")
_NO_MESSAGE_NUMBER = N_("An answer does not say which report it is about.")
_NO_MESSAGE_VERDICT = N_("The answer about %(number)s does not say whether the report was accepted.")
_ALL_AND_NOT_ALL = N_("The batch is said to be accepted, and %(number)s in it refused.")
_NONE_AND_SOME = N_("The batch is said to be refused, and %(number)s in it accepted.")
_ERRORS_NOWHERE = N_("Some reports are said to be in error, but every one that is named was accepted.")
_BOTH = N_("%(number)s is said to be accepted and refused.")
PECULIARITY_MESSAGES = (
    _NO_BATCH_NUMBER,
    _NO_VERDICT,
    _NO_MESSAGE_NUMBER,
    _NO_MESSAGE_VERDICT,
    _ALL_AND_NOT_ALL,
    _NONE_AND_SOME,
    _ERRORS_NOWHERE,
    _BOTH,
)


def _peculiarities(one: Acknowledgement) -> Iterable[Peculiarity]:
    if not one.batch_number:
        yield Peculiarity("no_batch_number", _NO_BATCH_NUMBER, {})
    if one.verdict is None:
        yield Peculiarity("no_verdict", _NO_VERDICT, {})
    told: dict[str, set[MessageVerdict | None]] = {}
    for answer in one.answers:
        said: Params = {"number": answer.message_number}
        if not answer.message_number:
            yield Peculiarity("no_message_number", _NO_MESSAGE_NUMBER, {})
        if answer.verdict is None:
            yield Peculiarity("no_message_verdict", _NO_MESSAGE_VERDICT, said)
        if answer.verdict in _AGAINST.get(one.verdict, frozenset()):
            taken = one.verdict is BatchVerdict.ACCEPTED
            yield Peculiarity("batch_against_message", _ALL_AND_NOT_ALL if taken else _NONE_AND_SOME, said)
        told.setdefault(answer.message_number, set()).add(answer.verdict)
    yield from (
        Peculiarity("accepted_and_refused", _BOTH, {"number": number})
        for number, verdicts in told.items()
        if len(verdicts - {None}) > 1
    )
    accepted = {answer.verdict for answer in one.answers} == {MessageVerdict.ACCEPTED}
    if one.verdict is BatchVerdict.SOME_IN_ERROR and accepted:
        yield Peculiarity("errors_nowhere", _ERRORS_NOWHERE, {})
