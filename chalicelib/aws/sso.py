"""The organisation's own sign-in (SAML or OpenID Connect), through the page that Cognito hosts for it.

An authorization code flow with PKCE: the code alone is worth nothing to who sees it. Implements
`ports.SingleSignOn`.

https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import urlencode

from chalicelib.aws.users import ELSEWHERE
from chalicelib.errors import BadInput, HttpError, WebspinError
from chalicelib.ports import Http, Tokens

SCOPE = "openid email profile"
SECONDS = 8


class HostedSignIn:
    """`host` is the hosted page's address, without a slash at its end; `callback` ours, as the client knows
    it."""

    def __init__(self, *, host: str, client_id: str, provider: str, callback: str, http: Http) -> None:
        self.name = provider
        self._host = host
        self._client_id = client_id
        self._callback = callback
        self._http = http

    def address(self, state: str, nonce: str, verifier: str) -> str:
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._callback,
            "scope": SCOPE,
            "identity_provider": self.name,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._host}/oauth2/authorize?{urlencode(asked)}"

    def tokens(self, code: str, verifier: str) -> Tokens:
        asked = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "redirect_uri": self._callback,
            "code": code,
            "code_verifier": verifier,
        }
        try:
            answer = self._http.request(
                "POST",
                f"{self._host}/oauth2/token",
                headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
                body=urlencode(asked).encode(),
                seconds=SECONDS,
                max_bytes=100_000,
                redirects=0,
            )
        except HttpError as error:
            raise WebspinError(f"the sign-in page cannot be reached: {error}") from error
        if answer.status >= 500:
            raise WebspinError(f"the sign-in page failed: HTTP {answer.status}")
        if answer.status != 200:
            raise BadInput("code", "the sign-in page does not know this code")
        return _tokens(answer.body)


def challenge(verifier: str) -> str:
    """RFC 7636: only who has the verifier can use the code."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def _tokens(body: bytes) -> Tokens:
    try:
        found = json.loads(body)
        id, access, refresh = (found[name] for name in ("id_token", "access_token", "refresh_token"))
    except (ValueError, KeyError, TypeError):
        raise WebspinError("the sign-in page answered with no tokens") from None
    return Tokens(str(id), str(access), ELSEWHERE + str(refresh))
