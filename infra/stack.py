"""One CloudFormation stack: what would change, doing it, and what came out.

The same calls serve AWS and the local emulator; only the address differs.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.package import Package, Say

POLL_SECONDS = 3.0
CONTENT_TAG = "webspin-content"
NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
HINTS = {
    "UnreservedConcurrentExecution": (
        "This account may run too few Lambdas at once to set 10 apart for webhooks. Ask for a higher quota "
        "under Service Quotas, AWS Lambda, Concurrent executions (1000 is usual), then deploy again."
    ),
}
"""By words in CloudFormation's reason: what a person can do about it."""


class DeployError(Exception):
    """The message is for the person at the keyboard: what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """`action` is Add, Modify, Remove...; `replacement` True, False, Conditional or ""."""

    action: str
    name: str
    kind: str
    replacement: str = ""

    @property
    def line(self) -> str:
        must = {"True": "  REPLACED by a new one", "Conditional": "  perhaps replaced"}
        kind = self.kind.removeprefix("AWS::")
        return f"  {self.action.lower():<8}{self.name:<50}{kind}{must.get(self.replacement, '')}"


class Stack:
    """`client` gives a boto3 client by its service's name."""

    def __init__(
        self, name: str, client: Callable[[str], Any], *, poll_seconds: float = POLL_SECONDS
    ) -> None:
        self.name = name
        self._id = name  # by its true id it is found also when it was deleted
        self._cloud = client("cloudformation")
        self._s3 = client("s3")
        self._poll_seconds = poll_seconds

    def describe(self) -> dict[str, Any]:
        """As CloudFormation tells it; {} where there is no such stack."""
        try:
            found: dict[str, Any] = self._cloud.describe_stacks(StackName=self._id)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return {}
            raise
        return found if found["StackStatus"] != "DELETE_COMPLETE" else {}

    def outputs(self) -> dict[str, str]:
        return {out["OutputKey"]: out["OutputValue"] for out in self.describe().get("Outputs", ())}

    def upload(self, bucket: str, made: Package, adapt: Callable[[Any], Any]) -> str:
        """Put zip and template in the bucket under their content's hash; return the template's key."""
        code = made.zip.read_bytes()
        code_key = f"{hashlib.sha256(code).hexdigest()}.zip"
        template = adapt(json.loads(made.template.read_text()))
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                resource["Properties"]["CodeUri"] = f"s3://{bucket}/{code_key}"
        body = json.dumps(template, separators=(",", ":")).encode()
        key = f"{hashlib.sha256(body).hexdigest()}.json"
        self._put(bucket, code_key, code)
        self._put(bucket, key, body)
        return key

    def is_at(self, key: str, parameters: dict[str, str]) -> bool:
        """Was exactly this template, with these parameters, brought out last, and without a failure?"""
        now = self.describe()
        tags = {tag["Key"]: tag["Value"] for tag in now.get("Tags", ())}
        return tags.get(CONTENT_TAG) == _content(key, parameters) and _is_well(now["StackStatus"])

    def propose(self, bucket: str, key: str, parameters: dict[str, str]) -> tuple[str, list[Change]]:
        """A change set and what it would do; ("", []) if that is nothing. Raises DeployError."""
        now = self.describe()
        if now.get("StackStatus") in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"):
            raise DeployError(
                f"The stack {self.name} is left over from a failed first try ({now['StackStatus']}). "
                f"Delete it (aws cloudformation delete-stack --stack-name {self.name}), then deploy again."
            )
        creates = not now or now["StackStatus"] == "REVIEW_IN_PROGRESS"
        made = self._cloud.create_change_set(
            StackName=self.name,
            ChangeSetName=f"webspin-{time.time_ns()}",
            ChangeSetType="CREATE" if creates else "UPDATE",
            TemplateURL=f"{self._s3.meta.endpoint_url}/{bucket}/{key}",
            Parameters=_parameters(parameters, now),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Tags=[{"Key": CONTENT_TAG, "Value": _content(key, parameters)}],
            **({"OnStackFailure": "DELETE"} if creates else {}),
        )
        self._id = made["StackId"]
        return self._proposed(made["Id"])

    def apply(self, change_set: str, say: Say) -> None:
        """Bring the change set out, telling each resource as it comes. Raises DeployError."""
        last = self._last_event()
        self._cloud.execute_change_set(ChangeSetName=change_set)
        reasons: list[str] = []
        while True:
            status = self.describe().get("StackStatus", "DELETE_COMPLETE")
            for event in self._events(since=last):
                last = event["EventId"]
                _tell(event, say, reasons)
            if not status.endswith("_IN_PROGRESS"):
                break
            time.sleep(self._poll_seconds)
        if not _is_well(status):
            hints = [hint for word, hint in HINTS.items() if any(word in reason for reason in reasons)]
            what = reasons[0] if reasons else "CloudFormation gave no reason"
            raise DeployError("\n".join([f"{self.name} is {status}: {what}", *hints]))

    def forget(self, change_set: str) -> None:
        """Drop a change set nobody wants; with the empty stack that a first one stands on."""
        self._cloud.delete_change_set(ChangeSetName=change_set)
        if self.describe().get("StackStatus") == "REVIEW_IN_PROGRESS":
            self._cloud.delete_stack(StackName=self.name)

    def _proposed(self, change_set: str) -> tuple[str, list[Change]]:
        while (found := self._cloud.describe_change_set(ChangeSetName=change_set))["Status"] in (
            "CREATE_PENDING",
            "CREATE_IN_PROGRESS",
        ):
            time.sleep(self._poll_seconds)
        if found["Status"] == "FAILED":
            reason = found.get("StatusReason", "")
            self.forget(change_set)
            if any(words in reason for words in NO_CHANGES):
                return "", []
            raise DeployError(f"CloudFormation refuses the template: {reason}")
        changes = found["Changes"]
        while found.get("NextToken"):
            found = self._cloud.describe_change_set(ChangeSetName=change_set, NextToken=found["NextToken"])
            changes += found["Changes"]
        return change_set, list(_changes(changes))

    def _events(self, *, since: str) -> list[dict[str, Any]]:
        """What came after the event with that id, oldest first."""
        new: list[dict[str, Any]] = []
        for page in self._cloud.get_paginator("describe_stack_events").paginate(StackName=self._id):
            for event in page["StackEvents"]:
                if event["EventId"] == since:
                    return new[::-1]
                new.append(event)
        return new[::-1]

    def _last_event(self) -> str:
        events = self._cloud.describe_stack_events(StackName=self._id)["StackEvents"]
        return str(events[0]["EventId"]) if events else ""

    def _put(self, bucket: str, key: str, body: bytes) -> None:
        if not self._s3.list_objects_v2(Bucket=bucket, Prefix=key).get("KeyCount"):
            self._s3.put_object(Bucket=bucket, Key=key, Body=body)


def _parameters(given: dict[str, str], now: dict[str, Any]) -> list[dict[str, Any]]:
    """What is not given stays as it was."""
    kept = [one["ParameterKey"] for one in now.get("Parameters", ()) if one["ParameterKey"] not in given]
    return [
        *({"ParameterKey": key, "ParameterValue": value} for key, value in given.items()),
        *({"ParameterKey": key, "UsePreviousValue": True} for key in kept),
    ]


def _changes(raw: Sequence[dict[str, Any]]) -> Iterator[Change]:
    """What is replaced or removed comes first: those lines one must read."""
    found = [
        Change(one["Action"], one["LogicalResourceId"], one["ResourceType"], one.get("Replacement", ""))
        for one in (change["ResourceChange"] for change in raw if "ResourceChange" in change)
    ]
    yield from sorted(found, key=lambda c: (c.replacement != "True", c.action != "Remove", c.action, c.name))


def _tell(event: dict[str, Any], say: Say, reasons: list[str]) -> None:
    status, reason = event["ResourceStatus"], event.get("ResourceStatusReason", "")
    if status.endswith("_FAILED"):
        say(f"  {status:<20}{event['LogicalResourceId']}: {reason}")
        if "cancelled" not in reason:
            reasons.append(f"{event['LogicalResourceId']}: {reason}")
    elif status.endswith("_COMPLETE") and event["ResourceType"] != "AWS::CloudFormation::Stack":
        say(f"  {status:<20}{event['LogicalResourceId']}")


def _is_well(status: str) -> bool:
    return status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def _content(key: str, parameters: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps([key, sorted(parameters.items())]).encode()).hexdigest()
