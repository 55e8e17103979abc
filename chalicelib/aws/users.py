"""Signing in through Amazon Cognito's API, and what people change about their own account. `ports.Users`.

None of these calls is made with a right of ours: a password, a step's session or a token of the person's own
is what opens them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.aws.tokens import Tokens as Verifier
from chalicelib.errors import BadInput
from chalicelib.ports import Challenge, Member, Tokens

WRONG = "this e-mail address and password do not belong together"
CODE = "this code is wrong or too old"
ELSEWHERE = "sso:"
"""Stands before a refresh token that the organisation's own sign-in brought: another client renews it."""
_REFUSED = {
    "NotAuthorizedException",
    "UserNotFoundException",
    "UserNotConfirmedException",
    "PasswordResetRequiredException",
    "InvalidParameterException",
}
_STALE = {
    "NotAuthorizedException",
    "ExpiredCodeException",
    "UserNotFoundException",
    "ResourceNotFoundException",
    "InvalidParameterException",
}
_MISTYPED = {"CodeMismatchException", "EnableSoftwareTokenMFAException"}
_OFTEN = {"LimitExceededException", "TooManyFailedAttemptsException", "TooManyRequestsException"}
_ENDED = {"UnauthorizedException", "UnsupportedTokenTypeException", "InvalidParameterException"}


class CognitoUsers:
    """`client` gives the low-level `cognito-idp` client; it is asked for on first use. `sso_client_id` is the
    pool's client for the organisation's own sign-in, "" where there is none."""

    def __init__(
        self, client: Callable[[], Any], *, client_id: str, sso_client_id: str = "", tokens: Verifier
    ) -> None:
        self._client = client
        self._client_id = client_id
        self._sso_client_id = sso_client_id
        self._tokens = tokens

    # signing in -----------------------------------------------------------------------------------

    def sign_in(self, email: str, password: str) -> Tokens | Challenge:
        answer = self._call(
            "initiate_auth",
            dict.fromkeys(_REFUSED, BadInput("", WRONG)),
            ClientId=self._client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )
        return _step(answer, email)

    def new_password(self, challenge: Challenge, password: str, name: str) -> Tokens | Challenge:
        """The name is set with the new session and then read into a fresh token: Cognito would take it
        with the password too, emulators do not."""
        step = self._respond(challenge, NEW_PASSWORD=password)
        if isinstance(step, Challenge):
            return step
        attributes = [{"Name": "name", "Value": name}]
        self._call("update_user_attributes", _stale(), AccessToken=step.access, UserAttributes=attributes)
        return replace(self.refresh(step.refresh), refresh=step.refresh)

    def code(self, challenge: Challenge, code: str) -> Tokens:
        return _done(self._respond(challenge, SOFTWARE_TOKEN_MFA_CODE=code))

    def begin_setup(self, challenge: Challenge) -> tuple[str, Challenge]:
        answer = self._call("associate_software_token", _stale(), Session=challenge.session)
        return answer["SecretCode"], replace(challenge, session=answer["Session"])

    def end_setup(self, challenge: Challenge, code: str) -> Tokens:
        answer = self._call("verify_software_token", _stale(), Session=challenge.session, UserCode=code)
        return _done(self._respond(replace(challenge, session=answer["Session"])))

    def refresh(self, token: str) -> Tokens:
        plain = token.removeprefix(ELSEWHERE)
        answer = self._call(
            "initiate_auth",
            dict.fromkeys(_REFUSED, BadInput("", "the session has ended")),
            ClientId=self._client_of(token),
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": plain},
        )
        return _done(_step(answer, ""))

    def member(self, id_token: str, now: datetime, nonce: str = "") -> Member:
        return self._tokens.member(id_token, now, nonce)

    def sign_out(self, refresh_token: str) -> None:
        """Revoking the refresh token ends it and every access token that was made from it."""
        token = refresh_token.removeprefix(ELSEWHERE)
        try:
            self._call(
                "revoke_token",
                dict.fromkeys(_ENDED, _Gone()),
                ClientId=self._client_of(refresh_token),
                Token=token,
            )
        except _Gone:
            return

    # a password that was forgotten ----------------------------------------------------------------

    def forgot(self, email: str) -> None:
        try:
            silent = dict.fromkeys(_REFUSED | _OFTEN | {"CodeDeliveryFailureException"}, _Gone())
            self._call("forgot_password", silent, ClientId=self._client_id, Username=email)
        except _Gone:
            return  # nobody is told whether we know them

    def reset(self, email: str, code: str, password: str) -> None:
        wrong = dict.fromkeys(_STALE | _OFTEN | _MISTYPED | _REFUSED, BadInput("code", CODE))
        self._call(
            "confirm_forgot_password",
            wrong,
            ClientId=self._client_id,
            Username=email,
            ConfirmationCode=code,
            Password=password,
        )

    # one's own second factor ----------------------------------------------------------------------

    def enrol(self, access: str) -> str:
        return str(self._call("associate_software_token", _stale(), AccessToken=access)["SecretCode"])

    def prove(self, access: str, code: str) -> None:
        self._call("verify_software_token", _stale(), AccessToken=access, UserCode=code)

    def ask_code(self, access: str, *, wanted: bool) -> None:
        setting = {"Enabled": wanted, "PreferredMfa": wanted}
        self._call("set_user_mfa_preference", _stale(), AccessToken=access, SoftwareTokenMfaSettings=setting)

    def has_second_factor(self, access: str) -> bool:
        found = self._call("get_user", _stale(), AccessToken=access)
        return "SOFTWARE_TOKEN_MFA" in found.get("UserMFASettingList", ())

    # calls ----------------------------------------------------------------------------------------

    def _respond(self, challenge: Challenge, **answers: str) -> Tokens | Challenge:
        answer = self._call(
            "respond_to_auth_challenge",
            _stale(),
            ClientId=self._client_id,
            ChallengeName=challenge.name,
            Session=challenge.session,
            ChallengeResponses={"USERNAME": challenge.email, **answers},
        )
        return _step(answer, challenge.email)

    def _client_of(self, refresh_token: str) -> str:
        return self._sso_client_id if refresh_token.startswith(ELSEWHERE) else self._client_id

    def _call(self, name: str, expected: Mapping[str, Exception], **parameters: Any) -> Mapping[str, Any]:
        """One call; raises what is `expected` for a refusal by its code, BadInput for a weak password."""
        from botocore.exceptions import ClientError, ParamValidationError

        try:
            answer: Mapping[str, Any] = getattr(self._client(), name)(**parameters)
        except ParamValidationError:
            raise next(iter(expected.values())) from None
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            if code == "InvalidPasswordException":
                raise BadInput("password", "this password is too weak") from None
            if code in expected:
                raise expected[code] from None
            raise
        return answer


class _Gone(Exception):
    """It had ended already, or is nobody's to know."""


def _stale() -> dict[str, Exception]:
    stale = BadInput("", "this step took too long; sign in again")
    wrong = BadInput("code", CODE)
    return {**dict.fromkeys(_STALE, stale), **dict.fromkeys(_MISTYPED | _OFTEN, wrong)}


def _step(answer: Mapping[str, Any], email: str) -> Tokens | Challenge:
    if name := answer.get("ChallengeName"):
        return Challenge(name=name, session=answer.get("Session", ""), email=email)
    found = answer["AuthenticationResult"]
    return Tokens(id=found["IdToken"], access=found["AccessToken"], refresh=found.get("RefreshToken", ""))


def _done(step: Tokens | Challenge) -> Tokens:
    if isinstance(step, Challenge):
        raise BadInput("", f"one more step: {step.name}")
    return step
