"""An identity provider for tests: a real HTTP server with a real RSA key, and an answer that can be bent."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "ivig-monitor", "client-secret"


class IdentityProvider:
    """`claims` is what the next id_token says; `bend` changes it before it is signed, `forge` signs otherwise."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.published = [self.key]
        self.claims: dict[str, Any] = {}
        self.forge: Callable[[dict[str, Any]], str] | None = None
        self.bend: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(urlsplit(self.path).path)
                if self.path == "/.well-known/openid-configuration":
                    return self.answer(provider.configuration())
                if self.path == "/jwks":
                    keys = [key.as_dict(private=False) for key in provider.published]
                    return self.answer({"keys": keys})
                self.answer({}, 404)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                answer, status = provider.exchange(form, self.headers.get("Authorization", ""))
                self.answer(answer, status)

            def answer(self, document: dict[str, Any], status: int = 200) -> None:
                content = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def configuration(self) -> dict[str, Any]:
        """What discovery says."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }

    def visit(self, address: str) -> dict[str, str]:
        """What a browser does at the authorization endpoint once the person has signed in there: code and state."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return {"code": code, "state": query["state"]}

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[dict[str, Any], int]:
        """The token endpoint: a code counts once, with the client's secret and the verifier behind its challenge."""
        asked = self.codes.pop(form.get("code", ""), None)
        basic = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or authorization != basic
            or challenge != asked["code_challenge"]
            or form.get("redirect_uri") != asked["redirect_uri"]
        ):
            return {"error": "invalid_grant"}, 400
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "s-1", "nonce": asked["nonce"], **self.claims}
        sign = self.forge or self.signed
        token = sign(self.bend(claims))
        return {"access_token": "unused", "token_type": "Bearer", "id_token": token}, 200

    def signed(self, claims: dict[str, Any]) -> str:
        """An id_token under the provider's key."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key, algorithms=["RS256"])

    def forged(self, algorithm: str) -> Callable[[dict[str, Any]], str]:
        """Makes tokens without the private key: unsigned, or with the public key taken for a shared secret."""

        def part(content: bytes) -> str:
            return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

        def forge(claims: dict[str, Any]) -> str:
            header = {"alg": algorithm, "kid": self.key.kid, "typ": "JWT"}
            text = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
            public = self.key.as_pem(private=False)
            mac = hmac.digest(public, text.encode(), "sha256") if algorithm == "HS256" else b""
            return f"{text}.{part(mac)}"

        return forge

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
