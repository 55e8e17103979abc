"""What a program does, end to end: cases, posts, brake, keys; under repeats, crashes and four eyes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain import apikey
from chalicelib.domain.case import Case, Draft
from chalicelib.domain.delivery import DeliveryKey
from chalicelib.domain.mention import Edit
from chalicelib.domain.outreach import Deed
from chalicelib.platforms import sandbox
from chalicelib.stages import answer
from chalicelib.tasks import Deliver
from chalicelib.web.api.shapes import SHOWN_ONCE
from tests.conftest import NOW
from tests.web.api.office import OURS, WISH, Caller, Office, brand, problem
from tests.web.api.works import FILE, morning

TEXT = "@kees Wat vervelend. Het boek ligt klaar."


@pytest.fixture
def case(office: Office) -> Case:
    return office.case(office.heard())


def at(case: Case) -> str:
    return f"/cases/{case.key.slug}"


def approve(caller: Caller, case: Case, text: str = TEXT, token: str = "one", tag: str = "") -> Any:
    headers = {"if_match": tag or caller.etag(at(case)), "idempotency_key": token}
    return caller.ask("POST", f"{at(case)}/replies", {"text": text}, **headers)


def test_a_reply_is_approved_by_a_named_person_and_sent_once(planner: Caller, case: Case) -> None:
    tag = planner.etag(at(case))
    first = approve(planner, case, tag=tag)
    assert first.status_code == 201
    assert first.json_body["approved_by"] == "Sam de Wit via Planner"
    again = approve(planner, case, tag=tag)
    assert (again.status_code, again.json_body["id"]) == (201, "1")
    assert approve(planner, case, tag=tag, token="two").status_code == 412
    assert len(wiring.cases().history(case.key)[1]) == 1
    assert planner.get(first.headers["Location"]).json_body == first.json_body
    assert [each["id"] for each in planner.get(f"{at(case)}/replies").json_body["items"]] == ["1"]
    lines, _ = wiring.audit().month(OURS, "2026-11")
    assert [line.by for line in lines if line.what != "key.make"] == ["Sam de Wit via Planner"]


def test_a_crash_between_the_yes_and_our_answer_sends_nothing_twice(
    office: Office, planner: Caller, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case holds the yes; the caller never heard of it, and asks again as it asked before."""
    tag = planner.etag(at(case))

    def broken(self: Any, tasks: Any, *, delay: int = 0) -> None:
        raise RuntimeError("gone")

    with monkeypatch.context() as patch:
        patch.setattr("chalicelib.aws.queues.Queues.send", broken)
        assert approve(planner, case, tag=tag).status_code == 500
    office.now += timedelta(minutes=5)
    assert approve(planner, case, tag=tag).json_body["id"] == "1"
    assert len(wiring.cases().history(case.key)[1]) == 1


def test_who_read_an_older_case_approves_nothing(planner: Caller, case: Case) -> None:
    tag = planner.etag(at(case))
    answer.save_draft(case.key, 1, "Noors tekst", "Noor", cases=wiring.cases(), now=NOW)
    assert approve(planner, case, tag=tag).status_code == 412
    assert wiring.cases().history(case.key)[1] == []


def test_what_its_network_takes_no_answer_to_is_not_sent(
    office: Office, planner: Caller, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on WhatsApp, where a day after their last message it is for a person."""

    def unanswered(*, direct: bool, age: timedelta) -> str:
        return "it was open for a day" if age > timedelta(hours=24) else ""

    monkeypatch.setattr(sandbox, "unanswered", unanswered, raising=False)
    asked = f"/trials/replies/{case.key.slug}"
    assert planner.ask("POST", asked, {"text": TEXT}).json_body["answering"]["how"] == "api"
    office.now += timedelta(hours=25)
    told = planner.ask("POST", asked, {"text": TEXT}).json_body["answering"]
    assert (told["how"], told["why"], told["price_usd"]) == ("browser", "it was open for a day", None)
    found = problem(approve(planner, case))
    assert found["status"] == 422
    assert "it was open for a day" in found["detail"]
    assert wiring.cases().history(case.key)[1] == []


def test_what_a_reply_costs_follows_from_its_text(
    planner: Caller, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = replace(sandbox.TERMS, price=0.015, linked=0.2)
    monkeypatch.setattr(sandbox, "TERMS", terms)
    asked = f"/trials/replies/{case.key.slug}"
    prices = [
        planner.ask("POST", asked, {"text": text}).json_body["answering"]["price_usd"]
        for text in (TEXT, f"{TEXT} https://linde.example", f"{TEXT} {'Het boek ligt klaar. ' * 30}")
    ]
    assert prices == pytest.approx([0.015, 0.2, 0.03])


def test_a_long_reply_leaves_in_as_many_messages_as_its_trial_shows(planner: Caller, case: Case) -> None:
    text = f"{TEXT} {'Het boek ligt klaar aan de balie. ' * 20}"
    trial = planner.ask("POST", f"/trials/replies/{case.key.slug}", {"text": text}).json_body
    assert len(trial["messages"]) == 2
    assert trial["answering"]["how"] == "api"
    assert trial["answering"]["price_usd"] == 0
    found = problem(approve(planner, case, text, token="one"))
    assert (found["status"], found["errors"][0]["pointer"]) == (422, "#/messages")
    headers = {"if_match": planner.etag(at(case)), "idempotency_key": "two"}
    sent = planner.ask("POST", f"{at(case)}/replies", {"text": text, "messages": 2}, **headers)
    assert sent.status_code == 201
    assert (sent.json_body["messages"], sent.json_body["taken"]) == (trial["messages"], 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "nothing to send"), ("@kees {agent}", "to be filled in"), ("x" * 5000, "too long for 10 messages")],
)
def test_what_cannot_be_sent_is_named(planner: Caller, case: Case, text: str, said: str) -> None:
    found = problem(approve(planner, case, text))
    assert found["status"] == 422
    assert (found["errors"][0]["pointer"], said in found["errors"][0]["detail"]) == ("#/text", True)


@pytest.mark.parametrize(
    ("draft", "text", "status"),
    [
        (("Sam de Wit", "sam"), "Groet, {agent}", 403),
        (("Noor", "noor"), "Groet, {agent}", 201),
        (("", ""), "Groet, {agent}", 201),
        (("Noor", "noor"), "Heel wat anders", 403),
    ],
)
def test_under_four_eyes_nobodys_key_approves_what_they_wrote(
    office: Office, planner: Caller, draft: tuple[str, str], text: str, status: int
) -> None:
    """A text that is not the draft to the letter is the key's own: its member's."""
    ours = brand(OURS)
    desk = replace(ours.departments[0], four_eyes=True)
    wiring.brands().put(replace(ours, departments=(desk, *ours.departments[1:])))
    case = office.case(office.heard())
    by, by_id = draft
    drafted = replace(
        case,
        rev=2,
        draft=Draft(text="Groet, {agent}", version=2, language="nl", source="", by=by, by_id=by_id),
    )
    wiring.cases().change(drafted)
    answer_ = approve(planner, case, text.replace("{agent}", "Sam de Wit"))
    assert answer_.status_code == status, answer_.body


def test_a_draft_of_a_key_is_its_members(planner: Caller, case: Case) -> None:
    answer_ = planner.change(f"{at(case)}/draft", {"text": TEXT}, at(case), "PUT")
    assert answer_.json_body["draft"]["by"] == "Sam de Wit via Planner"
    draft = wiring.cases().get(case.key).draft
    assert draft
    assert draft.by_id == "sam"


def test_a_case_is_closed_with_where_it_was_answered(planner: Caller, case: Case) -> None:
    found = problem(planner.change(f"{at(case)}/solve", {"url": "javascript:x"}, at(case)))
    assert found["errors"][0]["pointer"] == "#/url"
    answer_ = planner.change(f"{at(case)}/solve", {"url": "https://social.example/1"}, at(case))
    assert answer_.json_body["state"] == "solved"
    kinds = [each["kind"] for each in planner.get(f"{at(case)}/history").json_body["items"]]
    assert kinds == ["heard", "solved"]
    assert planner.get("/cases").json_body["items"] == []


def test_a_key_of_a_department_sees_the_cases_of_that_one(office: Office, case: Case) -> None:
    youth = office.case(office.heard("110"), "youth")
    caller = office.caller("admin", departments=("youth",))
    assert [each["id"] for each in caller.get("/cases").json_body["items"]] == [youth.key.slug]
    assert caller.get("/cases?department=desk").status_code == 404
    for path in (at(case), f"{at(case)}/history", f"{at(case)}/replies"):
        assert caller.get(path).status_code == 404
    mention = caller.get(f"/mentions/{case.key.slug}")
    assert (mention.status_code, mention.json_body["case"]) == (200, None)
    made = caller.make("/keys", {"name": "Wider", "scope": "read", "departments": ["desk"]})
    assert "of the whole brand" in problem(made)["detail"]


def test_mentions_come_in_pages_without_one_twice(office: Office, planner: Caller) -> None:
    ids = [f"m{n}" for n in range(95)]
    for n, id in enumerate(ids):
        office.heard(id, when=NOW - timedelta(hours=n))
    seen, path = [], "/mentions"
    for _ in range(20):
        found = planner.get(path).json_body
        seen += [each["id"] for each in found["items"]]
        if found["next"] is None or len(seen) == len(ids):
            break
        path = f"/mentions?cursor={found['next']}"
    assert len(seen) == len(set(seen)) == len(ids)
    whole = planner.get(f"/mentions/{seen[0]}").json_body
    assert (whole["native_id"], whole["verdict"]["evidence"][0]["start"]) == ("m0", 0)
    assert planner.get("/mentions?label=positive").json_body["items"] == []
    assert planner.get("/mentions?label=happy").status_code == 400


def test_a_mention_tells_by_which_words_which_watch_heard_it(office: Office, planner: Caller) -> None:
    text = "Alweer wachten bij de LindeBieb!"
    found = planner.get(f"/mentions/{office.heard(text=text).key.slug}").json_body
    (watch,) = found["matched"]
    assert (watch["watch"], watch["terms"], watch["fields"]) == (found["watches"][0], ["lindebieb"], [])
    (hit,) = watch["hits"]
    assert (hit["term"], text[hit["start"] : hit["end"]]) == ("lindebieb", "LindeBieb")
    assert found["aside"] is False


def test_a_mention_that_was_edited_or_removed_says_so(office: Office, planner: Caller) -> None:
    heard = office.heard("m1")
    path = f"/mentions/{heard.key.slug}"
    as_it_came = planner.get(path).json_body
    assert (as_it_came["edited_at"], as_it_came["gone"]) == (None, False)
    mentions = wiring.mentions()
    _, verdict = mentions.get(heard.key)
    assert mentions.edit(replace(heard, text="", edit=Edit(1, NOW, gone=True)), verdict)
    removed = planner.get(path).json_body
    assert (removed["text"], removed["gone"]) == ("", True)
    assert removed["edited_at"] is not None


@pytest.mark.parametrize("query", ["", "?since=2026-09-01"])
def test_the_cursor_leads_past_a_quiet_month_and_ends(office: Office, planner: Caller, query: str) -> None:
    ids = [office.heard(str(n), when=NOW - timedelta(days=50 * n)).key.slug for n in range(2)]
    seen: list[str] = []
    page = planner.get(f"/mentions{query}").json_body
    for _ in range(20):
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        page = planner.get(f"/mentions{query}{'&' if query else '?'}cursor={page['next']}").json_body
    assert (seen, page["next"]) == (ids, None)


def test_posts_come_in_pages_by_moment(office: Office, planner: Caller) -> None:
    for n in range(53):
        office.post(f"p-{n}", f"2026-12-{1 + n % 28:02}T10:00")
    first = planner.get("/posts?month=2026-12").json_body
    rest = planner.get(f"/posts?month=2026-12&cursor={first['next']}").json_body
    ids = [each["id"] for each in (*first["items"], *rest["items"])]
    assert (len(first["items"]), len(ids), len(set(ids)), rest["next"]) == (50, 53, 53, None)
    assert [each["when"] for each in first["items"]] == sorted(each["when"] for each in first["items"])
    assert planner.get("/posts").json_body["items"] == []
    assert len(planner.get("/calendar?month=2026-12").json_body["items"]) == 53


def test_a_post_is_planned_changed_and_stopped_in_a_persons_name(planner: Caller) -> None:
    made = planner.make("/posts", WISH).json_body
    path = f"/posts/{made['id']}"
    assert made["deliveries"][0]["approved_by"] == "Sam de Wit via Planner"
    changed = planner.change(path, {**WISH, "title": "Anders"}, path, "PUT").json_body
    assert (changed["title"], changed["planned_by"]) == ("Anders", "Sam de Wit via Planner")
    cancelled = planner.change(f"{path}/cancel", {}, path).json_body
    assert cancelled["deliveries"][0]["state"] == "cancelled"
    kinds = [each["kind"] for each in planner.get(f"{path}/history").json_body["items"]]
    assert kinds == ["planned", "changed", "cancelled"]
    wrong = planner.make("/posts", {**WISH, "texts": {"wall": "", "nosuch": "x"}, "when": "2026-01-01T10:00"})
    pointers = {each["pointer"] for each in problem(wrong)["errors"]}
    assert pointers == {"#/texts/wall", "#/texts/nosuch", "#/when"}


def test_slots_ask_for_posts(office: Office, planner: Caller) -> None:
    first = planner.get("/slots?count=2").json_body["items"]
    assert [each["when"] for each in first] == ["2026-11-23T16:30", "2026-11-28T10:00"]
    office.post()
    assert planner.get("/slots?count=2").json_body["items"][1]["when"] == "2026-11-29T11:00"
    assert planner.get("/slots?channel=nosuch").status_code == 404
    assert planner.get("/slots?count=0").status_code == 400


def test_the_brake_is_pulled_unseen_and_let_go_message_by_message(office: Office, planner: Caller) -> None:
    office.post()
    pulled = planner.ask("POST", "/brake/pull", {}, if_match="*")
    assert (pulled.json_body["on"], pulled.json_body["by"]) == (True, "Sam de Wit via Planner")
    (waits,) = planner.get("/brake/waiting").json_body["items"]
    admin = office.caller("admin")
    assert admin.ask("POST", "/brake/release", {"decisions": {}}, if_match="*").status_code == 412
    still = admin.change("/brake/release", {"decisions": {}}, "/brake").json_body
    assert still["on"] is True
    other = admin.change("/brake/release", {"decisions": {"P.p.x": "keep"}}, "/brake")
    assert other.status_code == 422
    off = admin.change("/brake/release", {"decisions": {waits["id"]: "keep"}}, "/brake").json_body
    assert off == {"on": False, "since": None, "by": None}


def test_a_file_is_planned_whole_or_not_at_all(planner: Caller) -> None:
    first = planner.make("/imports", {"text": FILE}, "file").json_body
    assert len(first["posts"]) == 1
    assert planner.make("/imports", {"text": FILE}, "file").json_body == first
    assert planner.make("/imports", {"text": FILE}, "again").json_body["posts"] == first["posts"]
    bad = problem(planner.make("/imports", {"text": FILE + "Stil,2020-01-01T10:00,Te laat\n"}))
    assert [each["pointer"] for each in bad["errors"]] == ["#/text/3/when"]
    assert len(planner.get("/posts?month=2026-12").json_body["items"]) == 1
    double = FILE.replace("Kom je", "Komen jullie")
    assert planner.make("/imports", {"text": double}, "z").json_body["left"] == 1
    assert planner.make("/imports", {"text": double, "doubles": True}).json_body["left"] == 0


def test_a_good_deed_is_done_by_one(office: Office, planner: Caller) -> None:
    wiring.mornings().add(morning())
    path, deed = "/mornings/2026-11-23", "/mornings/2026-11-23/deeds/follow-1"
    wrong = planner.change(deed, {"do": "done", "link": "javascript:x"}, path)
    assert problem(wrong)["errors"][0]["pointer"] == "#/link"
    done = planner.change(deed, {"do": "done"}, path).json_body["deeds"][0]
    assert (done["state"], done["by"]) == ("done", "Sam de Wit via Planner")
    assert planner.change(deed, {"do": "pass"}, path).status_code == 409
    assert planner.get("/fans").json_body["items"][0]["author"] == "kees"
    assert planner.get("/mornings").json_body["items"][0] == {
        "day": "2026-11-23",
        "made_at": "2026-11-23T07:12:00Z",
        "done": 1,
        "deeds": 1,
    }


def test_an_answer_to_place_by_hand_is_signed_by_who_made_the_key(office: Office, planner: Caller) -> None:
    (deed,) = morning().outreach
    asked = replace(deed, deed=Deed.ANSWER, text="Dag @cees, goede vraag. {agent}")
    wiring.mornings().add(replace(morning(), outreach=(asked,)))
    (shown,) = planner.get("/mornings/2026-11-23").json_body["deeds"]
    assert shown["text"] == "Dag @cees, goede vraag. Sam de Wit"


def test_a_key_makes_keys_no_wider_than_itself_and_shows_them_once(office: Office) -> None:
    admin = office.caller("admin", expires=NOW + timedelta(days=10))
    asked = {"name": "Reader", "scope": "read", "until": "2026-12-01"}
    made = admin.make("/keys", asked, "one").json_body
    brand_, id, _ = apikey.read(made["text"]) or ("", "", "")
    assert (brand_, id) == (OURS, made["id"])
    assert admin.make("/keys", asked, "one").json_body == {**made, "text": None, "note": SHOWN_ONCE}
    assert admin.get("", authorization=f"Bearer {made['text']}").status_code == 200
    endless = problem(admin.make("/keys", {"name": "Endless", "scope": "read"}))
    assert endless["errors"][0]["pointer"] == "#/until"
    revoked = admin.change(f"/keys/{id}/revoke", {}, f"/keys/{id}")
    assert revoked.json_body["revoked_at"]
    assert admin.get("", authorization=f"Bearer {made['text']}").status_code == 401
    lines = [each["what"] for each in admin.get("/log").json_body["items"]]
    assert sorted(lines) == ["key.make", "key.make", "key.revoke"]
    assert "text" not in admin.get(f"/keys/{id}").json_body


def test_a_file_of_a_report_comes_by_a_short_link(office: Office) -> None:
    caller = office.caller("read")
    wiring.bucket().put_once(f"{OURS}/2026-10/report.json", b"{}", "application/json")
    assert caller.get("/reports/2026-10").json_body["files"] == ["report.json"]
    link = caller.get("/reports/2026-10/files/report.json").json_body
    assert "Expires" in link["url"]
    assert link["until"] == "2026-11-23T09:17:00Z"
    for path in ("/reports/2026-10/files/nosuch.json", "/reports/2026-13", "/reports/1999-01"):
        assert caller.get(path).status_code == 404


def test_the_log_comes_in_pages(office: Office) -> None:
    admin = office.caller("admin")
    for n in range(101):
        office.caller("read", name=f"Key {n}")
    first = admin.get("/log").json_body
    rest = admin.get(f"/log?cursor={first['next']}").json_body
    assert (len(first["items"]), rest["next"]) == (100, None)
    assert admin.get(f"/log?month=2026-10&cursor={first['next']}").status_code == 400
    pages = admin.get("/keys").json_body
    assert len(pages["items"]) == 100
    assert len(admin.get(f"/keys?cursor={pages['next']}").json_body["items"]) == 2


def test_health_tells_no_brand_of_another(office: Office) -> None:
    for of, id in ((OURS, "ours"), ("veldermeer", "theirs")):
        post = office.post(f"p-{id}", of=of)
        body = Deliver(DeliveryKey(post, "wall", 1)).to_json()
        wiring.dead_letter("deliver")(body, "Unavailable: sandbox: HTTP 503")
    admin = office.caller("admin")
    found = admin.get("/queues/deliver").json_body
    assert [each["about"] for each in found["letters"]] == ["deliver lindebieb/p-ours/wall/1"]
    assert found["dead"] == 2
    assert admin.get("/health").json_body["stands_still"] is True
    assert admin.get("/queues/nosuch").status_code == 404


def test_a_case_handed_over_and_back_is_another_than_was_read(office: Office, planner: Caller) -> None:
    path = f"/cases/{office.case(office.heard()).key.slug}"
    tag = planner.etag(path)
    for department in ("youth", "desk"):
        body = {"department": department, "reason": "Toch niet"}
        assert planner.change(f"{path}/hand-over", body, path).status_code == 200
    assert planner.ask("POST", f"{path}/solve", {}, if_match=tag).status_code == 412
    assert planner.get(path).json_body["rev"] == 3
    heard, first, second = planner.get(f"{path}/history").json_body["items"]
    assert [(line["origin"], line["department"]) for line in (first, second)] == [
        ("desk", "youth"),
        ("youth", "desk"),
    ]
    assert (heard["since"], first["since"], second["since"]) == (None, heard["at"], first["at"])


def test_work_of_a_department_that_is_gone_is_the_first_ones(office: Office, planner: Caller) -> None:
    case = office.case(office.heard(), department="attic")
    desk = office.caller("read", departments=("desk",))
    for caller in (planner, desk):
        for path in ("/cases", "/cases?department=desk"):
            (line,) = caller.get(path).json_body["items"]
            assert (line["id"], line["department"]) == (case.key.slug, "desk")
        assert caller.get(f"/cases/{case.key.slug}").json_body["department"] == "desk"
    assert office.caller("read", departments=("youth",)).get("/cases").json_body["items"] == []
    path = f"/cases/{case.key.slug}"
    planner.change(f"{path}/hand-over", {"department": "youth", "reason": "Van hen"}, path)
    assert planner.get(f"{path}/history").json_body["items"][-1]["origin"] == "desk"
    planner.change(f"{path}/hand-over", {"department": "desk", "reason": "Toch niet"}, path)
    assert planner.change(f"{path}/solve", {}, path).json_body["department"] == "desk"
    assert [each["department"] for each in desk.get("/closed-cases").json_body["items"]] == ["desk"]


def test_a_key_for_departments_that_are_gone_opens_nothing(office: Office) -> None:
    office.heard()
    for path in ("", "/mentions", "/cases"):
        answer = office.caller("admin", departments=("attic",)).get(path)
        assert problem(answer)["detail"] == "It is for departments that are there no more."
        assert answer.status_code == 403
        assert office.caller("admin", departments=("attic", "desk")).get(path).status_code == 200
