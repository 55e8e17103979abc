"""From queue to handler and back, as Lambda does it, on moto's queues and without waiting.

    Poller(aws, {"poll": app.poll_sources, "understand": app.understand_mentions}).drain()

A batch is received, handled, and what succeeded is deleted; what did not stays in flight. When nothing is
left to receive but something is in flight or delayed, time passes: `wait` is called (to move a test's clock),
and all of it can be received again. SQS itself moves a message to the dead-letter queue at its last receive.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from tests.harness.world import REGION, World, queue_url

MOST = 500
ATTRIBUTES = ("ApproximateReceiveCount", "SentTimestamp")

Handler = Callable[[dict[str, Any], Any], Any]


class Context:
    """What Lambda hands a handler beside the event. `left` is in milliseconds."""

    function_name = "test"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:test"

    def __init__(self, request: str = "00000000-0000-0000-0000-000000000000", left: int = 60_000) -> None:
        self.aws_request_id = request
        self.left = left

    def get_remaining_time_in_millis(self) -> int:
        return self.left


class Poller:
    """`handlers` by logical queue name; other queues are left alone.

    `duplicate`: every batch is handled twice before its messages are deleted. `order`: messages of a
    round are shuffled by it. `meter` is told of receives and deletes. `errors` are what handlers raised.
    """

    def __init__(
        self,
        world: World,
        handlers: Mapping[str, Handler],
        *,
        batch: int = 10,
        duplicate: bool = False,
        order: Random | None = None,
        wait: Callable[[], object] = lambda: None,
        meter: Any = None,
    ) -> None:
        self._world = world
        self._handlers = handlers
        self._batch = batch
        self._duplicate = duplicate
        self._order = order
        self._wait = wait
        self._meter = meter
        self.errors: list[Exception] = []

    def drain(self) -> int:
        """Until every queue is empty; how many messages were delivered. A Crash goes through, and leaves
        its batch in flight, as a killed Lambda does."""
        delivered = 0
        for _ in range(MOST):
            found = self.step()
            delivered += found
            if not found:
                if not any(self._world.waiting(queue) for queue in self._handlers):
                    return delivered
                self._wait()
                self._world.let_time_pass()
        left = {queue: len(self._world.waiting(queue)) for queue in self._handlers}
        raise AssertionError(f"not quiet after {MOST} rounds: {left}")

    def step(self) -> int:
        """One batch of each queue."""
        return sum(self._poll(queue, handler) for queue, handler in self._handlers.items())

    def _poll(self, queue: str, handler: Handler) -> int:
        if not self._world.waiting(queue):  # a look is cheaper than a receive
            return 0
        sqs, url = self._world.client("sqs"), queue_url(queue)
        reply = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=self._batch,
            WaitTimeSeconds=0,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages = reply.get("Messages", [])
        if not messages:
            return 0
        if self._order:
            self._order.shuffle(messages)
        if self._meter:
            self._meter.received([message["Body"] for message in messages])
        back = self._handle(queue, handler, messages)
        for _ in range(self._duplicate):
            back &= self._handle(queue, handler, messages)
        done = [message for message in messages if message["MessageId"] not in back]
        for message in done:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        if self._meter and done:
            self._meter.deleted()
        return len(messages)

    def _handle(self, queue: str, handler: Handler, messages: list[dict[str, Any]]) -> set[str]:
        """The ids that are to come back: those the handler names, or all where it raised."""
        all_ids = {message["MessageId"] for message in messages}
        try:
            answer = handler(sqs_event(queue, messages), Context())
        except Exception as error:
            self.errors.append(error)
            return all_ids
        back = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        assert back <= all_ids, "an unknown id makes Lambda bring the whole batch again"
        return back


def sqs_event(queue: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Lambda's event of messages as SQS's ReceiveMessage gives them."""
    return {"Records": [_record(queue, message) for message in messages]}


def body_event(queue: str, *bodies: str, receives: int = 1) -> dict[str, Any]:
    """Lambda's event of these bodies, with ids m0, m1, ..., each received for the n-th time."""
    attributes = {"ApproximateReceiveCount": str(receives), "SentTimestamp": "1795424400000"}
    return sqs_event(
        queue,
        [
            {"MessageId": f"m{n}", "ReceiptHandle": f"r{n}", "Body": body, "Attributes": attributes}
            for n, body in enumerate(bodies)
        ],
    )


def _record(queue: str, message: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": {name: message["Attributes"][name] for name in ATTRIBUTES},
        "messageAttributes": {},
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:{queue}",
        "awsRegion": REGION,
    }
