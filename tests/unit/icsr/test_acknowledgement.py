"""What a receiver answers is read as it is said: taken, refused, both, or nothing. All files are made up here."""

from itertools import chain, combinations
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.icsr.acknowledgement import read_acknowledgement
from apps.icsr.domain import E2bTime
from apps.icsr.domain.acknowledgements import (
    BatchVerdict,
    MessageVerdict,
    Outcome,
    Remark,
    combined_outcome,
)
from apps.icsr.domain.codes import code_list_oid, id_root
from apps.kernel.errors import DomainError
from apps.kernel.text import fill_in_english

NUMBER, OTHER = "NO-CLINIC-2026001", "NO-CLINIC-2026002"
HEAD = (
    '<MCCI_IN200101UV01 ITSVersion="XML_1.0" xmlns="urn:hl7-org:v3"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


def ident(number, kind):
    return f"<id root={quoteattr(id_root(kind))} extension={quoteattr(number)}/>"


def device(role, type_code, number, kind):
    return (
        f'<{role} typeCode="{type_code}"><device classCode="DEV" determinerCode="INSTANCE">'
        f"{ident(number, kind)}</device></{role}>"
    )


def line(code, value):
    return (
        f'<attentionLine><keyWordText code="{code}" codeSystem="{code_list_oid(24)}"/>{value}</attentionLine>'
    )


def moment(text):
    return f'<value xsi:type="TS" value="{text}"/>'


def remark(text, kind="E"):
    typed = f' typeCode="{kind}"' if kind else ""
    return f"<acknowledgementDetail{typed}><text>{escape(text)}</text></acknowledgementDetail>"


def answer(number=NUMBER, verdict="CA", *, details="", local="PV-77", created="20260310100000+0100"):
    """The answer to one report."""
    return (
        "<MCCI_IN000002UV01>"
        + (ident(local, 19) if local else ident("-", 3))
        + '<creationTime value="20260310120000+0100"/>'
        + '<interactionId root="2.16.840.1.113883.1.6" extension="MCCI_IN000002UV01"/>'
        + '<processingCode code="P"/><processingModeCode code="T"/><acceptAckCode code="NE"/>'
        + device("receiver", "RCV", "CLINIC", 16)
        + device("sender", "SND", "CENTRE", 15)
        + line(1, moment(created))
        + f'<acknowledgement typeCode="{verdict}"><targetMessage>{ident(number, 1)}</targetMessage>'
        + f"{details}</acknowledgement></MCCI_IN000002UV01>"
    )


def acknowledgement(*answers, verdict="AA", details="", batch="B-0001", number="ACK-1"):
    """The answer to a batch."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        + HEAD
        + ident(number, 20)
        + '<creationTime value="20260310120000+0100"/><responseModeCode code="D"/>'
        + '<interactionId root="2.16.840.1.113883.1.6" extension="MCCI_IN200101UV01"/>'
        + "".join(answers)
        + device("receiver", "RCV", "CLINIC", 18)
        + device("sender", "SND", "CENTRE", 17)
        + line(2, '<value xsi:type="ST">LOCAL-9</value>')
        + line(3, moment("20260310113000+0100"))
        + f'<acknowledgement typeCode="{verdict}"><targetBatch>{ident(batch, 22)}</targetBatch>'
        + f"{details}</acknowledgement></MCCI_IN200101UV01>"
    ).encode()


def codes_of(read):
    return [one.code for one in read.peculiarities()]


class TestAPositiveAnswer:
    def test_everything_in_it_is_read(self):
        read = read_acknowledgement(acknowledgement(answer()))
        assert (read.number, read.sender, read.receiver) == ("ACK-1", "CENTRE", "CLINIC")
        assert read.acknowledged == E2bTime("20260310120000+0100")
        assert (read.batch_number, read.local_number) == ("B-0001", "LOCAL-9")
        assert read.batch_sent == E2bTime("20260310113000+0100")
        assert (read.verdict, read.remarks) == (BatchVerdict.ACCEPTED, ())
        (one,) = read.answers
        assert (one.message_number, one.local_number) == (NUMBER, "PV-77")
        assert (one.receiver, one.sender) == ("CLINIC", "CENTRE")
        assert one.message_created == E2bTime("20260310100000+0100")
        assert one.verdict is MessageVerdict.ACCEPTED
        assert codes_of(read) == []
        assert read.outcome(NUMBER) is Outcome.ACCEPTED

    def test_a_warning_does_not_refuse(self):
        read = read_acknowledgement(acknowledgement(answer(details=remark("D.3 looks low", "W"))))
        assert read.answers[0].remarks == (Remark("W", "D.3 looks low"),)
        assert read.outcome(NUMBER) is Outcome.ACCEPTED_WITH_REMARKS


class TestANegativeAnswer:
    def test_the_reasons_are_kept_in_the_receivers_words(self):
        details = remark("E.i.2.1b is not a current LLT") + remark("C.1.5 < C.1.4", None)
        read = read_acknowledgement(acknowledgement(answer(verdict="CR", details=details), verdict="AE"))
        assert read.outcome(NUMBER) is Outcome.REJECTED
        assert read.answers[0].remarks == (
            Remark("E", "E.i.2.1b is not a current LLT"),
            Remark(None, "C.1.5 < C.1.4"),
        )

    def test_in_part(self):
        read = read_acknowledgement(acknowledgement(answer(), answer(OTHER, "CR"), verdict="AE"))
        assert read.outcome(NUMBER) is Outcome.ACCEPTED
        assert read.outcome(OTHER) is Outcome.REJECTED
        assert read.outcome("NO-CLINIC-2026003") is Outcome.NOT_TOLD
        assert codes_of(read) == []


class TestTheBatchAlone:
    @pytest.mark.parametrize(
        ("verdict", "details", "outcome"),
        [
            ("AA", "", Outcome.ACCEPTED),
            ("AA", remark("Late", "W"), Outcome.ACCEPTED_WITH_REMARKS),
            ("AR", remark("XML is not valid"), Outcome.REJECTED),
            ("AE", "", Outcome.NOT_TOLD),
        ],
    )
    def test_says_something_of_every_report(self, verdict, details, outcome):
        read = read_acknowledgement(acknowledgement(verdict=verdict, details=details))
        assert read.outcome(NUMBER) is outcome

    def test_a_refused_batch_is_refused_with_all_that_is_in_it(self):
        read = read_acknowledgement(acknowledgement(answer(verdict="CR"), verdict="AR"))
        assert read.outcome(NUMBER) is read.outcome(OTHER) is Outcome.REJECTED

    def test_an_accepted_batch_that_answers_others_says_nothing_of_this_one(self):
        read = read_acknowledgement(acknowledgement(answer(OTHER)))
        assert read.outcome(NUMBER) is Outcome.NOT_TOLD


class TestContradictions:
    @pytest.mark.parametrize(
        ("answers", "verdict", "codes"),
        [
            ([answer(verdict="CR")], "AA", ["batch_against_message"]),
            ([answer(verdict="CA")], "AR", ["batch_against_message"]),
            ([answer(verdict="CA"), answer(verdict="CR")], "AE", ["accepted_and_refused"]),
            (
                [answer(verdict="CA"), answer(verdict="CR")],
                "AA",
                ["batch_against_message", "accepted_and_refused"],
            ),
        ],
    )
    def test_are_kept_and_not_guessed(self, answers, verdict, codes):
        read = read_acknowledgement(acknowledgement(*answers, verdict=verdict))
        assert read.outcome(NUMBER) is Outcome.CONTRADICTING
        assert codes_of(read) == codes
        assert NUMBER in fill_in_english(read.peculiarities()[0].message, read.peculiarities()[0].params)

    def test_errors_that_nobody_made(self):
        read = read_acknowledgement(acknowledgement(answer(), verdict="AE"))
        assert read.outcome(NUMBER) is Outcome.ACCEPTED
        assert codes_of(read) == ["errors_nowhere"]

    def test_the_same_answer_twice_is_the_same_answer(self):
        read = read_acknowledgement(acknowledgement(answer(), answer()))
        assert len(read.answers) == 2
        assert read.outcome(NUMBER) is Outcome.ACCEPTED
        assert codes_of(read) == []


class TestSeveralAnswersToOneBatch:
    FILES = {
        Outcome.ACCEPTED: acknowledgement(answer()),
        Outcome.ACCEPTED_WITH_REMARKS: acknowledgement(answer(details=remark("Late", "W"))),
        Outcome.REJECTED: acknowledgement(answer(verdict="CR"), verdict="AE"),
        Outcome.NOT_TOLD: acknowledgement(verdict="AE"),
    }

    @pytest.mark.parametrize(
        ("said", "outcome"),
        [
            ((), Outcome.NOT_TOLD),
            ((Outcome.NOT_TOLD, Outcome.NOT_TOLD), Outcome.NOT_TOLD),
            ((Outcome.ACCEPTED, Outcome.ACCEPTED), Outcome.ACCEPTED),
            ((Outcome.NOT_TOLD, Outcome.ACCEPTED), Outcome.ACCEPTED),
            ((Outcome.ACCEPTED, Outcome.ACCEPTED_WITH_REMARKS), Outcome.ACCEPTED_WITH_REMARKS),
            ((Outcome.REJECTED, Outcome.REJECTED), Outcome.REJECTED),
            ((Outcome.REJECTED, Outcome.ACCEPTED), Outcome.CONTRADICTING),
            ((Outcome.ACCEPTED, Outcome.REJECTED, Outcome.NOT_TOLD), Outcome.CONTRADICTING),
        ],
    )
    def test_are_taken_together(self, said, outcome):
        read = [read_acknowledgement(self.FILES[one]) for one in said]
        assert combined_outcome(read, NUMBER) is outcome
        assert combined_outcome(reversed(read), NUMBER) is outcome

    def test_more_answers_never_turn_a_contradiction_into_a_clear_word(self):
        read = {outcome: read_acknowledgement(content) for outcome, content in self.FILES.items()}
        for some in chain.from_iterable(combinations(read, size) for size in range(1, 5)):
            together = combined_outcome([read[one] for one in some], NUMBER)
            taken = {Outcome.ACCEPTED, Outcome.ACCEPTED_WITH_REMARKS} & set(some)
            assert (together is Outcome.CONTRADICTING) == (bool(taken) and Outcome.REJECTED in some)


class TestNumbers:
    @pytest.mark.parametrize(
        ("said", "is_ours"),
        [
            (NUMBER, True),
            (f"MSG-5 {NUMBER}", True),
            (f"{NUMBER} NO-CLINIC-OLD1", True),
            (f"  MSG-5   {NUMBER} ", True),
            (f"MSG-5{NUMBER}", False),
            (f"{NUMBER}7", False),
            ("MSG-5", False),
        ],
    )
    def test_the_message_and_the_report_may_stand_in_one_field(self, said, is_ours):
        read = read_acknowledgement(acknowledgement(answer(said)))
        assert bool(read.answers_about(NUMBER)) is is_ours

    def test_either_number_is_enough(self):
        read = read_acknowledgement(acknowledgement(answer("MSG-5")))
        assert read.outcome("MSG-5", NUMBER) is Outcome.ACCEPTED
        assert read.outcome("", NUMBER) is Outcome.NOT_TOLD

    def test_a_number_with_a_blank_in_it_is_one_number(self):
        read = read_acknowledgement(acknowledgement(answer("NO-OUR CLINIC-1")))
        assert read.outcome("NO-OUR CLINIC-1") is Outcome.ACCEPTED
        assert read.outcome("NO-OUR") is Outcome.ACCEPTED, "a first token counts, as FDA writes it"
        assert read.outcome("CLINIC-2") is Outcome.NOT_TOLD


class TestLeniency:
    def test_a_local_number_that_is_missing_is_not_another_id(self):
        (one,) = read_acknowledgement(acknowledgement(answer(local=""))).answers
        assert one.local_number == ""

    def test_an_id_without_its_root_still_names_the_batch(self):
        content = acknowledgement(answer()).replace(id_root(22).encode(), b"1.2.3")
        assert read_acknowledgement(content).batch_number == "B-0001"

    def test_attention_lines_by_their_names(self):
        content = acknowledgement(answer()).replace(
            b'<keyWordText code="3"', b'<keyWordText displayName="dateOfIcsrBatchTransmission"'
        )
        assert read_acknowledgement(content).batch_sent == E2bTime("20260310113000+0100")

    @pytest.mark.parametrize("text", ["2026-03-10", "yesterday", "20261399"])
    def test_a_date_nobody_can_read_is_left_open(self, text):
        (one,) = read_acknowledgement(acknowledgement(answer(created=text))).answers
        assert one.message_created is None

    def test_a_verdict_nobody_knows_is_said_to_be_missing(self):
        read = read_acknowledgement(acknowledgement(answer(verdict="CE"), verdict="AX"))
        assert read.verdict is None
        assert read.outcome(NUMBER) is Outcome.NOT_TOLD
        assert codes_of(read) == ["no_verdict", "no_message_verdict"]

    def test_a_batch_that_is_not_named(self):
        read = read_acknowledgement(acknowledgement(answer(), batch=""))
        assert codes_of(read) == ["no_batch_number"]
        assert read.outcome(NUMBER) is Outcome.ACCEPTED

    def test_an_answer_without_a_number_answers_nothing(self):
        read = read_acknowledgement(acknowledgement(answer("")))
        assert codes_of(read) == ["no_message_number"]
        assert read.outcome(NUMBER) is Outcome.NOT_TOLD

    def test_long_remarks_are_cut_and_line_breaks_are_blanks(self):
        details = remark("a\n  b", "W") + remark("x" * 5000)
        (one,) = read_acknowledgement(acknowledgement(answer(details=details))).answers
        assert one.remarks[0].text == "a b"
        assert len(one.remarks[1].text) == 2000

    def test_a_thousand_answers(self):
        content = acknowledgement(*(answer(f"NO-CLINIC-{number}") for number in range(1000)))
        read = read_acknowledgement(content)
        assert len(read.answers) == 1000
        assert read.outcome("NO-CLINIC-999") is Outcome.ACCEPTED


WHOLE = acknowledgement(answer())


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "icsr_file_broken"),
            (b"not xml", "icsr_file_broken"),
            (WHOLE[:-30], "icsr_file_broken"),
            (WHOLE.replace(b"UTF-8", b"ISO-8859-1"), "icsr_file_encoding"),
            (WHOLE.decode().encode("utf-16"), "icsr_file_encoding"),
            (b'<MCCI_IN200100UV01 xmlns="urn:hl7-org:v3"/>', "acknowledgement_root"),
            (b"<ichicsrack/>", "acknowledgement_root"),
            (b"<MCCI_IN200101UV01/>", "acknowledgement_root"),
            (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "acknowledgement_root"),
            (HEAD.encode() + b"</MCCI_IN200101UV01>", "acknowledgement_empty"),
            (
                b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
                + HEAD.encode()
                + b"&b;</MCCI_IN200101UV01>",
                "icsr_file_doctype",
            ),
        ],
    )
    def test_with_a_sentence(self, content, code):
        with pytest.raises(DomainError) as refused:
            read_acknowledgement(content)
        assert refused.value.code == code
        assert str(refused.value).endswith(".")

    def test_a_file_that_is_too_large(self):
        with pytest.raises(DomainError, match="larger than 1 MB"):
            read_acknowledgement(WHOLE + b" " * (1024 * 1024), largest_bytes=1024 * 1024)

    @given(at=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255))
    def test_no_damage_makes_it_fall_over(self, at, byte):
        try:
            read = read_acknowledgement(WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :])
        except DomainError:
            return
        read.peculiarities()
        assert read.outcome(NUMBER) in set(Outcome)
