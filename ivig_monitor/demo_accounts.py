"""The sign-ins of the demo: public on purpose, created by `seed_demo` and by nothing else."""

from typing import NamedTuple

PASSWORD = "demo-ward-2026"  # nosec B105  # shown on the demo's own sign-in page; production refuses the demo
NEUROLOGY = "Neurology"
HAEMATOLOGY = "Haematology"
BOTH_WARDS = f"{NEUROLOGY}, {HAEMATOLOGY}"


class DemoAccount(NamedTuple):
    """One sign-in as shown on the terminal and on the demo's sign-in page."""

    username: str
    role: str
    ward: str
    title: str
    specialty: str = ""
    password: str = PASSWORD

    @property
    def wards(self) -> tuple[str, ...]:
        """The names of the wards this account works on."""
        return tuple(self.ward.split(", "))


DEMO_ACCOUNTS = (
    DemoAccount("physician", "physician", NEUROLOGY, "Physician", "neurology"),
    DemoAccount("nurse", "nurse", NEUROLOGY, "Nurse"),
    DemoAccount("charge", "charge_nurse", NEUROLOGY, "Charge Nurse"),
    DemoAccount("nurse2", "nurse", HAEMATOLOGY, "Nurse, Haematology"),
    DemoAccount("physician2", "physician", HAEMATOLOGY, "Physician, Haematology", "hematology_oncology"),
    DemoAccount("pharmacist", "pharmacist", BOTH_WARDS, "Pharmacist"),
    DemoAccount("pharmacovigilance", "pharmacovigilance", BOTH_WARDS, "Safety Officer"),
    DemoAccount("admin", "administrator", BOTH_WARDS, "Administrator"),
    DemoAccount("auditor", "auditor", BOTH_WARDS, "Auditor"),
)
