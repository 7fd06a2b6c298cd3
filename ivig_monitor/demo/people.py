"""Invented patients. The family name says so, the given names are trees and flowers."""

from datetime import date
from typing import NamedTuple

from ivig_monitor.demo_accounts import HAEMATOLOGY, NEUROLOGY


class DemoPatient(NamedTuple):
    """One invented patient."""

    key: str
    name: str
    birth_date: date
    sex: str
    bed: str
    ward: str = NEUROLOGY

    @property
    def is_child(self) -> bool:
        """Whether a child's vital signs are theirs."""
        return self.key in ("child", "child_at_home")


PATIENTS = (
    DemoPatient("new", "Demo Anemone", date(1984, 3, 12), "female", "1"),
    DemoPatient("ordered", "Demo Birch", date(1971, 7, 2), "male", "2"),
    DemoPatient("just_started", "Demo Bjørk", date(1990, 11, 23), "female", "3"),
    DemoPatient("escalating", "Demo Cedar", date(1966, 1, 30), "male", "4"),
    DemoPatient("steady", "Demo Lale (لاله)", date(1979, 5, 8), "female", "5"),
    DemoPatient("falling", "Demo Linden", date(1958, 9, 17), "male", "6"),
    DemoPatient("reacting", "Demo Narges (نرگس)", date(1987, 12, 4), "female", "7"),
    DemoPatient("second_day", "Demo Rogn", date(1975, 4, 19), "male", "8"),
    DemoPatient("child", "Demo Spire", date(2019, 6, 30), "female", "9"),
    DemoPatient("watched", "Demo Teak", date(1962, 2, 9), "male", "10"),
    DemoPatient("call_due", "Demo Sarv (سرو)", date(1969, 8, 27), "male", ""),
    DemoPatient("call_overdue", "Demo Selje", date(1948, 2, 14), "female", ""),
    DemoPatient("followed_up", "Demo Willow", date(1993, 10, 6), "female", ""),
    DemoPatient("other_ward", "Demo Alder", date(1981, 6, 11), "male", "21", HAEMATOLOGY),
    DemoPatient("other_ward_due", "Demo Yas (یاس)", date(1977, 3, 3), "female", "22", HAEMATOLOGY),
    DemoPatient("not_reached", "Demo Hassel", date(1955, 11, 17), "female", ""),
    DemoPatient("stiff_neck", "Demo Osp", date(1991, 1, 5), "female", ""),
    DemoPatient("lost", "Demo Valmue", date(1972, 12, 21), "male", ""),
    DemoPatient("kidneys", "Demo Furu", date(1952, 4, 8), "male", "11"),
    DemoPatient("hemolysis", "Demo Hegg", date(1981, 7, 14), "female", ""),
    DemoPatient("child_at_home", "Demo Shokoofeh (شکوفه)", date(2021, 5, 20), "female", ""),
    DemoPatient("shock", "Demo Lind", date(1974, 10, 2), "male", ""),
    DemoPatient("meningitis", "Demo Syrin", date(1988, 3, 27), "female", ""),
)
