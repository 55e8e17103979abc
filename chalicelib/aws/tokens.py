"""Whose token is this? Verified here, not by an authorizer of API Gateway: emulators wave those through.

The keys come from the pool's JWKS through the guarded `ports.Http` and are kept; an unknown key's name makes
us ask again, at most every five minutes, and is never part of an address.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from chalicelib.errors import BadInput, HttpError, WebspinError
from chalicelib.ports import Http, Member

ASK_AGAIN = timedelta(minutes=5)
MAX_TOKEN = 8_192


class Tokens:
    """`client_ids` are our own clients of the pool: a token for another is not ours."""

    def __init__(self, *, client_ids: tuple[str, ...], jwks_url: str, issuer: str, http: Http) -> None:
        self._client_ids = client_ids
        self._jwks_url = jwks_url
        self._issuer = issuer
        self._http = http
        self._keys: dict[str, Any] = {}
        self._asked: datetime | None = None

    def member(self, id_token: str, now: datetime, nonce: str = "") -> Member:
        """`iss`, `aud`, `token_use`, `exp` and `sub` must be there and be right, and `nonce` if one is asked
        for. Raises BadInput."""
        import jwt

        if len(id_token) > MAX_TOKEN:
            raise BadInput("", "no token of ours")
        try:
            key = self._key(jwt.get_unverified_header(id_token), now)
            claims = jwt.decode(
                id_token,
                key,
                algorithms=["RS256"],
                audience=list(self._client_ids),
                issuer=self._issuer,
                options={
                    "require": ["exp", "iss", "aud", "sub", "token_use"],
                    "verify_exp": False,  # below, on the clock we were given
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            raise BadInput("", "no token of ours") from None
        if type(claims["aud"]) is not str or type(claims["sub"]) is not str or not claims["sub"]:
            raise BadInput("", "no token of ours")
        if nonce and not compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise BadInput("", "no token of ours")
        return _member(claims, now)

    def _key(self, header: Mapping[str, Any], now: datetime) -> Any:
        kid = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str):
            raise BadInput("", "no token of ours")
        if kid not in self._keys and (self._asked is None or now - self._asked >= ASK_AGAIN):
            self._keys = self._fetch()
            self._asked = now
        if kid not in self._keys:
            raise BadInput("", "no token of ours")
        return self._keys[kid]

    def _fetch(self) -> dict[str, Any]:
        from jwt import PyJWK

        try:
            answer = self._http.request("GET", self._jwks_url, seconds=5, max_bytes=100_000, redirects=0)
        except HttpError as error:
            raise WebspinError(f"the keys of the user pool cannot be read: {error}") from error
        if answer.status != 200:
            raise WebspinError(f"the keys of the user pool cannot be read: HTTP {answer.status}")
        rsa = [key for key in json.loads(answer.body)["keys"] if key.get("kty") == "RSA" and key.get("kid")]
        return {key["kid"]: PyJWK.from_dict(key, algorithm="RS256").key for key in rsa}


def _member(claims: Mapping[str, Any], now: datetime) -> Member:
    use, expires = claims["token_use"], claims["exp"]
    if use != "id" or type(expires) not in (int, float):
        raise BadInput("", "no token of ours")
    if expires <= now.timestamp():
        raise BadInput("", "the session has to be refreshed")
    email = str(claims.get("email", ""))
    return Member(
        id=str(claims["sub"]),
        email=email,
        name=str(claims.get("name") or email),
        groups=tuple(str(group) for group in claims.get("cognito:groups", ())),
        issued=claims["iat"] if type(claims.get("iat")) is int else 0,
        username=str(claims.get("cognito:username") or claims["sub"]),
        federated="identities" in claims,
    )
