"""A table for one process: what is put can be got, nothing more. For seeding, and for answering cold starts.

Takes the calls of `chalicelib/aws/table/store.py` as DynamoDB's client does, without conditions.
"""

from base64 import b64encode
from typing import Any

Stored = dict[str, dict[str, Any]]
"""By `pk|sk`: an item with typed attributes, as it travels: bytes are base64."""


class Recorder:
    """Plays DynamoDB's client. `items` is what was written."""

    def __init__(self) -> None:
        self.items: Stored = {}

    def put_item(self, Item: dict[str, Any], **_: Any) -> dict[str, Any]:
        self.items[name(Item)] = {attribute: _wire(value) for attribute, value in Item.items()}
        return {}

    def update_item(self, Key: dict[str, Any], **call: Any) -> dict[str, Any]:
        """Understands `SET #name = :name, ...` and `ADD #name :name`; passes over what it does not."""
        values = call.get("ExpressionAttributeValues", {})
        item = self.items.setdefault(name(Key), dict(Key))
        expression = call["UpdateExpression"].partition(" REMOVE ")[0]
        if expression.startswith("ADD "):
            target, value = expression.removeprefix("ADD ").split(" ")
            item[target.removeprefix("#")] = values[value]
        for change in expression.removeprefix("SET ").split(", "):
            target, _, value = change.partition(" = ")
            if value in values:
                item[target.removeprefix("#")] = _wire(values[value])
        return {}

    def batch_write_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:
        for requests in RequestItems.values():
            for request in requests:
                self.put_item(request["PutRequest"]["Item"])
        return {}

    def transact_write_items(self, TransactItems: list[Any]) -> dict[str, Any]:
        for entry in TransactItems:
            if "Put" in entry:
                self.put_item(**entry["Put"])
            else:
                self.update_item(**entry["Update"])
        return {}

    def query(self, **_: Any) -> dict[str, Any]:
        return {"Items": []}


def name(item: dict[str, Any]) -> str:
    return f"{item['pk']['S']}|{item['sk']['S']}"


def _wire(value: dict[str, Any]) -> dict[str, Any]:
    return {"B": b64encode(value["B"]).decode()} if "B" in value else value
