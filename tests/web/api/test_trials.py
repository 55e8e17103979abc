"""What would come of something, told to a program before it is kept; and nothing is kept of it."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.mention import Author, Found
from chalicelib.errors import Unavailable
from chalicelib.ports import FeedLink, Page
from tests.conftest import NOW
from tests.harness.world import laid
from tests.web.api.office import WISH, Caller, Office, problem

FEED = {"name": "Krant", "platform": "feed", "url": "https://krant.example/feed.xml"}
HASHTAG = {"name": "Tag", "platform": "mastodon", "kind": "hashtag", "instance": "https://social.example"}


@pytest.fixture
def manager(office: Office) -> Caller:
    return office.caller("admin")


@pytest.fixture
def asks(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Any]], None]:
    """Has sources answer so; pages name two feeds."""

    def answer(with_: Callable[..., Any]) -> None:
        monkeypatch.setattr(wiring, "try_source", with_)
        links = [FeedLink(f"https://krant.example/{name}", name) for name in ("news", "sports")]
        monkeypatch.setattr(wiring, "feeds_at", lambda url: links)
        wiring.desk.cache_clear()

    return answer


def page(*texts: str) -> Page:
    """As a source answers."""
    listed = (
        Found(
            platform="feed",
            id=str(number),
            author=Author(id="krant", handle="krant"),
            text=text,
            url=f"https://krant.example/{number}",
            posted_at=NOW,
        )
        for number, text in enumerate(texts)
    )
    return Page(found=tuple(listed), cursor="")


def test_a_watch_tells_what_it_would_have_found(office: Office, manager: Caller) -> None:
    office.heard("1", text="Weer een boete bij de lindebieb")
    office.heard("2", text="Wat een lieve mensen daar")
    found = manager.ask("POST", "/trials/watches", {"name": "Boetes", "terms": ["boete*"]}).json_body
    assert (found["looked"], found["count"], found["before"]) == (2, 1, None)
    (hit,) = found["hits"]
    assert [hit["text"][span["start"] : span["end"]] for span in hit["terms"]] == ["boete"]
    assert (hit["by"], found["price"]) == (["boete*"], 0.0)
    assert found["per_day"] == pytest.approx(1 / found["days"])


def test_it_is_tried_on_what_a_source_has_now_and_nothing_of_that_is_kept(
    office: Office, manager: Caller, asks: Any
) -> None:
    asks(lambda source, secrets: page("Iets anders", "Boetes gaan omhoog"))
    made = manager.make("/settings/sources", FEED).json_body
    wish = {"name": "Boetes", "terms": ["boete*"], "at": made["id"]}
    found = manager.ask("POST", "/trials/watches", wish).json_body
    fetched = found["fetched"]
    assert (found["looked"], fetched["count"], fetched["fits"], fetched["reason"]) == (0, 2, 1, None)
    (hit,) = fetched["hits"]
    assert (hit["text"], hit["by"]) == ("Boetes gaan omhoog", ["boete*"])
    assert manager.get("/mentions").json_body["items"] == []

    def away(source: Any, secrets: Any) -> Page:
        raise Unavailable("feed", "answered 503")

    asks(away)
    found = manager.ask("POST", "/trials/watches", wish).json_body["fetched"]
    assert (found["count"], found["hits"]) == (0, [])
    assert "503" in found["reason"]
    answer = manager.ask("POST", "/trials/watches", {**wish, "at": "nergens"})
    assert answer.status_code == 422
    assert answer.json_body["errors"][0]["pointer"] == "#/at"


def test_a_source_that_asks_for_a_key_is_not_asked(office: Office, manager: Caller) -> None:
    wall = {"name": "Wall", "platform": "webhook"}
    made = manager.make("/settings/sources", wall).json_body
    wish = {"name": "Boetes", "terms": ["boete*"], "at": made["id"]}
    assert manager.ask("POST", "/trials/watches", wish).status_code == 422


def test_a_query_is_tried_and_a_wrong_one_is_told_at_its_sign(office: Office, manager: Caller) -> None:
    office.heard("1", text="Weer een boete bij de lindebieb")
    wish = {"name": "Boetes", "query": "boete* NEAR/3 lindebieb"}
    found = manager.ask("POST", "/trials/watches", wish).json_body
    assert found["hits"][0]["by"] == ["boete*", "lindebieb"]
    answer = manager.ask("POST", "/trials/watches", {"name": "Boetes", "query": "boete OR OR x"})
    assert answer.status_code == 422
    assert "column 10: expected a word, a phrase or an opening bracket, got OR" in str(answer.json_body)


def test_a_watch_there_is_is_tried_in_its_place_beside_what_it_finds_now(
    office: Office, manager: Caller
) -> None:
    office.heard("1", text="Weer een boete bij de lindebieb")
    office.heard("2", text="Wat een lieve mensen daar")
    wider = {"id": "name", "name": "Our name", "terms": ["lindebieb", "mensen"]}
    found = manager.ask("POST", "/trials/watches", wider).json_body
    assert (found["count"], found["before"]["count"]) == (2, 1)
    kept = manager.get("/settings/watches/name").json_body["values"]
    assert kept["terms"] == ["lindebieb"], "nothing was kept"


def test_a_feed_shows_its_newest_and_what_of_it_would_be_kept(manager: Caller, asks: Any) -> None:
    asks(lambda source, secrets: page("Iets anders", "De lindebieb gaat open"))
    found = manager.ask("POST", "/trials/sources", FEED).json_body
    assert (found["count"], found["kept"], found["week"], found["reason"]) == (2, 1, 2, None)
    assert found["source"]["url"] == FEED["url"]
    newest = found["items"][0]
    assert (newest["kept"], newest["url"]) == (True, "https://krant.example/1")
    assert [newest["text"][each["start"] : each["end"]] for each in newest["terms"]] == ["lindebieb"]
    assert manager.get("/settings/sources").json_body["items"] == []


def test_a_page_that_names_several_feeds_leaves_the_choice(manager: Caller, asks: Any) -> None:
    def web_page(source: Any, secrets: Any) -> Page:
        raise Unavailable("feed", "this is a web page, not a feed")

    asks(web_page)
    found = manager.ask("POST", "/trials/sources", FEED).json_body
    assert [each["title"] for each in found["feeds"]] == ["news", "sports"]
    assert (found["source"], found["reason"]) == (None, None)


def test_a_source_with_a_key_is_asked_with_it_once(manager: Caller, asks: Any) -> None:
    given: list[dict[str, str]] = []

    def refuses(source: Any, secrets: dict[str, str]) -> Page:
        given.append(secrets)
        raise Unavailable("mastodon", "HTTP 401")

    asks(refuses)
    found = manager.ask("POST", "/trials/sources", {**HASHTAG, "tag": "boeken", "secret": "s3cr3t-token"})
    assert given == [{"token": "s3cr3t-token"}]
    assert found.json_body["reason"]
    assert "s3cr3t" not in found.body.decode() + str(laid())


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("watches", {"name": "Kort"}, "#/terms"),
        ("watches", {"name": "Kort", "terms": ["a"], "department": "attic"}, "#/department"),
        ("watches", {"id": ["name"], "name": "Kort", "terms": ["a"]}, "#/id"),
        ("sources", {**FEED, "url": "ftp://x"}, "#/url"),
        ("sources", {**FEED, "secret": "x"}, "#/secret"),
        ("sources", {"name": "Shop", "platform": "webhook", "secret": "x"}, "#/secret"),
        ("sources", {**HASHTAG, "tag": "a", "token": "x"}, "#/token"),
        ("sources", {**HASHTAG, "tag": "a b"}, "#/tag"),
        ("file", {"text": "name: Linde\nzone: Mars\n"}, "#/text/2/zone"),
        ("file", {"file": {"name": "Linde", "zone": "Mars"}}, "#/file/zone"),
        ("posts", {**WISH, "texts": {"wall": "x" * 5_001}}, "#/texts/wall"),
        ("posts", {**WISH, "when": "2020-01-01T10:00"}, "#/when"),
        ("imports", {"text": "title,when,text\n,2026-12-05 10:00,Kom\n"}, "#/text/2/title"),
        ("imports", {"text": "title,when,text\nA,2026-12-05 10:00,Kom\nB,soon,Kom\n"}, "#/text/3/when"),
        ("texts", {"texts": {"attic": "x"}}, "#/texts/attic"),
    ],
)
def test_what_would_be_refused_is_named_at_its_field(
    manager: Caller, path: str, body: dict[str, Any], pointer: str
) -> None:
    found = problem(manager.ask("POST", f"/trials/{path}", body))
    assert found["status"] == 422
    assert pointer in [each.get("pointer") for each in found["errors"]]


def test_a_post_tells_when_it_leaves_and_how_long_it_is(planner: Caller) -> None:
    found = planner.ask("POST", "/trials/posts", WISH).json_body
    assert found["at"] == "2026-11-29T10:00:00Z"
    (text,) = found["texts"]
    assert (text["channel"], text["length"], text["over"]) == (
        "wall",
        len("Zondag zijn we open van 12 tot 17."),
        False,
    )
    assert planner.get("/posts").json_body["items"] == []


def test_a_text_that_is_too_long_is_counted_all_the_same(planner: Caller) -> None:
    room = planner.ask("POST", "/trials/texts", {"texts": {"wall": " kort "}}).json_body["texts"][0]["room"]
    (found,) = planner.ask("POST", "/trials/texts", {"texts": {"wall": "x" * (room + 1)}}).json_body["texts"]
    assert (found["length"], found["over"]) == (room + 1, True)


def test_a_reply_is_checked_for_honesty_and_one_that_is_blocked_asks_for_a_reason(
    office: Office, manager: Caller
) -> None:
    case = office.case(office.heard("1"))
    text = "Ik kom er zelf al jaren. Ik zoek het uit. Groet, Sam van Lindebieb"
    found = manager.ask("POST", f"/trials/replies/{case.key.slug}", {"text": text}).json_body["doubts"]
    assert [(each["rule"], each["passage"], each["blocks"]) for each in found] == [
        ("experience", "Ik kom er zelf al jaren.", True),
        ("promise", "Ik zoek het uit.", False),
    ]
    path = f"/cases/{case.key.slug}"
    refused = problem(
        manager.ask(
            "POST", f"{path}/replies", {"text": text}, idempotency_key="1", if_match=manager.etag(path)
        )
    )
    assert (refused["status"], refused["errors"][0]["pointer"]) == (422, "#/anyway")
    whole = {"text": text, "anyway": "Sam is member there, and says so."}
    sent = manager.ask(
        "POST", f"{path}/replies", whole, idempotency_key="2", if_match=manager.etag(path)
    ).json_body
    assert (sent["despite"], sent["anyway"]) == (["experience"], whole["anyway"])


def test_a_file_of_posts_tells_row_by_row_what_it_would_plan(office: Office, planner: Caller) -> None:
    there = office.post()
    rows = "title,when,text\nZaterdag open,2026-11-28 10:00,Kom ook\nVoorlezen,2026-12-05 10:00,Luister\n"
    double, new = planner.ask("POST", "/trials/imports", {"text": rows}).json_body["rows"]
    assert (double["state"], double["post"]) == ("double", there.id)
    assert (new["state"], new["post"], new["channels"]) == ("new", None, ["wall"])
    planned = planner.make("/imports", {"text": rows}).json_body["posts"]
    again = planner.ask("POST", "/trials/imports", {"text": rows}).json_body["rows"]
    assert (again[1]["state"], [again[1]["post"]]) == ("known", planned)


def test_a_brand_file_tells_what_it_would_change(manager: Caller) -> None:
    said = {"file": manager.get("/file").json_body["file"]}
    file = manager.change("/file", said, "/file", method="PUT").json_body["file"]
    assert manager.ask("POST", "/trials/file", {"file": file}).json_body["changes"] == []
    changed = {**file, "story": "Wij lenen uit.", "watches": [{"name": "Boetes", "terms": ["boete*"]}]}
    found = manager.ask("POST", "/trials/file", {"file": changed}).json_body["changes"]
    assert [(each["section"], each["state"]) for each in found] == [
        ("brand", "changed"),
        ("watches", "gone"),
        ("watches", "new"),
    ]
    assert "Wij lenen uit." in found[0]["after"]
    assert manager.get("/file").json_body["file"] == file


def test_trials_count_for_the_pace_of_their_key(planner: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.web.api.gate.PER_MINUTE", 2)
    answers = [planner.ask("POST", "/trials/texts", {"texts": {}}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
