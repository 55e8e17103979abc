"""Accounts in a user pool, and the own second factor, on moto."""

from datetime import UTC, datetime

import pytest
from botocore.stub import Stubber

from chalicelib.aws.clients import client
from chalicelib.aws.colleagues import Pool
from chalicelib.aws.users import CognitoUsers
from chalicelib.domain.roles import Role
from chalicelib.errors import BadInput, NotFound
from chalicelib.ports import Challenge, Tokens
from tests.aws.test_users import CLIENT, Door, users
from tests.harness.world import World

EMAIL, PASSWORD = "noor@veldermeer.example", "plainly a Fake password 1"


@pytest.fixture
def pool(aws: World) -> str:
    idp = client("cognito-idp")
    made = idp.create_user_pool(PoolName="p", UsernameAttributes=["email"], MfaConfiguration="OPTIONAL")
    id = str(made["UserPool"]["Id"])
    for role in Role:
        idp.create_group(UserPoolId=id, GroupName=role.value)
    return id


@pytest.fixture
def team(pool: str) -> Pool:
    return Pool(lambda: client("cognito-idp"), pool)


def sign_in(pool: str) -> tuple[CognitoUsers, Tokens]:
    """Noor with a password of her own."""
    idp = client("cognito-idp")
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    made = idp.create_user_pool_client(UserPoolId=pool, ClientName="c", ExplicitAuthFlows=flows)
    idp.admin_set_user_password(UserPoolId=pool, Username=EMAIL, Password=PASSWORD, Permanent=True)
    own = users(Door(), client_id=made["UserPoolClient"]["ClientId"])
    tokens = own.sign_in(EMAIL, PASSWORD)
    assert isinstance(tokens, Tokens)
    return own, tokens


def test_who_is_invited_is_found_by_id_and_stays_who_they_were(team: Pool) -> None:
    noor = team.invite(EMAIL, "Noor Bos")
    assert (noor.email, noor.name, noor.role, noor.invited, noor.enabled) == (
        EMAIL,
        "Noor Bos",
        None,
        True,
        True,
    )
    assert team.invite(EMAIL, "Somebody else").name == "Noor Bos"
    assert team.get(noor.id) == noor
    assert [each.id for each in team.all()] == [noor.id]
    for id in ("nobody", '" or sub ^= "', "x" * 99, ""):
        with pytest.raises(NotFound):
            team.get(id)
    with pytest.raises(BadInput):
        team.invite("", "Nobody")


def test_one_role_at_a_time_and_none_when_it_is_taken_back(team: Pool, pool: str) -> None:
    noor = team.invite(EMAIL, "Noor")
    for role in (Role.AGENT, Role.ADMINISTRATOR, Role.AGENT, None, None):
        team.set_role(noor, role)
        assert team.get(noor.id).role is role
        (listed,) = team.all()
        assert listed.role is role
        groups = client("cognito-idp").admin_list_groups_for_user(UserPoolId=pool, Username=noor.username)
        assert len(groups["Groups"]) == bool(role)


def test_an_administrator_who_is_let_in_no_longer_is_none(team: Pool) -> None:
    noor = team.invite(EMAIL, "Noor")
    team.set_role(noor, Role.ADMINISTRATOR)
    assert team.administrators() == [noor.id]
    team.disable(noor)
    assert team.administrators() == []
    assert not team.get(noor.id).enabled
    team.enable(noor)
    assert team.administrators() == [noor.id]


def test_signed_out_everywhere_no_session_goes_on(team: Pool, pool: str) -> None:
    team.invite(EMAIL, "Noor")
    own, tokens = sign_in(pool)
    own.refresh(tokens.refresh)
    team.sign_out(EMAIL)  # on AWS by username; moto forgets who that is
    with pytest.raises(BadInput):
        own.refresh(tokens.refresh)


def test_a_second_factor_counts_once_it_was_shown_and_is_asked_for_from_then_on(
    team: Pool, pool: str
) -> None:
    noor = team.invite(EMAIL, "Noor")
    own, tokens = sign_in(pool)
    assert own.enrol(tokens.access)
    assert not own.has_second_factor(tokens.access)
    own.prove(tokens.access, "123456")
    own.ask_code(tokens.access, wanted=True)
    assert own.has_second_factor(tokens.access)
    assert team.get(noor.id).second_factor is True
    step = own.sign_in(EMAIL, PASSWORD)
    assert isinstance(step, Challenge)
    assert step.name == "SOFTWARE_TOKEN_MFA"
    fresh = own.code(step, "123456")
    own.ask_code(fresh.access, wanted=False)
    assert isinstance(own.sign_in(EMAIL, PASSWORD), Tokens)


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("CodeMismatchException", "code"),
        ("EnableSoftwareTokenMFAException", "code"),
        ("TooManyRequestsException", "code"),
        ("NotAuthorizedException", ""),
        ("ExpiredCodeException", ""),
    ],
)
def test_a_code_that_is_refused_says_whether_to_try_again(code: str, field: str, aws: World) -> None:
    """As Cognito answers; moto takes every code."""
    own = users(Door(), client_id=CLIENT)
    step = Challenge("SOFTWARE_TOKEN_MFA", "a-session-of-twenty-letters", EMAIL)
    with Stubber(client("cognito-idp")) as cognito:
        cognito.add_client_error("respond_to_auth_challenge", code)
        with pytest.raises(BadInput) as refused:
            own.code(step, "123456")
    assert refused.value.field == field


def test_a_required_second_factor_is_set_up_while_signing_in(aws: World) -> None:
    """The steps as Cognito gives them; moto and the emulator let people in without."""
    own = users(Door(), client_id=CLIENT)
    step = Challenge("MFA_SETUP", "a-session-of-twenty-letters", EMAIL)
    result = {"AuthenticationResult": {"IdToken": "id", "AccessToken": "access", "RefreshToken": "refresh"}}
    with Stubber(client("cognito-idp")) as cognito:
        cognito.add_response(
            "associate_software_token",
            {"SecretCode": "SECRETSECRETSECRET", "Session": "the-second-of-twenty-letters"},
            {"Session": step.session},
        )
        secret, later = own.begin_setup(step)
        assert (secret, later.session) == ("SECRETSECRETSECRET", "the-second-of-twenty-letters")
        asked = {"Session": later.session, "UserCode": "123456"}
        verified = {"Status": "SUCCESS", "Session": "the-third-of-twenty-letters"}
        cognito.add_response("verify_software_token", verified, asked)
        answer = {
            "ClientId": CLIENT,
            "ChallengeName": "MFA_SETUP",
            "Session": "the-third-of-twenty-letters",
            "ChallengeResponses": {"USERNAME": EMAIL},
        }
        cognito.add_response("respond_to_auth_challenge", result, answer)
        assert own.end_setup(later, "123456") == Tokens("id", "access", "refresh")
        cognito.assert_no_pending_responses()


def test_a_forgotten_password_is_replaced_and_nobody_hears_whom_we_know(team: Pool, pool: str) -> None:
    team.invite(EMAIL, "Noor")
    own, _ = sign_in(pool)
    for email in (EMAIL, "nobody@veldermeer.example", "", "no address"):
        own.forgot(email)
    own.reset(EMAIL, "654321", "another Fake password 1")
    assert isinstance(own.sign_in(EMAIL, "another Fake password 1"), Tokens)


@pytest.mark.parametrize(
    "code",
    ["CodeMismatchException", "ExpiredCodeException", "LimitExceededException", "UserNotFoundException"],
)
def test_every_refused_reset_sounds_the_same(code: str, aws: World) -> None:
    own = users(Door(), client_id=CLIENT)
    with Stubber(client("cognito-idp")) as cognito:
        cognito.add_client_error("confirm_forgot_password", code)
        with pytest.raises(BadInput) as refused:
            own.reset(EMAIL, "123456", PASSWORD)
    assert refused.value.field == "code"


def test_the_token_says_when_it_was_made_and_by_whose_sign_in() -> None:
    from tests.aws.test_users import claims, ours, public, signed

    own = users(Door(public("k1", ours())))
    given = {"iat": 1_795_000_000, "cognito:username": "organisation_7", "identities": [{"userId": "7"}]}
    now = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
    member = own.member(signed(claims(**given)), now)
    assert (member.issued, member.username, member.federated) == (1_795_000_000, "organisation_7", True)
    plain = own.member(signed(claims()), now)
    assert (plain.issued, plain.username, plain.federated) == (0, "1", False)
    own.member(signed(claims(nonce="n")), now, "n")
    for nonce in ("m", None):
        with pytest.raises(BadInput):
            own.member(signed(claims(nonce=nonce)), now, "n")
