"""Valid cases as values, invented from end to end: what others break, write and read. MedDRA codes are synthetic."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from apps.icsr.domain import (
    Assessment,
    Batch,
    CauseOfDeath,
    Death,
    Dosage,
    Drug,
    DrugReaction,
    E2bTime,
    HeldDocument,
    Icsr,
    Identification,
    IncludedFile,
    Indication,
    LiteratureReference,
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
    Study,
    Substance,
    TestResult,
    message_of,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
MEDDRA = "28.1"
NI = NullFlavor.NO_INFORMATION
SENDER, RECEIVER = "CLINIC", "CENTRE"


def at(text: str) -> E2bTime:
    return E2bTime(text)


def reaction(**changes) -> Reaction:
    """A serious reaction ten minutes into an infusion."""
    full = Reaction(
        native_text="anafylaktisk reaksjon",
        native_language="nor",
        translation="anaphylactic reaction",
        meddra_version=MEDDRA,
        meddra_code="90000001",
        highlighted="3",
        results_in_death=NI,
        life_threatening=True,
        hospitalisation=True,
        disabling=NI,
        congenital_anomaly=NI,
        medically_important=NI,
        started=at("202603011025+0100"),
        ended=at("202603011140+0100"),
        duration=Decimal(75),
        duration_unit="min",
        outcome="1",
        country="NO",
    )
    return replace(full, **changes)


def mild_reaction(**changes) -> Reaction:
    """A headache two days later, not serious."""
    return reaction(
        native_text="hodepine",
        translation="headache",
        meddra_code="90000002",
        highlighted="2",
        life_threatening=NI,
        hospitalisation=NI,
        started=at("20260303"),
        ended=None,
        duration=None,
        duration_unit=None,
        outcome="2",
        **changes,
    )


def dosage(lot: str = "LOT-A1", **changes) -> Dosage:
    """One lot of one infusion."""
    full = Dosage(
        dose=Decimal(20),
        dose_unit="g",
        interval=Decimal(4),
        interval_unit="wk",
        started=at("202603011000+0100"),
        ended=at("202603011025+0100"),
        duration=Decimal(25),
        duration_unit="min",
        lot=lot,
        text="0.4 g/kg; 0.5 mL/kg/h for 15 min, then 1 mL/kg/h; stopped at the reaction",
        form="solution for infusion",
        form_code_version="2026-01",
        form_code="PDF-11210000",
        route="Intravenous use",
        route_code_version="2026-01",
        route_code="20045000",
    )
    return replace(full, **changes)


def immunoglobulin(**changes) -> Drug:
    """The suspected drug: two lots, one dosage each, assessed against both reactions."""
    full = Drug(
        role="1",
        name="Examplin 100 mg/mL",
        substances=(
            Substance(name="human normal immunoglobulin", strength=Decimal(100), strength_unit="mg/mL"),
        ),
        country_obtained="NO",
        authorisation_number="EU/1/00/000/001",
        authorisation_country="EU",
        holder="Example Plasma",
        dosages=(dosage("LOT-A1"), dosage("LOT-B2")),
        cumulative_dose=Decimal("2.5"),
        cumulative_dose_unit="g",
        indications=(
            Indication(text="primary immunodeficiency", meddra_version=MEDDRA, meddra_code="90000010"),
        ),
        action_taken="1",
        reactions=(
            DrugReaction(
                reaction=1,
                assessments=(
                    Assessment(source="reporter", method="WHO-UMC", result="Certain"),
                    Assessment(source="reporter", method="Naranjo", result="Probable (7)"),
                ),
                start_to_onset=Decimal(25),
                start_to_onset_unit="min",
                last_dose_to_onset=Decimal(0),
                last_dose_to_onset_unit="min",
                recurrence="4",
            ),
            DrugReaction(
                reaction=2, assessments=(Assessment(source="sender", method="WHO-UMC", result="Possible"),)
            ),
        ),
        additional_codes=("5", "11"),
        additional_text="Expiry 2027-05; anti-A titre 1:32",
    )
    return replace(full, **changes)


def full_case(**changes) -> Icsr:
    """Anaphylaxis at the second rate step with two lots, a headache later; nearly every element is filled in."""
    full = Icsr(
        identification=Identification(
            report_id="NO-CLINIC-2026001",
            created=at("20260310100000+0100"),
            report_type="1",
            first_received=at("20260301"),
            most_recent=at("20260303"),
            has_documents=True,
            documents=(
                HeldDocument(
                    title="Infusion record",
                    included=IncludedFile(media_type="application/pdf", base64="JVBERi0xLjQK"),
                ),
            ),
            expedited=True,
            worldwide_id="NO-CLINIC-2026001",
            first_sender="2",
            has_other_ids=True,
            other_ids=(OtherCaseId(source="CLINIC", identifier="NO-CLINIC-2025-OLD"),),
            linked_reports=("NO-CLINIC-2026002", "NO-CLINIC-2026003"),
        ),
        primary_sources=(
            PrimarySource(
                title="Dr",
                given_name=NullFlavor.MASKED,
                family_name=NullFlavor.MASKED,
                organisation="Example Clinic",
                department="Neurology",
                city="Bergen",
                state="Vestland",
                postcode="5021",
                telephone="+4700000000",
                country="NO",
                qualification="1",
                is_primary="1",
            ),
            PrimarySource(given_name="A", family_name="B", country="NO", qualification="3"),
        ),
        sender=Sender(
            kind="3",
            organisation="Example Clinic",
            department="Pharmacovigilance",
            given_name="C",
            family_name="D",
            country="NO",
            telephone="+4700000001",
            email="pv@example.org",
        ),
        patient=Patient(
            name="A.B.",
            hospital_record_number=NullFlavor.MASKED,
            age=Decimal(54),
            age_unit="a",
            weight_kg=Decimal("72.5"),
            height_cm=Decimal(171),
            sex="2",
            history=(
                PastHistory(
                    meddra_version=MEDDRA,
                    meddra_code="90000011",
                    started=at("2019"),
                    continuing=True,
                    comments="on replacement since 2020",
                ),
            ),
            history_text="No known IgA deficiency.",
            has_concomitant_therapies=True,
            past_drugs=(
                PastDrug(
                    name="Examplin 50 mg/mL",
                    started=at("202001"),
                    ended=at("202512"),
                    reaction_meddra_version=MEDDRA,
                    reaction_meddra_code="90000002",
                ),
            ),
        ),
        reactions=(reaction(), mild_reaction()),
        tests=(
            TestResult(
                date=at("202603011030+0100"),
                name="Systolic blood pressure",
                result=Measured(Decimal(70)),
                result_unit="mm[Hg]",
                normal_low=Decimal(100),
                normal_high=Decimal(140),
                comments="baseline 128",
                more_information=False,
            ),
            TestResult(date=at("20260301"), meddra_version=MEDDRA, meddra_code="90000020", result_code="1"),
            TestResult(
                date=NullFlavor.UNKNOWN,
                name="Tryptase",
                result=Measured(Decimal("1.0"), "<"),
                result_unit="ug/L",
                result_text="second sample lost",
            ),
        ),
        drugs=(
            immunoglobulin(),
            Drug(role="2", name="Paracetamol 500 mg", dosages=(Dosage(text="1 g before the infusion"),)),
        ),
        narrative=Narrative(
            text="Twenty-five minutes after the start the patient had urticaria and a fall of blood pressure.",
            reporter_comments="The infusion was stopped.",
            diagnoses=(SenderDiagnosis(meddra_version=MEDDRA, meddra_code="90000001"),),
            sender_comments="Consistent with an immediate reaction.",
            native=(NativeSummary(text="Pasienten fikk utslett etter 25 minutter.", language="nor"),),
        ),
    )
    return replace(full, **changes)


def fatal_case() -> Icsr:
    """A fatal thrombosis in a study of a patient whose birth date is known, told by the family."""
    base = full_case()
    return replace(
        base,
        identification=replace(
            base.identification,
            report_id="IR-CLINIC-2026007",
            worldwide_id="IR-CLINIC-2026007",
            report_type="2",
            has_documents=False,
            documents=(),
            has_other_ids=NI,
            other_ids=(),
        ),
        primary_sources=(PrimarySource(country="IR", qualification="5", is_primary="1"),),
        literature=(LiteratureReference(reference="Example A. A case. J Ex. 2026;1:1."),),
        study=Study(kind="3"),
        patient=replace(
            base.patient,
            born=at("19500201"),
            age=None,
            age_unit=None,
            death=Death(
                date=at("20260305"),
                causes=(
                    CauseOfDeath(meddra_version=MEDDRA, meddra_code="90000030", text="pulmonary embolism"),
                ),
                autopsy=False,
            ),
        ),
        reactions=(
            reaction(
                native_text="آمبولی ریه",
                native_language="fas",
                translation="pulmonary embolism",
                results_in_death=True,
                outcome="5",
                medically_confirmed=True,
                country="IR",
            ),
            mild_reaction(medically_confirmed=False),
        ),
    )


def neonate_case() -> Icsr:
    """Only the age group is known; a mother was treated in the second trimester."""
    base = full_case()
    drug = immunoglobulin(gestation=Decimal(22), gestation_unit="wk")
    return replace(
        base,
        patient=replace(base.patient, age=None, age_unit=None, age_group="1"),
        drugs=(drug,),
    )


def follow_up(**changes) -> Icsr:
    """The second version of the full case: new information two days later."""
    base = full_case()
    about = replace(
        base.identification,
        **{"created": at("20260310110000+0100"), "most_recent": at("20260305"), **changes},
    )
    return replace(base, identification=about)


def nullification(**changes) -> Icsr:
    """The full case turned out to be a duplicate."""
    return follow_up(
        **{
            "most_recent": at("20260303"),
            "change": "1",
            "change_reason": "Duplicate of NO-CLINIC-2026002",
            **changes,
        }
    )


def amendment() -> Icsr:
    """The full case with a misprint put right."""
    return nullification(change="2", change_reason="Lot number was misread")


def wrapped(report: Icsr) -> tuple[Message, Batch]:
    """The report in its message, and the batch around it."""
    batch = Batch(number="B-0001", sender=SENDER, receiver=RECEIVER, sent=E2bTime("20260310113000+0100"))
    return message_of(report, sender=SENDER, receiver=RECEIVER), batch
