"""What speaks against hanging a vial."""

from datetime import date, timedelta

from apps.interop.domain.vials import NamedProduct, VialCode, check_vial
from apps.kernel.text import fill_in_english

TODAY = date(2026, 3, 2)
KIOVIG, PRIVIGEN = NamedProduct("kiovig", "Kiovig"), NamedProduct("privigen", "Privigen")
VIAL = VialCode("07040000000014", "LE12", date(2027, 12, 31), "7K3M")


def problems(code=VIAL, *, known=KIOVIG, hung_on=None):
    found = check_vial(code, expected=KIOVIG, known=known, hung_on=hung_on, today=TODAY)
    return {problem.code: fill_in_english(problem.message, problem.params) for problem in found}


def expiring(day):
    return VialCode(VIAL.gtin, VIAL.lot_number, day, VIAL.serial)


def test_nothing_speaks_against_the_ordered_product_in_date():
    assert problems() == {}


def test_a_vial_may_be_hung_until_the_end_of_its_last_day():
    assert problems(expiring(TODAY)) == {}
    assert "2026-03-01" in problems(expiring(TODAY - timedelta(days=1)))["expired"]


def test_another_product_is_named_beside_the_one_ordered():
    text = problems(known=PRIVIGEN)["other_product"]
    assert "Privigen" in text and "Kiovig" in text


def test_an_unknown_package_is_asked_about():
    assert "Kiovig" in problems(known=None)["unknown_package"]


def test_a_vial_is_not_hung_twice():
    assert "7K3M" in problems(hung_on=date(2026, 3, 1))["already_hung"]


def test_everything_is_said_at_once():
    found = problems(expiring(date(2020, 1, 1)), known=None, hung_on=TODAY)
    assert list(found) == ["expired", "already_hung", "unknown_package"]


def test_a_vial_without_a_lot_or_a_date_is_judged_by_the_rest():
    assert problems(VialCode(VIAL.gtin), known=PRIVIGEN).keys() == {"other_product"}
