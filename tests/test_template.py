"""The template that is deployed keeps what the code relies on: R17, S26, S27, S28, S34, and the idle price.

Read from the packaged template, so that what Chalice adds is judged as well.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from chalice.app import ScheduledEventConfig, SQSEventConfig
from chalice.utils import to_cfn_resource_name

from app import app
from chalicelib.aws.queues import MAX_TRIES
from chalicelib.aws.table import keys
from chalicelib.config import settings
from chalicelib.domain.roles import Role
from chalicelib.stages.notify import LEASE
from chalicelib.tasks import QUEUES
from infra.package import package

ROOT = Path(__file__).parent.parent
TRIGGERS = [source for source in app.event_sources if isinstance(source, SQSEventConfig)]
SCHEDULES = [source for source in app.event_sources if isinstance(source, ScheduledEventConfig)]
LAMBDAS = sorted(
    {source.name for source in app.event_sources}
    | {function.name for function in app.pure_lambda_functions}
    | {"api_handler"}
)
MAY_ALL = {"ses:SendEmail", "ssm:DescribeParameters", "comprehend:BatchDetectSentiment"}
"""Actions on resource "*": a sender is a verified address of the account, whichever the brands have; of
parameters the names and dates, without values, are told of all or none; Comprehend knows nothing narrower."""
NAMES_ONLY = {"ssm:DescribeParameters"}
"""Knows no resources and no conditions of its own."""
NARROW = re.compile(
    r"\$\{Stage\}|:(?:foundation-model|inference-profile|identity)/\*$|^\$\{MainTable\.Arn\}/index/\w+$"
    r"|^\$\{ReportBucket\.Arn\}(?:/_(?:exports|knowledge|indexes|answered|uploads|images|mail))?/\*$"
)
DAY = 86_400
ONLY_ADDED_TO = {
    "Sid": "TheLogIsOnlyAddedTo",
    "Effect": "Deny",
    "Action": ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem"],
    "Resource": {"Fn::GetAtt": ["MainTable", "Arn"]},
    "Condition": {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["L#*"]}},
}
"""Nobody deletes or changes a line of the log of changes, whatever else a policy allows."""
CALLS = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["H#*"]}}


@pytest.fixture(scope="module")
def template() -> Any:
    return json.loads(package("prod").template.read_text())


@pytest.fixture(scope="module")
def resources(template: Any) -> dict[str, Any]:
    return dict(template["Resources"])


def function_of(name: str) -> str:
    return "APIHandler" if name == "api_handler" else to_cfn_resource_name(name)


def queue_of(trigger: SQSEventConfig) -> str:
    """Its name in the template, without Queue or Dead."""
    return str(trigger.queue).capitalize()


def statements(name: str) -> list[dict[str, Any]]:
    policy = json.loads((ROOT / ".chalice" / "policies" / f"{name}.json").read_text())
    return list(policy["Statement"])


def granted(name: str) -> list[dict[str, Any]]:
    """Its statements but for the one that keeps the log."""
    return [statement for statement in statements(name) if statement != ONLY_ADDED_TO]


def resources_in(statement: dict[str, Any]) -> list[Any]:
    found = statement["Resource"]
    return found if isinstance(found, list) else [found]


def allowed(name: str, action: str) -> list[Any]:
    return [
        resource
        for statement in granted(name)
        if action in statement["Action"]
        for resource in resources_in(statement)
    ]


def arn(resource: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [resource, "Arn"]}


# R17: queues -------------------------------------------------------------------------------------


def test_every_queue_of_the_code_has_one_worker() -> None:
    assert sorted(str(trigger.queue) for trigger in TRIGGERS) == sorted(QUEUES)


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: trigger.name)
def test_a_worker_takes_from_its_own_queue_and_fails_by_the_message(
    trigger: SQSEventConfig, resources: dict[str, Any]
) -> None:
    name = to_cfn_resource_name(trigger.name)
    source = resources[name]["Properties"]["Events"][f"{name}SqsEventSource"]["Properties"]

    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["Queue"] == {"Fn::Sub": f"${{{queue_of(trigger)}Queue.Arn}}"}
    assert 2 <= source["ScalingConfig"]["MaximumConcurrency"] <= 10


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: trigger.name)
def test_a_queue_outlasts_its_worker_and_its_dead_letters_outlast_it(
    trigger: SQSEventConfig, resources: dict[str, Any]
) -> None:
    queue = resources[f"{queue_of(trigger)}Queue"]["Properties"]
    dead = resources[f"{queue_of(trigger)}Dead"]["Properties"]
    worker = resources[to_cfn_resource_name(trigger.name)]["Properties"]

    assert queue["VisibilityTimeout"] >= 6 * worker["Timeout"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == arn(f"{queue_of(trigger)}Dead")
    assert queue["RedrivePolicy"]["maxReceiveCount"] > MAX_TRIES, "SQS must not be quicker than the reason"
    assert dead["MessageRetentionPeriod"] == 14 * DAY > queue["MessageRetentionPeriod"]
    assert "RedrivePolicy" not in dead


def test_every_dead_letter_rings(resources: dict[str, Any]) -> None:
    rung = {
        dimension["Value"]["Fn::GetAtt"][0]
        for one in resources.values()
        if one["Type"] == "AWS::CloudWatch::Alarm"
        for dimension in one["Properties"]["Dimensions"]
        if one["Properties"]["AlarmActions"] == [{"Ref": "Alarms"}]
        and one["Properties"]["Threshold"] == 0
        and one["Properties"]["TreatMissingData"] == "notBreaching"
    }

    assert rung == {f"{queue.capitalize()}Dead" for queue in QUEUES}


# schedules ---------------------------------------------------------------------------------------

RATES = {
    "tick": "rate(1 minute)",
    "measure_posts": "rate(15 minutes)",
    "relate_to_people": "rate(1 hour)",
    "evaluate_months": "rate(1 hour)",
}


@pytest.mark.parametrize("trigger", SCHEDULES, ids=lambda trigger: trigger.name)
def test_a_schedule_wakes_its_lambda_and_never_two_at_a_time(
    trigger: ScheduledEventConfig, resources: dict[str, Any]
) -> None:
    name = to_cfn_resource_name(trigger.name)
    (event,) = resources[name]["Properties"]["Events"].values()
    seconds = {"minute": 60, "minutes": 60, "hour": 3600}
    number, unit = RATES[trigger.name][5:-1].split()

    assert event == {"Type": "Schedule", "Properties": {"Schedule": RATES[trigger.name]}}
    assert resources[name]["Properties"]["Timeout"] < int(number) * seconds[unit]


@pytest.mark.parametrize("trigger", SCHEDULES, ids=lambda trigger: trigger.name)
def test_what_failed_on_schedule_rings(trigger: ScheduledEventConfig, resources: dict[str, Any]) -> None:
    """The next run does the same work; only a report is asked for by people too, once."""
    on_failure = resources[to_cfn_resource_name(trigger.name)]["Properties"]["EventInvokeConfig"]

    assert on_failure["MaximumRetryAttempts"] == (2 if trigger.name == "evaluate_months" else 0)
    assert on_failure["DestinationConfig"]["OnFailure"] == {"Type": "SQS", "Destination": arn("PollDead")}
    assert allowed(trigger.name, "sqs:SendMessage").count(arn("PollDead")) == 1


def test_idle_costs_what_was_promised(resources: dict[str, Any]) -> None:
    """An alarm is 0.10 USD a month; a trigger polls its empty queue for about 0.26."""
    kinds = [resource["Type"] for resource in resources.values()]

    assert kinds.count("AWS::CloudWatch::Alarm") * 0.10 + len(TRIGGERS) * 0.26 <= 2.00
    assert kinds.count("AWS::SQS::Queue") == 2 * len(QUEUES)
    assert not {"AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::EC2::NatGateway"} & set(kinds)


# S26: rights -------------------------------------------------------------------------------------


def test_every_lambda_has_settings_and_a_policy_of_its_own(resources: dict[str, Any]) -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    files = {path.stem for path in (ROOT / ".chalice" / "policies").iterdir()}

    assert not config["autogen_policy"]
    assert sorted(config["lambda_functions"]) == LAMBDAS == sorted(files)
    for name, own in config["lambda_functions"].items():
        assert own["iam_policy_file"] == f"policies/{name}.json"
    roles = [resources[function_of(name)]["Properties"]["Role"]["Fn::GetAtt"][0] for name in LAMBDAS]
    assert len(set(roles)) == len(roles)


@pytest.mark.parametrize("name", LAMBDAS)
def test_s26_no_right_is_wider_than_named(name: str) -> None:
    for statement in granted(name):
        assert statement["Effect"] == "Allow"
        assert isinstance(statement["Action"], list)
        assert not [action for action in statement["Action"] if "*" in action]
        if "*" in resources_in(statement):
            assert set(statement["Action"]) <= MAY_ALL
            assert statement.get("Condition") or set(statement["Action"]) <= NAMES_ONLY
        for text in (one["Fn::Sub"] for one in resources_in(statement) if "Fn::Sub" in one):
            assert NARROW.search(text), text


@pytest.mark.parametrize("name", LAMBDAS)
def test_who_has_rights_on_the_table_has_none_to_change_the_log(name: str) -> None:
    table = any(action.startswith("dynamodb:") for one in granted(name) for action in one["Action"])

    assert (ONLY_ADDED_TO in statements(name)) is table
    assert ONLY_ADDED_TO["Condition"]["ForAnyValue:StringLike"]["dynamodb:LeadingKeys"] == [  # type: ignore[index]
        keys.audit_month("", "").partition("#")[0] + "#*"
    ]


@pytest.mark.parametrize("name", LAMBDAS)
def test_a_lambda_writes_its_own_log_and_no_other(name: str, resources: dict[str, Any]) -> None:
    log = f"webspin-${{Stage}}-{name.replace('_', '-')}"

    assert resources[function_of(name)]["Properties"]["FunctionName"] == {"Fn::Sub": log}
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        (group,) = allowed(name, action)
        assert group["Fn::Sub"].endswith(f":log-group:/aws/lambda/{log}:*")
    assert not allowed(name, "logs:CreateLogGroup"), "the template makes it, with its retention"


def test_the_console_reads_what_the_door_logged_and_no_other_log() -> None:
    reads = {name: allowed(name, "logs:FilterLogEvents") for name in LAMBDAS}
    (group,) = reads.pop("api_handler")
    assert group["Fn::Sub"].endswith(":log-group:/aws/lambda/webspin-${Stage}-receive-webhook:*")
    assert not any(reads.values())


def test_the_console_and_who_asks_hubs_are_told_where_sources_call(resources: dict[str, Any]) -> None:
    """Both wait for the door to be made, which waits for neither."""
    told = {
        name: one["Properties"].get("Environment", {}).get("Variables", {}).get("WEBHOOK_URL")
        for name, one in resources.items()
        if one["Type"] == "AWS::Serverless::Function"
    }
    for name in ("APIHandler", "RelateToPeople"):
        assert told.pop(name) == {"Fn::GetAtt": ["ReceiveWebhookUrl", "FunctionUrl"]}
    assert not any(told.values())


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: trigger.name)
def test_a_worker_may_take_put_back_and_bury_what_is_in_its_queue(trigger: SQSEventConfig) -> None:
    """The emulator delivers to a worker that may not receive; AWS does not."""
    queue, dead = (arn(f"{queue_of(trigger)}{kind}") for kind in ("Queue", "Dead"))
    for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"):
        assert allowed(trigger.name, action) == [queue]
    sent = allowed(trigger.name, "sqs:SendMessage")
    assert queue in sent
    assert dead in sent


def test_the_door_for_strangers_reads_webhook_secrets_and_queues_and_nothing_else() -> None:
    rights = {
        action: resources_in(statement)
        for statement in statements("receive_webhook")
        for action in statement["Action"]
        if not action.startswith("logs:")
    }

    assert rights.pop("sqs:SendMessage") == [arn("HearQueue")]
    (path,) = rights.pop("ssm:GetParameter")
    assert path["Fn::Sub"].endswith(":parameter/webspin/${Stage}/hook/*")
    assert not rights


SECRETS = {
    "tick": {"alert"},
    "poll_sources": {"source", "sourceapp"},
    "receive_webhook": {"hook"},
    "hear_webhooks": {"channel", "channelapp"},
    "respond_to_mentions": {"alert"},
    "deliver_replies": {"channel", "channelapp"},
    "measure_posts": {"channel", "channelapp", "source", "sourceapp"},
    "relate_to_people": {"hook"},
    "notify_hooks": {"notify"},
    "api_handler": {"link", "channelapp", "sourceapp"},
}
WRITES_SECRETS = {
    "api_handler": {"alert", "channel", "channelapp", "hook", "link", "notify", "source", "sourceapp"},
    "poll_sources": {"source"},
    "hear_webhooks": {"channel"},
    "deliver_replies": {"channel"},
    "measure_posts": {"channel", "source"},
}
"""The console sets them, and never reads them; but for the key that links in mails are signed with, and what
we are called by at a network that asks a person. Who uses a token renews it before it ends."""


@pytest.mark.parametrize("name", LAMBDAS)
def test_a_lambda_reads_only_the_secrets_it_uses(name: str) -> None:
    paths = [one["Fn::Sub"].split("${Stage}/")[1] for one in allowed(name, "ssm:GetParameter")]

    assert set(paths) == {f"{kind}/*" for kind in SECRETS.get(name, ())}
    actions = {action for statement in granted(name) for action in statement["Action"]}
    assert not {action for action in actions if action.startswith(("kms:", "iam:", "sts:"))}
    assert not actions & {"dynamodb:Scan", "dynamodb:DeleteItem", "dynamodb:DeleteTable"}
    written = [one["Fn::Sub"].split("${Stage}/")[1] for one in allowed(name, "ssm:PutParameter")]
    assert set(written) == {f"{kind}/*" for kind in WRITES_SECRETS.get(name, ())}
    removed = [one["Fn::Sub"].split("${Stage}/")[1] for one in allowed(name, "ssm:DeleteParameter")]
    removes = WRITES_SECRETS["api_handler"] - {"notify", "link"} if name == "api_handler" else set()
    assert set(removed) == {f"{kind}/*" for kind in removes}


def test_reports_are_written_by_one_lambda_and_read_by_the_console_alone() -> None:
    bucket, files = arn("ReportBucket"), {"Fn::Sub": "${ReportBucket.Arn}/*"}
    rights = {
        name: {
            action: resources_in(statement)
            for statement in statements(name)
            for action in statement["Action"]
            if action.startswith("s3:")
        }
        for name in LAMBDAS
    }
    reading = {"s3:GetObject": [files], "s3:ListBucket": [bucket]}

    assert rights.pop("evaluate_months") == {**reading, "s3:PutObject": [files]}
    exports, known, indexes, answered, uploads, images = (
        {"Fn::Sub": f"${{ReportBucket.Arn}}/{folder}/*"}
        for folder in ("_exports", "_knowledge", "_indexes", "_answered", "_uploads", "_images")
    )
    made = [exports, known, indexes, answered, uploads, images]
    assert rights.pop("api_handler") == {
        **reading,
        "s3:PutObject": made,
        "s3:DeleteObject": [images],
    }, "no report is put over"
    assert rights.pop("deliver_replies") == {"s3:GetObject": [images], "s3:ListBucket": [bucket]}
    assert rights.pop("respond_to_mentions") == {
        "s3:GetObject": [known, indexes],
        "s3:PutObject": [indexes],
        "s3:ListBucket": [bucket],
    }, "it reads what the brand knows, and no report"
    mail = {"Fn::Sub": "${ReportBucket.Arn}/_mail/*"}
    assert rights.pop("hear_webhooks") == {"s3:GetObject": [mail], "s3:ListBucket": [bucket]}
    assert not any(rights.values())


def test_mail_to_people_outside_leaves_from_one_lambda() -> None:
    """A whole mail of our own making (`ses:SendRawEmail`) is an answer; colleagues get plain ones."""
    identities = {"Fn::Sub": "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*"}
    sends = {name: allowed(name, "ses:SendRawEmail") for name in LAMBDAS}

    assert sends.pop("deliver_replies") == allowed("deliver_replies", "ses:SendEmail") == [identities]
    assert not any(sends.values())
    asks = {name: allowed(name, "ses:GetEmailIdentity") for name in LAMBDAS}
    assert asks.pop("measure_posts") == [identities]
    assert not any(asks.values())


def test_two_lambdas_may_ask_a_model_and_only_these() -> None:
    asks = {name for name in LAMBDAS if allowed(name, "bedrock:InvokeModel")}

    assert asks == {"api_handler", "understand_mentions"}, (
        "who drafts for a person, and who asks for an opinion"
    )


def test_a_model_may_be_reached_by_its_id_or_by_a_profile_that_spreads_it_over_regions() -> None:
    """A profile is of the account and here; what it leads to elsewhere is asked through it alone."""
    here = "arn:${AWS::Partition}:bedrock:${AWS::Region}:"
    profile = {"Fn::Sub": here + "${AWS::AccountId}:inference-profile/*"}
    elsewhere = {"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/*"}
    for name in ("api_handler", "understand_mentions"):
        direct, through = (one for one in granted(name) if "bedrock:InvokeModel" in one["Action"])
        assert resources_in(direct) == [{"Fn::Sub": here + ":foundation-model/*"}, profile]
        assert "Condition" not in direct
        assert resources_in(through) == [elsewhere]
        assert through["Condition"] == {"ArnLike": {"bedrock:InferenceProfileArn": profile}}


def test_two_lambdas_may_start_another_and_only_these() -> None:
    called = {
        name: [one["Fn::Sub"].rpartition("${Stage}-")[2] for one in allowed(name, "lambda:InvokeFunction")]
        for name in LAMBDAS
    }

    assert called.pop("api_handler") == ["evaluate-months", "notify-hooks"]
    assert called.pop("tick") == ["notify-hooks"]
    assert not any(called.values())


def test_many_items_at_once_are_calls_of_webhooks_and_nothing_else() -> None:
    """BatchWriteItem could delete too."""
    for name in LAMBDAS:
        for one in granted(name):
            if "dynamodb:BatchWriteItem" in one["Action"]:
                assert one["Action"] == ["dynamodb:BatchWriteItem"]
                assert one["Condition"] == CALLS


def test_what_calls_webhooks_is_woken_and_a_failure_of_it_rings(resources: dict[str, Any]) -> None:
    """No queue of its own: a trigger polls for 0.26 USD a month, and an alarm costs 0.10."""
    worker = resources["NotifyHooks"]["Properties"]

    assert "Events" not in worker
    assert worker["EventInvokeConfig"]["MaximumRetryAttempts"] == 0
    failed = worker["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
    assert failed == {"Type": "SQS", "Destination": arn("PollDead")}
    assert allowed("notify_hooks", "sqs:SendMessage") == [arn("PollDead")]
    assert worker["Timeout"] < LEASE.total_seconds(), "or two workers would call one address"


def test_the_console_counts_every_queue_and_takes_only_from_the_dead() -> None:
    """Who sends dead letters through once more must not be able to take live ones away."""
    queues = [arn(f"{queue.capitalize()}Queue") for queue in QUEUES]
    dead = [arn(f"{queue.capitalize()}Dead") for queue in QUEUES]

    assert allowed("api_handler", "sqs:SendMessage") == queues
    assert allowed("api_handler", "sqs:GetQueueAttributes") == queues + dead
    for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage"):
        assert allowed("api_handler", action) == dead


def test_only_what_sends_looks_at_the_brake_in_the_same_write() -> None:
    looks = {name for name in LAMBDAS if allowed(name, "dynamodb:ConditionCheckItem") == [arn("MainTable")]}

    assert looks == {"deliver_replies", "respond_to_mentions"}


def test_a_month_is_evaluated_without_a_right_to_change_anything() -> None:
    """But to queue that it is there, and to note that it ran."""
    narrow = [CALLS, {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["T", "Y#*"]}}]
    wide = [one for one in granted("evaluate_months") if one.get("Condition") not in narrow]
    actions = {action for statement in wide for action in statement["Action"]}

    assert not {action for action in actions if re.match("dynamodb:(Put|Update|Delete|BatchWrite)", action)}


# S27: secrets ------------------------------------------------------------------------------------

KEYS = re.compile(r"AKIA[A-Z0-9]{16}|-----BEGIN|whsec_\w|xox[abp]-|eyJ[\w-]{20,}\.|(?i:password|secret)=\S")


def test_s27_nothing_that_is_deployed_holds_a_secret(template: Any) -> None:
    assert not KEYS.search(json.dumps(template))
    for path in (ROOT / ".chalice").rglob("*.json"):
        assert not KEYS.search(path.read_text())


def test_the_environment_has_all_that_the_code_reads_and_no_way_into_the_network(
    template: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    for name in variables:
        monkeypatch.setenv(name, "x")
    monkeypatch.delenv("HTTP_ALLOW", raising=False)
    settings.cache_clear()

    assert settings().http_allow == frozenset()
    own = {
        name: one["Properties"]["Environment"]
        for name, one in template["Resources"].items()
        if "Environment" in one.get("Properties", {})
    }
    assert {*own} == {"APIHandler", "RelateToPeople"}
    assert all([*each["Variables"]] == ["WEBHOOK_URL"] for each in own.values())


SSO = {"SsoDomain", "SsoSamlMetadata", "SsoOidcIssuer", "SsoOidcClient", "SsoOidcSecret"}


def test_the_exception_to_the_guard_cannot_be_deployed(template: Any) -> None:
    """HTTP_ALLOW opens addresses inside the network; only the local run and tests may set it."""
    sources = [ROOT / "infra" / "resources.yaml", *(ROOT / ".chalice").rglob("*.json"), ROOT / "app.py"]

    assert "HTTP_ALLOW" not in json.dumps(template)
    for path in sources:
        assert "HTTP_ALLOW" not in path.read_text(), path
    assert set(template["Parameters"]) == {"Stage", "AlarmEmail", "ConsoleUrl", "SecondFactor"} | SSO


# S28, S34: what is at rest and on its way ----------------------------------------------------------


def test_s34_the_table_is_kept_encrypted_and_can_be_brought_back(resources: dict[str, Any]) -> None:
    table = resources["MainTable"]

    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    # Encrypted with DynamoDB's own key, as every table is; the account's key would be charged by request.
    assert "SSESpecification" not in table["Properties"]
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_s28_s34_reports_are_kept_encrypted_private_and_are_not_sent_in_the_clear(
    resources: dict[str, Any],
) -> None:
    bucket, policy = resources["ReportBucket"], resources["BucketOverTls"]["Properties"]
    own = bucket["Properties"]
    denied, mailed = policy["PolicyDocument"]["Statement"]
    (encryption,) = own["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    unfinished, exports, answered, uploads, images, indexes, mail = own["LifecycleConfiguration"]["Rules"]

    assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"
    assert own["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert list(own["PublicAccessBlockConfiguration"].values()) == [True] * 4
    assert encryption == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert own["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(unfinished) == {"Id", "Status", "AbortIncompleteMultipartUpload"}, "a report never expires"
    assert (exports["Prefix"], exports["ExpirationInDays"]) == ("_exports/", 1)
    assert (answered["Prefix"], answered["ExpirationInDays"]) == ("_answered/", 2), "it has people's words"
    assert (uploads["Prefix"], uploads["ExpirationInDays"]) == ("_uploads/", 2), "of forms nobody sent"
    assert (images["Prefix"], images["ExpirationInDays"]) == ("_images/", 400), "longer than one plans ahead"
    assert (indexes["Prefix"], indexes["ExpirationInDays"]) == ("_indexes/", 30), "who misses one makes it"
    assert (mail["Prefix"], mail["ExpirationInDays"]) == ("_mail/", 15), "a dead letter about it lies for 14"
    assert policy["Bucket"] == {"Ref": "ReportBucket"}
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", "*", "s3:*")
    assert denied["Resource"] == [arn("ReportBucket"), {"Fn::Sub": "${ReportBucket.Arn}/*"}]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (mailed["Effect"], mailed["Principal"]) == ("Allow", {"Service": "ses.amazonaws.com"})
    assert (mailed["Action"], mailed["Resource"]) == (
        "s3:PutObject",
        {"Fn::Sub": "${ReportBucket.Arn}/_mail/*"},
    )
    ours = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    rules = {"Fn::Sub": "arn:${AWS::Partition}:ses:*:${AWS::AccountId}:receipt-rule-set/*"}
    assert mailed["Condition"] == {**ours, "StringLike": {"aws:SourceArn": rules}}, (
        "by rules of our own account"
    )
    kinds = [one["Type"] for one in resources.values()]
    assert (kinds.count("AWS::S3::Bucket"), kinds.count("AWS::S3::BucketPolicy")) == (1, 1), "no other Allow"


def test_an_index_holds_what_a_list_shows_and_no_more(resources: dict[str, Any]) -> None:
    indexes = {
        index["IndexName"]: (
            [key["AttributeName"] for key in index["KeySchema"]],
            set(index["Projection"]["NonKeyAttributes"]),
        )
        for index in resources["MainTable"]["Properties"]["GlobalSecondaryIndexes"]
    }

    assert indexes == {
        "by_day": (["day", "day_key"], set(keys.BY_DAY)),
        "work": (["work", "work_key"], set(keys.WORK)),
    }


def test_s28_s34_every_queue_is_encrypted_and_refuses_to_be_reached_in_the_clear(
    resources: dict[str, Any],
) -> None:
    queues = {name for name, one in resources.items() if one["Type"] == "AWS::SQS::Queue"}
    policy = resources["QueuesOverTls"]["Properties"]
    (denied,) = policy["PolicyDocument"]["Statement"]

    assert all(resources[name]["Properties"]["SqsManagedSseEnabled"] for name in queues)
    assert {queue["Ref"] for queue in policy["Queues"]} == queues
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", "*", "sqs:*")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len([one for one in resources.values() if one["Type"] == "AWS::SQS::QueuePolicy"]) == 1, "no Allow"


def test_logs_are_kept_a_month(resources: dict[str, Any]) -> None:
    groups = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Logs::LogGroup"]

    assert [group["RetentionInDays"] for group in groups] == [30] * len(LAMBDAS)
    assert {group["LogGroupName"]["Fn::Sub"] for group in groups} == {
        f"/aws/lambda/${{{function_of(name)}}}" for name in LAMBDAS
    }


# doors -------------------------------------------------------------------------------------------


def test_a_flood_of_webhooks_costs_a_known_sum(resources: dict[str, Any]) -> None:
    door = resources["ReceiveWebhook"]["Properties"]

    assert door["FunctionUrlConfig"] == {"AuthType": "NONE"}
    assert door["ReservedConcurrentExecutions"] == 10
    assert [name for name, one in resources.items() if "FunctionUrlConfig" in one.get("Properties", {})] == [
        "ReceiveWebhook"
    ]


def test_the_console_is_regional_throttled_and_byte_for_byte(resources: dict[str, Any]) -> None:
    api = resources["RestAPI"]["Properties"]

    assert api["EndpointConfiguration"] == "REGIONAL"
    assert api["BinaryMediaTypes"] == ["*/*"]
    (throttle,) = api["MethodSettings"]
    assert (throttle["ResourcePath"], throttle["HttpMethod"]) == ("/*", "*")
    assert throttle["ThrottlingRateLimit"] <= throttle["ThrottlingBurstLimit"] <= 100
    assert resources["APIHandler"]["Properties"]["Timeout"] <= 29, "API Gateway waits no longer"


def test_an_address_that_is_no_route_is_told_in_plain_words(resources: dict[str, Any]) -> None:
    """In the API's own definition, so that the first deployment has it already."""
    answer = resources["RestAPI"]["Properties"]["GatewayResponses"]["MISSING_AUTHENTICATION_TOKEN"]

    assert answer["StatusCode"] == 404
    (page,) = answer["ResponseTemplates"].values()
    assert "Op dit adres is niets" in page
    assert "There is nothing at this address" in page
    assert page.isascii(), "its answer names no charset"


def test_people_are_invited_and_their_passwords_are_long(resources: dict[str, Any]) -> None:
    """The emulator enforces none of these."""
    pool, client = (resources[name]["Properties"] for name in ("UserPool", "UserClient"))

    assert resources["UserPool"]["DeletionPolicy"] == resources["UserPool"]["UpdateReplacePolicy"] == "Retain"
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["MfaConfiguration"] == {"Fn::If": ["MustHaveSecondFactor", "ON", "OPTIONAL"]}
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["AccountRecoverySetting"]["RecoveryMechanisms"] == [{"Name": "verified_email", "Priority": 1}]
    for message in (
        pool["VerificationMessageTemplate"],
        pool["AdminCreateUserConfig"]["InviteMessageTemplate"],
    ):
        assert message["EmailMessage"].count("{####}") == 2, "in both languages"
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["EnableTokenRevocation"] is True
    assert client["GenerateSecret"] is False
    assert client["WriteAttributes"] == ["name"], "nobody changes the address that was invited"


def test_single_sign_on_is_there_only_where_it_is_set_up(template: Any, resources: dict[str, Any]) -> None:
    """S35: a code goes back to one address of ours, and its tokens open no account's settings."""
    of = {name: one for name, one in resources.items() if name.startswith("Sso")}
    assert {one["Condition"] for one in of.values()} == {"HasSso"}
    assert template["Conditions"]["HasSso"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "SsoDomain"}, ""]}]}
    assert all(template["Parameters"][name]["Default"] == "" for name in SSO | {"ConsoleUrl"})
    assert template["Parameters"]["SsoOidcSecret"]["NoEcho"] is True
    client = of["SsoClient"]["Properties"]
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["CallbackURLs"] == [{"Fn::Sub": "${ConsoleUrl}sign-in/back"}]
    assert "aws.cognito.signin.user.admin" not in client["AllowedOAuthScopes"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"], "no password opens it"
    assert client["GenerateSecret"] is False, "PKCE takes its place; Lambdas hold no secret"


def test_the_console_looks_after_accounts_of_its_own_pool_alone() -> None:
    for name in LAMBDAS:
        rights = {
            action: resources_in(statement)
            for statement in statements(name)
            for action in statement["Action"]
            if action.startswith("cognito")
        }
        assert bool(rights) is (name == "api_handler")
        assert all(where == [arn("UserPool")] for where in rights.values())
        forbidden = (
            "AdminSetUserPassword",
            "AdminUpdateUserAttributes",
            "AdminInitiateAuth",
            "AdminDeleteUser",
        )
        assert not [action for action in rights if action.endswith(forbidden)], "nobody comes in as another"


def test_the_groups_are_those_of_the_console(resources: dict[str, Any]) -> None:
    groups = {
        one["Properties"]["GroupName"]
        for one in resources.values()
        if one["Type"] == "AWS::Cognito::UserPoolGroup"
    }

    assert groups == {role.value for role in Role}


def test_the_deploy_program_finds_what_it_prints(template: Any) -> None:
    assert {
        "ConsoleUrl",
        "WebhookUrl",
        "TableName",
        "BucketName",
        "UserPoolId",
        "UserClientId",
    } <= set(template["Outputs"])
