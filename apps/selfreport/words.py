"""What alerts of self-report say: English templates, translated where they are read."""

from apps.kernel.text import N_

MESSAGE_RED_FLAG = N_(
    "A patient reports from home: %(name)s. No follow-up is open for it: call the patient now."
)
MESSAGE_SYMPTOMS = N_("A patient reports from home: %(symptoms)s. It settles no follow-up. Look at it today.")
MESSAGE_NOTE = N_("A patient has written something in a report from home. Somebody must read it.")
REPORT_MESSAGES = (MESSAGE_RED_FLAG, MESSAGE_SYMPTOMS, MESSAGE_NOTE)
