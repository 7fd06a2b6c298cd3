"""Who may do what: one table, read by API, pages, sockets, exports and the administrator's pages. Deny by default."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is on the wards they belong to."""

    NURSE = "nurse"
    CHARGE_NURSE = "charge_nurse"
    PHYSICIAN = "physician"
    PHARMACIST = "pharmacist"
    PHARMACOVIGILANCE = "pharmacovigilance"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Action(StrEnum):
    """What can be done on a ward."""

    SEE_BOARD = "see_board"
    SEE_PATIENTS = "see_patients"
    REGISTER_PATIENT = "register_patient"
    READ_GUIDELINE = "read_guideline"
    ACCEPT_READING = "accept_reading"
    AUTHOR_GUIDELINE = "author_guideline"
    APPROVE_GUIDELINE = "approve_guideline"
    OPEN_COURSE = "open_course"
    CO_SIGN = "co_sign"
    RUN_INFUSION = "run_infusion"
    DECIDE_AT_BEDSIDE = "decide_at_bedside"
    ACKNOWLEDGE_ALERT = "acknowledge_alert"
    SEE_ON_CALL = "see_on_call"
    SET_ON_CALL = "set_on_call"
    BE_ON_CALL = "be_on_call"
    BE_CALLED_FIRST = "be_called_first"
    SEE_COVERS = "see_covers"
    GRANT_COVER = "grant_cover"
    BREAK_GLASS = "break_glass"
    REVIEW_BREAK_GLASS = "review_break_glass"
    ANSWER_FOR_SEVERE_REACTION = "answer_for_severe_reaction"
    SEE_FOLLOW_UPS = "see_follow_ups"
    RECORD_FOLLOW_UP = "record_follow_up"
    GIVE_UP_FOLLOW_UP = "give_up_follow_up"
    OVERRIDE_VACCINE_HOLD = "override_vaccine_hold"
    SEE_ADVERSE_EVENTS = "see_adverse_events"
    REVIEW_ADVERSE_EVENT = "review_adverse_event"
    EXPORT_ADVERSE_EVENTS = "export_adverse_events"
    SEE_LOTS = "see_lots"
    HOLD_LOT = "hold_lot"
    SEE_SIGNALS = "see_signals"
    SEARCH_TERMINOLOGY = "search_terminology"
    LOAD_TERMINOLOGY = "load_terminology"
    SEE_CASES = "see_cases"
    MANAGE_CASES = "manage_cases"
    SEND_CASES = "send_cases"
    ANSWER_CASE_QUERY = "answer_case_query"
    ADMINISTER = "administer"
    SEE_AUDIT = "see_audit"
    EXPORT_AUDIT = "export_audit"


_BEDSIDE = frozenset(
    {
        Action.SEE_BOARD,
        Action.SEE_PATIENTS,
        Action.REGISTER_PATIENT,
        Action.READ_GUIDELINE,
        Action.CO_SIGN,
        Action.RUN_INFUSION,
        Action.ACKNOWLEDGE_ALERT,
        Action.SEE_ON_CALL,
        Action.SEE_COVERS,
        Action.BREAK_GLASS,
        Action.SEE_FOLLOW_UPS,
        Action.RECORD_FOLLOW_UP,
        Action.SEE_ADVERSE_EVENTS,
        Action.SEE_LOTS,
        Action.ANSWER_CASE_QUERY,
    }
)

_PRESCRIBING = frozenset(
    {
        Action.SEARCH_TERMINOLOGY,
        Action.SEE_CASES,
        Action.OPEN_COURSE,
        Action.DECIDE_AT_BEDSIDE,
        Action.GIVE_UP_FOLLOW_UP,
        Action.OVERRIDE_VACCINE_HOLD,
        Action.ACCEPT_READING,
        Action.AUTHOR_GUIDELINE,
        Action.APPROVE_GUIDELINE,
        Action.HOLD_LOT,
        Action.SEE_SIGNALS,
        Action.REVIEW_ADVERSE_EVENT,
        Action.ANSWER_FOR_SEVERE_REACTION,
        Action.SET_ON_CALL,
        Action.BE_ON_CALL,
        Action.GRANT_COVER,
    }
)

# What break-glass opens of one patient: looking and helping. Orders, lots, cases and exports stay with the ward.
IN_AN_EMERGENCY = frozenset(
    {
        Action.SEE_PATIENTS,
        Action.RUN_INFUSION,
        Action.DECIDE_AT_BEDSIDE,
        Action.SEE_BOARD,
        Action.ACKNOWLEDGE_ALERT,
        Action.SEE_FOLLOW_UPS,
        Action.RECORD_FOLLOW_UP,
        Action.SEE_ADVERSE_EVENTS,
    }
)

RIGHTS: dict[Role, frozenset[Action]] = {
    Role.NURSE: _BEDSIDE,
    Role.CHARGE_NURSE: _BEDSIDE
    | {
        Action.SET_ON_CALL,
        Action.BE_CALLED_FIRST,
        Action.GRANT_COVER,
        Action.REVIEW_BREAK_GLASS,
    },
    Role.PHYSICIAN: _BEDSIDE | _PRESCRIBING,
    # Checks what is ordered and what is hung: orders, courses, lots. Does nothing at the bedside.
    Role.PHARMACIST: frozenset(
        {
            Action.SEE_PATIENTS,
            Action.READ_GUIDELINE,
            Action.CO_SIGN,
            Action.SEE_ON_CALL,
            Action.SEE_FOLLOW_UPS,
            Action.SEE_LOTS,
            Action.HOLD_LOT,
            Action.SEE_SIGNALS,
        }
    ),
    Role.PHARMACOVIGILANCE: frozenset(
        {
            Action.READ_GUIDELINE,
            Action.SEE_ADVERSE_EVENTS,
            Action.EXPORT_ADVERSE_EVENTS,
            Action.SEE_LOTS,
            Action.HOLD_LOT,
            Action.SEE_SIGNALS,
            Action.SEARCH_TERMINOLOGY,
            Action.LOAD_TERMINOLOGY,
            Action.SEE_CASES,
            Action.MANAGE_CASES,
            Action.SEND_CASES,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Action.READ_GUIDELINE,
            Action.AUTHOR_GUIDELINE,
            Action.SEE_ON_CALL,
            Action.SET_ON_CALL,
            Action.SEE_COVERS,
            Action.GRANT_COVER,
            Action.SEE_LOTS,
            Action.SEARCH_TERMINOLOGY,
            Action.LOAD_TERMINOLOGY,
            Action.ADMINISTER,
        }
    ),
    # Judges what others did; of patients it sees what the record of access shows.
    Role.AUDITOR: frozenset(
        {Action.READ_GUIDELINE, Action.SEE_AUDIT, Action.EXPORT_AUDIT, Action.REVIEW_BREAK_GLASS}
    ),
}


def allows(role: Role, action: Action) -> bool:
    """Whether a role may do this on its own wards."""
    return action in RIGHTS[role]


def opens_in_an_emergency(action: Action) -> bool:
    """Whether break-glass opens this of the patient it was used for; the role must allow it as well."""
    return action in IN_AN_EMERGENCY
