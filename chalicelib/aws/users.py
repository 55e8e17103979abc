"""People who work here, in Amazon Cognito. Implements `ports.Users`.

Tokens are verified here, not by an authorizer of API Gateway: emulators wave those through. The keys
come from the pool's JWKS through the guarded `ports.Http` and are kept; an unknown key's name makes
us ask again, at most every five minutes, and is never part of an address.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.errors import BadInput, HttpError, WebspinError
from chalicelib.ports import Challenge, Http, Member, Tokens

ASK_AGAIN = timedelta(minutes=5)
MAX_TOKEN = 8_192
WRONG = "this e-mail address and password do not belong together"
_REFUSED = {
    "NotAuthorizedException",
    "UserNotFoundException",
    "UserNotConfirmedException",
    "PasswordResetRequiredException",
    "InvalidParameterException",
}
_STALE = {"NotAuthorizedException", "CodeMismatchException", "ExpiredCodeException", "UserNotFoundException"}


class CognitoUsers:
    """`client` gives the low-level `cognito-idp` client; it is asked for on first use."""

    def __init__(
        self, client: Callable[[], Any], *, client_id: str, jwks_url: str, issuer: str, http: Http
    ) -> None:
        self._client = client
        self._client_id = client_id
        self._jwks_url = jwks_url
        self._issuer = issuer
        self._http = http
        self._keys: dict[str, Any] = {}
        self._asked: datetime | None = None

    # signing in -----------------------------------------------------------------------------------

    def sign_in(self, email: str, password: str) -> Tokens | Challenge:
        answer = self._call(
            "initiate_auth",
            _REFUSED,
            BadInput("", WRONG),
            ClientId=self._client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )
        return _step(answer, email)

    def new_password(self, challenge: Challenge, password: str, name: str) -> Tokens | Challenge:
        """The name is set with the new session and then read into a fresh token: Cognito would take it
        with the password too, emulators do not."""
        stale = BadInput("", "this step took too long; sign in again")
        answer = self._call(
            "respond_to_auth_challenge",
            _STALE,
            stale,
            ClientId=self._client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=challenge.session,
            ChallengeResponses={"USERNAME": challenge.email, "NEW_PASSWORD": password},
        )
        step = _step(answer, challenge.email)
        if isinstance(step, Challenge):
            return step
        attributes = [{"Name": "name", "Value": name}]
        self._call(
            "update_user_attributes", _STALE, stale, AccessToken=step.access, UserAttributes=attributes
        )
        return replace(self.refresh(step.refresh), refresh=step.refresh)

    def refresh(self, token: str) -> Tokens:
        answer = self._call(
            "initiate_auth",
            _REFUSED,
            BadInput("", "the session has ended"),
            ClientId=self._client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": token},
        )
        step = _step(answer, "")
        if isinstance(step, Challenge):
            raise BadInput("", "the session has ended")
        return step

    def sign_out(self, refresh_token: str) -> None:
        """Revoking the refresh token ends it and every access token that was made from it."""
        gone = {"UnauthorizedException", "UnsupportedTokenTypeException", "InvalidParameterException"}
        try:
            self._call("revoke_token", gone, _Gone(), ClientId=self._client_id, Token=refresh_token)
        except _Gone:
            return

    def _call(self, name: str, expected: set[str], error: Exception, **parameters: Any) -> Mapping[str, Any]:
        """One call; raises `error` for the refusals that were expected, BadInput for a weak password."""
        from botocore.exceptions import ClientError, ParamValidationError

        try:
            answer: Mapping[str, Any] = getattr(self._client(), name)(**parameters)
        except ParamValidationError:
            raise error from None
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            if code == "InvalidPasswordException":
                raise BadInput("password", "this password is too weak") from None
            if code in expected:
                raise error from None
            raise
        return answer

    # verifying ------------------------------------------------------------------------------------

    def member(self, id_token: str, now: datetime) -> Member:
        """`iss`, `aud`, `token_use`, `exp` and `sub` must be there and be right."""
        import jwt

        if len(id_token) > MAX_TOKEN:
            raise BadInput("", "no token of ours")
        try:
            key = self._key(jwt.get_unverified_header(id_token), now)
            claims = jwt.decode(
                id_token,
                key,
                algorithms=["RS256"],
                audience=self._client_id,
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


class _Gone(Exception):
    """The token had ended already."""


def _step(answer: Mapping[str, Any], email: str) -> Tokens | Challenge:
    if name := answer.get("ChallengeName"):
        return Challenge(name=name, session=answer.get("Session", ""), email=email)
    found = answer["AuthenticationResult"]
    return Tokens(id=found["IdToken"], access=found["AccessToken"], refresh=found.get("RefreshToken", ""))


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
    )
