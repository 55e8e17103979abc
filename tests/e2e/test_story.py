"""The mission over HTTP, on the deployed package: from what people write to a reply that stands there.

The same story, step by step and in process, is in tests/stages/test_story.py.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.domain.case import CaseKey
from chalicelib.domain.mention import native_id
from chalicelib.domain.source import Source
from infra.local.world import HOOK
from infra.local.world.feeds import SITE
from infra.local.world.times import square
from tests.e2e.conftest import Stack, review, until
from tests.e2e.visitor import Answer, Visitor, told
from tests.web.checks import text_of

pytestmark = pytest.mark.e2e
BRAND = HOOK[0]
COMPLAINT = "Alweer is de zwemles afgezegd. Wat een waardeloze boel, ik ben woest en niemand belt terug!"
COMPLIMENT_BY = "sunny_side_sil"
"""Who says the second thing on the example's town square, a second after the first."""
ANSWER = "@boze_bo Dat is drie keer te veel. Ik bel je vandaag om zes uur. Administrator, De Wiekeling"


def test_from_a_complaint_and_a_compliment_to_an_answer_that_stands_at_the_network(stack: Stack) -> None:
    # A review site tells of a Dutch complaint; the town square has an English compliment in its feed.
    assert stack.call(review("r-1", "boze_bo", COMPLAINT), id="msg_1") == 202
    complaint = until(lambda: mail_about(stack, "boze_bo"))
    stack.moment += timedelta(seconds=1)
    stack.poll("square")
    compliment = until(lambda: mail_about(stack, COMPLIMENT_BY))

    # The department was told, and the mail leads to the case, past the door.
    assert complaint["To"] == compliment["To"] == ["zwemles@wiekeling.example"]
    assert "@boze_bo is ontevreden: Alweer is de zwemles afgezegd" in complaint["Subject"]
    assert f"@{COMPLIMENT_BY} is blij: Just had the best swimming lesson" in compliment["Subject"]
    sam = Visitor(stack.console)
    told = sam.sign_in(stack.place.email, stack.place.password, at=link_in(complaint["BodyText"], stack))
    assert (told.status, told.location[:7]) == (303, "/cases/"), "the link is the receipt, and leads on"
    address = told.location
    page = sam.get(address)
    assert "Administrator opened it" in sam.get("/alerts").text
    assert COMPLAINT in unmarked(page)

    # Both stand under the mentions with what we think of them, and why.
    mentions = sam.get("/mentions")
    for author, mood, language in (("boze_bo", "Negative", "Dutch"), (COMPLIMENT_BY, "Positive", "English")):
        row = mentions.row(author)
        assert mood in row
        assert f"Language {language}" in row
        assert "Department Zwemles: " in row
        assert "No passage stands out" not in row

    # Both are work; there is a draft, in the language of who wrote, with the name of who signs it.
    cases = sam.get("/cases")
    assert "Complaint" in cases.row("boze_bo")
    assert "Compliment" in cases.row(COMPLIMENT_BY)
    draft = page.form("/reply").fields["text"]
    assert draft.startswith("Hoi @boze_bo, dat is niet hoe")
    assert "Groet, Administrator, Zwemles van Zwembad De Wiekeling" in draft

    # A person changes the draft, reads what it promises, approves it, and it is sent once and seen there.
    stale = stack.visitor()
    seen_before = stale.get(address)
    shown = sam.submit(page, "/reply", press="send", text=ANSWER)
    assert shown.status == 422
    assert "You promise" in shown.text
    sent = sam.submit(shown, "/reply", press="send")
    assert (sent.status, sent.location) == (303, f"{address}?done=sent")
    page = until(lambda: with_words(sam.get(address), "Confirmed: it is there"))
    for line in ("Message heard", "Administrator approved the answer", "Sent to the network", "Seen at"):
        assert line in page.text
    (there,) = re.findall(r'href="(/sandbox/[^#"]+)#out-', page.html)
    assert sam.get(there).text.count(ANSWER) == 1
    assert on_the_wall(sam, ANSWER) == 1
    assert not sam.get("/cases").row("boze_bo")

    # Who had the page open still and says yes too late is told what happened, and loses no word.
    late = stale.submit(seen_before, "/reply", press="send", text="@boze_bo Dit komt te laat.")
    assert late.status == 409
    assert re.search(r"Administrator sent an answer at \d\d:\d\d", late.text)
    assert "Nothing of yours was sent" in late.text
    assert ANSWER in late.text
    assert "@boze_bo Dit komt te laat." in late.text
    assert on_the_wall(sam, "Dit komt te laat") == 0
    assert on_the_wall(sam, ANSWER) == 1
    assert stack.dead_letters() == []


def test_the_same_message_five_times_is_one_mention_and_one_case(stack: Stack, visitor: Visitor) -> None:
    """By webhook, and again; by poll, and by a poll of the feed as it has changed; under another event."""
    said = square().said(stack.calendar, stack.moment + timedelta(hours=1))
    it, *others = (said[number] for number in (2, 4, 5))
    item = f"{SITE}/plein/{it.id}"
    message = {"id": item, "platform": "feed", "author": {"handle": it.line.author}, "text": it.line.text}
    calls = stack.heard()

    assert stack.call(message, id="msg_five") == 202
    until(lambda: visitor.get("/cases").row(it.line.author))
    assert stack.call(message, id="msg_five") == 202
    for other in others:
        stack.moment = other.at
        stack.poll("square")
        until(partial(mentioned, visitor, other.line.author))
    assert stack.call(message, id="msg_six") == 202
    until(lambda: stack.heard() >= calls + 3)

    under = f"#{BRAND}#feed#{native_id(item)}"
    assert [pk for pk, _ in stack.keys("M#") if it.id in pk or pk.endswith(under)] == [f"M{under}"]
    assert [pk for pk, sk in stack.keys("C#") if sk == "C" and pk.endswith(under)] == [f"C{under}"]
    case = visitor.get(f"/cases/{CaseKey(BRAND, 'feed', native_id(item)).slug}")
    assert case.text.count("Message heard") == 1
    assert visitor.get("/mentions").row(it.line.author)
    assert visitor.get("/cases").row(it.line.author)
    assert stack.dead_letters() == []


def test_a_broken_source_shows_why_and_the_others_go_on(stack: Stack, visitor: Visitor) -> None:
    broken = {
        "Weg blad": (f"{stack.world}/gone.xml", "answered with error 404"),
        "Geen feed": (f"{stack.world}/health", "this is not a feed"),
        "Binnenshuis": ("http://169.254.169.254/latest/meta-data/", "leads inside our own network"),
        "Dichte deur": ("http://127.0.0.1:9/feed.xml", "port 9 is not opened"),
    }
    stack.connect(*(feed(f"broken-{n}", name, url) for n, (name, (url, _)) in enumerate(broken.items())))
    page = until(lambda: with_words(visitor.get("/sources"), "4 failing"))
    for name, (_, reason) in broken.items():
        row = source_row(page, name)
        assert "Fails since" in row
        assert reason in row.casefold()

    stack.catch_up()
    stack.poll("square")
    until(lambda: visitor.get("/mentions").row("balen_als_een_bal"))
    page = visitor.get("/sources")
    assert "4 failing" in page.text
    assert re.search("As usual|Too little came yet", source_row(page, "Marktplein (forum)"))
    assert stack.dead_letters() == [], "a source's fault is no fault of ours"


# what is there -----------------------------------------------------------------------------------


def feed(id: str, name: str, url: str) -> Source:
    return Source(
        brand=BRAND, id=id, platform="feed", name=name, settings={"url": url}, connected_at=datetime.now(UTC)
    )


def mentioned(visitor: Visitor, author: str) -> str:
    return visitor.get("/mentions").row(author)


def mail_about(stack: Stack, author: str) -> dict[str, Any] | None:
    found = [mail for mail in stack.mails() if f"@{author} " in mail["BodyText"]]
    assert len(found) <= 1, found
    return found[0] if found else None


def link_in(mail: str, stack: Stack) -> str:
    """The path of the only link."""
    (found,) = re.findall(rf"{re.escape(stack.console)}(/alerts/\S+)", mail)
    return str(found)


def with_words(page: Answer, words: str) -> Answer | None:
    assert page.status == 200, page.text
    return page if words in page.text else None


def unmarked(page: Answer) -> str:
    """The page's text without the words that tell those who cannot see where a passage is marked."""
    return text_of(re.sub(r'<span class="unseen">.*?</span>', "", page.html))


def on_the_wall(visitor: Visitor, text: str) -> int:
    return visitor.get("/sandbox/wall").text.count(text)


def source_row(page: Answer, name: str) -> str:
    (row,) = [row for row in page.html.split("<tr>") if f">{name}</a>" in row]
    return told(f"<tr>{row}")
