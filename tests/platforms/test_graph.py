"""Meta's Graph API: each of its codes has the right word, and what it says of its limits is kept to."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import platforms
from chalicelib.domain.pace import Pace
from chalicelib.errors import (
    BadInput,
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Unknown,
    Waits,
)
from chalicelib.http import Http
from chalicelib.platforms import _meta, facebook, webhook
from chalicelib.platforms._graph import Again, Graph, Missing, unix
from chalicelib.platforms._lists import Listed, news
from chalicelib.platforms._paced import Paced
from chalicelib.platforms._usage import minutes, usage
from chalicelib.ports import Kit
from tests.conftest import NOW
from tests.platforms.memory import MemoryShelf
from tests.platforms.peers import platform
from tests.platforms.recorded import payload
from tests.servers.base import Reply, Request
from tests.servers.graph import SECRET, TOKEN, Graph as Server, error, told

SOON = {"call_count": 100, "total_time": 12, "total_cputime": 3}
BUSINESS = {"448": [{"type": "pages", **SOON, "estimated_time_to_regain_access": 14}]}


class Any_(Server):
    """Answers as it is told."""

    def __init__(self) -> None:
        super().__init__("")
        self.reply: Callable[[], Reply] = lambda: told({"id": "1"})

    def graph(self, request: Request, path: str) -> Reply:
        return self.reply()


@pytest.fixture
def server() -> Iterator[Any_]:
    with Any_() as running:
        yield running


def graph(server: Any_, secret: str = "") -> Graph:
    http = Http(allow=frozenset({(server.host, server.port)}))
    return Graph(http, "facebook", server.url, TOKEN, secret)


def refusal(ask: Callable[[], object]) -> PlatformError:
    with pytest.raises(PlatformError) as refused:
        ask()
    return refused.value


# errors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "sub", "word"),
    [
        (190, 463, Unauthorized),
        (190, 460, Unauthorized),
        (102, 0, Unauthorized),
        (10, 0, Unauthorized),
        (200, 0, Unauthorized),
        (299, 0, Unauthorized),
        (4, 0, RateLimited),
        (17, 0, RateLimited),
        (32, 0, RateLimited),
        (613, 0, RateLimited),
        (9, 2207042, RateLimited),
        (80001, 0, RateLimited),
        (130429, 0, RateLimited),
        (131056, 0, RateLimited),
        (100, 33, Missing),
        (803, 0, Missing),
        (506, 0, Again),
        (368, 0, Rejected),
        (100, 0, Rejected),
        (36003, 2207009, Rejected),
        (131047, 0, Rejected),
    ],
)
@pytest.mark.parametrize("status", [400, 403, 500])
def test_each_code_has_its_word_whatever_the_status_reading_and_writing(
    server: Any_, code: int, sub: int, word: type[Exception], status: int
) -> None:
    server.reply = lambda: error(code, sub, "no", status)
    api = graph(server)
    if status == 500 and word in (Rejected,):
        return
    for ask in (lambda: api.get("/1"), lambda: api.post("/1", {}, {}), lambda: api.call("/1", {})):
        assert type(refusal(ask)) is word


@pytest.mark.parametrize("code", [1, 2])
def test_what_passes_is_unavailable_and_on_writing_unknown(server: Any_, code: int) -> None:
    server.reply = lambda: error(code, 0, "Please retry", 500)
    api = graph(server)
    assert type(refusal(lambda: api.get("/1"))) is Unavailable
    assert type(refusal(lambda: api.call("/1", {}))) is Unavailable
    assert type(refusal(lambda: api.post("/1", {}, {}))) is Unknown
    assert type(refusal(lambda: api.delete("/1"))) is Unknown


@pytest.mark.parametrize("code", [-1, -2, None, "x", "-1", 1.5, True, [], 10**30])
@pytest.mark.parametrize("status", [400, 403, 500])
def test_what_has_no_code_that_says_it_was_refused_may_have_been_done(
    server: Any_, code: Any, status: int
) -> None:
    body = {"message": "An unexpected error has occurred. Please retry your request later.", "code": code}
    server.answers = status, json.dumps({"error": body}).encode()
    api = graph(server)
    assert type(refusal(lambda: api.get("/1"))) is Unavailable
    assert type(refusal(lambda: api.call("/1", {}))) is Unavailable
    assert type(refusal(lambda: api.post("/1", {}, {}))) is Unknown
    assert type(refusal(lambda: api.delete("/1"))) is Unknown


def test_what_is_gone_is_deleted_already_and_not_seen(server: Any_) -> None:
    server.reply = lambda: error(100, 33)
    api = graph(server)
    assert api.seen("/1", []) is None
    api.delete("/1")


def test_the_recorded_refusal_of_a_key_says_why(server: Any_) -> None:
    server.answers = 400, json.dumps(payload("facebook_graph_error_190")).encode()
    said = refusal(lambda: graph(server).get("/me"))
    assert isinstance(said, Unauthorized)
    assert said.reason == "Error validating access token: Session has expired (190/463)"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": "tech", "error_user_msg": "Too  many\ntags.", "code": 100}, "Too many tags. (100)"),
        ({"message": "tech", "error_data": {"details": "24 hours"}, "code": 131047}, "24 hours (131047)"),
        ({"message": "Please retry", "code": -2, "error_subcode": 2207003}, "Please retry (-2/2207003)"),
        ({"message": 7, "code": "x", "error_data": [], "error_subcode": None}, "refused (None)"),
    ],
)
def test_what_is_meant_for_people_is_told_to_people(server: Any_, body: dict[str, Any], said: str) -> None:
    server.answers = 400, json.dumps({"error": body}).encode()
    assert refusal(lambda: graph(server).get("/me")).reason == said


@pytest.mark.parametrize("body", [b'{"error": "no"}', b'{"error": 3}', b'["error"]', b'{"error'])
def test_a_refusal_in_another_form_is_one_all_the_same(server: Any_, body: bytes) -> None:
    server.answers = 403, body
    assert type(refusal(lambda: graph(server).get("/me"))) is Unauthorized
    server.answers = 502, body
    assert type(refusal(lambda: graph(server).post("/me", {}, {}))) is Unknown


def test_a_message_that_speaks_of_an_error_is_no_refusal(server: Any_) -> None:
    server.reply = lambda: told({"id": "1", "message": 'an "error" of {"error": {}} ours'})
    assert graph(server).get("/1")["id"] == "1"


def test_the_key_stands_in_no_address_and_is_proven_where_the_app_wants_it(server: Any_) -> None:
    api = graph(server, SECRET)
    api.get("/1", [("fields", "id")])
    api.post("/1", {}, {})
    api.call("/1", {})
    api.delete("/1")
    proofs = {request.query["appsecret_proof"][0] for request in server.requests}
    assert len(proofs) == 1
    assert len(proofs.pop()) == 64
    assert not any(TOKEN in str(request.query) + request.path for request in server.requests)
    graph(server).get("/1")
    assert server.requests[-1].query == {}


# limits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-Business-Use-Case-Usage": json.dumps(BUSINESS)}, 14 * 60),
        ({"Retry-After": "33"}, 33),
        ({}, 600),
        ({"X-Business-Use-Case-Usage": "{"}, 600),
        (
            {"X-Business-Use-Case-Usage": json.dumps({"1": [{"estimated_time_to_regain_access": 10**5}]})},
            86_400,
        ),
    ],
)
def test_we_stay_away_for_as_long_as_it_says(server: Any_, headers: dict[str, str], seconds: int) -> None:
    server.rate_limited = headers
    refused = refusal(lambda: graph(server).get("/1"))
    assert isinstance(refused, RateLimited)
    assert refused.retry_after == seconds


@pytest.mark.parametrize(
    ("headers", "left", "until"),
    [
        ({"x-app-usage": json.dumps({**SOON, "call_count": 28})}, 72, 60),
        ({"x-page-usage": json.dumps(SOON)}, 0, 60),
        ({"x-business-use-case-usage": json.dumps(BUSINESS)}, 0, 14),
        ({"x-app-usage": '{"call_count": 250.5}'}, 0, 60),
    ],
)
def test_what_is_used_leaves_the_rest(headers: dict[str, str], left: int, until: int) -> None:
    found = usage(headers, NOW)
    assert found
    assert (found.left, found.of) == (left, 100)
    assert found.until == NOW + timedelta(minutes=until)


@pytest.mark.parametrize(
    "said",
    ["", "{", "[]", "3", "null", '{"call_count": "9"}', '{"1": 3}', '{"1": [3]}', '{"call_count": true}'],
)
def test_what_is_no_figure_says_nothing(said: str) -> None:
    headers = {"x-app-usage": said, "x-business-use-case-usage": said}
    assert usage(headers, NOW) is None
    assert minutes(headers) == 0


class Paces:
    def __init__(self) -> None:
        self.pace = Pace()

    def get(self, account: str) -> Pace:
        return self.pace

    def change(self, account: str, was: Pace, now: Pace) -> Pace | None:
        self.pace = now
        return None


def test_nearly_used_up_only_answers_leave_and_used_up_nothing_does(server: Any_) -> None:
    http, paces = Http(allow=frozenset({(server.host, server.port)})), Paces()
    poll, reply = (
        Paced(http, "facebook#448", None, paces=paces, now=lambda: NOW, haste=haste)
        for haste in (False, True)
    )
    server.headers = {"X-App-Usage": json.dumps({**SOON, "call_count": 95})}
    key = {"Authorization": f"Bearer {TOKEN}"}
    poll.request("GET", server.url, headers=key)
    with pytest.raises(Waits):
        poll.request("GET", server.url, headers=key)
    reply.request("GET", server.url, headers=key)
    server.headers = {"X-App-Usage": json.dumps(SOON)}
    reply.request("GET", server.url, headers=key)
    with pytest.raises(Waits):
        reply.request("GET", server.url, headers=key)


# who reads a call --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"object": "page", "entry": []}, "facebook"),
        ({"object": "instagram", "entry": []}, "instagram"),
        ({"object": "whatsapp_business_account", "entry": []}, "whatsapp"),
        ({"app_id": "1", "topic": "moderate", "values": {}}, "threads"),
        ({"object": "user"}, ""),
        ({"object": ["page"]}, ""),
        ({}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_a_call_says_of_which_network_it_is(value: Any, name: str) -> None:
    assert _meta.network(value) == name


def test_a_network_whose_module_is_gone_is_not_read_and_said_not_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ear = platform("webhook", {"scheme": "meta"}, {}, Http())
    told = json.dumps(payload("facebook_page_feed_comment")).encode()
    monkeypatch.setattr(platforms, "names", lambda: ("webhook",))
    with pytest.raises(BadInput, match="not read yet"):
        ear.hear({}, told)
    assert webhook.leaves_out({"scheme": "meta"}) == (webhook.THEIRS, webhook.SENDER)
    monkeypatch.setattr(platforms, "names", lambda: ("webhook", "facebook"))
    assert ear.hear({}, told)
    assert webhook.leaves_out({"scheme": "meta"}) == (*facebook.UNTOLD, webhook.SOME, webhook.SENDER)
    monkeypatch.setattr(_meta, "NAMES", ("facebook",))
    assert webhook.leaves_out({"scheme": "meta"}) == (*facebook.UNTOLD, webhook.SENDER)


WHOSE = {
    "facebook": ("facebook_page_feed_comment", "448242228374517"),
    "instagram": ("instagram_comments", "17841474524784050"),
    "whatsapp": ("whatsapp_text_message", "106540352242922"),
}


@pytest.mark.parametrize("name", WHOSE)
def test_of_a_call_for_several_accounts_the_chosen_one_is_heard(name: str) -> None:
    recorded, account = WHOSE[name]
    told = json.dumps(payload(recorded)).encode()

    def heard(account: str) -> int:
        accounts = {name: account}.get
        kit = Kit(http=Http(), shelf=MemoryShelf(), account=lambda network: accounts(network, ""))
        return len(webhook.Webhook("meta", "", kit).hear({}, told))

    assert (heard(account), heard("999"), heard("")) == (1, 0, 1)


@pytest.mark.parametrize("name", WHOSE)
@pytest.mark.parametrize("change", [None, {"entry": 7}, {"entry": [7, {}, {"changes": 7}, {"changes": [7]}]}])
def test_what_says_no_account_is_left_to_who_reads_it(name: str, change: Any) -> None:
    module = platforms.module(name)
    assert module.only(change, "1") == change or module.heard({}, module.only(change, "1")) == ()


# lists -------------------------------------------------------------------------------------------------


def test_several_lists_are_read_back_to_where_we_were_however_much_came() -> None:
    lists: dict[str, list[int]] = {"a": [], "b": []}

    def ask(older: str) -> list[Listed]:
        if older:
            name, _, start = older.partition(" ")
            return [listed(name, int(start))]
        return [listed(name, 0) for name in lists]

    def listed(name: str, start: int) -> Listed:
        newest = sorted(lists[name], reverse=True)
        entries = [(NOW + timedelta(seconds=n), f"{name}{n}", {"n": n}) for n in newest[start : start + 2]]
        return Listed(entries, f"{name} {start + 2}" if start + 2 < len(newest) else "")

    def whole(cursor: str) -> tuple[list[int], str]:
        found: list[int] = []
        while True:
            read = news(cursor, ask)
            found += [item["n"] for item in read.items]
            cursor = read.cursor
            if not read.more:
                return found, cursor

    lists["a"], lists["b"] = [1], [2]
    _, cursor = whole("")
    lists["a"] += range(1000, 1400, 2)
    lists["b"] += [1001, 1003]
    found, cursor = whole(cursor)
    assert sorted(found) == sorted([*range(1000, 1400, 2), 1001, 1003]), "whole, and nothing twice"
    again, cursor = whole(cursor)
    assert set(again) <= set(found)
    lists["b"].append(1399)
    assert 1399 in whole(cursor)[0], "behind a newer one of another list"


def test_moments_are_seconds_or_nothing() -> None:
    assert unix(1742667604) == unix("1742667604")
    assert [unix(value) for value in ("x", -1, 10**12, None, True, 1.5, "", 0)] == [None] * 8
