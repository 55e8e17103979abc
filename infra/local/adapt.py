"""What the local run changes in AWS's template, and does beside it, because the emulator is not AWS.

Everything else is the package and the template that AWS gets.
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from chalicelib.domain.knock import slots
from infra.clients import Client
from infra.deploy import ADMINISTRATOR

EMAIL = "admin@webspin.example"


def adapted(template: Any, *, endpoint: str, code: Path, allow: list[str]) -> Any:
    """The template with the six things a machine of one's own needs.

    The package is found unpacked in the folder `code` (`unpacked.py`); token keys are fetched from the
    emulator; the console names the emulator's address of the webhooks; `http.py` may call the host:port pairs
    in `allow`; queues and bucket may be used without TLS, for loopback has none; and a right to send to a
    queue is spelled out for batches, which on AWS it includes.

    Links into the bucket need nothing: they are signed for `endpoint`, where a Lambda reaches the emulator
    and so does the browser of whoever runs it. They open under that name only, not as 127.0.0.1.
    """
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    variables["JWKS_URL"] = {"Fn::Sub": endpoint + "/${UserPool}/.well-known/jwks.json"}
    variables["PYTHONPATH"] = str(code)
    variables["HTTP_ALLOW"] = ",".join([endpoint.removeprefix("http://"), *allow])
    for variables in _told(template):
        variables["WEBHOOK_URL"] = _served(endpoint.rpartition(":")[2])
    for policy in ("QueuesOverTls", "BucketOverTls"):
        del template["Resources"][policy]
    for statement in _statements(template):
        if "sqs:SendMessage" in statement["Action"]:
            statement["Action"].append("sqs:SendMessageBatch")
    return template


def _told(template: Any) -> list[Any]:
    """The variables of those who know where sources call: the console, and who asks hubs to."""
    names = ("APIHandler", "RelateToPeople")
    return [template["Resources"][name]["Properties"]["Environment"]["Variables"] for name in names]


def _served(port: str) -> Any:
    """As `webhook_url`, in the template's own words."""
    host = {"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::GetAtt": ["ReceiveWebhookUrl", "FunctionUrl"]}]}]}
    name = {"Fn::Select": [0, {"Fn::Split": [".on.aws", host]}]}
    return {"Fn::Join": ["", ["http://", name, f".localhost:{port}/"]]}


def _statements(template: Any) -> Iterator[Any]:
    """Of all rights of all Lambdas."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                yield from policy["PolicyDocument"]["Statement"]


def set_expiry(table: str, client: Client) -> None:
    """The emulator's CloudFormation leaves the table's TTL out."""
    client("dynamodb").update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )


def serve_console(api: str, host: str, client: Client) -> None:
    """Let `http://<host>:<port>/` be the console, without a stage in its path."""
    gateway = client("apigateway")
    if not any(item["domainName"] == host for item in gateway.get_domain_names().get("items", ())):
        gateway.create_domain_name(
            domainName=host,
            regionalCertificateArn="arn:aws:acm:eu-west-1:000000000000:certificate/none",
            endpointConfiguration={"types": ["REGIONAL"]},
        )
    mappings = gateway.get_base_path_mappings(domainName=host).get("items", ())
    if any(item["restApiId"] == api for item in mappings):
        return
    for item in mappings:
        gateway.delete_base_path_mapping(domainName=host, basePath=item["basePath"])
    gateway.create_base_path_mapping(domainName=host, restApiId=api, stage="api")


def verify_sender(address: str, client: Client) -> None:
    """On AWS the owner of an address clicks a link for this."""
    mail = client("sesv2")
    with suppress(mail.exceptions.AlreadyExistsException):
        mail.create_email_identity(EmailIdentity=address)


def sign_in(pool: str, kept: Path, client: Client) -> tuple[str, str]:
    """E-mail and password of the administrator of this machine; made once, kept in a file of the owner's."""
    if kept.exists():
        known = json.loads(kept.read_text())
        if known["pool"] == pool:
            return known["email"], known["password"]
    password = secrets.token_urlsafe(12)
    cognito = client("cognito-idp")
    person = {"UserPoolId": pool, "Username": EMAIL}
    attributes = {"email": EMAIL, "email_verified": "true", "name": "Administrator"}
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            **person,
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
            MessageAction="SUPPRESS",
        )
    cognito.admin_set_user_password(**person, Password=password, Permanent=True)
    cognito.admin_add_user_to_group(**person, GroupName=ADMINISTRATOR)
    write_private(kept, json.dumps({"pool": pool, "email": EMAIL, "password": password}))
    return EMAIL, password


def wake(function: str, stage: str, client: Client) -> None:
    """Do now what a schedule does in its own time, which is long for who looks on; `function` as `tick`."""
    fields = ("version", "account", "region", "detail-type", "source", "time", "id")
    event = {**dict.fromkeys(fields, ""), "detail": {}, "resources": []}
    client("lambda").invoke(
        FunctionName=f"webspin-{stage}-{function}",
        InvocationType="Event",
        Payload=json.dumps(event).encode(),
    )


def webhook_url(outputs: dict[str, str], port: int) -> str:
    """The Function URL as the emulator serves it: it knows the Lambda by the host's name."""
    host = outputs["WebhookUrl"].removeprefix("https://").strip("/")
    return f"http://{host.removesuffix('.on.aws')}.localhost:{port}/"


def hook_secret(brand: str, source: str, stage: str, client: Client) -> str:
    """What a webhook source's calls are signed with: as it was made when the brand was loaded, or renewed."""
    names = [f"/webspin/{stage}/{slot}" for slot in slots(brand, source)]
    found = client("ssm").get_parameters(Names=names, WithDecryption=True)["Parameters"]
    newest = max(found, key=lambda each: each["LastModifiedDate"])
    return str(json.loads(newest["Value"])["secret"])


def write_private(path: Path, text: str) -> None:
    """For its owner's eyes."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w") as out:
        out.write(text)
