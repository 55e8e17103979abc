"""Signing in through Cognito, and tokens that others made up (S20)."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm
from moto.utilities.utils import load_resource

from chalicelib.aws.clients import client
from chalicelib.aws.tokens import ASK_AGAIN, Tokens as Verifier
from chalicelib.aws.users import CognitoUsers
from chalicelib.errors import BadInput, Lost, WebspinError
from chalicelib.ports import Answer, Challenge, Tokens
from tests.harness.world import World

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_fake"
KEYS = "https://keys.example/jwks.json"
CLIENT = "fakeclient"
EMAIL = "sam@veldermeer.example"
FIRST, OWN = "First-of-all-1", "plainly a Fake password 1"


@cache
def ours() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@cache
def theirs() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def public(kid: str, key: RSAPrivateKey) -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "RS256"}


class Door:
    """`ports.Http` that serves keys and remembers what it was asked for."""

    def __init__(self, *keys: Mapping[str, Any]) -> None:
        self.keys = list(keys)
        self.asked: list[str] = []
        self.status = 200

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 10,
        max_bytes: int = 2_000_000,
        redirects: int = 3,
    ) -> Answer:
        self.asked.append(f"{method} {url}")
        if self.status == 0:
            raise Lost("no answer")
        return Answer(self.status, {}, json.dumps({"keys": self.keys}).encode(), url)


def users(door: Door, issuer: str = ISSUER, client_id: str = CLIENT) -> CognitoUsers:
    idp = lambda: client("cognito-idp")  # noqa: E731
    tokens = Verifier(client_ids=(client_id,), jwks_url=KEYS, issuer=issuer, http=door)
    return CognitoUsers(idp, client_id=client_id, tokens=tokens)


def claims(**changes: Any) -> dict[str, Any]:
    whole = {
        "sub": "1",
        "iss": ISSUER,
        "aud": CLIENT,
        "token_use": "id",
        "exp": int((NOW + timedelta(hours=1)).timestamp()),
        "email": EMAIL,
        "name": "Sam de Wit",
        "cognito:groups": ["administrators"],
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def signed(given: Mapping[str, Any], key: Any = None, alg: str = "RS256", kid: str | None = "k1") -> str:
    return jwt.encode(dict(given), key or ours(), algorithm=alg, headers={"kid": kid} if kid else {})


def by_hand(header: Mapping[str, Any], given: Mapping[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(given).encode(), signature]
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def hs256_with_our_public_key() -> str:
    """The old trick: our public key as if it were a shared secret."""
    import hmac

    pem = ours().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    unsigned = by_hand({"alg": "HS256", "kid": "k1"}, claims()).rstrip(".")
    mac = hmac.digest(pem, unsigned.encode(), "sha256")
    return f"{unsigned}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def test_a_token_of_ours_names_its_member() -> None:
    member = users(Door(public("k1", ours()))).member(signed(claims()), NOW)
    assert (member.id, member.email, member.name) == ("1", EMAIL, "Sam de Wit")
    assert member.groups == ("administrators",)
    assert users(Door(public("k1", ours()))).member(signed(claims(name=None)), NOW).name == EMAIL


@pytest.mark.parametrize(
    "forged",
    [
        lambda: by_hand({"alg": "none", "kid": "k1"}, claims()),
        lambda: by_hand({"alg": "None", "kid": "k1"}, claims(), b"x"),
        hs256_with_our_public_key,
        lambda: signed(claims(), key="a shared secret of thirty-two bytes!", alg="HS256"),
        lambda: signed(claims(), key=theirs()),
        lambda: signed(claims(), alg="RS512"),
        lambda: signed(claims(), alg="PS256"),
        lambda: signed(claims(), kid=None),
        lambda: signed(claims(), kid="k2"),
        lambda: signed(claims(), kid="../../../../dev/null"),
        lambda: signed(claims(), kid="https://evil.example/jwks.json"),
        lambda: by_hand({"alg": "RS256", "kid": ["k1"]}, claims(), b"x"),
        lambda: by_hand({"alg": "RS256", "kid": "k2", "jwk": public("k2", theirs())}, claims(), b"x"),
        lambda: signed(claims(iss="https://cognito-idp.eu-west-1.amazonaws.com/another")),
        lambda: signed(claims(iss=None)),
        lambda: signed(claims(aud="another")),
        lambda: signed(claims(aud=None)),
        lambda: signed(claims(aud=[])),
        lambda: signed(claims(aud=[CLIENT])),
        lambda: signed(claims(aud=[CLIENT, "another"])),
        lambda: signed(claims(iss=ISSUER + "/")),
        lambda: signed(claims(aud=None, client_id=CLIENT)),
        lambda: signed(claims(sub="")),
        lambda: signed(claims(sub=1)),
        lambda: signed(claims(exp="never")),
        lambda: signed(claims(exp=[4_000_000_000])),
        lambda: signed(claims(token_use="access")),
        lambda: signed(claims(token_use=None)),
        lambda: signed(claims(exp=int(NOW.timestamp()))),
        lambda: signed(claims(exp=0)),
        lambda: signed(claims(exp=None)),
        lambda: signed(claims(exp=True)),
        lambda: signed(claims(sub=None)),
        lambda: signed(claims()) + "x",
        lambda: signed(claims())[:-9],
        lambda: signed(claims(more="x" * 9000)),
        lambda: "",
        lambda: "a.b.c",
        lambda: "é.é.é",
    ],
)
def test_s20_a_forged_token_is_nobodys(forged: Callable[[], str]) -> None:
    door = Door(public("k1", ours()))
    with pytest.raises(BadInput):
        users(door).member(forged(), NOW)
    assert set(door.asked) <= {f"GET {KEYS}"}


def test_keys_are_kept_and_an_unknown_one_asks_again_at_most_every_five_minutes() -> None:
    door = Door(public("k1", ours()))
    known = users(door)
    known.member(signed(claims()), NOW)
    known.member(signed(claims()), NOW + timedelta(minutes=30))
    assert len(door.asked) == 1
    door.keys.append(public("k2", theirs()))
    fresh = signed(claims(), key=theirs(), kid="k2")
    with pytest.raises(BadInput):
        known.member(fresh, NOW + ASK_AGAIN - timedelta(seconds=1))
    assert len(door.asked) == 1
    assert known.member(fresh, NOW + ASK_AGAIN).id == "1"
    assert len(door.asked) == 2


@pytest.mark.parametrize("status", [0, 500])
def test_keys_that_cannot_be_read_are_our_fault_and_not_the_visitors(status: int) -> None:
    door = Door(public("k1", ours()))
    door.status = status
    known = users(door)
    with pytest.raises(WebspinError, match="keys of the user pool"):
        known.member(signed(claims()), NOW)
    door.status = 200
    assert known.member(signed(claims()), NOW).id == "1"


@pytest.fixture
def pool(aws: World) -> CognitoUsers:
    """Sam was invited, and has the password from the mail."""
    idp = client("cognito-idp")
    made = idp.create_user_pool(PoolName="p", UsernameAttributes=["email"])["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    its = idp.create_user_pool_client(
        UserPoolId=made, ClientName="c", ExplicitAuthFlows=flows, ReadAttributes=["email", "name"]
    )
    idp.admin_create_user(
        UserPoolId=made,
        Username=EMAIL,
        TemporaryPassword=FIRST,
        UserAttributes=[{"Name": "email", "Value": EMAIL}],
    )
    keys = load_resource("cognitoidp/resources/jwks-public.json")["keys"]
    issuer = f"https://cognito-idp.eu-west-1.amazonaws.com/{made}"
    return users(Door(*keys), issuer, its["UserPoolClient"]["ClientId"])


def _welcome(pool: CognitoUsers) -> Tokens:
    challenge = pool.sign_in(EMAIL, FIRST)
    assert isinstance(challenge, Challenge)
    assert (challenge.name, challenge.email) == ("NEW_PASSWORD_REQUIRED", EMAIL)
    tokens = pool.new_password(challenge, OWN, "Sam de Wit")
    assert isinstance(tokens, Tokens)
    return tokens


def test_the_first_time_a_password_of_ones_own_is_chosen(pool: CognitoUsers) -> None:
    _welcome(pool)
    tokens = pool.sign_in(EMAIL, OWN)
    assert isinstance(tokens, Tokens)
    member = pool.member(tokens.id, datetime.now(UTC))
    assert (member.email, member.name) == (EMAIL, "Sam de Wit")


def test_a_session_is_refreshed_until_it_is_ended(pool: CognitoUsers) -> None:
    tokens = _welcome(pool)
    fresh = pool.refresh(tokens.refresh)
    assert pool.member(fresh.id, datetime.now(UTC)).email == EMAIL
    with pytest.raises(BadInput):
        pool.refresh("made up")


def test_nobody_can_tell_an_unknown_person_from_a_wrong_password(pool: CognitoUsers) -> None:
    _welcome(pool)
    said = []
    for email, password in [(EMAIL, "wrong"), ("nobody@veldermeer.example", OWN), ("", ""), (EMAIL, "")]:
        with pytest.raises(BadInput) as refused:
            pool.sign_in(email, password)
        said.append(str(refused.value))
    assert len(set(said)) == 1


@pytest.mark.parametrize(
    ("code", "field"), [("NotAuthorizedException", ""), ("InvalidPasswordException", "password")]
)
def test_a_step_that_is_refused_says_why(pool: CognitoUsers, code: str, field: str) -> None:
    """As Cognito itself answers to an old session and a weak password; moto does neither."""
    with Stubber(client("cognito-idp")) as cognito:
        cognito.add_client_error("respond_to_auth_challenge", code)
        with pytest.raises(BadInput) as refused:
            pool.new_password(
                Challenge("NEW_PASSWORD_REQUIRED", "a-session-of-twenty-letters", EMAIL), OWN, "Sam"
            )
    assert refused.value.field == field


@pytest.mark.parametrize("code", [None, "UnauthorizedException"])
def test_signing_out_twice_is_signing_out(pool: CognitoUsers, code: str | None) -> None:
    asked = {"ClientId": ANY, "Token": "refresh"}
    with Stubber(client("cognito-idp")) as cognito:
        if code:
            cognito.add_client_error("revoke_token", code, expected_params=asked)
        else:
            cognito.add_response("revoke_token", {}, asked)
        pool.sign_out("refresh")
        cognito.assert_no_pending_responses()


def test_a_fault_of_cognito_is_not_taken_for_a_refusal(pool: CognitoUsers) -> None:
    with Stubber(client("cognito-idp")) as cognito:
        cognito.add_client_error("initiate_auth", "InternalErrorException", http_status_code=500)
        with pytest.raises(ClientError):
            pool.sign_in(EMAIL, OWN)
