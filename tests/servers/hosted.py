"""The sign-in page that Cognito hosts, with the organisation's own behind it: codes once, PKCE, its keys.

`let_in` plays the person who signs in there: it takes the address a browser was sent to, and gives the one
that it comes back to.
"""

import json
import secrets
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import RSAAlgorithm

from tests.servers.base import Reply, Request, Server

CLIENT = "ssoclient"
CALLBACK = "http://127.0.0.1:4580/sign-in/back"


class Hosted(Server):
    """`now` is the epoch second its tokens are made at; `claims` change what they say."""

    def __init__(self) -> None:
        super().__init__()
        self.key = generate_private_key(65537, 2048)
        self.codes: dict[str, dict[str, str]] = {}
        """What was asked for, by code, until it is used."""
        self.now = int(time.time())
        self.claims: dict[str, Any] = {}
        self.broken = 0
        """The HTTP status of its answers, if they are to fail."""

    @property
    def issuer(self) -> str:
        return f"{self.url}/pool"

    @property
    def keys(self) -> str:
        return f"{self.url}/pool/.well-known/jwks.json"

    def let_in(self, address: str) -> str:
        """Raises ValueError for what the real one refuses to show."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        fine = (asked["response_type"], asked["client_id"], asked["redirect_uri"]) == (
            "code",
            CLIENT,
            CALLBACK,
        )
        if (
            not fine
            or asked["code_challenge_method"] != "S256"
            or urlsplit(address).path != "/oauth2/authorize"
        ):
            raise ValueError(address)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{CALLBACK}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, request: Request) -> Reply:
        if self.broken:
            return Reply(self.broken)
        if request.path == "/pool/.well-known/jwks.json":
            key = {**RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True), "kid": "k1", "alg": "RS256"}
            return Reply(body=json.dumps({"keys": [key]}).encode())
        if (request.method, request.path) != ("POST", "/oauth2/token"):
            return Reply(404)
        given = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        asked = self.codes.pop(given.get("code", ""), None)
        if asked is None or not _proves(given, asked):
            return Reply(400, b'{"error":"invalid_grant"}')
        found = {"id_token": self._token(asked), "access_token": "access", "refresh_token": "refresh"}
        return Reply(body=json.dumps({**found, "token_type": "Bearer"}).encode())

    def _token(self, asked: dict[str, str]) -> str:
        claims = {
            "sub": "7",
            "iss": self.issuer,
            "aud": CLIENT,
            "token_use": "id",
            "iat": self.now,
            "exp": self.now + 3600,
            "nonce": asked["nonce"],
            "email": "vera@veldermeer.example",
            "name": "Vera Smit",
            "cognito:username": "organisation_7",
            "identities": [{"providerName": "organisation", "userId": "7"}],
            **self.claims,
        }
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "k1"})


def _proves(given: dict[str, str], asked: dict[str, str]) -> bool:
    """Who has the code must also have what it was asked with (RFC 7636)."""
    proof = urlsafe_b64encode(sha256(given.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
    same = given.get("client_id") == CLIENT and given.get("redirect_uri") == CALLBACK
    return same and given.get("grant_type") == "authorization_code" and proof == asked["code_challenge"]
