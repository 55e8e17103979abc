"""Posts from a file: every fault named by its row before anything is kept, and no file does harm."""

import re
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from chalicelib.domain.mention import EXCERPT
from chalicelib.stages import plan
from chalicelib.web import multipart, posts_file
from chalicelib.web.request import LONGEST
from tests.web.access import in_role
from tests.web.browser import HOST, Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import keep
from tests.web.world import World

CSV = """title;when;channels;text;text.mastodon;goal;lateness
Leestip;2026-11-28 10:00;;Drie boeken voor een natte dag.;;jeugd;30
Zondag open;2026-11-29T11:00;mastodon;;"We zijn open.
Tot dan.";;
"""
YAML = """
posts:
  - title: Leestip
    when: 2026-11-28 10:00
    text: Drie boeken voor een natte dag.
    goal: jeugd
    lateness: 30
  - title: Zondag open
    when: 2026-11-29T11:00
    channels: [mastodon]
    texts:
      mastodon: |
        We zijn open.
        Tot dan.
"""


FORM = "Write 2026-11-28T10:00, on the clock of Europe/Amsterdam."
UNREAD = (
    "2026-11-28T10:00:59+09:00",
    "2026-11-28T10:00Z",
    "2026-11-28T10:00:59",
    "2026-11-28T9:00",
    "28-11-2026 10:00",
    "2026-02-30 10:00",
    "2026-11-28 24:00",
    "2026-11-28",
    "9:00",
    "morgen",
)
TEXTS = "- title: A\n  when: 2026-11-28 10:00\n  texts:\n"


@pytest.fixture
def editor(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    return in_role(browser, world, ("editor",))


@pytest.mark.parametrize("text", [CSV, "\ufeff" + CSV.replace("\n", "\r\n"), CSV.replace(";", ","), YAML])
def test_a_file_is_looked_through_then_planned_then_planned_no_second_time(
    editor: Browser, world: World, text: str
) -> None:
    preview = editor.post("/calendar/import", {"text": text}).body.decode()
    assert faults(preview) == []
    shown = text_of(preview)
    text_and_names = "Drie boeken voor een natte dag. Proefkanaal (Sandbox), @bibveldermeer (Mastodon)"
    assert f"Leestip Saturday 28 November 10:00 {text_and_names}" in shown
    assert "Zondag open Sunday 29 November 11:00 We zijn open. Tot dan. @bibveldermeer (Mastodon)" in shown
    assert "Plan these 2 posts" in shown
    assert world.posts.kept == {}

    answer = editor.post("/calendar/import", {"text": text, "do": "plan"})
    assert answer.headers["Location"] == "/calendar/import?planned=2&known=0&left=0"
    texts = {v.text for post in world.posts.kept.values() for v in post.variants}
    assert texts == {"Drie boeken voor een natte dag.", "We zijn open.\nTot dan."}
    assert {post.lateness for post in world.posts.kept.values()} == {30, 120}

    again = editor.post("/calendar/import", {"text": text})
    assert "All of it was planned before" in text_of(again.body.decode())
    answer = editor.post("/calendar/import", {"text": text, "do": "plan"})
    assert answer.headers["Location"] == "/calendar/import?planned=0&known=2&left=0"
    assert len(world.posts.kept) == 2
    done = text_of(editor.get("/calendar/import?planned=0&known=2").body.decode())
    assert "2 were there already and stay as they are" in done


def test_the_same_posts_in_csv_and_yaml_are_the_same(editor: Browser, world: World) -> None:
    editor.post("/calendar/import", {"text": CSV, "do": "plan"})
    editor.post("/calendar/import", {"text": YAML, "do": "plan"})
    assert len(world.posts.kept) == 2


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n" + CSV,
        '"sep=;"\r\n' + CSV,
        "\n\n" + CSV,
        "\n".join(line + ";;" if "Tot dan" not in line else line for line in CSV.splitlines()[:2]),
    ],
)
def test_what_a_spreadsheet_adds_is_no_fault(editor: Browser, text: str) -> None:
    assert re.search(
        "Plan (these 2|1) post", text_of(editor.post("/calendar/import", {"text": text}).body.decode())
    )


def test_of_a_file_of_faults_each_row_is_named_with_all_of_them(editor: Browser) -> None:
    rows = "title,when,channels,text\n" + "".join(f",2026-11-28 10:00,nergens,{n}\n" for n in range(100))
    shown = text_of(editor.post("/calendar/import", {"text": rows}).body.decode())
    assert "200 things to mend" in shown
    for row in range(2, 102):
        assert f"Row {row}, title: Give it a working title." in shown
        assert f"Row {row}, text.nergens: The organisation has no such channel." in shown
    assert " more row" not in shown


def test_a_table_of_something_else_is_told_once(editor: Browser) -> None:
    names = ",".join(f"c{n}" for n in range(101))
    page = editor.post("/calendar/import", {"text": f"title,when,text,{names}\nA,2026-11-28 10:00,x\n"})
    shown = text_of(page.body.decode())
    assert "1 thing to mend" in shown
    assert "None of these columns is known: c0, c1, c2" in shown


def test_every_row_is_checked_and_the_first_hundred_are_named(editor: Browser) -> None:
    rows = "title,when,text\n" + "".join(f"A{n},nooit,x\n" for n in range(150))
    page = editor.post("/calendar/import", {"text": rows}).body.decode()
    shown = text_of(page)
    assert "151 things to mend; nothing was planned" in shown
    assert "at most 100 posts" in shown
    assert shown.count("Row ") == 100
    assert "And 50 more rows." in shown
    assert faults(page) == []
    late = rows.replace("nooit", "2026-11-28 10:00").replace("A140,2026-11-28 10:00", "A140,nooit")
    assert f"Row 142, when: {FORM}" in text_of(editor.post("/calendar/import", {"text": late}).body.decode())


def test_a_table_that_is_pasted_has_tabs(editor: Browser) -> None:
    assert "Plan these 2 posts" in text_of(
        editor.post("/calendar/import", {"text": CSV.replace(";", "\t")}).body.decode()
    )


def test_a_mended_row_is_a_second_post_only_if_that_is_chosen(editor: Browser, world: World) -> None:
    editor.post("/calendar/import", {"text": CSV, "do": "plan"})
    (first,) = [post for post in world.posts.kept.values() if post.title == "Leestip"]
    mended = CSV.replace("Drie boeken", "Vier boeken")
    preview = editor.post("/calendar/import", {"text": mended}).body.decode()
    assert faults(preview) == []
    assert "There is already a post with this title or text at this moment" in text_of(preview)
    assert f'href="/posts/{first.key.id}"' in preview
    (field,) = re.findall(r'<input type="checkbox" form="import" id="(also\.[\w-]+)"', preview)
    assert f'name="{field}" value="1">' in preview, "it is off"

    answer = editor.post("/calendar/import", {"text": mended, "do": "plan"})
    assert answer.headers["Location"] == "/calendar/import?planned=0&known=1&left=1"
    assert "1 was left out" in text_of(editor.get(answer.headers["Location"]).body.decode())
    assert len(world.posts.kept) == 2
    answer = editor.post("/calendar/import", {"text": mended, "do": "plan", field: "1"})
    assert answer.headers["Location"] == "/calendar/import?planned=1&known=1&left=0"
    assert len(world.posts.kept) == 3


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("Leestip;2026-11-28 10:00;;Drie", "Kijktip;2026-11-28 10:00;;Vier"),
        ("28 10:00;;Drie", "28 10:05;;Drie"),
        ("10:00;;Drie", "10:00;mastodon;Drie"),
    ],
)
def test_a_double_has_title_or_text_moment_and_a_channel_of_another(
    editor: Browser, world: World, was: str, now: str
) -> None:
    editor.post("/calendar/import", {"text": CSV.replace("10:00;;", "10:00;proefkanaal;"), "do": "plan"})
    preview = text_of(editor.post("/calendar/import", {"text": CSV.replace(was, now)}).body.decode())
    assert "There is already" not in preview


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("Leestip;", "Kijktip;"),
        ("Drie", "Vier"),
        ("Leestip;2026-11-28 10:00;;", "Kijktip;2026-11-28 10:00;mastodon;"),
    ],
)
def test_the_same_text_or_title_at_one_moment_is_a_double(
    editor: Browser, world: World, was: str, now: str
) -> None:
    editor.post("/calendar/import", {"text": CSV, "do": "plan"})
    page = editor.post("/calendar/import", {"text": CSV.replace(was, now)}).body.decode()
    assert "There is already a post with this title or text" in text_of(page)


def test_a_title_that_the_calendar_cuts_is_known_again(editor: Browser, world: World) -> None:
    long = CSV.replace("Leestip;", "Een lange werktitel van een bericht " * 5 + ";")
    editor.post("/calendar/import", {"text": long, "do": "plan"})
    for delivery in list(world.posts.deliveries.values()):
        cut = replace(delivery, title=delivery.title[:EXCERPT])  # as the month's index has it
        world.posts.deliveries[delivery.key] = cut
    page = editor.post("/calendar/import", {"text": long.replace("Drie", "Vier")}).body.decode()
    assert "There is already a post with this title or text" in text_of(page)


@pytest.mark.parametrize("second", ["Leestip;2026-11-28 10:00;Drie boekn", "B;2026-11-28 10:00;Drie boeken"])
def test_of_two_rows_that_say_the_same_at_one_moment_one_is_planned(
    editor: Browser, world: World, second: str
) -> None:
    rows = f"title;when;text\nLeestip;2026-11-28 10:00;Drie boeken\n{second}\n"
    page = editor.post("/calendar/import", {"text": rows}).body.decode()
    assert faults(page) == []
    assert "A row before it has this title or text at this moment" in text_of(page)
    (field,) = re.findall(r'form="import" id="(also\.[\w-]+)"', page)
    answer = editor.post("/calendar/import", {"text": rows, "do": "plan"})
    assert answer.headers["Location"] == "/calendar/import?planned=1&known=0&left=1"
    assert len(world.posts.kept) == 1
    editor.post("/calendar/import", {"text": rows, "do": "plan", field: "1"})
    assert len(world.posts.kept) == 2


def test_a_row_goes_to_the_channels_it_names(editor: Browser, world: World) -> None:
    rows = "title;when;channels;text;text.mastodon\nTip;2026-11-28 10:00;proefkanaal;Drie boeken;Op masto\n"
    editor.post("/calendar/import", {"text": rows, "do": "plan"})
    (post,) = world.posts.kept.values()
    assert [(each.channel, each.text) for each in post.variants] == [("proefkanaal", "Drie boeken")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Kom zaterdag lezen #boekenweek", "Kom zaterdag lezen #boekenweek"),
        ("Kom é😀 lezen  #één #2", "Kom é😀 lezen  #één #2"),
        ("#boekenweek", "#boekenweek"),
        ("Kom lezen # binnen", "Kom lezen"),
        ("Kom lezen # met #boekenweek", "Kom lezen"),
        ("'Kom #lezen'  # ja", "Kom #lezen"),
        ("|\n    Kom\n    #lezen", "Kom\n#lezen"),
        ("Kom lezen\n  #why: weg", "Kom lezen"),
    ],
)
def test_a_hashtag_is_no_comment(editor: Browser, world: World, value: str, text: str) -> None:
    for place in (f"  text: {value}\n", f"  texts:\n    mastodon: {value}\n"):
        if place.count("\n") > 1 and "texts" in place and "\n" in value:
            continue  # its lines would have to stand further in
        world.posts.kept.clear()
        world.posts.deliveries.clear()
        rows = f"- title: Tip\n  when: 2026-11-28 10:00\n{place}  language: nl\n"
        assert editor.post("/calendar/import", {"text": rows, "do": "plan"}).status_code == 303
        (post,) = world.posts.kept.values()
        assert {each.text for each in post.variants} == {text}


def test_what_was_cancelled_is_said_to_be_and_how_to_plan_it_anew(editor: Browser, world: World) -> None:
    editor.post("/calendar/import", {"text": CSV, "do": "plan"})
    (post,) = [post for post in world.posts.kept.values() if post.title == "Leestip"]
    plan.cancel(post.key, 1, "Noor", posts=world.posts, now=world.now)
    page = editor.post("/calendar/import", {"text": CSV}).body.decode()
    assert faults(page) == []
    shown = text_of(page)
    assert "Was cancelled, stays so To plan it anew, change its title or its text in the file." in shown
    assert shown.count("Planned before, stays as it is") == 1
    assert 'data-state="confirmed"' not in page
    anew = CSV.replace("Drie boeken", "Vier boeken")
    assert "There is already" not in text_of(editor.post("/calendar/import", {"text": anew}).body.decode())
    assert "planned=1&" in editor.post("/calendar/import", {"text": anew, "do": "plan"}).headers["Location"]


def test_what_was_planned_is_known_also_when_its_moment_is_past(editor: Browser, world: World) -> None:
    editor.post("/calendar/import", {"text": CSV, "do": "plan"})
    world.now = world.now.replace(month=12)
    assert editor.post("/calendar/import", {"text": CSV, "do": "plan"}).status_code == 303


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "title,when,text\nA,2026-11-28 10:00,x\n,2026-11-28 11:00,y",
            "Row 3, title: Give it a working title.",
        ),
        ("title,when,text\nA,,x", "Row 2, when: Choose a day and a time."),
        *[(f"title,when,text\nA,{when},x", f"Row 2, when: {FORM}") for when in UNREAD],
        (f"- title: A\n  when: {UNREAD[0]}\n  text: x\n", f"Line 1, when: {FORM}"),
        ("title,text\nA,x", "Row 1, when: This column is missing."),
        ("when;text\n2026-11-28 10:00;x", "Row 1, title: This column is missing."),
        ("title\twhen\nA\t2026-11-28 10:00", "Row 1, text: This column is missing."),
        ("title,when,text\nA,2026-11-28 10:00,", "Row 2, text: There is nothing to send yet. Write a text."),
        ("- title: A\n  when: 2026-11-28 10:00\n", "Line 1, text: There is nothing to send yet."),
        (TEXTS + "    mastodon: x\n    mastodon: y\n", "Line 5, mastodon: This name is there twice."),
        (TEXTS + "    mastodon: x\n  texts:\n    mastodon: y\n", "Line 5, texts: This name is there twice."),
        (TEXTS + "    ? [mastodon, x]\n    : hoi\n", "Line 4: Write one name before the colon."),
        (TEXTS + "    mastodon: [a, b]\n", "Line 4, texts.mastodon: Write one value here."),
        ("posts: []\nposts: []\n", "Line 2, posts: This name is there twice."),
        ("title,when,text\nA,2026-11-22 10:00,x", "Row 2, when: That moment has passed. Choose one ahead."),
        (
            "title,when,channels,text\nA,2026-11-28 10:00,fax,x",
            "Row 2, text.fax: The organisation has no such",
        ),
        (
            "title,when,text.mastodon\nA,2026-11-28 10:00," + "x" * 502,
            "Row 2, text.mastodon: 2 characters too",
        ),
        ("title,when,colour\nA,2026-11-28 10:00,x", "Row 1, colour: There is no column of this name."),
        ("title,when,when\nA,2026-11-28 10:00,x", "Row 1, when: This column is there twice."),
        ("title,when,text\nA,2026-11-28 10:00,x,y", "Row 2: The row has more cells"),
        ('title,when,text\nA,2026-11-28 10:00,"x', "Row 2: A quotation mark is not closed"),
        ("\n\ntitle,when,text\nA,2026-11-28 10:00,x\nB,nooit,x\n", f"Row 5, when: {FORM}"),
        ('title,when,text\nA,2026-11-28 10:00,"1\n2\n3"\nB,2026-11-28 11:00,"x" y\n', "Row 3: A quotation"),
        ('title,when,text\nA,2026-11-28 10:00,"x" y\nB,nooit,x\n', f"Row 3, when: {FORM}"),
        ("title,when,text\nA,nooit,x,y\n", f"Row 2, when: {FORM}"),
        (
            "title;when;text;\nA;2026-11-28 10:00;x;y\n",
            "Row 2: There is something in a column without a name.",
        ),
        (
            "titel;wanneer;tekst\nA;2026-11-28 10:00;x\n",
            "Row 1: None of these columns is known: titel, wanneer",
        ),
        ("titel;wanneer;tekst\nA;2026-11-28 10:00;x\n", "They are called title, when, language"),
        ("sep=;\ntitle;when;text\nA;nooit;x\n", f"Row 2, when: {FORM}"),
        ("title,when,text\nA,2026-11-28 10:00,x\nA,2026-11-28 10:00,x", "Row 3: This says the same as 2"),
        ("title,when,text\n", "There is no post in it."),
        ("", "There is no post in it."),
        ("title,when,text\nA,2026-11-28 10:00,\ufffd", "The file is not in UTF-8."),
        ("- title: A\n  when: 2026-11-22 10:00\n  text: x\n", "Line 1, when: That moment has passed."),
        ("- title: A\n  titel: B\n", "Line 2, titel: There is no such name."),
        ("- title: A\n  title: B\n", "Line 2, title: This name is there twice."),
        ("- title: A\n  why: {a: b}\n", "Line 2, why: Write one value here."),
        ("- title: [A]\n", "Line 1, title: Write one value here."),
        ("- title: A\n  text: [Kom, lezen]\n", "Line 2, text: Write one value here."),
        ("posts:\n- title: A\ngoal: jeugd\n", "Line 3, goal: There is no such name."),
        ("goal: jeugd\nposts: []\n", "Line 1, goal: There is no such name."),
        *[
            (f"- title: A\n  text: {value}\n", "Line 2, text: YAML leaves out what is behind a #.")
            for value in (
                "'Kom' #lezen",
                "Kom\n    lezen #ja",
                "Kom\n    #lezen",
                "#a\n    Kom",
                "Kom #a # b",
            )
        ],
        ("title: A\n", "Line 1: Write a list of posts"),
        ("- A\n- B\n", "Line 2: A post is a list of names"),
        ("- title: 'A\n", "This is not YAML"),
        ("- &a {title: A}\n- *a\n", "Line 2: References (*) are not read."),
        ("- title: A\n---\n- title: B\n", "Line 2: Write one list"),
        ("- " * 20 + "x", "it goes too deep"),
        ("- !!python/object/apply:os.system [id]\n", "Line 1: A post is a list of names"),
    ],
)
def test_a_fault_is_named_by_its_row_and_nothing_is_planned(
    editor: Browser, world: World, text: str, said: str
) -> None:
    answer = editor.post("/calendar/import", {"text": text, "do": "plan"})
    assert answer.status_code == 422
    assert said in text_of(answer.body.decode())
    assert faults(answer.body.decode()) == []
    assert world.posts.kept == {}
    assert world.tasks.sent == []


def test_faults_of_all_rows_are_named_at_once(editor: Browser) -> None:
    rows = "title,when,text\n,morgen,\n,gisteren,x\n"
    page = editor.post("/calendar/import", {"text": rows})
    keep("import-faults-en", page.body)
    shown = text_of(page.body.decode())
    assert "5 things to mend; nothing was planned" in shown
    assert (shown.count("Row 2,"), shown.count("Row 3,")) == (3, 2)


def test_a_yaml_means_what_is_written(editor: Browser, world: World) -> None:
    text = "- title: 2026\n  when: 2026-11-28 10:00:00\n  language: no\n"
    text += "  channels: mastodon\n  text: yes\n  why: ~\n"
    assert editor.post("/calendar/import", {"text": text, "do": "plan"}).status_code == 303
    (post,) = world.posts.kept.values()
    assert (post.title, post.language, post.variants[0].text, post.why) == ("2026", "no", "yes", "")


def test_more_than_fits_is_refused(editor: Browser) -> None:
    many = "title,when,text\n" + "".join(f"A{n},2026-11-28 10:00,x\n" for n in range(101))
    assert "at most 100 posts" in text_of(editor.post("/calendar/import", {"text": many}).body.decode())
    long = "title,when,text\nA,2026-11-28 10:00," + "x" * LONGEST
    assert "too large" in text_of(editor.post("/calendar/import", {"text": long}).body.decode())


@pytest.mark.parametrize(
    "text", ["[" * 140_000, "- " * 70_000, "{a: " * 30_000, "a: &a [*a]\n", "? " * 70_000]
)
def test_a_bomb_is_found_soon_and_breaks_nothing(text: str) -> None:
    began = time.perf_counter()
    assert posts_file.read(text).wrong
    assert time.perf_counter() - began < 5


@given(st.text(max_size=300) | st.text(alphabet="-:{}[]&*!|>'\"\n ,;#%@`~?abtitlewhn", max_size=200))
@settings(max_examples=300)
def test_any_text_gives_rows_or_faults(text: str) -> None:
    found = posts_file.read(text)
    assert found.rows or found.wrong


def _form(file: bytes, token: str) -> tuple[str, bytes]:
    mark = "x7Zk"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}'.encode(),
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'.encode()
        + b"Content-Type: text/csv\r\n\r\n"
        + file,
        f'--{mark}\r\nContent-Disposition: form-data; name="text"\r\n\r\n'.encode(),
        f"--{mark}--\r\n".encode(),
    ]
    return f"multipart/form-data; boundary={mark}", b"\r\n".join(parts)


def test_a_file_is_read_as_a_browser_sends_it(editor: Browser) -> None:
    editor.get("/calendar/import")
    kind, body = _form(("\ufeff" + CSV).encode(), editor.cookies["webspin-csrf"])
    headers = {"origin": f"http://{HOST}", "content-type": kind}
    answer = editor.send("POST", "/calendar/import", headers, body)
    assert answer.status_code == 200
    assert "Plan these 2 posts" in text_of(answer.body.decode())
    kind, body = _form(CSV.encode("utf-16"), editor.cookies["webspin-csrf"])
    answer = editor.send("POST", "/calendar/import", {**headers, "content-type": kind}, body)
    assert "not in UTF-8" in text_of(answer.body.decode())
    forged = _form(CSV.encode(), "guessed")[1]
    assert editor.send("POST", "/calendar/import", headers, forged).status_code == 403


@given(st.binary(max_size=300), st.text(max_size=40))
@settings(max_examples=200)
def test_no_body_breaks_the_reader_of_forms(body: bytes, boundary: str) -> None:
    try:
        found, _ = multipart.fields(f"multipart/form-data; boundary={boundary}", body)
    except ValueError:
        return
    assert all(isinstance(value, str) for value in found.values())
