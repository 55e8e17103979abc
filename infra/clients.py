"""Clients of the deploy program: boto3's, for AWS or for the emulator."""

from collections.abc import Callable
from functools import cache
from typing import Any

from infra.stack import DeployError

Client = Callable[[str], Any]
"""The client of a service by its name in boto3; the same one each time."""
REGION = "eu-west-1"
"""The emulator's."""
ROOT_KEY = "test"
"""The emulator's own root: it takes this as key and as secret, from this machine only."""


def aws() -> Client:
    """For the account and region of the environment. Raises DeployError."""
    import boto3

    session = boto3.session.Session()
    if not session.region_name:
        raise DeployError("Which region? Set AWS_REGION, for instance: AWS_REGION=eu-west-1 make deploy ...")
    if session.get_credentials() is None:
        raise DeployError("No AWS credentials found. Sign in (aws sso login, aws configure) and try again.")
    return cache(session.client)


def emulated(endpoint: str) -> Client:
    """For the emulator, as its root."""
    import boto3
    from botocore.config import Config

    session = boto3.session.Session(
        aws_access_key_id=ROOT_KEY, aws_secret_access_key=ROOT_KEY, region_name=REGION
    )
    config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 2})
    return cache(lambda name: session.client(name, endpoint_url=endpoint, config=config))


def emulated_variables(endpoint: str) -> dict[str, str]:
    """What any AWS SDK needs in its environment for the same."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
        "AWS_DEFAULT_REGION": REGION,
    }
