"""Every text the browser's scripts show. The key is the English text itself."""

from django.utils.translation import gettext

from apps.kernel.text import N_

KEYS = (
    # connection
    N_("Live"),
    N_("Polling"),
    N_("STALE"),
    N_("updated %(seconds)s s ago"),
    N_("STALE: no contact with the server. What you see is old. Look at the patient and the pump."),
    N_("You are signed out. What you see is old."),
    N_("You no longer have access to this ward. What you see is old."),
    N_("Sign in"),
    # forms
    N_("Not sent. Nothing was lost. Try again."),
    N_("You are signed out. Open the sign-in page in another tab, then try again: nothing typed is lost."),
    N_("What happened: %(text)s (%(by)s)"),
    N_("Now: %(state)s, %(rate)s mL/h."),
    N_("Show the current status"),
    # no network
    N_("No contact with the server: kept on this device, not sent yet."),
    N_(
        "Not sent. A faster rate, going on after a pause and completing need the network: the server checks"
        " the vital signs first. Try again when it is back."
    ),
    N_("Not sent yet"),
    N_("Being sent"),
    N_("Not accepted"),
    N_("Not accepted: %(count)s"),
    N_("Not sent yet: %(count)s"),
    N_("No contact with the server. It is tried again by itself."),
    N_("You are signed out. Sign in again to send these entries."),
    N_("Somebody else has signed in on this device. These entries are sent when you have signed in again."),
    N_(
        "Entries of another person that wait on this device: %(count)s. They are sent when that person signs in here."
    ),
    N_("Not sent yet: %(count)s. Kept on this device."),
    N_("Everything is sent."),
    N_("Try again"),
    N_("Discard"),
    N_("Keep it"),
    N_("Close"),
    N_("This entry was not accepted and is in no record. Discard it?"),
    N_("This entry cannot be read on this device any more."),
    N_("The server could not take this entry. Try again; if it stays so, tell who runs the system."),
    N_("Entries that are not sent yet: %(count)s. What should happen to them?"),
    N_("Send now"),
    N_("Keep on this device"),
    N_("Stay signed in"),
    N_(
        "Signing out needs the network: the server still counts you as signed in. Lock this device until"
        " the network is back."
    ),
    N_("Shown as of %(time)s, %(age)s old."),
    # time
    N_("just now"),
    N_("in %(time)s"),
    N_("+%(time)s overdue"),
    N_("%(days)s d %(hours)s h"),
    # alerts
    N_("High priority"),
    N_("Medium priority"),
    N_("Low priority"),
    N_("Acknowledge"),
    N_("Acknowledged"),
    N_("acknowledged"),
    N_("Acknowledged by %(name)s"),
    N_("Not acknowledged: escalated"),
    N_("Why?"),
    N_("No source given."),
    N_("Raised at"),
    N_("Pause sound"),
    N_("Turn sound on"),
    N_("Sound paused: turn on"),
    # cards
    N_("Patient not loaded yet"),
    N_("The whole ward"),
    N_("Bed %(bed)s, %(name)s"),
    N_("Bed"),
    N_("%(age)s years"),
    N_("Day %(number)s of %(days)s"),
    N_("Rate change due"),
    N_("Rate change waits for you"),
    N_("Vital signs due"),
    N_("Completion due"),
    N_("Volume given"),
    N_("ends"),
    N_("No vital signs yet"),
    N_("BP"),
    N_("Pulse"),
    N_("SpO2"),
    N_("Temp"),
    N_("Resp"),
    N_("Due"),
    N_("Overdue"),
    N_("due"),
    N_("was due"),
    N_("Prepared"),
    N_("Running"),
    N_("Paused"),
    N_("Stopped"),
    N_("Completed"),
    N_("Abandoned"),
    N_("prepared"),
    N_("running"),
    N_("paused"),
    N_("stopped"),
    N_("completed"),
    N_("abandoned"),
    # dose
    N_("Fill in product, weight, dose and days to see the dose."),
    N_("The dose could not be calculated: no contact with the server."),
    N_("The checks follow once the dose is calculated."),
    N_("against the calculated dose"),
    N_("Or:"),
    N_("Rate plan"),
    N_("For your information"),
    N_("Tick when seen"),
    N_("Needs a reason"),
    N_("Needs a reason and a second person"),
    N_("Cannot be approved"),
    N_("Nothing stands against this order."),
    N_("Seen"),
    N_("Your reason"),
    N_("not verified"),
    N_("Each day"),
    N_("Days"),
    N_("Whole vials each day"),
    # barcodes
    N_("Reading the code"),
    N_("Filled in from the code. Compare it with the label."),
    N_("The code does not say everything for certain. Type what is missing from the label."),
    N_("Changed by hand: this vial counts as typed, not as scanned."),
    N_("Not filled in."),
    N_("Do not hang this vial"),
    N_("I have read it"),
    N_("Which product is it?"),
    N_("The box says %(product)s"),
    N_("The box says something else"),
    N_("Not filled in: the box says something else than %(product)s. Ask the pharmacy."),
    N_("This vial is in the list already. Scan the next one."),
    N_("Every row is filled. Start with these vials and add the others while the infusion runs."),
    N_("The code was not read: no contact with the server. Try again, or type it from the label."),
    N_("Right patient"),
    N_("WRONG PATIENT"),
    N_("That was not the wristband: I check it by hand"),
    N_("Hold the code in front of the camera"),
    N_("The camera cannot be used. Allow it for this page, or type the code."),
    N_("Cancel"),
)


def ui_texts(*more: str) -> dict[str, str]:
    """English text -> text in the active language, for the scripts; `more` adds texts held as data.

    Alert messages and follow-up names reach the board in English: pass them as `more`.
    """
    return {key: gettext(key) for key in (*KEYS, *more) if key}
