"""Whom a call reached, as a sentence: an English template with its names, translated where it is read."""

from apps.alerts.domain.escalation import Level
from apps.alerts.models import AlertHop
from apps.kernel.text import N_, Params

CHARGE_NURSE = N_("charge nurse (%(names)s)")
NO_CHARGE_NURSE = N_("no charge nurse works on this ward")
ON_CALL = N_("physician on call (%(names)s)")
ALL_PHYSICIANS = N_("nobody is on call: all physicians (%(names)s)")
NO_PHYSICIAN = N_("no physician works on this ward")
OUTSIDE = {
    AlertHop.Delivery.WAITING: N_("outside the ward: message is being sent"),
    AlertHop.Delivery.SENT: N_("outside the ward: message was sent"),
    AlertHop.Delivery.FAILED: N_("outside the ward: the message could NOT be sent. Call somebody yourself."),
    AlertHop.Delivery.NO_CHANNEL: N_("outside the ward: no channel is set up. Call somebody yourself."),
}
CALL_MESSAGES = (CHARGE_NURSE, NO_CHARGE_NURSE, ON_CALL, ALL_PHYSICIANS, NO_PHYSICIAN, *OUTSIDE.values())


def call_sentence(hop: AlertHop) -> tuple[str, Params]:
    """(English template, what fills it) of one call."""
    names: Params = {"names": ", ".join(person["name"] for person in hop.people)}
    if hop.level == Level.CHARGE_NURSE:
        return (CHARGE_NURSE, names) if hop.people else (NO_CHARGE_NURSE, {})
    if hop.level == Level.PHYSICIAN:
        return (ON_CALL if hop.on_call else ALL_PHYSICIANS, names) if hop.people else (NO_PHYSICIAN, {})
    return OUTSIDE[AlertHop.Delivery(hop.delivery)], {}
