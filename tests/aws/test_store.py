"""R19: what AWS could not do at once is asked for again, a bounded number of times."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws import backoff, clients
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.mentions import Mentions
from chalicelib.aws.table.store import Store
from chalicelib.domain.mention import Mention
from chalicelib.errors import Conflict, WebspinError
from tests.aws.people import KEY, case, event
from tests.harness.faults import half_done, refusing
from tests.harness.world import TABLE_NAME, World

Make = Callable[..., Mention]
BUSY = [
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "TransactionConflictException",
]


@pytest.mark.parametrize("code", BUSY)
def test_r19_a_busy_table_is_asked_again(
    mentions: Mentions, mention: Make, pauses: list[float], code: str
) -> None:
    with refusing("PutItem", code, times=3) as seen:
        assert mentions.add(mention())
    assert mentions.get(mention().key)[0] == mention()
    assert seen.times == 4
    assert len(pauses) == 3
    assert all(0 <= pause <= 0.05 * 2**n for n, pause in enumerate(pauses, 1))


def test_r19_and_not_for_ever(mentions: Mentions, mention: Make, pauses: list[float]) -> None:
    with (
        refusing("PutItem", "ThrottlingException", times=99) as seen,
        pytest.raises(ClientError, match="Throttling"),
    ):
        mentions.add(mention())
    assert seen.times == backoff.TRIES


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"]
)
def test_what_cannot_help_is_not_tried_again(mentions: Mentions, mention: Make, code: str) -> None:
    with refusing("PutItem", code, times=99) as seen, pytest.raises(ClientError, match=code):
        mentions.add(mention())
    assert seen.times == 1


@pytest.mark.parametrize(
    ("reasons", "tries"),
    [
        (("None", "TransactionConflict"), 3),
        (("ThrottlingError", "None"), 3),
        (("ConditionalCheckFailed", "None"), 1),
        (("ConditionalCheckFailed", "TransactionConflict"), 1),
        (("None", "ValidationError"), 1),
    ],
)
def test_r19_a_transaction_in_the_way_of_another_is_tried_again(
    cases: Cases, pauses: list[float], reasons: tuple[str, ...], tries: int
) -> None:
    cases.open(case())
    with refusing("TransactWriteItems", "TransactionCanceledException", times=2, reasons=reasons) as seen:
        if tries == 3:
            cases.change(case(rev=2), event())
            assert cases.get(KEY).rev == 2
        else:
            wanted = Conflict if "ConditionalCheckFailed" in reasons else ClientError
            with pytest.raises(wanted):
                cases.change(case(rev=2), event())
    assert seen.times == tries


def test_r19_a_batch_read_by_half_is_read_to_its_end(
    mentions: Mentions, mention: Make, pauses: list[float]
) -> None:
    made = [mention(str(n)) for n in range(20)]
    for one in made:
        mentions.add(one)
    with half_done("BatchGetItem", times=2) as seen:
        assert mentions.get_many([one.key for one in made]).keys() == {one.key for one in made}
    assert seen.times == 3
    assert len(pauses) == 2


def test_r19_a_batch_that_never_ends_is_an_error(
    mentions: Mentions, mention: Make, pauses: list[float]
) -> None:
    keys = [mention(str(n)).key for n in range(64)]
    with half_done("BatchGetItem", times=99) as seen, pytest.raises(WebspinError, match="too busy"):
        mentions.get_many(keys)
    assert seen.times == backoff.TRIES


def test_all_pages_of_a_query_are_read(aws: World) -> None:
    store = Store(lambda: clients.client("dynamodb"), TABLE_NAME)
    names = [f"{n:04}" for n in range(40)]
    store.write_all({"pk": "X#a.b", "sk": name, "document": "x" * 60_000} for name in names)
    assert [item["sk"] for item in store.query("#pk = :pk", {"pk": "X#a.b"})] == names


def test_a_value_no_attribute_can_hold_is_refused(aws: World) -> None:
    store = Store(lambda: clients.client("dynamodb"), TABLE_NAME)
    with pytest.raises(TypeError, match="float"):
        store.put({"pk": "a", "sk": "b", "x": 1.5})


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("batch_write_item", {"RequestItems": {TABLE_NAME: [{"DeleteRequest": {"Key": {}}}] * 26}}),
        ("batch_get_item", {"RequestItems": {TABLE_NAME: {"Keys": [{}] * 101}}}),
        (
            "query",
            {
                "TableName": TABLE_NAME,
                "IndexName": "work",
                "ConsistentRead": True,
                "KeyConditionExpression": "work = :w",
                "ExpressionAttributeValues": {":w": {"S": "due"}},
            },
        ),
        (
            "get_item",
            {"TableName": TABLE_NAME, "Key": {"pk": {"S": "a"}}, "ExpressionAttributeNames": {"#a": "a"}},
        ),
    ],
)
def test_our_moto_refuses_what_aws_refuses(aws: World, operation: str, params: dict[str, object]) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        getattr(clients.client("dynamodb"), operation)(**params)
