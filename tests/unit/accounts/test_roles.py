"""Who may do what, cell by cell. A new role or action fails here until somebody decides about it."""

import pytest

from apps.accounts.domain.roles import RIGHTS, Action, Role, allows

TABLE = """
                            nurse  charge_nurse  physician  pharmacist  pharmacovigilance  administrator  auditor
see_board                   yes    yes           yes        no          no                 no             no
see_patients                yes    yes           yes        yes         no                 no             no
register_patient            yes    yes           yes        no          no                 no             no
read_guideline              yes    yes           yes        yes         yes                yes            yes
accept_reading              no     no            yes        no          no                 no             no
author_guideline            no     no            yes        no          no                 yes            no
approve_guideline           no     no            yes        no          no                 no             no
open_course                 no     no            yes        no          no                 no             no
co_sign                     yes    yes           yes        yes         no                 no             no
run_infusion                yes    yes           yes        no          no                 no             no
decide_at_bedside           no     no            yes        no          no                 no             no
acknowledge_alert           yes    yes           yes        no          no                 no             no
see_on_call                 yes    yes           yes        yes         no                 yes            no
set_on_call                 no     yes           yes        no          no                 yes            no
be_on_call                  no     no            yes        no          no                 no             no
be_called_first             no     yes           no         no          no                 no             no
see_covers                  yes    yes           yes        no          no                 yes            no
grant_cover                 no     yes           yes        no          no                 yes            no
break_glass                 yes    yes           yes        no          no                 no             no
review_break_glass          no     yes           no         no          no                 no             yes
answer_for_severe_reaction  no     no            yes        no          no                 no             no
see_follow_ups              yes    yes           yes        yes         no                 no             no
record_follow_up            yes    yes           yes        no          no                 no             no
give_up_follow_up           no     no            yes        no          no                 no             no
override_vaccine_hold       no     no            yes        no          no                 no             no
see_adverse_events          yes    yes           yes        no          yes                no             no
review_adverse_event        no     no            yes        no          no                 no             no
export_adverse_events       no     no            no         no          yes                no             no
see_lots                    yes    yes           yes        yes         yes                yes            no
hold_lot                    no     no            yes        yes         yes                no             no
see_signals                 no     no            yes        yes         yes                no             no
search_terminology          no     no            yes        no          yes                yes            no
load_terminology            no     no            no         no          yes                yes            no
see_cases                   no     no            yes        no          yes                no             no
manage_cases                no     no            no         no          yes                no             no
send_cases                  no     no            no         no          yes                no             no
answer_case_query           yes    yes           yes        no          no                 no             no
administer                  no     no            no         no          no                 yes            no
see_audit                   no     no            no         no          no                 no             yes
export_audit                no     no            no         no          no                 no             yes
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
