"""Who receives reports, as data: under which identifier, with which code systems, in which mode.

Sources of the code systems differ (docs of the receivers, instances seen): EDQM's own OIDs are the default,
the core table of ICH prints its lists 28 and 29. What a receiver agrees with a site (its identifier, the
sender's) is the site's to set; None says that no public source names it.
"""

from dataclasses import dataclass

from apps.icsr.domain.codes import code_list_oid

EDQM_DOSE_FORMS = "0.4.0.127.0.16.1.1.2.1"
EDQM_ROUTES = "0.4.0.127.0.16.1.1.2.6"
_INTERIM_ROUTES = code_list_oid(14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """How to write for one receiver. `identifier` fills N.1.4 and N.2.r.3, `sender` N.1.3 and N.2.r.2.

    `time_zone` is the receiver's, in which its clocks run; times of a report keep the offset of the ward.
    `processing_mode` is HL7's processingModeCode.
    """

    code: str
    name: str
    identifier: str | None = None
    sender: str | None = None
    country: str | None = None
    time_zone: str | None = None
    dose_form_oid: str = EDQM_DOSE_FORMS
    route_oid: str = EDQM_ROUTES
    processing_mode: str = "T"

    def system(self, name: str, code: str) -> str:
        """The OID of a code whose list depends on the receiver; the interim routes of ICH have three digits."""
        if name == "ROUTE":
            return _INTERIM_ROUTES if len(code) == 3 and code.isdigit() else self.route_oid
        return self.dose_form_oid


ICH = Receiver(code="ich", name="Any receiver, as ICH writes")

RECEIVERS: dict[str, Receiver] = {
    receiver.code: receiver
    for receiver in (
        ICH,
        Receiver(
            code="no", name="Norway, Norwegian Medical Products Agency", country="NO", time_zone="Europe/Oslo"
        ),
        Receiver(
            code="ir",
            name="Iran, Food and Drug Administration, ADR Center",
            country="IR",
            time_zone="Asia/Tehran",
        ),
        Receiver(
            code="fda",
            name="United States, Food and Drug Administration, after marketing",
            identifier="ZZFDA",
            country="US",
            time_zone="America/New_York",
            processing_mode="I",
        ),
    )
}
