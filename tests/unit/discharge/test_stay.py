"""A stay ends once, after something was given, and not while an infusion runs."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from apps.discharge.domain.stay import stay_to_end
from apps.kernel.errors import ConflictError

ENDED = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Infusion:
    session_id: int
    ended_at: datetime | None = ENDED


@pytest.mark.parametrize(
    ("infusions", "discharged", "ends"),
    [
        ([Infusion(1)], [], 1),
        ([Infusion(1), Infusion(2)], [], 2),
        ([Infusion(2), Infusion(1)], [], 2),
        ([Infusion(1), Infusion(2)], [1], 2),
    ],
)
def test_the_newest_infusion_is_the_stay_that_ends(infusions, discharged, ends):
    assert stay_to_end(infusions, discharged) == ends


@pytest.mark.parametrize(
    ("infusions", "discharged", "code"),
    [
        ([], [], "nothing_given"),
        ([Infusion(1, None)], [], "infusion_running"),
        ([Infusion(1), Infusion(2, None)], [], "infusion_running"),
        ([Infusion(1), Infusion(2, None)], [1], "infusion_running"),
        ([Infusion(1)], [1], "discharged_already"),
        ([Infusion(1), Infusion(2)], [1, 2], "discharged_already"),
    ],
)
def test_what_is_refused(infusions, discharged, code):
    with pytest.raises(ConflictError) as refused:
        stay_to_end(infusions, discharged)
    assert refused.value.code == code
