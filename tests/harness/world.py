"""An AWS of our own, on moto, in process: the table with its indexes, the queues with their dead-letter
queues, the bucket, a verified sender of mail.

    with World() as world:
        ...
        world.fresh()  # as new, faster than a new one

Where moto is slow it is patched (its queues read the clock for every message on every call), and its table is
asked one call at a time; where it is milder than AWS `strict.py` stands guard.
"""

import os
import sys
import time
from base64 import b64decode
from collections.abc import Callable, Iterable
from threading import RLock
from types import TracebackType
from typing import Any, Self
from unittest import mock

import botocore.session
import moto.sqs.models as moto_sqs
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.responses import DynamoHandler
from moto.sqs.models import sqs_backends

from chalicelib.aws.table.keys import BY_DAY, WORK
from chalicelib.config import settings
from chalicelib.tasks import QUEUES
from tests.harness import strict
from tests.harness.kept import Kept

REGION = "eu-west-1"
TABLE_NAME = "webspin-test"
BUCKET_NAME = "webspin-test-reports"
SENDER = "spider@lindebieb.example"
MAX_RECEIVES = 6
"""One above `queues.MAX_TRIES`, as in infra/resources.yaml: SQS moves what killed its worker."""

INDEXES = {"by_day": (("day", "day_key"), BY_DAY), "work": (("work", "work_key"), WORK)}


def queue_url(name: str) -> str:
    return f"https://sqs.{REGION}.amazonaws.com/{DEFAULT_ACCOUNT_ID}/{name}"


def environment() -> dict[str, str]:
    """Everything `config.settings` asks for, and credentials that open nothing."""
    urls = {f"{queue.upper()}_QUEUE_URL": queue_url(queue) for queue in QUEUES}
    dead = {f"{queue.upper()}_DEAD_URL": queue_url(f"{queue}-dead") for queue in QUEUES}
    return {
        **urls,
        **dead,
        "STAGE": "test",
        "TABLE_NAME": TABLE_NAME,
        "BUCKET_NAME": BUCKET_NAME,
        "SECRETS_PATH": "/webspin/test",
        "USER_POOL_ID": "eu-west-1_fake",
        "USER_CLIENT_ID": "fakeclient",
        "JWKS_URL": "http://127.0.0.1:1/jwks.json",
        "TOKEN_ISSUER": "https://issuer.example",
        "AWS_ACCESS_KEY_ID": "fake",
        "AWS_SECRET_ACCESS_KEY": "fake",
        "AWS_SESSION_TOKEN": "fake",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",  # moto knows no such addresses
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def stored(pk: str, sk: str) -> dict[str, dict[str, Any]] | None:
    """An item as moto holds it now, as DynamoDB's typed attributes, without a call."""
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE_NAME]
    item = table.get_item(DynamoType({"S": pk}), DynamoType({"S": sk}))
    if item is None:
        return None
    attributes: dict[str, dict[str, Any]] = item.to_json()["Attributes"]
    return {name: _bytes(value) for name, value in attributes.items()}


def laid() -> list[dict[str, dict[str, Any]]]:
    """Every item as moto holds it now, without a call."""
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE_NAME]
    return [item.to_json()["Attributes"] for item in table.all_items()]


def _bytes(value: dict[str, Any]) -> dict[str, Any]:
    """Binary as the SDK gives it; moto keeps some of it in base64."""
    return {"B": b64decode(value["B"])} if isinstance(value.get("B"), str) else value


def forget() -> None:
    """As in a new process: what our modules remember between calls."""
    settings.cache_clear()
    if wiring := sys.modules.get("chalicelib.wiring"):
        for part in vars(wiring).values():
            if hasattr(part, "cache_clear"):
                part.cache_clear()


_call_action = DynamoHandler.call_action
_call = RLock()


def _one_by_one(handler: DynamoHandler) -> Any:
    """Each call to the table is done at once, as DynamoDB does it: moto takes a copy of the table before a
    transaction, and lays it back where that is refused, over what another thread wrote meanwhile."""
    with _call:
        return _call_action(handler)


class World:
    """`client(name)` is a client of the world's own: not hooked, so neither counted nor broken.

    `clock` is what the queues go by (seconds since 1970), for their delays and time-outs.
    """

    def __init__(self) -> None:
        self.clock: Callable[[], float] = time.time
        self._session = botocore.session.Session()
        self._clients: dict[str, Any] = {}
        self._patches: list[Any] = [
            mock.patch.dict(os.environ, environment()),
            mock.patch.object(moto_sqs, "unix_time", self._seconds),
            mock.patch.object(moto_sqs, "unix_time_millis", self._millis),
            mock.patch.object(DynamoHandler, "call_action", _one_by_one),
            mock.patch.object(moto_sqs.SQSBackend, "is_message_valid_based_on_retention_period", _always),
        ]
        self._moto = mock_aws()
        self._guard = strict.guard()

    def __enter__(self) -> Self:
        for patch in self._patches:
            patch.start()
        self._moto.start()
        self._guard.__enter__()
        self._make()
        self._empty = Kept()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._guard.__exit__(kind, error, trace)
        self._moto.stop()
        for patch in reversed(self._patches):
            patch.stop()
        forget()

    def fresh(self) -> Self:
        """Everything empty again."""
        self.clock = time.time
        self._empty.restore()
        forget()
        return self

    def client(self, name: str) -> Any:
        if name not in self._clients:
            self._clients[name] = self._session.create_client(name, region_name=REGION)
        return self._clients[name]

    # what is in it -------------------------------------------------------------------------------

    def items(self, kind: str = "") -> list[dict[str, Any]]:
        """Everything in the table whose pk begins with `kind`, as DynamoDB's typed attributes."""
        found = self.client("dynamodb").scan(TableName=TABLE_NAME, ConsistentRead=True)["Items"]
        return [item for item in found if item["pk"]["S"].startswith(kind)]

    def waiting(self, queue: str) -> list[str]:
        """The bodies in a queue (or `<queue>-dead`), in flight or not, without receiving them."""
        return [message.body for message in _queue(queue)._messages]

    def reasons(self, queue: str) -> list[tuple[str, str]]:
        """(body, reason) of each message in a queue's dead-letter queue."""
        found = []
        for message in _queue(f"{queue}-dead")._messages:
            told = message.message_attributes.get("reason", {})
            found.append((message.body, told.get("StringValue", "")))
        return found

    def let_time_pass(self) -> None:
        """Every delay and visibility time-out of every queue is over."""
        for queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values():
            for message in queue._messages:
                message.visible_at = message.delayed_until = 0
                queue.pending_messages.discard(message)

    def next_message(self, queues: Iterable[str]) -> float | None:
        """When the next message of these queues can be received, by `clock`; None where there is none."""
        found = [
            max(message.delayed_until, message.visible_at + 1) / 1000
            for queue in queues
            for message in _queue(queue)._messages
        ]
        return min(found, default=None)

    def files(self) -> dict[str, bytes]:
        """What lies in the bucket, by name."""
        s3 = self.client("s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET_NAME)
        names = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
        return {name: s3.get_object(Bucket=BUCKET_NAME, Key=name)["Body"].read() for name in names}

    def lay(self, files: dict[str, bytes]) -> None:
        """The bucket holds these, and nothing else."""
        s3, there = self.client("s3"), self.files()
        for name in there.keys() - files.keys():
            s3.delete_object(Bucket=BUCKET_NAME, Key=name)
        for name in files.keys() - there.keys():
            s3.put_object(Bucket=BUCKET_NAME, Key=name, Body=files[name])

    def mails(self) -> list[Any]:
        """What SES was given, oldest first."""
        from moto.ses.models import ses_backends

        return list(ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages)

    def set_ttl_past(self, pk: str) -> None:
        """Let the items under a pk expire; DynamoDB would delete them days later."""
        for item in self.items(pk):
            past = {**item, "ttl": {"N": "1"}}
            self.client("dynamodb").put_item(TableName=TABLE_NAME, Item=past)

    # how it is made ------------------------------------------------------------------------------

    def _make(self) -> None:
        self._make_table()
        sqs = self.client("sqs")
        for queue in QUEUES:
            sqs.create_queue(QueueName=f"{queue}-dead")
            arn = f"arn:aws:sqs:{REGION}:{DEFAULT_ACCOUNT_ID}:{queue}-dead"
            redrive = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": {MAX_RECEIVES}}}'
            attributes = {"VisibilityTimeout": "360", "RedrivePolicy": redrive}
            sqs.create_queue(QueueName=queue, Attributes=attributes)
        self.client("sesv2").create_email_identity(EmailIdentity=SENDER)
        here: Any = {"LocationConstraint": REGION}
        self.client("s3").create_bucket(Bucket=BUCKET_NAME, CreateBucketConfiguration=here)

    def _seconds(self) -> float:
        return self.clock()

    def _millis(self) -> float:
        return self.clock() * 1000

    def _make_table(self) -> None:
        names = ["pk", "sk", *(name for keys, _ in INDEXES.values() for name in keys)]
        self.client("dynamodb").create_table(
            TableName=TABLE_NAME,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
            KeySchema=_schema("pk", "sk"),
            GlobalSecondaryIndexes=[
                {
                    "IndexName": name,
                    "KeySchema": _schema(*keys),
                    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(projected)},
                }
                for name, (keys, projected) in INDEXES.items()
            ],
        )


def _always(*_: object) -> bool:
    return True


def _schema(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]


def _queue(name: str) -> Any:
    return sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues[name]


def verify(identity: str) -> None:
    """Its owner says to SES that it is theirs."""
    from moto.ses.models import ses_backends

    ses_backends[DEFAULT_ACCOUNT_ID][REGION].email_identities[identity].verified_for_sending_status = True
