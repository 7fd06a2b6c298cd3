"""Whole reports to test with. Persons, products and codes are invented; 9000xxxx is in no dictionary."""

from dataclasses import replace
from decimal import Decimal

from apps.icsr.domain import (
    Assessment,
    Batch,
    Dosage,
    Drug,
    DrugReaction,
    E2bTime,
    HeldDocument,
    Icsr,
    Identification,
    IncludedFile,
    Indication,
    Measured,
    Message,
    Narrative,
    NativeSummary,
    NullFlavor,
    OtherCaseId,
    PastDrug,
    PastHistory,
    Patient,
    PrimarySource,
    Reaction,
    Sender,
    SenderDiagnosis,
    Substance,
    TestResult,
    message_of,
)

VERSION = "28.1"
NI = NullFlavor.NO_INFORMATION
MSK = NullFlavor.MASKED


def at(text: str) -> E2bTime:
    """A time as the standard writes it."""
    return E2bTime(text)


def identification(**changes: object) -> Identification:
    """Who sends which report when; the first version of a case."""
    first = Identification(
        report_id="NO-WARDCLINIC-2026-0001",
        created=at("20260303090000+0100"),
        report_type="1",
        first_received=at("20260301"),
        most_recent=at("20260302"),
        has_documents=False,
        expedited=True,
        worldwide_id="NO-WARDCLINIC-2026-0001",
        first_sender="2",
        has_other_ids=NI,
    )
    return replace(first, **changes)


def reporter() -> PrimarySource:
    """The physician of the ward, masked."""
    return PrimarySource(
        title="Dr",
        given_name=MSK,
        family_name=MSK,
        organisation="University Hospital",
        department="Day ward",
        city="Oslo",
        postcode="0372",
        telephone="+4700000000",
        country="NO",
        qualification="1",
        is_primary="1",
    )


def sender() -> Sender:
    """The hospital."""
    return Sender(
        kind="3",
        organisation="University Hospital",
        department="Pharmacovigilance",
        given_name="Duty",
        family_name="Officer",
        country="NO",
        telephone="+4700000001",
        email="pv@hospital.example",
    )


def reaction(code: str = "90000001", **changes: object) -> Reaction:
    """A reaction that is not serious and has passed."""
    first = Reaction(
        native_text="Utslett",
        native_language="nor",
        translation="Rash",
        meddra_version=VERSION,
        meddra_code=code,
        results_in_death=NI,
        life_threatening=NI,
        hospitalisation=NI,
        disabling=NI,
        congenital_anomaly=NI,
        medically_important=NI,
        started=at("202603011032+0100"),
        ended=at("202603011115+0100"),
        outcome="1",
        country="NO",
    )
    return replace(first, **changes)


def immunoglobulin(*, dosages: tuple[Dosage, ...], reactions: tuple[DrugReaction, ...]) -> Drug:
    """The product that is suspected."""
    return Drug(
        role="1",
        name="Exampleglobin 100 mg/mL",
        substances=(
            Substance(name="human normal immunoglobulin", strength=Decimal("100"), strength_unit="mg/mL"),
        ),
        country_obtained="NO",
        authorisation_number="EU/1/00/000/001",
        authorisation_country="EU",
        holder="Example Holder",
        dosages=dosages,
        cumulative_dose=Decimal("12.5"),
        cumulative_dose_unit="g",
        indications=(
            Indication(text="Chronic polyneuropathy", meddra_version=VERSION, meddra_code="90000020"),
        ),
        action_taken="1",
        reactions=reactions,
        additional_codes=("5",),
        additional_text="Lot A123: expiry 2027-05.",
    )


def lot(number: str, grams: str, started: str, ended: str) -> Dosage:
    """One lot of one infusion."""
    return Dosage(
        dose=Decimal(grams),
        dose_unit="g",
        interval=Decimal("4"),
        interval_unit="wk",
        started=at(started),
        ended=at(ended),
        duration=Decimal("30"),
        duration_unit="min",
        lot=number,
        text="0.5 mL/kg/h for 30 min, then 1 mL/kg/h; 0.4 g/kg in one day",
        form="Solution for infusion",
        form_code_version="20260101",
        form_code="PDF-11210000",
        route="Intravenous use",
        route_code_version="20260101",
        route_code="ROA-20045000",
    )


def anaphylaxis() -> Icsr:
    """Anaphylaxis at 32 minutes, with two lots hung, adrenaline given, and a report with everything in it."""
    return Icsr(
        identification=identification(
            has_documents=True,
            documents=(
                HeldDocument(
                    title="Record of the infusion",
                    included=IncludedFile(media_type="application/pdf", base64="JVBERi0xLjQK"),
                ),
            ),
            has_other_ids=True,
            other_ids=(
                OtherCaseId(source="RELIS", identifier="R-77"),
                OtherCaseId(source="B", identifier="2"),
            ),
            linked_reports=("NO-WARDCLINIC-2026-0009", "NO-WARDCLINIC-2026-0010"),
        ),
        primary_sources=(reporter(), PrimarySource(organisation="Ward", country="NO", qualification="3")),
        sender=sender(),
        patient=Patient(
            name=MSK,
            hospital_record_number=MSK,
            born=MSK,
            age=Decimal("47"),
            age_unit="a",
            weight_kg=Decimal("62.5"),
            height_cm=Decimal("168"),
            sex="2",
            history=(
                PastHistory(
                    meddra_version=VERSION,
                    meddra_code="90000030",
                    started=at("2019"),
                    continuing=True,
                    comments="IgA below 0.05 g/L",
                ),
                PastHistory(meddra_version=VERSION, meddra_code="90000031", continuing=NullFlavor.UNKNOWN),
            ),
            history_text="Migraine with aura.",
            has_concomitant_therapies=True,
            past_drugs=(
                PastDrug(
                    name="Otherglobin 50 mg/mL",
                    started=at("202501"),
                    ended=NullFlavor.ASKED_BUT_UNKNOWN,
                    reaction_meddra_version=VERSION,
                    reaction_meddra_code="90000003",
                ),
            ),
        ),
        reactions=(
            reaction(
                "90000002",
                native_text="Anafylaktisk reaksjon",
                translation="Anaphylactic reaction",
                highlighted="3",
                life_threatening=True,
                hospitalisation=True,
                duration=Decimal("43"),
                duration_unit="min",
            ),
            reaction(ended=None, duration=Decimal("2"), duration_unit="h", medically_confirmed=True),
        ),
        tests=(
            TestResult(
                date=at("202603011034+0100"),
                name="Systolic blood pressure",
                meddra_version=VERSION,
                meddra_code="90000040",
                result=Measured(Decimal("72")),
                result_unit="mm[Hg]",
                normal_low=Decimal("90"),
                normal_high=Decimal("140"),
                comments="Lying down",
                more_information=False,
            ),
            TestResult(
                date=at("20260301"), name="Tryptase", result=Measured(Decimal("1"), "<"), result_unit="ug/L"
            ),
            TestResult(date=NullFlavor.UNKNOWN, name="Direct antiglobulin test", result_code="2"),
            TestResult(date=at("20260301"), name="ECG", result_text="Sinus tachycardia"),
        ),
        drugs=(
            immunoglobulin(
                dosages=(
                    lot("A123", "7.5", "202603011000+0100", "202603011025+0100"),
                    lot("B456", "5", "202603011025+0100", "202603011033+0100"),
                ),
                reactions=(
                    DrugReaction(
                        reaction=1,
                        assessments=(
                            Assessment(source="reporter", method="WHO-UMC", result="Probable"),
                            Assessment(source="sender", method="Naranjo", result="Probable (6)"),
                        ),
                        start_to_onset=Decimal("32"),
                        start_to_onset_unit="min",
                        last_dose_to_onset=Decimal("0"),
                        last_dose_to_onset_unit="min",
                        recurrence="4",
                    ),
                    DrugReaction(reaction=2),
                ),
            ),
            Drug(
                role="2",
                name="Paracetamol 500 mg",
                dosages=(Dosage(dose=Decimal("1"), dose_unit="g", text="Premedication"),),
                action_taken="9",
            ),
        ),
        narrative=Narrative(
            text="A 47-year-old woman had anaphylaxis 32 minutes after the start.\nShe recovered.",
            reporter_comments="Two lots were hung.",
            diagnoses=(SenderDiagnosis(meddra_version=VERSION, meddra_code="90000002"),),
            sender_comments="Probable.",
            native=(
                NativeSummary(text="Anafylaksi 32 minutter etter start.", language="nor"),
                NativeSummary(text="آنافیلاکسی ۳۲ دقیقه پس از شروع", language="fas"),
            ),
        ),
    )


def meningitis() -> Icsr:
    """Aseptic meningitis 30 hours after the end: the delayed one, in Iran, with its offset."""
    return Icsr(
        identification=identification(
            report_id="IR-CLINIC-2026-0002",
            worldwide_id="IR-CLINIC-2026-0002",
            created=at("20260305120000+0330"),
            first_received=at("20260303"),
            most_recent=at("20260304"),
        ),
        primary_sources=(replace(reporter(), country="IR", city="Tehran", postcode=None),),
        sender=replace(sender(), country="IR"),
        patient=Patient(
            name="S.M.",
            born=at("19900512"),
            weight_kg=Decimal("81"),
            sex="1",
            history_text=NullFlavor.UNKNOWN,
        ),
        reactions=(
            reaction(
                "90000005",
                native_text="مننژیت آسپتیک",
                native_language="fas",
                translation="Aseptic meningitis",
                medically_important=True,
                hospitalisation=True,
                started=at("202603030900+0330"),
                ended=NullFlavor.NOT_ASKED,
                outcome="2",
                country="IR",
            ),
        ),
        tests=(
            TestResult(
                date=at("20260303"),
                name="Leukocytes in cerebrospinal fluid",
                result=Measured(Decimal("120"), ">="),
                result_unit="/mm3",
            ),
        ),
        drugs=(
            immunoglobulin(
                dosages=(
                    Dosage(
                        dose=Decimal("160"),
                        dose_unit="g",
                        interval_unit="{total}",
                        lot="C789",
                        started=at("202603010800+0330"),
                        ended=at("202603020300+0330"),
                        route="Intravenous drip",
                        route_code_version="1.0",
                        route_code="041",
                        form=NullFlavor.UNKNOWN,
                    ),
                ),
                reactions=(
                    DrugReaction(
                        reaction=1,
                        assessments=(Assessment(source="reporter", method="WHO-UMC", result="Possible"),),
                        last_dose_to_onset=Decimal("30"),
                        last_dose_to_onset_unit="h",
                    ),
                ),
            ),
        ),
        narrative=Narrative(text="Aseptic meningitis 30 hours after the end of the infusion."),
    )


def nullification() -> Icsr:
    """A second report of the same event, taken back."""
    report = meningitis()
    taken_back = replace(
        report.identification,
        created=at("20260307080000+0330"),
        change="1",
        change_reason="Reported twice: see IR-CLINIC-2026-0001.",
    )
    return replace(report, identification=taken_back)


def all_cases() -> tuple[Icsr, ...]:
    """The reports of this file."""
    return anaphylaxis(), meningitis(), nullification()


def wrapped(report: Icsr) -> Message:
    """The report on its way from the clinic."""
    return message_of(report, sender="WARDCLINIC", receiver="AUTHORITY")


def batch(number: str = "WARDCLINIC-20260303-1") -> Batch:
    """A file on its way from the clinic."""
    return Batch(number=number, sender="WARDCLINIC", receiver="AUTHORITY", sent=at("20260307090000+0100"))
