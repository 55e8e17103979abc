"""Two CloudFormations for tests: one that keeps a stack, one that answers as told."""

import json
from typing import Any

from botocore.exceptions import ClientError


class SmallCloud:
    """One stack: brings out nothing, but remembers template, parameters and tags as CloudFormation does."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self.stack: dict[str, Any] = {}
        self._template: dict[str, Any] = {"Resources": {}}
        self._proposed: dict[str, Any] = {}
        self._events: list[dict[str, str]] = []

    def describe_stacks(self, StackName: str) -> Any:
        if not self.stack:
            told: Any = {"Code": "ValidationError", "Message": f"Stack with id {StackName} does not exist"}
            raise ClientError({"Error": told}, "DescribeStacks")
        return {"Stacks": [self.stack]}

    def create_change_set(self, **given: Any) -> Any:
        assert given["ChangeSetType"] == ("UPDATE" if self.stack else "CREATE")
        bucket, key = given["TemplateURL"].split("/")[-2:]
        given["template"] = json.loads(self._s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        self._proposed = given
        if not self.stack:
            self.stack = {"StackStatus": "REVIEW_IN_PROGRESS", "StackId": "id"}
        return {"Id": "change-set", "StackId": "id"}

    def describe_change_set(self, ChangeSetName: str) -> Any:
        new = set(self._proposed["template"]["Resources"]) - set(self._template["Resources"])
        changes = [
            {
                "ResourceChange": {
                    "Action": "Add",
                    "LogicalResourceId": name,
                    "ResourceType": "AWS::SQS::Queue",
                }
            }
            for name in sorted(new)
        ]
        return {"Status": "CREATE_COMPLETE", "Changes": changes}

    def delete_change_set(self, ChangeSetName: str) -> None:
        self._proposed = {}

    def delete_stack(self, StackName: str) -> None:
        self.stack = {}

    def execute_change_set(self, ChangeSetName: str) -> None:
        given, self._template = self._proposed, self._proposed["template"]
        was = {one["ParameterKey"]: one["ParameterValue"] for one in self.stack.get("Parameters", ())}
        now = {name: one.get("Default", "") for name, one in self._template["Parameters"].items()}
        for one in given["Parameters"]:
            name = one["ParameterKey"]
            now[name] = was[name] if one.get("UsePreviousValue") else one["ParameterValue"]
        self.stack = {
            "StackId": "id",
            "StackStatus": "CREATE_COMPLETE",
            "Tags": given["Tags"],
            "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in now.items()],
            "Outputs": [
                {"OutputKey": name, "OutputValue": now[out["Value"]["Ref"]]}
                for name, out in self._template["Outputs"].items()
            ],
        }
        self._events = [_event(f"e-{name}", name, "CREATE_COMPLETE") for name in self._template["Resources"]]

    def describe_stack_events(self, StackName: str) -> Any:
        return {"StackEvents": self._events}

    def get_paginator(self, name: str) -> Any:
        return _Pages([{"StackEvents": self._events}])


class CannedCloud:
    """Answers as told, to `client` of any name. `seen_first` is the id of the event that was there before."""

    def __init__(
        self,
        *,
        status: str = "UPDATE_COMPLETE",
        change_set: str = "CREATE_COMPLETE",
        reason: str = "",
        changes: list[Any] | None = None,
        events: list[tuple[str, str, str, str]] | None = None,
        seen_first: str = "",
    ) -> None:
        self.called: list[str] = []
        self._status, self._change_set, self._reason = status, change_set, reason
        self._changes = changes or []
        self._events = [_event(*event) for event in events or ()]
        self._seen_first = seen_first

    def client(self, name: str) -> Any:
        return self

    @property
    def meta(self) -> Any:
        return type("Meta", (), {"endpoint_url": "https://s3.example", "region_name": "eu-west-1"})

    def describe_stacks(self, StackName: str) -> Any:
        return {"Stacks": [{"StackName": StackName, "StackId": "id", "StackStatus": self._status}]}

    def create_change_set(self, **_: Any) -> Any:
        return {"Id": "change-set", "StackId": "id"}

    def describe_change_set(self, ChangeSetName: str, NextToken: str = "") -> Any:
        """Two pages, as AWS cuts long ones."""
        found = {"Status": self._change_set, "StatusReason": self._reason}
        if NextToken:
            return {**found, "Changes": self._changes[1:]}
        return {**found, "Changes": self._changes[:1], "NextToken": "more"}

    def delete_change_set(self, ChangeSetName: str) -> None:
        self.called.append("delete_change_set")

    def execute_change_set(self, ChangeSetName: str) -> None:
        self.called.append("execute_change_set")

    def describe_stack_events(self, StackName: str) -> Any:
        return {"StackEvents": [event for event in self._events if event["EventId"] == self._seen_first]}

    def get_paginator(self, name: str) -> Any:
        return _Pages([{"StackEvents": self._events[:2]}, {"StackEvents": self._events[2:]}])


class _Pages:
    def __init__(self, pages: list[Any]) -> None:
        self._pages = pages

    def paginate(self, StackName: str) -> list[Any]:
        return self._pages


def _event(id: str, name: str, status: str, reason: str = "") -> dict[str, str]:
    return {
        "EventId": id,
        "LogicalResourceId": name,
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
        "ResourceType": "AWS::SQS::Queue",
    }
