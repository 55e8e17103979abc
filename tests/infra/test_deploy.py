"""The deploy program shows before it does, does what it showed, and says in words what went wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import deploy
from infra.clients import Client
from infra.deploy import chosen
from infra.package import Package
from infra.stack import Change, DeployError, Stack
from tests.harness.world import BUCKET_NAME
from tests.infra.clouds import CannedCloud, SmallCloud

TEMPLATE = """{"Parameters": {"Stage": {"Type": "String"}, "AlarmEmail": {"Type": "String", "Default": ""}},
"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
"Outputs": {"Stage": {"Value": {"Ref": "Stage"}}, "Email": {"Value": {"Ref": "AlarmEmail"}}}}"""
WIDER = TEMPLATE.replace('"Queue": {', '"Second": {"Type": "AWS::SQS::Queue"}, "Queue": {')


@pytest.fixture
def client() -> Iterator[Client]:
    """moto, but for CloudFormation, which needs half of moto's world to load."""
    import boto3
    from moto import mock_aws

    with mock_aws():
        session: Any = boto3.session.Session(region_name="eu-west-1")
        cloud = SmallCloud(session.client("s3"))
        yield lambda name: cloud if name == "cloudformation" else session.client(name)


@pytest.fixture
def bring_out(client: Client, tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Deploy a template with an answer to the question; what was shown is on `shown`."""

    def bring_out(template: str, answer: bool = True, **parameters: str) -> dict[str, str]:
        made = Package(tmp_path / "sam.json", tmp_path / "deployment.zip")
        made.template.write_text(template)
        made.zip.write_bytes(b"zip")

        def ask(changes: list[Change]) -> bool:
            shown.append(deploy.table(changes))
            return answer

        return deploy.bring_out(
            "test", made, client, parameters=parameters, ask=ask, say=said.append, poll_seconds=0
        )

    shown: list[str] = []
    said: list[str] = []
    bring_out.shown, bring_out.said = shown, said  # type: ignore[attr-defined]
    return bring_out


def test_a_first_deployment_is_shown_asked_and_made(bring_out: Any) -> None:
    outputs = bring_out(TEMPLATE)

    (shown,) = bring_out.shown
    assert shown.split() == ["add", "Queue", "SQS::Queue"]
    assert outputs == {"Stage": "test", "Email": ""}
    assert [line.split() for line in bring_out.said] == [["CREATE_COMPLETE", "Queue"]]


def test_no_means_that_nothing_happened(bring_out: Any, client: Client) -> None:
    with pytest.raises(DeployError, match=r"Nothing was changed"):
        bring_out(TEMPLATE, answer=False)

    assert not client("cloudformation").stack, "not even an empty one"
    assert bring_out(TEMPLATE)["Stage"] == "test", "and one may think again"


def test_the_same_again_asks_nothing(bring_out: Any) -> None:
    first = bring_out(TEMPLATE)

    assert bring_out(TEMPLATE) == first
    assert len(bring_out.shown) == 1


def test_a_change_shows_only_what_changes(bring_out: Any) -> None:
    bring_out(TEMPLATE)
    bring_out(WIDER)

    assert bring_out.shown[1].split() == ["add", "Second", "SQS::Queue"]


def test_what_is_not_given_again_stays(bring_out: Any) -> None:
    bring_out(TEMPLATE, AlarmEmail="ops@example.org")

    assert bring_out(WIDER)["Email"] == "ops@example.org"


def test_packages_lie_in_a_private_bucket_under_their_content(bring_out: Any, client: Client) -> None:
    bring_out(TEMPLATE)
    bring_out(WIDER)

    buckets = client("s3").list_buckets()["Buckets"]
    (bucket,) = (each for each in buckets if each["Name"] != BUCKET_NAME)  # another test's world
    access = client("s3").get_public_access_block(Bucket=bucket["Name"])["PublicAccessBlockConfiguration"]
    keys = [item["Key"] for item in client("s3").list_objects_v2(Bucket=bucket["Name"])["Contents"]]
    assert set(access.values()) == {True}
    assert sorted(key.rsplit(".")[1] for key in keys) == ["json", "json", "zip"], "the same zip once"


# what it says ------------------------------------------------------------------------------------


def test_what_would_be_lost_is_read_first() -> None:
    changes = [
        {"Action": "Add", "LogicalResourceId": "New", "ResourceType": "AWS::SQS::Queue"},
        {
            "Action": "Modify",
            "LogicalResourceId": "Kept",
            "ResourceType": "AWS::IAM::Role",
            "Replacement": "False",
        },
        {"Action": "Remove", "LogicalResourceId": "Old", "ResourceType": "AWS::SQS::Queue"},
        {
            "Action": "Modify",
            "LogicalResourceId": "MainTable",
            "ResourceType": "AWS::DynamoDB::Table",
            "Replacement": "True",
        },
    ]
    cloud = CannedCloud(changes=[{"ResourceChange": change} for change in changes])

    _, read = Stack("webspin-test", cloud.client, poll_seconds=0).propose("bucket", "key.json", {})

    assert [change.name for change in read] == ["MainTable", "Old", "New", "Kept"]
    lines = deploy.table(read).splitlines()
    assert "REPLACED" in lines[0]
    assert "begins EMPTY" in lines[-1]
    assert "begins EMPTY" not in deploy.table(read[1:])


def test_a_refused_template_is_told_with_its_reason() -> None:
    cloud = CannedCloud(change_set="FAILED", reason="Template format error: unresolved dependency")

    with pytest.raises(DeployError, match="unresolved dependency"):
        Stack("webspin-test", cloud.client, poll_seconds=0).propose("bucket", "key.json", {})
    assert "delete_change_set" in cloud.called


def test_no_changes_are_no_fault() -> None:
    cloud = CannedCloud(change_set="FAILED", reason="The submitted information didn't contain changes.")

    proposed = Stack("webspin-test", cloud.client, poll_seconds=0).propose("bucket", "key.json", {})
    assert proposed == ("", [])


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "DELETE_FAILED"])
def test_a_left_over_stack_is_told_with_the_way_out(status: str) -> None:
    cloud = CannedCloud(status=status)

    with pytest.raises(DeployError, match=r"delete-stack --stack-name webspin-test"):
        Stack("webspin-test", cloud.client, poll_seconds=0).propose("bucket", "key.json", {})


def test_a_failed_deployment_tells_the_first_cause_and_what_to_do() -> None:
    quota = (
        "Specified ReservedConcurrentExecutions decreases account's UnreservedConcurrentExecution below 10"
    )
    cloud = CannedCloud(
        status="UPDATE_ROLLBACK_COMPLETE",
        events=[
            ("4", "MainTable", "CREATE_FAILED", "Resource creation cancelled"),
            ("3", "ReceiveWebhook", "CREATE_FAILED", quota),
            ("2", "PollQueue", "CREATE_COMPLETE", ""),
            ("1", "webspin-test", "REVIEW_IN_PROGRESS", ""),
        ],
        seen_first="1",
    )
    said: list[str] = []

    with pytest.raises(DeployError) as told:
        Stack("webspin-test", cloud.client, poll_seconds=0).apply("change-set", said.append)

    assert str(told.value).startswith("webspin-test is UPDATE_ROLLBACK_COMPLETE: ReceiveWebhook:")
    assert "Service Quotas" in str(told.value)
    assert [line.split()[:2] for line in said] == [
        ["CREATE_COMPLETE", "PollQueue"],
        ["CREATE_FAILED", "ReceiveWebhook:"],
        ["CREATE_FAILED", "MainTable:"],
    ]


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"AWS_DEFAULT_REGION": "", "AWS_REGION": ""}, "Which region"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "No AWS credentials"),
    ],
)
def test_without_an_account_it_says_how_to_sign_in(
    variables: dict[str, str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name, value in variables.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)

    assert deploy.main(["--stage", "test"]) == 1
    assert told in capsys.readouterr().err


def test_a_bad_brand_file_stops_it_before_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "brand.yaml"
    file.write_text("name: 7\nzone: Europe/Nowhere\n")

    assert deploy.main(["--brand", str(file)]) == 2
    told = capsys.readouterr().err
    assert str(file) in told
    assert "line 2" in told


# people ------------------------------------------------------------------------------------------


def test_the_first_administrator_is_invited_once(client: Client) -> None:
    cognito = client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="test")["UserPool"]["Id"]
    cognito.create_group(UserPoolId=pool, GroupName="administrator")

    first = deploy.add_administrator(pool, "sanne@example.org", "Sanne", client)
    again = deploy.add_administrator(pool, "sanne@example.org", "Sanne", client)

    assert "invited" in first
    assert "there already" in again
    (user,) = cognito.list_users_in_group(UserPoolId=pool, GroupName="administrator")["Users"]
    told = {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}
    assert (told["email"], told["name"], told["email_verified"]) == ("sanne@example.org", "Sanne", "true")


def test_settings_are_given_by_name_and_secrets_by_their_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_SECRET", "fake=secret")
    given = [
        "SecondFactor=required",
        "SsoOidcSecret=env:OIDC_SECRET",
        "SsoSamlMetadata=https://x.example/?a=b",
    ]
    assert chosen(given, {}) == {
        "SecondFactor": "required",
        "SsoOidcSecret": "fake=secret",
        "SsoSamlMetadata": "https://x.example/?a=b",
    }
    console = {"ConsoleUrl": "https://abc.example/api/"}
    assert chosen(["SsoDomain=deeg"], console)["ConsoleUrl"] == "https://abc.example/api/"
    own = ["SsoDomain=deeg", "ConsoleUrl=https://own.example/"]
    assert chosen(own, console)["ConsoleUrl"] == "https://own.example/"


@pytest.mark.parametrize(
    "given", ["SecondFactor", "=x", "Sso Domain=x", "SsoOidcSecret=env:NOT_SET", "SsoDomain=deeg"]
)
def test_a_setting_that_cannot_be_used_stops_before_anything_is_done(given: str) -> None:
    with pytest.raises(DeployError):
        chosen([given], {})
