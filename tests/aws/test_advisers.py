"""Amazon Comprehend and Amazon Bedrock as advisers, on canned answers in the services' own JSON.

The emulator knows neither the batch call nor what a model says.
"""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.models import botocore_stubber

from chalicelib.aws import clients
from chalicelib.aws.bedrock import Bedrock, BedrockDrafts
from chalicelib.aws.comprehend import Comprehend
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import Rejected, Unavailable
from tests.harness.hooks import apart, hooked

_JSON = {"content-type": "application/json"}
Answer = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]


class Service:
    """Answers every call that leaves; `asked` are their bodies, `paths` where they went."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.answer: Answer = lambda asked: (200, {})

    def send(self, request: Any, **_: Any) -> AWSResponse:
        body = json.loads(request.body)
        self.asked.append(body)
        self.paths.append(request.url)
        status, answer = self.answer(body)
        raw = BytesIO(json.dumps(answer).encode())
        raw.stream = lambda **_: iter([raw.read()])  # type: ignore[attr-defined]
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(_JSON), raw)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(botocore_stubber, "enabled", False)  # moto's, where another test has it on
    found = Service()
    with apart(), hooked(("before-send", found.send)):
        yield found


def comprehend() -> Comprehend:
    return Comprehend(lambda: clients.client("comprehend"))


def bedrock() -> Bedrock:
    return Bedrock(lambda: clients.client("bedrock-runtime"), "eu.some-model-v1:0")


def scored(asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Angry about "bad", in two minds about the rest; the third of a batch fails."""
    results, errors = [], []
    for at, text in enumerate(asked["TextList"]):
        if at == 2:
            errors.append({"Index": at, "ErrorCode": "INTERNAL_SERVER_ERROR", "ErrorMessage": ""})
            continue
        bad = {"Negative": 0.9, "Neutral": 0.06, "Positive": 0.02, "Mixed": 0.02}
        both = {"Negative": 0.1, "Neutral": 0.1, "Positive": 0.2, "Mixed": 0.6}
        label = "NEGATIVE" if "bad" in text else "MIXED"
        results.append({"Index": at, "Sentiment": label, "SentimentScore": bad if "bad" in text else both})
    return 200, {"ResultList": results, "ErrorList": errors}


def test_comprehend_is_asked_25_at_a_time_and_answers_in_order(service: Service) -> None:
    service.answer = scored
    found = comprehend().ask(["bad", *["hm"] * 29], "en")
    assert [len(asked["TextList"]) for asked in service.asked] == [25, 5]
    assert {asked["LanguageCode"] for asked in service.asked} == {"en"}
    assert [at for at, one in enumerate(found) if one is None] == [2, 27]
    first, second = found[:2]
    assert first
    assert second
    assert (first.sentiment, first.probabilities, first.by) == (
        Sentiment.NEGATIVE,
        (0.91, 0.06, 0.03),
        "comprehend-1",
    )
    assert (second.sentiment, second.probabilities) == (Sentiment.MIXED, (0.4, 0.1, 0.5))


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("negative", Sentiment.NEGATIVE),
        (" Positive.\n", Sentiment.POSITIVE),
        ("mixed", Sentiment.MIXED),
        ("unsure", None),
        ("I would say that this is negative", None),
        ("", None),
    ],
)
def test_of_bedrock_one_word_is_taken_and_nothing_else(
    service: Service, said: str, label: Sentiment | None
) -> None:
    service.answer = lambda asked: (
        200,
        {"output": {"message": {"role": "assistant", "content": [{"text": said}]}}, "stopReason": "end_turn"},
    )
    (found,) = bedrock().ask(["Fijn, weer een storing"], "nl")
    assert (found.sentiment if found else None) is label
    assert "some-model-v1" in service.paths[0]
    (asked,) = service.asked
    assert asked["messages"][0]["content"][0]["text"].endswith("Fijn, weer een storing")
    assert "data" in asked["system"][0]["text"]
    if found:
        assert sum(found.probabilities) == pytest.approx(1)


@pytest.mark.parametrize("ask", [lambda: comprehend().ask(["a"], "en"), lambda: bedrock().ask(["a"], "nl")])
@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "ThrottlingException", Unavailable),
        (503, "ServiceUnavailableException", Unavailable),
        (403, "AccessDeniedException", Rejected),
    ],
)
def test_what_the_service_refuses_is_an_error_of_ours(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[], object],
    status: int,
    code: str,
    error: type[Exception],
) -> None:
    monkeypatch.setattr(clients, "ATTEMPTS", 1)
    service.answer = lambda asked: (status, {"__type": code, "message": code})
    with pytest.raises(error, match=code):
        ask()


def test_a_model_drafts_with_the_message_apart_from_the_order_and_is_asked_once(service: Service) -> None:
    drafts = BedrockDrafts(lambda: clients.client("bedrock-runtime"), "eu.some-model-v1:0")
    parts = [{"text": '{"text": '}, {"text": '"Ja."}'}]
    service.answer = lambda asked: (
        200,
        {"output": {"message": {"role": "assistant", "content": parts}}, "stopReason": "end_turn"},
    )
    assert drafts.write("Draft a reply.", "<message>") == '{"text": "Ja."}'
    (asked,) = service.asked
    assert asked["system"] == [{"text": "Draft a reply."}]
    assert asked["messages"] == [{"role": "user", "content": [{"text": "<message>"}]}]
    assert "toolConfig" not in asked
    service.answer = lambda asked: (503, {"__type": "ServiceUnavailableException", "message": ""})
    with pytest.raises(Unavailable):
        drafts.write("Draft a reply.", "<message>")
    assert len(service.asked) == 2, "each try is paid for"
