"""Receivers as a site sets them up, a gateway on this machine, and a case that may be sent."""

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from apps.cases.domain.versions import Kind
from apps.cases.reviews import Assessed, ReviewedPart
from apps.icsr.domain.codes import id_root
from apps.submissions import delivering
from apps.submissions.services import prepare_submission
from tests.builders import NOW
from tests.sinks import _Server
from tests.unit.db.case_stories import anaphylaxis, code_all, describe_site, keep, load_terms, open_for

LATER = NOW + timedelta(hours=6)
SEVERE = ReviewedPart(
    reviewed=True,
    seriousness=("life_threatening",),
    expected=False,
    outcome="recovered",
    action_taken="withdrawn",
    rechallenge="not_done",
    assessments=(Assessed("reporter", "WHO-UMC", "Probable/Likely"),),
)
WHOLE = {"identifier": "CENTRE", "sender": "CLINIC", "delivery": "download"}


def set_receivers(settings, directory: Path, *receivers):
    """Write the site's file of receivers and name it."""
    path = directory / "receivers.json"
    path.write_text(json.dumps([{**WHOLE, **one} for one in receivers]))
    settings.SUBMISSION_RECEIVERS = str(path)


@dataclass
class Answering:
    """How the gateway answers from now on."""

    status: int = 200
    body: bytes = b""
    delay_s: float = 0.0
    location: str = ""


@dataclass
class Came:
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class GatewaySink(_Server):
    """http://127.0.0.1:<port>: `posted` is what it was given, also while it answered with an error."""

    def __init__(self) -> None:
        self.posted: list[Came] = []
        self.answering = Answering()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.posted.append(Came(self.path, dict(self.headers), body))
                how = sink.answering
                time.sleep(how.delay_s)
                try:
                    self.send_response(how.status)
                    if how.location:
                        self.send_header("Location", how.location)
                    self.send_header("Content-Length", str(len(how.body)))
                    self.end_headers()
                    self.wfile.write(how.body)
                except OSError:
                    pass

            do_GET = do_POST

            def log_message(self, *_) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/icsr"


def open_gateway(settings, directory, sink, **changes):
    """The gateway on this machine as the site's only receiver."""
    set_receivers(settings, directory, {"code": "centre", "delivery": "https", "url": sink.url, **changes})
    settings.SUBMISSION_GATEWAY_HOSTS = ["127.0.0.1"]
    settings.SUBMISSION_PRIVATE_NETWORKS = ["127.0.0.0/8"]


def sendable_case(hospital, settings, monkeypatch, *, name="Testperson Gran", now=NOW):
    """An anaphylaxis, reviewed, coded, kept as a first version: it keeps every rule."""
    describe_site(settings)
    monkeypatch.setattr("apps.cases.gathering.reviewed_parts", lambda event: (SEVERE,))
    event = anaphylaxis(hospital, name=name, now=now)
    load_terms()
    case = open_for(hospital, event)
    code_all(hospital, case, now=now + timedelta(hours=5))
    keep(hospital, case, Kind.INITIAL, now=now + timedelta(hours=5))
    case.refresh_from_db()
    return case


def prepare(hospital, *cases, receiver="centre", now=LATER):
    """A submission of these cases."""
    return prepare_submission(
        performer=hospital.safety_officer,
        case_ids=[case.pk for case in cases],
        receiver=receiver,
        now=now,
    )


def sending(clock, monkeypatch):
    """Fires what is due and sends as the worker's thread does after the commit."""
    monkeypatch.setattr("apps.submissions.handlers.start_sending", lambda: None)
    monkeypatch.setattr("apps.submissions.handlers.start_looking", delivering.pick_up_answers)

    def at(moment):
        clock.fire(moment)
        delivering.send_waiting()

    return at


def _id(number, kind):
    return f'<id root="{id_root(kind)}" extension="{number}"/>'


def _device(role, number, kind):
    return f"<{role}><device>{_id(number, kind)}</device></{role}>"


def report_answer(number, verdict="CA", remark=""):
    """What a receiver says of one report."""
    detail = (
        f'<acknowledgementDetail typeCode="W"><text>{remark}</text></acknowledgementDetail>' if remark else ""
    )
    return (
        f"<MCCI_IN000002UV01>{_id('PV-' + number[-3:], 19)}"
        + _device("receiver", "CLINIC", 16)
        + _device("sender", "CENTRE", 15)
        + f'<acknowledgement typeCode="{verdict}"><targetMessage>{_id(number, 1)}</targetMessage>'
        + f"{detail}</acknowledgement></MCCI_IN000002UV01>"
    )


def batch_answer(submission, *answers, batch=None, **changes):
    """A receiver's answer to a submission."""
    return answer_to(submission.batch_number if batch is None else batch, *answers, **changes)


def answer_to(batch, *answers, verdict="AA", number="ACK-1"):
    """A receiver's answer to the batch of that number; an empty one is not named."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><MCCI_IN200101UV01 xmlns="urn:hl7-org:v3">'
        + _id(number, 20)
        + "".join(answers)
        + _device("receiver", "CLINIC", 18)
        + _device("sender", "CENTRE", 17)
        + f'<acknowledgement typeCode="{verdict}">'
        + (f"<targetBatch>{_id(batch, 22)}</targetBatch>" if batch else "")
        + "</acknowledgement></MCCI_IN200101UV01>"
    ).encode()
