"""Mentions from a file and to one: every fault named by its row and column, and nothing lost on the way."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from chalicelib.domain.mention import Author, Edit, Mention, MentionKey, native_id
from chalicelib.domain.verdict import Reading, Sentiment, Verdict
from chalicelib.platforms._text import one_line, tidy, web_link
from chalicelib.ports import Listing
from chalicelib.stages import bring_in
from chalicelib.web import cells, mention_cells, mentions_file, multipart
from chalicelib.web.mentions_file import Reader
from chalicelib.web.request import LONGEST
from tests.web import fakes
from tests.web.access import in_role
from tests.web.browser import HOST, Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, NOW, World

HEAD = "posted;network;author;text;url\n"
ROWS = (
    '2026-11-20T09:00:00Z;mastodon;regenjas42;"Zondag ""open""?\nHeel fijn; echt";https://m.example/1\n'
    "2026-11-21 10:30;feed;Zoë;De bieb van Veldermeer is dicht.;https://krant.example/2\n"
)
CSV = HEAD + ROWS
READER = Reader(ZoneInfo("Europe/Amsterdam"), NOW, tidy)


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    return in_role(browser, world, ("manager",))


def shown(browser: Browser, text: str, **form: str) -> str:
    page = browser.post("/mentions/import", {"text": text, **form}).body.decode()
    assert faults(page) == []
    return text_of(page)


def brought(world: World) -> dict[str, Mention]:
    """By author, those that a file brought."""
    kept = [mention for mention, _ in world.mentions.kept.values()]
    return {each.author.handle: each for each in kept if each.source == bring_in.SOURCE}


def test_a_file_is_looked_through_then_kept_then_kept_no_second_time(manager: Browser, world: World) -> None:
    preview = shown(manager, CSV)
    assert 'regenjas42 Friday 20 November 10:00 Zondag "open"? Heel fijn; echt Mastodon New' in preview
    assert "Zoë Saturday 21 November 10:30 De bieb van Veldermeer is dicht." in preview
    assert "Keep these 2 mentions" in preview
    assert brought(world) == {}

    answer = manager.post("/mentions/import", {"text": CSV, "do": "keep"})
    assert answer.headers["Location"] == "/mentions/import?kept=2&known=0"
    found = brought(world)
    assert found["regenjas42"].text == 'Zondag "open"?\nHeel fijn; echt'
    assert found["regenjas42"].key == MentionKey(BRAND.id, "mastodon", native_id("https://m.example/1"))
    assert found["Zoë"].posted_at == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert all(each.history for each in found.values())
    assert "brought mentions in from a file" in text_of(manager.get("/audit").body.decode())

    assert "All of it was kept before" in shown(manager, CSV)
    answer = manager.post("/mentions/import", {"text": CSV.replace("dicht", "open"), "do": "keep"})
    assert answer.headers["Location"] == "/mentions/import?kept=0&known=2"
    assert brought(world) == found
    done = text_of(manager.get(answer.headers["Location"]).body.decode())
    assert "2 were there already and stay as they are" in done


def test_cases_may_come_of_the_last_days_only_where_that_is_asked(manager: Browser, world: World) -> None:
    manager.post("/mentions/import", {"text": CSV, "do": "keep", "days": "2"})
    assert {name: each.history for name, each in brought(world).items()} == {"regenjas42": True, "Zoë": False}


def test_what_can_be_answered_has_the_channel_that_answers_it(manager: Browser, world: World) -> None:
    manager.post("/mentions/import", {"text": CSV, "do": "keep"})
    assert {each.channel for each in brought(world).values()} == {"mastodon", ""}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "There is no mention in it."),
        (HEAD, "There is no mention in it."),
        ("titel;wanneer\na;b\n", "Row 1: None of these columns is known: titel, wanneer."),
        ("posted;network;author;text\n", "Row 1, native_id: This column is missing."),
        ("posted;network;author;url\n", "Row 1, text: This column is missing."),
        (HEAD[:-1] + ";klant\n", "Row 1, klant: There is no column of this name."),
        (HEAD[:-1] + ";text\n", "Row 1, text: This column is there twice."),
        (CSV + "gisteren;feed;a;b;https://x.example\n", "Row 4, posted: Write a moment such as 2026-11-23T"),
        (CSV + "21-11-2026 10:30;feed;a;b;https://x.example\n", "Row 4, posted: Write a moment such as"),
        (CSV + "2026-02-30 10:30;feed;a;b;https://x.example\n", "Row 4, posted: Write a moment such as"),
        (CSV + "2026-11-23T09:13:00+01:00;feed;a;b;https://x.example\n", "Row 4, posted: That moment is yet"),
        (CSV + "1994-01-01 10:30;feed;a;b;https://x.example\n", "Row 4, posted: That is before 1995."),
        (CSV + "2026-11-21 10:30;Mastodon!;a;b;https://x.example\n", "Row 4, network: Write the network in"),
        (CSV + "2026-11-21 10:30;drill;a;b;https://x.example\n", "Row 4, network: Write the network in"),
        (CSV + "2026-11-21 10:30;feed; @ ;b;https://x.example\n", "Row 4, author: Say who wrote it."),
        (CSV + "2026-11-21 10:30;feed;a; \u200b;https://x.example\n", "Row 4, text: There is no text."),
        (CSV + "2026-11-21 10:30;feed;a;b;\n", "Row 4, native_id: Give the network's own id of the message"),
        (CSV + "2026-11-21 10:30;feed;a;b;javascript:x()\n", "Row 4, url: Write an address that begins with"),
        (CSV + "2026-11-21 10:30;feed;a;b;https://m.example/1;x\n", "Row 4: The row has more cells than"),
        (CSV + ROWS, "Row 4, native_id: This is the same message as 2."),
        (CSV + '2026-11-21 10:30;feed;a;"b;https://x.example\n', "Row 4: A quotation mark is not closed"),
        (
            CSV + f"2026-11-21 10:30;feed;a;{'b' * 20_001};https://x.example\n",
            "Row 4, text: The text has",
        ),
        ("x" * (LONGEST + 1), "The file is too large: at most 150,000 characters. Cut it in two."),
        (CSV + "\0", "It cannot be told in which characters the file is."),
        ('{"posted": "2026-11-21T10:30Z"}', "Line 1, network: Write the network in small letters"),
        ('{"posted": \n\n{"x": 1}', "Line 1: This is no JSON from character 12 on."),
        ('{"text": ["a"]}', "Line 1, text: Write one value here."),
        ('{"klant": "a"}', "Line 1, klant: There is no such name."),
        ("{}\n[1]", "Line 2: Write an object on each line"),
        ("{" * 5_000, "Line 1: This is no JSON from character"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_was_expected(
    manager: Browser, world: World, text: str, told: str
) -> None:
    assert told in shown(manager, text, do="keep")
    assert brought(world) == {}


def test_all_that_is_wrong_is_told_at_once_and_the_file_is_not_lost(manager: Browser) -> None:
    text = HEAD + "".join(f"nooit;feed;a{n};b;https://x.example/{n}\n" for n in range(150))
    page = manager.post("/mentions/import", {"text": text}).body.decode()
    assert "150 things to mend; nothing was kept" in text_of(page)
    assert "And 50 more rows." in text_of(page)
    assert "a149;b;https://x.example/149" in page


def test_rows_are_counted_as_a_spreadsheet_does_over_cells_of_several_lines(manager: Browser) -> None:
    text = HEAD + "\n" + ROWS.replace("Heel", "\n\n\nHeel") + "nooit;feed;a;b;https://x.example\n"
    assert "Row 5, posted: " in shown(manager, text)


@pytest.mark.parametrize("number", [mentions_file.MOST, mentions_file.MOST + 1])
def test_a_file_has_at_most_a_thousand(number: int) -> None:
    rows = "".join(f"2026-11-21 10:30,feed,a,b,https://x.example/{n}\n" for n in range(number))
    wrong = READER.read(HEAD.replace(";", ",") + rows).wrong
    assert [each.values for each in wrong] == [{"most": 1000}] * (number > mentions_file.MOST)


# as it comes from a disk --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.replace("\n", "\r\n").encode("cp1252"),
        CSV.encode("utf-16"),
        CSV.encode("utf-16-le"),
        CSV.encode("utf-16-be"),
        ("sep=;\r\n" + CSV).encode("cp1252"),
        CSV.replace(";", "\t").replace("fijn\t", "fijn;").encode("utf-16"),
    ],
)
def test_a_file_is_read_in_the_characters_that_a_spreadsheet_saved_it_in(
    manager: Browser, world: World, file: bytes
) -> None:
    manager.get("/mentions/import")
    parts = {"csrf": manager.cookies["webspin-csrf"].encode(), "do": b"keep", "text": b"", "table": file}
    body = b"".join(
        f'--x7Zk\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in parts.items()
    )
    headers = {"origin": f"http://{HOST}", "content-type": "multipart/form-data; boundary=x7Zk"}
    manager.send("POST", "/mentions/import", headers, body + b"--x7Zk--\r\n")
    assert {name: each.text for name, each in brought(world).items()} == {
        "regenjas42": 'Zondag "open"?\nHeel fijn; echt',
        "Zoë": "De bieb van Veldermeer is dicht.",
    }


@given(st.binary(max_size=60))
def test_whatever_bytes_come_they_are_text(file: bytes) -> None:
    multipart.decoded(file).encode()


# there and back ------------------------------------------------------------------------------------

NASTY = st.text("=+-@'\"; \t\r\nab,é\u200b)D📚", max_size=12) | st.text(max_size=30)
LINES = NASTY.map(one_line)
IDS = st.text(min_size=1, max_size=90).map(str.strip).filter(bool).map(native_id)
LINKS = st.just("") | LINES.map(lambda each: web_link(f"https://x.example/{each}")).filter(
    lambda url: url.isprintable()
)
MOMENTS = st.integers(1, 11_500).map(lambda days: NOW - timedelta(days=days, seconds=days * 7 % 86_400))


@st.composite
def mentions(draw: st.DrawFn) -> Mention:
    gone = draw(st.integers(0, 5)) == 0
    edited = gone or draw(st.booleans())
    return Mention(
        key=MentionKey(BRAND.id, draw(st.sampled_from(("feed", "mastodon", "shop_2"))), draw(IDS)),
        source=bring_in.SOURCE,
        author=Author(
            id=draw(IDS),
            handle=draw(LINES.map(lambda name: name.lstrip("@ ")).filter(bool)),
            name=draw(LINES),
            url=draw(LINKS),
            followers=draw(st.none() | st.integers(0, 10**9)),
        ),
        text="" if gone else draw(NASTY.map(tidy).filter(bool)),
        posted_at=draw(MOMENTS),
        heard_at=NOW,
        url=draw(LINKS),
        reply_to=draw(st.just("") | IDS),
        language=draw(st.sampled_from(("", "nl", "und"))),
        direct=draw(st.booleans()),
        history=True,
        edit=Edit(1, draw(MOMENTS), gone=gone) if edited else None,
    )


def _cells(mention: Mention) -> cells.Row:
    reading = Reading(language="nl", sentiment=Sentiment.MIXED, probabilities=(0.4, 0.2, 0.4), judge="t-1")
    verdict = Verdict(reading=reading, department="uitlening", rule="")
    author, said = mention.author.handle, mention.language
    listing = Listing(mention.key, mention.posted_at, author, mention.excerpt, said, "mixed", (), "ignore")
    return mention_cells.cells(listing, mention, verdict)


@given(st.lists(mentions(), max_size=4, unique_by=lambda each: each.key), st.sampled_from(("csv", "jsonl")))
@settings(max_examples=300, deadline=None)
def test_what_left_as_a_file_comes_back_as_it_was(left: list[Mention], form: str) -> None:
    """Whatever it says, and though the file was made so that a spreadsheet does not reckon with it."""
    write = {"csv": cells.as_csv, "jsonl": cells.as_lines}[form]
    body = write(mention_cells.COLUMNS, map(_cells, left))
    found = READER.read(multipart.decoded(body))
    assert [each for each in found.wrong if each.place] == []
    kept, tasks = fakes.Mentions(), fakes.Tasks()
    bring_in.run(
        replace(BRAND, channels=(), watches=()),
        ((row.found, row.edit) for row in found.rows),
        work_since=NOW,
        mentions=kept,
        tasks=tasks,
        now=NOW,
    )
    assert [mention for mention, _ in kept.kept.values()] == left


@given(st.text("=+-@'\"; \t\r\nab,\u200b\x00)Dp|＝", max_size=14))
@settings(max_examples=500)
def test_a_guarded_cell_is_read_back_to_the_byte(text: str) -> None:
    assert cells.unguarded(cells.guarded(text)) == text


@given(st.text(max_size=200) | st.text("{}[]\":,\n;'abposted", max_size=60))
def test_any_text_gives_rows_or_faults(text: str) -> None:
    found = READER.read(text)
    assert found.rows or found.wrong


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_page_s_own_file_goes_in_and_comes_out_the_same(
    manager: Browser, world: World, form: str
) -> None:
    """Into an organisation that has nothing yet."""
    world.mentions.kept.clear()
    manager.post("/mentions/import", {"text": CSV, "do": "keep"})
    _judge(world)
    address = f"/mentions?since=2026-11-01&as={form}"
    first = manager.get(address).body
    assert b"Zo\xc3\xab" in first
    world.mentions.kept.clear()
    manager.post("/mentions/import", {"text": multipart.decoded(first), "do": "keep"})
    _judge(world)
    assert manager.get(address).body == first


def _judge(world: World) -> None:
    """All alike: this is not about the judge."""
    reading = Reading(language="nl", sentiment=Sentiment.MIXED, probabilities=(0.4, 0.2, 0.4), judge="t-1")
    for mention, verdict in list(world.mentions.kept.values()):
        if verdict is None:
            world.mentions.judge(mention, Verdict(reading=reading, department="uitlening", rule=""), "ignore")


def test_jsonl_has_an_object_a_line(manager: Browser, world: World) -> None:
    manager.post("/mentions/import", {"text": CSV, "do": "keep"})
    _judge(world)
    answer = manager.get("/mentions?since=2026-11-20&as=jsonl")
    assert answer.headers["Content-Type"] == "application/jsonl"
    lines = [json.loads(line) for line in answer.body.decode().splitlines()]
    assert list(lines[0]) == list(mention_cells.COLUMNS)
    assert "Zoë" in [line["author"] for line in lines]
    posted = [line["posted"] for line in lines]
    assert posted == sorted(posted, reverse=True)


def test_who_reads_along_brings_nothing_in(browser: Browser, world: World) -> None:
    reader = in_role(browser, world, ("reader",))
    reader.language = "en"
    assert "Administrators bring mentions in" in text_of(reader.get("/mentions/import").body.decode())
    assert reader.post("/mentions/import", {"text": CSV, "do": "keep"}).status_code == 403
    assert brought(world) == {}


def test_what_is_brought_is_days_old_at_most_a_week_for_a_case(manager: Browser, world: World) -> None:
    old = NOW - timedelta(days=8)
    text = HEAD + f"{old.isoformat()};feed;a;b;https://x.example\n"
    manager.post("/mentions/import", {"text": text, "do": "keep", "days": "9"})
    assert brought(world)["a"].history
