"""The clients: one each, bounded, without boto3, and only when asked for."""

import subprocess
import sys
from typing import Any

from chalicelib.aws import clients
from tests.harness.world import TABLE_NAME, World


def test_one_client_a_service_bounded_in_time_and_tries() -> None:
    client = clients.client("sqs")
    assert clients.client("sqs") is client
    config = client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (2, 10)
    assert config.retries["mode"] == "standard"
    assert config.retries["total_max_attempts"] == 3


def test_nothing_of_the_sdk_is_loaded_before_it_is_asked_for() -> None:
    program = (
        "import sys\n"
        "from chalicelib.aws import bucket, clients, log, mail, pipes, queues, secrets\n"
        "from chalicelib.aws.table import alerts, brakes, brands, cases, deliveries, followings\n"
        "from chalicelib.aws.table import measurements, mentions, mornings, posts, shelf, sources\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"boto3", "botocore", "pydantic", "jinja2", "urllib3", "requests"}
    assert heavy.isdisjoint(loaded)


def test_the_endpoint_is_a_variable_s_matter() -> None:
    program = (
        "import sys\n"
        "from chalicelib.aws.clients import client\n"
        "print(*(client(name).meta.endpoint_url for name in ('dynamodb', 'sqs')), 'boto3' in sys.modules)\n"
        "link = client('s3').generate_presigned_url('get_object', Params={'Bucket': 'reports', 'Key': 'a'})\n"
        "print(link.partition('?')[0])\n"
    )
    env = {
        "AWS_ENDPOINT_URL": "http://localhost:4570",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "fake",
        "AWS_SECRET_ACCESS_KEY": "fake",
    }
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env
    )
    here = "http://localhost:4570"
    assert said.stdout.split() == [here, here, "False", f"{here}/reports/a"]


def test_items_are_what_the_sdk_makes_of_them(aws: World) -> None:
    key = {"pk": {"S": "S#a#b"}, "sk": {"S": "S"}}
    item = {
        **key,
        "seen": {"B": b"\x00\xff"},
        "rev": {"N": "7"},
        "watches": {"L": [{"S": "é"}]},
        "set": {"SS": ["x"]},
    }
    ours = clients.client("dynamodb")
    plain = clients.session().create_client("dynamodb")
    ours.put_item(TableName=TABLE_NAME, Item=item)
    query: dict[str, Any] = {
        "TableName": TABLE_NAME,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": key["pk"]},
    }
    batch: dict[str, Any] = {"RequestItems": {TABLE_NAME: {"Keys": [key]}}}
    for read in (ours, plain):
        found = read.query(**query)
        assert (found["Items"], found["Count"], found["ScannedCount"]) == ([item], 1, 1)
        answered = read.batch_get_item(**batch)
        assert answered["Responses"] == {TABLE_NAME: [item]}
        assert answered["UnprocessedKeys"] == {}
        assert read.query(**{**query, "ExpressionAttributeValues": {":pk": {"S": "none"}}})["Items"] == []
