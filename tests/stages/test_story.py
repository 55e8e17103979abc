"""The mission, told once: from what people write to a reply that stands at the network, from a post that is
planned to what came of it, and to the month's report. Over HTTP: tests/e2e/test_story*.py."""

import json
from datetime import UTC, datetime, timedelta

import app
from chalicelib import wiring
from chalicelib.domain import clock
from chalicelib.domain.case import Action, CaseState, EventKind
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.measuring import Numbers
from chalicelib.domain.outreach import Deed
from chalicelib.domain.post import PostKey
from chalicelib.domain.verdict import Sentiment
from chalicelib.stages import answer
from tests.e2e.visitor import forms
from tests.harness.poller import Context
from tests.stages.town import ACCOUNT, BRAND, COMPLAINT, COMPLIMENT, POST, TICK, Town, brand
from tests.web.browser import Browser
from tests.web.checks import text_of


def test_from_a_complaint_and_a_compliment_to_answers_that_stand_at_the_network(town: Town) -> None:
    # A review site tells of a Dutch complaint; a blog has an English compliment in its feed.
    town.feed(COMPLIMENT)
    assert town.hear(COMPLAINT, author="regenjas42")["statusCode"] == 202
    town.tick()
    town.drain()

    # Both are kept and judged, each in its language.
    (complaint, compliment) = sorted(town.cases(), key=lambda case: case.sentiment)
    assert (complaint.sentiment, complaint.language) == (Sentiment.NEGATIVE, "nl")
    assert (compliment.sentiment, compliment.language) == (Sentiment.POSITIVE, "en")
    assert (complaint.action, compliment.action) == (Action.ANSWER, Action.THANK)
    for case in (complaint, compliment):
        mention, verdict = wiring.mentions().get(case.mention)
        assert verdict is not None
        assert verdict.reading.evidence, "a judgement shows the words it rests on"
        assert all(mention.text[e.start : e.end].strip() for e in verdict.reading.evidence)
        assert verdict.rule

    # The department hears of it at once, has a due time that explains itself, and a draft.
    mails = (vars(mail) for mail in town.world.mails())
    praise, blame = sorted(mails, key=lambda mail: "ontevreden" in mail["subject"])
    assert "@regenjas42 is ontevreden" in blame["subject"]
    assert f"?case={complaint.key.slug}" in blame["body"]
    assert "is blij" in praise["subject"]
    assert complaint.due > complaint.received_at
    reckoning = clock.recall(complaint.due, complaint.reckoning)
    assert "10:12, plus 60 minutes: Mon 11:12" in clock.sentence(reckoning, "en", brand().zone)
    assert complaint.draft is not None
    assert complaint.draft.text.startswith("@regenjas42 Wat vervelend.")
    assert wiring.cases().waits("lindebieb", ["desk"]).cases[0].key == complaint.key

    # A person changes the draft, approves it under a name, and it is sent once.
    changed = answer.save_draft(
        complaint.key, complaint.rev, "@regenjas42 Dat is te lang. We bellen je vandaag. Noor", "Noor",
        cases=wiring.cases(), now=town.now,
    )  # fmt: skip
    assert changed.draft is not None
    town.approve(changed, "Noor", changed.draft.text)
    assert wiring.cases().get(complaint.key).state is CaseState.SENDING
    town.drain()

    # It stands at the network, was read back, and the case tells its whole story.
    assert town.ours() == [changed.draft.text]
    answered = wiring.cases().get(complaint.key)
    assert answered.state is CaseState.ANSWERED
    events, (delivery,) = town.history(answered)
    assert [event.kind for event in events] == [
        EventKind.HEARD, EventKind.DRAFTED, EventKind.APPROVED, EventKind.SENT, EventKind.CONFIRMED,
    ]  # fmt: skip
    assert delivery.state is DeliveryState.CONFIRMED
    assert delivery.approved_by == "Noor"
    assert [c.key for c in wiring.cases().waits("lindebieb", ["desk"]).cases] == [compliment.key]


def test_a_conversation_stays_one_case(town: Town) -> None:
    """A visitor writes, we answer, the visitor writes again: one case, open again, in order."""
    desk = wiring.desk()
    desk.say(brand(), "wall", "kees", "De Lindebieb was dicht vandaag, wat vervelend!", town.now, "")
    town.settle(5)
    case = town.case()
    town.approve(case)
    town.drain()
    assert town.case().state is CaseState.ANSWERED

    from chalicelib.platforms import sandbox

    reply = next(line for line in desk.wall(brand(), "wall") if line.ours)
    sandbox.say(wiring.shelf(), ACCOUNT, "kees", "Nog steeds dicht, slecht hoor.", town.now, reply.id)
    town.settle(5)

    again = town.case()
    assert again.key == case.key
    assert again.state is CaseState.OPEN
    assert again.mention != case.mention
    heard = [event for event in town.history(again)[0] if event.kind is EventKind.HEARD]
    assert [event.mention for event in heard] == [case.mention, again.mention]


def test_history_is_kept_and_judged_and_opens_no_case(town: Town) -> None:
    town.feed(COMPLAINT, COMPLIMENT, posted=town.now - timedelta(days=20))
    town.tick()
    town.drain()
    assert len(town.judged()) == 2
    assert town.cases() == []
    assert town.world.mails() == []


# posts, people, the month --------------------------------------------------------------------------


SATURDAY = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""Ten o'clock on the town's wall, and a slot of its channel."""
DECEMBER = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
"""Six o'clock there: November can be told."""


def test_from_saturdays_post_to_the_months_report(town: Town, console: Browser) -> None:
    # On Monday somebody complains and is answered, somebody else is glad.
    town.feed(COMPLIMENT)
    town.hear(COMPLAINT, author="regenjas42")
    town.tick()
    town.drain()
    (complaint,) = [case for case in town.cases() if case.action is Action.ANSWER]
    town.approve(complaint, "Noor")
    town.drain()

    # The calendar asks for something on Saturday; Sam fills the slot, and two on Sunday.
    calendar = console.get("/calendar").body.decode()
    assert 'href="/calendar/new?when=2026-11-21T10:00"' in calendar
    saturday = plan(console, "2026-11-21T10:00", "Zaterdag open", text=POST)
    sunday = plan(console, "2026-11-22T10:00", "Zondag voorlezen")
    never = plan(console, "2026-11-22T14:00", "Zondag dicht")
    assert "Fill the first: Sat 21 Nov 10:00" in text_of(calendar)
    assert "Fill the first: Sat 21 Nov 14:00" in text_of(console.get("/calendar").body.decode())

    # It leaves on Saturday at ten, once, and is seen there; the others wait for their moment.
    town.now = SATURDAY - timedelta(minutes=3)
    town.run(SATURDAY - timedelta(seconds=1))
    assert POST not in town.ours()
    town.run(SATURDAY + timedelta(minutes=2))
    assert town.ours().count(POST) == 1
    (sent,) = town.post(saturday).deliveries
    assert sent.state is DeliveryState.CONFIRMED
    assert sent.sent_at is not None
    assert timedelta(0) <= sent.sent_at - SATURDAY < timedelta(seconds=10)
    page = text_of(console.get(f"/posts/{saturday.id}").body.decode())
    for line in ("Sam de Wit planned it", "Sent to the network", "Seen at the network"):
        assert line in page
    assert town.post(sunday).states == [DeliveryState.PLANNED]

    # A visitor answers it; an hour after it left that is measured, and what is not given is not zero.
    wiring.desk().say(
        brand(), "wall", "kees", "Fijn, tot zaterdag bij de Lindebieb!", town.now, sent.remote_id
    )
    town.now = SATURDAY + timedelta(hours=1, minutes=5)
    app.measure_posts(TICK, Context())
    ((_, measured),) = wiring.measurements().of(saturday)
    assert (measured.step, measured.numbers) == (1, Numbers(replies=1))
    page = text_of(console.get(f"/posts/{saturday.id}").body.decode())
    assert "after 1 hour Not given Not given 1 Not given" in page

    # On Sunday one is cancelled; the brake stops the other; Sam lets it go, and the brake is off.
    town.now = SATURDAY + timedelta(hours=23, minutes=57)
    assert press(console, f"/posts/{never.id}/cancel", rev="1") == f"/posts/{never.id}?done=cancelled"
    assert press(console, "/brake") == "/brake"
    assert "Sam de Wit pulled the emergency brake" in text_of(console.get("/").body.decode())
    town.run(SATURDAY + timedelta(hours=24, minutes=3))
    assert town.post(sunday).states == [DeliveryState.HELD]
    assert town.ours().count("Zondag voorlezen. Kom langs!") == 0
    decision = {f"P.{sunday.id}.wall.1": "release"}
    assert press(console, "/brake/release", **decision) == "/brake?done=all"
    town.run(town.now + timedelta(minutes=2))
    town.now = SATURDAY + timedelta(hours=28, minutes=-1)
    town.run(town.now + timedelta(minutes=3))
    assert town.post(sunday).states == [DeliveryState.CONFIRMED]
    assert town.post(never).states == [DeliveryState.CANCELLED]
    assert town.ours().count("Zondag voorlezen. Kom langs!") == 1
    assert town.ours().count("Zondag dicht. Kom langs!") == 0
    assert "Emergency brake on" not in console.get("/").body.decode()

    # On Monday at seven, not before, there is a list of good deeds; Sam does one.
    town.now = SATURDAY.replace(day=23, hour=5, minute=59)
    app.relate_to_people(TICK, Context())
    assert "The list comes in the morning" in text_of(console.get("/people").body.decode())
    town.wait(minutes=1)
    app.relate_to_people(TICK, Context())
    morning = wiring.mornings().get(BRAND, "2026-11-23")
    assert morning is not None
    (deed,) = morning.outreach
    assert deed.deed is Deed.SHARE
    assert "the Lindebieb is wonderful" in deed.text
    press(console, f"/people/{deed.id}", day="2026-11-23", do="done")
    assert "Done by Sam de Wit" in text_of(console.get("/people").body.decode())

    # In December, from six o'clock, November's report lies in S3, and its mail leads to its page.
    town.now = DECEMBER - timedelta(minutes=1)
    app.evaluate_months(TICK, Context())
    assert not any(name.startswith(f"{BRAND}/2026-11/") for name in town.world.files())
    town.now = DECEMBER
    app.evaluate_months(TICK, Context())
    files = town.world.files()
    names = {name.removeprefix(f"{BRAND}/2026-11/") for name in files}
    assert names >= {"facts.json", "report.html", "report.json", "mail.txt", "mentions.csv", "deliveries.csv"}
    report = json.loads(files[f"{BRAND}/2026-11/report.json"])
    figures = {figure["name"]: figure for figure in report["figures"]}
    assert (figures["punctual"]["value"], figures["punctual"]["of"]) == (1, 2), "the brake made one late"
    assert figures["deeds"]["value"] == 1
    assert figures["on-time"]["value"] == 1
    mails = [vars(mail) for mail in town.world.mails()]
    (mail,) = [mail for mail in mails if "november 2026" in mail["subject"]]
    assert mail["destinations"]["ToAddresses"] == ["director@lindebieb.example"]
    assert f"https://console.example/reports/2026-11?brand={BRAND}" in mail["body"]
    page = console.get("/reports/2026-11").body.decode()
    assert report["statement"] not in page, "the file speaks the brand's language, the page its reader's"
    rows = console.get("/reports/2026-11?rows=punctual").body.decode()
    assert "Zaterdag open" in text_of(rows)

    # Every hour until the next month, and for whoever asks: the same bytes.
    town.wait(hours=1)
    app.evaluate_months(TICK, Context())
    app.evaluate_months({**TICK, "detail": {"brand": BRAND, "month": "2026-11"}}, Context())
    assert town.world.files() == files


def plan(console: Browser, when: str, title: str, text: str = "") -> PostKey:
    """As one does on the form that the empty slot leads to."""
    page = console.get(f"/calendar/new?when={when}").body.decode()
    (form,) = [form for form in forms(page) if form.action == "/calendar/new"]
    assert (form.fields["when"], form.fields["to.wall"]) == (when, "1")
    filled = {**form.fields, "title": title, "text": text or f"{title}. Kom langs!"}
    answer = console.post(form.action, filled)
    assert answer.status_code == 303, text_of(answer.body.decode())
    id, _, done = answer.headers["Location"].removeprefix("/posts/").partition("?")
    assert done == "done=planned"
    return PostKey(BRAND, id)


def press(console: Browser, path: str, **fields: str) -> str:
    """Send a form; where it leads."""
    answer = console.post(path, fields)
    assert answer.status_code == 303, text_of(answer.body.decode())
    return str(answer.headers["Location"])
