from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.infusions.domain import Hung, left_in_each_ml

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("0", ["200", "50"]),
        ("30.5", ["169.5", "50"]),
        ("200", ["0", "50"]),
        ("220", ["0", "30"]),
        ("250", ["0", "0"]),
    ],
)
def test_the_vials_run_in_the_order_in_which_they_were_hung(given: str, left: list[str]) -> None:
    hung = [Hung(START, Decimal(200)), Hung(START + timedelta(minutes=90), Decimal(50))]
    assert list(left_in_each_ml(hung, Decimal(given))) == [Decimal(one) for one in left]
