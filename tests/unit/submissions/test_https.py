"""A gateway's certificate is verified, and nothing it does holds us for long."""

import hashlib
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest

from apps.kernel import clock
from apps.submissions.delivery import https
from apps.submissions.delivery.https import Post, PostError, post
from apps.submissions.domain.gateways import Gateway, networks

LOCAL = networks(["127.0.0.0/8"])
CONTENT = b"<batch/>"


def letter():
    return Post("B-1", [CONTENT], len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


class Listening:
    """A socket that does with each connection what it is told."""

    def __init__(self, act):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, args=(act,), daemon=True).start()

    def _serve(self, act):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                act(connection)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def trickle(connection):
    connection.recv(65536)
    for sign in b"HTTP/1.1 200 OK\r\n" * 100:
        connection.send(bytes([sign]))
        time.sleep(0.05)


def test_an_answer_that_trickles_is_broken_off():
    with Listening(trickle) as server:
        begun = time.monotonic()
        with pytest.raises(PostError, match="in time"):
            post(Gateway("127.0.0.1", server.port, "/", False), letter(), private=LOCAL, limit_s=0.5)
        assert time.monotonic() - begun < 3


def test_an_answer_without_end_is_read_to_its_limit(monkeypatch):
    monkeypatch.setattr(https, "LARGEST_ANSWER", 100_000)

    def flood(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 400_000)

    with Listening(flood) as server:
        answer = post(Gateway("127.0.0.1", server.port, "/", False), letter(), private=LOCAL)
    assert (answer.status, answer.body) == (200, None)


def test_nobody_there_and_no_http_are_told():
    with Listening(lambda connection: connection.sendall(b"SSH-2.0\r\n")) as server:
        with pytest.raises(PostError, match="at the gateway"):
            post(Gateway("127.0.0.1", server.port, "/", False), letter(), private=LOCAL)
        port = server.port
    with pytest.raises(PostError):
        post(Gateway("127.0.0.1", port, "/", False), letter(), private=LOCAL)


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path):
    pytest.importorskip("cryptography")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path))
    seen = []

    def answer(connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            seen.append(secure.recv(65536))

    with (
        Listening(answer) as server,
        pytest.raises(PostError, match="certificate was refused"),
    ):
        post(Gateway("127.0.0.1", server.port, "/", True), letter(), private=LOCAL)
    assert seen == []


def _certificate(directory):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = clock.wall_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = directory / "gateway.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
