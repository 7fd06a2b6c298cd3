"""A site's receivers: ICH's profile of each, the identifiers agreed with it, and the way reports reach it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from apps.icsr.domain.receivers import RECEIVERS, Receiver
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

LONGEST_IDENTIFIER = 60  # N.1.3 and N.1.4
_KNOWN = frozenset(
    {
        *("code", "profile", "name", "identifier", "sender", "delivery", "url", "directory"),
        *("answers_directory", "acknowledges", "answer_within_hours", "regimes", "token_variable"),
        *("dose_form_oid", "route_oid"),
    }
)


class Delivery(StrEnum):
    """How reports reach a receiver."""

    DOWNLOAD = "download"  # a person takes the file and says when it was handed over
    DIRECTORY = "directory"
    HTTPS = "https"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReceiver:
    """A receiver as the site set it. `profile` writes with its identifiers.

    `regimes` are the clocks that a report accepted here meets, None all of them. `acknowledges`: whether the receiver
    answers in E2B(R3); otherwise a report has arrived when it was delivered. `token_variable` names the environment
    variable with the gateway's bearer token.
    """

    code: str
    profile: Receiver
    delivery: Delivery
    url: str = ""
    directory: str = ""
    answers_directory: str = ""
    acknowledges: bool = True
    answer_within_hours: int = 48
    regimes: frozenset[str] | None = None
    token_variable: str = ""

    @property
    def name(self) -> str:
        """As officers know it."""
        return self.profile.name

    @property
    def identifier(self) -> str:
        """N.1.4 and N.2.r.3."""
        return self.profile.identifier or ""

    @property
    def sender(self) -> str:
        """N.1.3 and N.2.r.2: ours, as agreed with this receiver."""
        return self.profile.sender or ""


def receivers_from(content: object) -> tuple[SiteReceiver, ...]:
    """The receivers of a site's file: a list of objects, see the operations guide.

    Raises DomainError `receivers_invalid` with a sentence for who wrote the file.
    """
    if not isinstance(content, list):
        raise _invalid("file", "a list of receivers")
    found = tuple(_receiver(one) for one in content)
    codes = [one.code for one in found]
    for code in codes:
        if codes.count(code) > 1:
            raise _invalid("code", f"{code} only once")
    return found


def _receiver(given: object) -> SiteReceiver:
    if not isinstance(given, dict):
        raise _invalid("file", "an object for each receiver")
    for name in given:
        if name not in _KNOWN:
            raise _invalid(str(name)[:40], "no field of this name")
    code = _text(given, "code", needed=True)
    if not (code.isascii() and code.replace("_", "").isalnum() and len(code) <= 30):
        raise _invalid("code", "small letters, digits and underscores")
    kind = _text(given, "delivery", needed=True)
    if kind not in tuple(Delivery):
        raise _invalid("delivery", "download, directory or https")
    delivery = Delivery(kind)
    url = _text(given, "url", needed=delivery is Delivery.HTTPS)
    return SiteReceiver(
        code=code,
        profile=_profile(given, code),
        delivery=delivery,
        url=url,
        directory=_directory(given, "directory", needed=delivery is Delivery.DIRECTORY),
        answers_directory=_directory(given, "answers_directory"),
        acknowledges=_flag(given, "acknowledges", default=True),
        answer_within_hours=_hours(given),
        regimes=_regimes(given),
        token_variable=_text(given, "token_variable"),
    )


def _profile(given: dict[str, Any], code: str) -> Receiver:
    named = _text(given, "profile") or (code if code in RECEIVERS else "ich")
    if named not in RECEIVERS:
        raise _invalid("profile", ", ".join(sorted(RECEIVERS)))
    profile = RECEIVERS[named]
    identifier = _text(given, "identifier") or profile.identifier or ""
    sender = _text(given, "sender", needed=True)
    if not identifier:
        raise _invalid("identifier", "the receiver's identifier")
    for name, value in (("identifier", identifier), ("sender", sender)):
        if len(value) > LONGEST_IDENTIFIER:
            raise _invalid(name, f"at most {LONGEST_IDENTIFIER} characters")
    return replace(
        profile,
        name=_text(given, "name") or profile.name,
        identifier=identifier,
        sender=sender,
        dose_form_oid=_text(given, "dose_form_oid") or profile.dose_form_oid,
        route_oid=_text(given, "route_oid") or profile.route_oid,
    )


def _text(given: dict[str, Any], name: str, *, needed: bool = False) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise _invalid(name, "a text")
    return value.strip()


def _directory(given: dict[str, Any], name: str, *, needed: bool = False) -> str:
    value = _text(given, name, needed=needed)
    if value and not PurePosixPath(value).is_absolute():
        raise _invalid(name, "a path that starts with /")
    return value


def _flag(given: dict[str, Any], name: str, *, default: bool) -> bool:
    value = given.get(name, default)
    if not isinstance(value, bool):
        raise _invalid(name, "true or false")
    return value


def _hours(given: dict[str, Any]) -> int:
    value = given.get("answer_within_hours", 48)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 24 * 90:
        raise _invalid("answer_within_hours", "a whole number of hours from 1 to 2160")
    return value


def _regimes(given: dict[str, Any]) -> frozenset[str] | None:
    value = given.get("regimes")
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _invalid("regimes", "a list of codes of reporting clocks")
    return frozenset(value)


def chosen(receivers: Iterable[SiteReceiver], code: str) -> SiteReceiver:
    """The receiver of that code. Raises DomainError `receiver_unknown`."""
    for one in receivers:
        if one.code == code:
            return one
    raise DomainError(
        "receiver_unknown",
        N_("The site has set up no receiver of this name."),
        extra={"field": "receiver"},
    )


def _invalid(name: str, wanted: str) -> DomainError:
    return DomainError(
        "receivers_invalid",
        N_(
            "The file of receivers (SUBMISSION_RECEIVERS) says something else under %(name)s than: %(wanted)s."
        ),
        name=name,
        wanted=wanted,
    )
