"""Who may do what, cell by cell. A new role or action fails here until somebody decides about it."""

import pytest

from apps.accounts.domain.roles import RIGHTS, Action, Role, allows

TABLE = """
                        nurse  charge_nurse  physician  pharmacovigilance  administrator  auditor
see_board               yes    yes           yes        no                 nono
see_patients            yes    yes           yes        no                 nono
register_patient        yes    yes           yes        no                 nono
read_guideline          yes    yes           yes        yes                yesyes
accept_reading          no     no            yes        no                 nono
author_guideline        no     no            yes        no                 yesno
approve_guideline       no     no            yes        no                 nono
open_course             no     no            yes        no                 nono
co_sign                 yes    yes           yes        no                 nono
run_infusion            yes    yes           yes        no                 nono
decide_at_bedside       no     no            yes        no                 nono
acknowledge_alert       yes    yes           yes        no                 nono
see_on_call             yes    yes           yes        no                 yesno
set_on_call             no     yes           yes        no                 yesno
see_follow_ups          yes    yes           yes        no                 nono
record_follow_up        yes    yes           yes        no                 nono
give_up_follow_up       no     no            yes        no                 nono
override_vaccine_hold   no     no            yes        no                 nono
see_adverse_events      yes    yes           yes        yes                nono
review_adverse_event    no     no            yes        no                 nono
export_adverse_events   no     no            no         yes                nono
see_lots                yes    yes           yes        yes                yesno
hold_lot                no     no            yes        yes                nono
see_signals             no     no            yes        yes                nono
search_terminology      no     no            yes        yes                yesno
load_terminology        no     no            no         yes                yesno
see_cases               no     no            yes        yes                nono
manage_cases            no     no            no         yes                nono
send_cases              no     no            no         yes                nono
answer_case_query       yes    yes           yes        no                 nono
administer              no     no            no         no                 yesno
see_audit               no     no            no         no                 no             yes
export_audit            no     no            no         no                 no             yes
"""
_HEAD, *_LINES = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [
    (role, action, word == "yes")
    for action, *words in _LINES
    for role, word in zip(_HEAD, words, strict=True)
]


@pytest.mark.parametrize(("role", "action", "allowed"), CELLS)
def test_the_right_is_as_decided(role, action, allowed):
    assert allows(Role(role), Action(action)) is allowed


def test_every_cell_has_been_decided():
    assert {(role, action) for role, action, _ in CELLS} == {(r.value, a.value) for r in Role for a in Action}
    assert set(RIGHTS) == set(Role)
