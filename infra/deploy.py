"""Bring the system out to AWS: show what would change, ask, do it, say how to go on.

    python -m infra.deploy --stage prod [--brand my-brand.yaml] [--alarm-email ops@example.org] [--set N=...]
    python -m infra.deploy admin --stage prod --email you@example.org --name "Your Name"
    python -m infra.deploy brand --stage prod --brand my-brand.yaml [--endpoint http://localhost:8640]

Account and region are those of your AWS credentials. The local run (`infra/local/run.py`) calls
`bring_out` too, with the emulator's clients and no question.
"""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.brandfile.file import BrandFileError, read
from chalicelib.brandfile.made import BrandSetup
from infra import clients
from infra.clients import Client
from infra.package import Package, Say, package
from infra.stack import Change, DeployError, Stack

ADMINISTRATOR = "administrator"


def stack_name(stage: str) -> str:
    return f"webspin-{stage}"


def bring_out(
    stage: str,
    made: Package,
    client: Client,
    *,
    parameters: dict[str, str],
    ask: Callable[[list[Change]], bool],
    say: Say,
    adapt: Callable[[Any], Any] = lambda template: template,
    poll_seconds: float = 3.0,
) -> dict[str, str]:
    """Bring the package out as a stack; return the stack's outputs. Does nothing where all is as it was.

    `ask` sees the changes and says whether to make them; `adapt` may change the template. Raises
    DeployError, also when the answer was no.
    """
    stack = Stack(stack_name(stage), client, poll_seconds=poll_seconds)
    bucket = package_bucket(stage, client)
    parameters = {"Stage": stage, **parameters}
    key = stack.upload(bucket, made, adapt)
    if stack.is_at(key, parameters):
        return stack.outputs()
    change_set, changes = stack.propose(bucket, key, parameters)
    if not change_set:
        return stack.outputs()
    if not ask(changes):
        stack.forget(change_set)
        raise DeployError("Nothing was changed.")
    stack.apply(change_set, say)
    return stack.outputs()


def package_bucket(stage: str, client: Client) -> str:
    """The name of a private bucket for packages; made if there is none.

    Nothing in it expires: a roll-back needs the package before.
    """
    s3 = client("s3")
    region = s3.meta.region_name
    name = f"webspin-{stage}-{client('sts').get_caller_identity()['Account']}-{region}"
    if any(bucket["Name"] == name for bucket in s3.list_buckets()["Buckets"]):
        return name
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **where)
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    return name


def load_brand(setup: BrandSetup, stage: str, client: Client, console: str) -> list[str]:
    """Write brand, sources and secrets through the very adapters that the Lambdas use.

    `console` is where links in mails lead. Returns lines to print.
    """
    from chalicelib.brandfile.load import load

    use_settings(stage, client)
    from chalicelib import wiring

    setup = replace(setup, brand=replace(setup.brand, console_url=console.rstrip("/")))
    return load(
        setup,
        brands=wiring.brands(),
        sources=wiring.sources(),
        secrets=wiring.secrets(),
        tasks=wiring.tasks(),
    )


def use_settings(stage: str, client: Client) -> None:
    """Take over the environment of a deployed Lambda, so that our adapters see the same table and paths."""
    handler = client("lambda").get_function_configuration(FunctionName=f"{stack_name(stage)}-api-handler")
    os.environ.update(handler["Environment"]["Variables"])


# people ------------------------------------------------------------------------------------------


def add_administrator(pool: str, email: str, name: str, client: Client) -> str:
    """Invite somebody as administrator: Cognito mails a first password. Returns what happened, in words."""
    cognito = client("cognito-idp")
    person = {"UserPoolId": pool, "Username": email}
    attributes = {"email": email, "email_verified": "true", "name": name}
    try:
        cognito.admin_create_user(
            **person,
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
            DesiredDeliveryMediums=["EMAIL"],
        )
        told = f"{email} is invited: a mail with a first password is on its way."
    except cognito.exceptions.UsernameExistsException:
        told = f"{email} was there already, and is administrator now."
    cognito.admin_add_user_to_group(**person, GroupName=ADMINISTRATOR)
    return told


# the command -------------------------------------------------------------------------------------


def table(changes: list[Change]) -> str:
    lines = [change.line for change in changes]
    if any(change.replacement == "True" for change in changes):
        lines.append("\n  A replaced table or user pool keeps its data, but the new one begins EMPTY.")
    return "\n".join(lines)


def chosen(given: list[str], outputs: dict[str, str]) -> dict[str, str]:
    """Settings of the template, from `Name=value`; `env:NAME` is the value of a variable, for secrets.

    Single sign-on comes back to the console, whose address is known once it is there. Raises DeployError.
    """
    found = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.isidentifier():
            raise DeployError(f"{each}: write it as Name=value")
        variable = value.removeprefix("env:")
        if variable != value and not os.environ.get(variable):
            raise DeployError(f"{name}: the variable {variable} is empty")
        found[name] = os.environ[variable] if variable != value else value
    if found.get("SsoDomain") and not found.get("ConsoleUrl"):
        if "ConsoleUrl" not in outputs:
            raise DeployError("Deploy once without single sign-on; then the console has an address.")
        found["ConsoleUrl"] = outputs["ConsoleUrl"]
    return found


def _ask(changes: list[Change]) -> bool:
    print(table(changes))
    return input(f"\nMake these {len(changes)} changes? [y/N] ").strip().lower() in ("y", "yes", "j", "ja")


def _deploy(options: argparse.Namespace) -> None:
    setup = read(options.brand, now=datetime.now(UTC)) if options.brand else None
    client = clients.aws()
    account = client("sts").get_caller_identity()["Account"]
    print(f"Webspin, stage {options.stage}, to AWS account {account} in {client('s3').meta.region_name}")
    made = package(options.stage)
    parameters = chosen(options.set, Stack(stack_name(options.stage), client).outputs())
    parameters |= {"AlarmEmail": options.alarm_email} if options.alarm_email else {}
    outputs = bring_out(options.stage, made, client, parameters=parameters, ask=_ask, say=print)
    if setup:
        print("\n".join(load_brand(setup, options.stage, client, outputs["ConsoleUrl"])))
    print(f"""
  Console    {outputs["ConsoleUrl"]}
  Webhooks   {outputs["WebhookUrl"]}<brand>/<source>

The first administrator, who can then invite others:
  make admin STAGE={options.stage} EMAIL=you@example.org NAME="Your Name"
""")


def _admin(options: argparse.Namespace) -> None:
    client = clients.aws()
    outputs = _outputs(options.stage, client)
    print(add_administrator(outputs["UserPoolId"], options.email, options.name, client))


def _brand(options: argparse.Namespace) -> None:
    setup = read(options.brand, now=datetime.now(UTC))
    client = clients.emulated(options.endpoint) if options.endpoint else clients.aws()
    console = _outputs(options.stage, client)["ConsoleUrl"]
    if options.endpoint:
        os.environ.update(clients.emulated_variables(options.endpoint))
        console = options.endpoint.replace("localhost", "127.0.0.1")
    print("\n".join(load_brand(setup, options.stage, client, console)))


def _outputs(stage: str, client: Client) -> dict[str, str]:
    if found := Stack(stack_name(stage), client).outputs():
        return found
    raise DeployError(f"There is no stage {stage} here. Deploy it first.")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description="Bring Webspin out to AWS.")
    parser.set_defaults(do=_deploy)
    parser.add_argument("--stage", default="prod")
    parser.add_argument("--brand", type=Path, help="a brand's file to load afterwards")
    parser.add_argument("--alarm-email", default="", help="who hears of dead letters")
    parser.add_argument(
        "--set", nargs="*", default=[], metavar="Name=value", help="see the runbook, Colleagues"
    )
    commands = parser.add_subparsers()
    admin = commands.add_parser("admin", help="invite the first administrator")
    admin.set_defaults(do=_admin)
    admin.add_argument("--stage", default="prod")
    admin.add_argument("--email", required=True)
    admin.add_argument("--name", required=True, help="what approvals are signed with")
    brand = commands.add_parser("brand", help="load or change a brand")
    brand.set_defaults(do=_brand)
    brand.add_argument("--stage", default="prod")
    brand.add_argument("--brand", type=Path, required=True)
    brand.add_argument("--endpoint", default="", help="of the local run, while it runs")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = _options(sys.argv[1:] if arguments is None else arguments)
    try:
        options.do(options)
    except BrandFileError as error:
        print(f"{options.brand}:\n" + "\n".join(error.faults), file=sys.stderr)
        return 2
    except DeployError as error:
        print(error, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS says: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
