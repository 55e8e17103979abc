"""Brand: read by all, changed by managers piece by piece; the file's own checks, and nobody overwrites."""

import json
import re
from dataclasses import replace

import pytest

from chalicelib import platforms
from chalicelib.brandfile.connected import ASKED
from chalicelib.domain.brand import ClosedDays, Department, Drafter, Goal
from chalicelib.errors import Conflict
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, World

MARK = re.compile(r'name="mark" value="([0-9a-f]*)"')


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    return in_role(browser, world, ("manager",))


def mark(browser: Browser, path: str) -> str:
    found = MARK.search(browser.get(path).body.decode())
    assert found, path
    return found[1]


WHO = {
    "name": "Bibliotheek Veldermeer",
    "languages": "nl\nen",
    "zone": "Europe/Amsterdam",
    "story": "Wij lenen boeken uit.",
    "tone": "informal",
    "disclosure": "Bibliotheek Veldermeer antwoordt.",
}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/brand",
        "/brand?edit=who",
        "/brand?edit=mail",
        "/brand/import",
        "/brand/departments/new",
        "/brand/departments/uitlening",
        "/brand/channels/new?platform=mastodon",
        "/brand/channels/new",
        "/brand/channels/proefkanaal",
        "/brand/channels/mastodon",
        "/brand/goals/new",
        "/brand/goals/jeugd",
        "/brand/templates/new",
    ],
)
@pytest.mark.parametrize("role", ["reader", "manager"])
def test_every_page_is_whole_in_both_languages(
    browser: Browser, world: World, path: str, language: str, role: str
) -> None:
    browser.language = language
    answer = in_role(browser, world, (role,)).get(path)
    page = answer.body.decode()
    assert answer.status_code == 200
    assert faults(page) == []
    assert ('method="post" action="/brand' in page) is (role == "manager" and path != "/brand")


def test_who_you_are_is_changed_and_logged(manager: Browser, world: World) -> None:
    seen = mark(manager, "/brand?edit=who")
    answer = manager.post("/brand/who", {**WHO, "mark": seen})
    assert answer.status_code == 303
    brand = world.brands.kept[BRAND.id]
    assert (brand.story, brand.tone) == ("Wij lenen boeken uit.", "informal")
    assert brand.disclosure == "Bibliotheek Veldermeer antwoordt."
    assert brand.departments == BRAND.departments
    line = world.audit.lines[-1]
    assert (line.what, line.of, line.by) == ("brand.change", BRAND.id, "Sam de Wit")
    assert json.loads(line.after)["story"] == "Wij lenen boeken uit."
    assert "name" not in json.loads(line.after), "what stayed as it was is not in the log"
    page = manager.get(answer.headers["Location"]).body.decode()
    assert "Wij lenen boeken uit." in page


def test_faults_stand_at_their_fields_in_plain_words_and_nothing_is_kept(
    manager: Browser, world: World
) -> None:
    wrong = {
        **WHO,
        "zone": "Europe/Amsterdm",
        "languages": "",
        "name": "",
        "mark": mark(manager, "/brand?edit=who"),
    }
    answer = manager.post("/brand/who", wrong)
    page = answer.body.decode()
    assert answer.status_code == 422
    said = text_of(page)
    assert "Europe/Amsterdm is no time zone. Did you mean Europe/Amsterdam?" in said
    assert 'id="languages-fault"' in page
    assert 'id="name-fault"' in page
    assert 'value="Europe/Amsterdm"' in page, "what was typed is kept"
    assert faults(page) == []
    assert world.brands.kept[BRAND.id] == BRAND
    manager.language = "nl"
    dutch = text_of(manager.post("/brand/who", wrong).body.decode())
    assert "Europe/Amsterdm is geen tijdzone. Bedoel je Europe/Amsterdam?" in dutch


def test_of_two_who_change_the_same_the_second_sees_what_the_first_made_of_it(
    manager: Browser, world: World
) -> None:
    seen = mark(manager, "/brand?edit=who")
    world.brands.put(replace(BRAND, story="Van Noor"))
    answer = manager.post("/brand/who", {**WHO, "mark": seen})
    page = answer.body.decode()
    assert answer.status_code == 409
    assert "Somebody changed this while you did" in text_of(page)
    assert "Van Noor" in page
    assert "Wij lenen boeken uit." in page
    assert faults(page) == []
    assert world.brands.kept[BRAND.id].story == "Van Noor"
    again = MARK.search(page)
    assert again
    assert manager.post("/brand/who", {**WHO, "mark": again[1]}).status_code == 303
    assert world.brands.kept[BRAND.id].story == "Wij lenen boeken uit."


def test_who_changes_another_piece_is_no_conflict(manager: Browser, world: World) -> None:
    seen = mark(manager, "/brand?edit=who")
    changed = replace(BRAND, goals=(*BRAND.goals, Goal(id="x", name="Meer")))
    world.brands.put(changed)
    assert manager.post("/brand/who", {**WHO, "mark": seen}).status_code == 303
    assert world.brands.kept[BRAND.id].goals == changed.goals


def test_a_write_that_lost_is_made_again_on_what_won(
    manager: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, change = mark(manager, "/brand?edit=who"), world.brands.change
    lost: list[int] = []

    def once(*given: object) -> None:
        if not lost:
            lost.append(1)
            world.brands.put(replace(BRAND, goals=()))
            raise Conflict("first")
        change(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(world.brands, "change", once)
    assert manager.post("/brand/who", {**WHO, "mark": seen}).status_code == 303
    brand = world.brands.kept[BRAND.id]
    assert (brand.goals, brand.story) == ((), "Wij lenen boeken uit.")


DESK = {
    "name": "Frontdesk",
    "hours.mon": "09:00-12:30, 13:00-17:00",
    "hours.sat": "10:00-13:00",
    "answer_within.complaint": "30",
    "answer_within.other": "120",
    "answer_within.praise": "600",
    "topics": "boete*\nreservering",
    "always": "yes",
    "four_eyes": "yes",
    "four_eyes_unhappy": "yes",
    "four_eyes_reach": "5000",
    "alert.mail": "balie@veldermeer.example",
    "alert.escalate": "hoofd@veldermeer.example",
    "alert.unopened": "20",
    "alert.quiet": "22:00-07:30",
    "alert.digest": "weekly",
}


CLOSED = {
    "closed.holidays": "NL",
    "closed.open_on": "Goede vrijdag",
    "closed.days": "2026-12-24 Kerstavond\n2026-12-28/2026-12-30 Inventaris",
}


def test_closed_days_are_kept_listed_and_written_in_the_file(manager: Browser, world: World) -> None:
    answer = manager.post("/brand/closed", {**CLOSED, "mark": mark(manager, "/brand?edit=closed")})
    assert answer.status_code == 303
    kept = world.brands.kept[BRAND.id]
    assert kept.closed == ClosedDays(
        holidays="NL",
        open_on=("Goede vrijdag",),
        days=("2026-12-24 Kerstavond", "2026-12-28/2026-12-30 Inventaris"),
    )
    page = manager.get(answer.headers["Location"]).body.decode()
    assert faults(page) == []
    said = text_of(page)
    assert "Thu 24 December KerstavondFri 25 December Eerste kerstdag" in said
    assert "March 2027 Goede vrijdag" not in said
    assert "Fri 1 January 2027 Nieuwjaarsdag" in said
    assert "open_on: [Goede vrijdag]" in manager.get("/brand/file").body.decode()
    assert "holidays: NL; open_on: Goede vrijdag" in json.loads(world.audit.lines[-1].after)["closed"]


def test_a_closed_day_may_have_a_comma_in_its_name(manager: Browser, world: World) -> None:
    place = {"closed.holidays": "PT", "closed.days": "2026-12-24 Kerstavond, personeelsdag"}
    name = "Dia de Portugal, de Camões e das Comunidades Portuguesas"
    form = {**place, "closed.open_on": name, "mark": mark(manager, "/brand?edit=closed")}
    assert manager.post("/brand/closed", form).status_code == 303
    kept = world.brands.kept[BRAND.id].closed
    assert (kept.open_on, kept.days) == ((name,), ("2026-12-24 Kerstavond, personeelsdag",))


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"closed.holidays": "XX"}, "closed.holidays", "Choose a country or region from the list."),
        ({"closed.open_on": "Paasmaandag"}, "closed.open_on", "Choose one of: Nieuwjaarsdag, Goede vrijdag"),
        ({"closed.days": "kerst"}, "closed.days", "Write a day as 2026-12-24 and a name. This says kerst."),
        (
            {"closed.days": "2026-12-24/2026-12-01 x"},
            "closed.days",
            "Write the first day first, and at most a year.",
        ),
        (
            {"closed.days": "\n".join(["2026-12-24 x"] * 101)},
            "closed.days",
            "At most 100 lines go here.",
        ),
    ],
)
def test_each_fault_of_closed_days_is_at_its_field(
    manager: Browser, world: World, change: dict[str, str], field: str, said: str
) -> None:
    answer = manager.post("/brand/closed", {**CLOSED, **change, "mark": mark(manager, "/brand?edit=closed")})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in page
    assert said in text_of(page)
    assert world.brands.kept[BRAND.id] == BRAND


MODEL = "amazon.nova-lite-v1:0"
DRAFTS = {"drafter.model": MODEL, "drafter.a_day": "20", "drafter.four_eyes": "no"}


def test_a_model_that_drafts_is_named_changed_and_taken_away(manager: Browser, world: World) -> None:
    page = text_of(manager.get("/brand?edit=drafter").body.decode())
    assert "go to Amazon Bedrock, in your own AWS account and its region" in page
    assert "Amazon charges your account for each draft" in page
    answer = manager.post("/brand/drafter", {**DRAFTS, "mark": mark(manager, "/brand?edit=drafter")})
    assert answer.status_code == 303
    kept = world.brands.kept[BRAND.id]
    assert kept.drafter == Drafter(by="bedrock", model=MODEL, a_day=20, four_eyes=False)
    page = manager.get(answer.headers["Location"]).body.decode()
    assert faults(page) == []
    assert "Kept: the model that drafts." in text_of(page)
    assert "Also who asked for it" in text_of(page)
    assert f'model: "{MODEL}"' in manager.get("/brand/file").body.decode()
    assert MODEL in json.loads(world.audit.lines[-1].after)["drafter"]
    assert "A model that drafts" in text_of(manager.get("/audit").body.decode())

    usual = {"drafter.model": MODEL, "drafter.a_day": "", "drafter.four_eyes": "yes"}
    manager.post("/brand/drafter", {**usual, "mark": mark(manager, "/brand?edit=drafter")})
    assert world.brands.kept[BRAND.id].drafter == Drafter(by="bedrock", model=MODEL, a_day=50)
    manager.post("/brand/who", {**WHO, "mark": mark(manager, "/brand?edit=who")})
    assert world.brands.kept[BRAND.id].drafter, "another part leaves it"
    manager.post(
        "/brand/drafter", {**usual, "drafter.model": "", "mark": mark(manager, "/brand?edit=drafter")}
    )
    assert world.brands.kept[BRAND.id].drafter is None


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"drafter.model": "nova lite"}, "drafter.model", "such as amazon.nova-lite-v1:0."),
        ({"drafter.a_day": "0"}, "drafter.a_day", "Write 1 or more."),
        ({"drafter.a_day": "veel"}, "drafter.a_day", "Write this as a whole number."),
        ({"drafter.four_eyes": "perhaps"}, "drafter.four_eyes", "Write yes or no."),
    ],
)
def test_each_fault_of_a_model_that_drafts_is_at_its_field(
    manager: Browser, world: World, change: dict[str, str], field: str, said: str
) -> None:
    given = {**DRAFTS, **change, "mark": mark(manager, "/brand?edit=drafter")}
    answer = manager.post("/brand/drafter", given)
    page = answer.body.decode()
    assert answer.status_code == 422
    assert faults(page) == []
    assert f'id="{field}-fault"' in page
    assert said in text_of(page)
    assert world.brands.kept[BRAND.id] == BRAND


def test_a_department_is_added_changed_and_removed(manager: Browser, world: World) -> None:
    assert manager.post("/brand/departments/new", DESK).status_code == 303
    kept = world.brands.kept[BRAND.id].departments[-1]
    assert kept == Department(
        id="frontdesk",
        name="Frontdesk",
        hours={"mon": ("09:00-12:30", "13:00-17:00"), "sat": ("10:00-13:00",)},
        complaint_within=30,
        other_within=120,
        praise_within=600,
        topics=("boete*", "reservering"),
        four_eyes=True,
        four_eyes_unhappy=True,
        four_eyes_reach=5000,
        always=True,
        alert_mail=("balie@veldermeer.example",),
        escalate_mail=("hoofd@veldermeer.example",),
        escalate_after=20,
        quiet="22:00-07:30",
        digest="weekly",
    )
    path = "/brand/departments/frontdesk"
    changed = {**DESK, "name": "Balie", "mark": mark(manager, path), "four_eyes": ""}
    assert manager.post(path, {**changed, "do": "save"}).status_code == 303
    now = world.brands.kept[BRAND.id].departments[-1]
    assert (now.id, now.name, now.four_eyes) == ("frontdesk", "Balie", False)
    asked = manager.post(path, {"do": "remove", "mark": mark(manager, path)})
    assert asked.status_code == 200
    assert "Its open work goes to the first department." in text_of(asked.body.decode())
    assert len(world.brands.kept[BRAND.id].departments) == 3
    gone = {"do": "remove", "sure": "yes", "mark": mark(manager, path)}
    assert manager.post(path, gone).status_code == 303
    assert world.brands.kept[BRAND.id].departments == BRAND.departments
    assert [line.what for line in world.audit.lines] == [
        "department.add",
        "department.change",
        "department.remove",
    ]


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"hours.mon": "9-17"}, "hours.mon", "Write hours as 09:00-17:30. This says 9-17."),
        ({"hours.mon": "", "hours.sat": ""}, "hours", "Name at least one day on which you are open."),
        ({"answer_within.complaint": "soon"}, "answer_within.complaint", "Write this as a whole number."),
        ({"answer_within.praise": "1"}, "answer_within.praise", "Write 5 or more."),
        ({"alert.mail": "balie"}, "alert.mail", "balie is no e-mail address."),
        ({"alert.quiet": "22-7"}, "alert.quiet", "Write quiet hours as 22:00-07:30. This says 22-7."),
        ({"alert.escalate": "hoofd"}, "alert.escalate", "hoofd is no e-mail address."),
        ({"topics": "*bo"}, "topics", "At sign 1: at least 3 letters in a row"),
        ({"topics": "?"}, "topics", "Write a word or phrase. This says ?."),
        ({"name": ""}, "name", "Fill this in."),
    ],
)
def test_each_fault_of_a_department_is_at_its_field(
    manager: Browser, world: World, change: dict[str, str], field: str, said: str
) -> None:
    answer = manager.post("/brand/departments/new", {**DESK, **change})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in page
    assert said in text_of(page)
    assert faults(page) == []
    assert world.brands.kept[BRAND.id] == BRAND


def test_what_is_still_needed_is_not_removed_and_says_by_what(manager: Browser, world: World) -> None:
    watch = replace(BRAND.watches[0], department="jeugd")
    world.brands.put(replace(BRAND, watches=(watch,)))
    path = "/brand/departments/jeugd"
    answer = manager.post(path, {"do": "remove", "sure": "yes", "mark": mark(manager, path)})
    assert answer.status_code == 409
    assert "Change first: Onze naam." in text_of(answer.body.decode())
    assert len(world.brands.kept[BRAND.id].departments) == 2
    world.brands.put(replace(BRAND, departments=BRAND.departments[:1], watches=()))
    path = "/brand/departments/uitlening"
    last = manager.post(path, {"do": "remove", "sure": "yes", "mark": mark(manager, path)})
    assert last.status_code == 409, "a brand without a department answers nothing"


TOOT = {
    "platform": "mastodon",
    "name": "Toot",
    "instance": "social.example",
    "account": "veldermeer",
    "slots.mon": "16:30, 08:30",
    "token": "fake-token-1",
}


@pytest.mark.parametrize(
    ("query", "heading"), [("?platform=x", "New channel: X"), ("?platform=slack", "New channel: Slack")]
)
def test_a_new_channel_says_of_which_network(manager: Browser, query: str, heading: str) -> None:
    page = manager.get(f"/brand/channels/new{query}").body.decode()
    assert f'<h1 dir="auto">{heading}</h1>' in page
    switch = page.partition('<nav class="picks"')[2].partition("</nav>")[0]
    chosen = re.findall(r'<a class="button" href="[^"]*([?]platform=\w+)" aria-current="true">', switch)
    assert chosen == [query]
    assert switch.count("aria-current") == 1
    assert switch.count("<a ") == len(ASKED)


@pytest.mark.parametrize("platform", sorted(ASKED))
def test_who_takes_no_posts_is_not_asked_when_it_publishes(manager: Browser, platform: str) -> None:
    page = manager.get(f"/brand/channels/new?platform={platform}").body.decode()
    assert ('name="slots.mon"' in page) is platforms.can(platform, "publish")


def test_a_channel_is_added_with_its_key_which_is_nowhere_to_be_read(manager: Browser, world: World) -> None:
    assert manager.post("/brand/channels/new", TOOT).status_code == 303
    channel = world.brands.kept[BRAND.id].channel("toot")
    assert channel
    assert channel.settings == {"instance": "https://social.example", "account": "veldermeer"}
    assert channel.slots == {"mon": ("08:30", "16:30")}
    assert world.secrets.kept == {"channel/veldermeer/toot": {"token": "fake-token-1"}}
    page = manager.get("/brand/channels/toot").body.decode()
    assert "It is never shown." in page
    assert "fake-token-1" not in page
    assert all("fake-token" not in line.before + line.after for line in world.audit.lines)
    assert [line.what for line in world.audit.lines] == ["channel.add", "secret.set"]


def test_a_key_is_replaced_and_taken_away(manager: Browser, world: World) -> None:
    manager.post("/brand/channels/new", TOOT)
    path = "/brand/channels/toot/secret"
    assert manager.post(path, {"do": "set", "secret": "fake-token-2"}).status_code == 303
    assert world.secrets.kept["channel/veldermeer/toot"] == {"token": "fake-token-2"}
    for bad in ("", "a\nb", "x" * 3000):
        answer = manager.post(path, {"do": "set", "secret": bad})
        assert answer.status_code == 422
        assert faults(answer.body.decode()) == []
    assert world.secrets.kept["channel/veldermeer/toot"] == {"token": "fake-token-2"}
    assert manager.post(path, {"do": "remove"}).status_code == 303
    assert world.secrets.kept == {}
    assert "Not set." in text_of(manager.get("/brand/channels/toot").body.decode())


def test_a_channel_that_goes_takes_its_key_along(manager: Browser, world: World) -> None:
    manager.post("/brand/channels/new", TOOT)
    path = "/brand/channels/toot"
    gone = {"do": "remove", "sure": "yes", "mark": mark(manager, path)}
    assert manager.post(path, gone).status_code == 303
    assert world.secrets.kept == {}
    assert world.brands.kept[BRAND.id].channel("toot") is None


def test_the_address_of_alerts_is_a_secret_too(manager: Browser, world: World) -> None:
    path = "/brand/departments/jeugd/secret"
    assert manager.post(path, {"do": "set", "secret": "no-address"}).status_code == 422
    assert manager.post(path, {"do": "set", "secret": "https://chat.example/fake"}).status_code == 303
    assert world.brands.kept[BRAND.id].department("jeugd").alert_webhook
    assert world.secrets.kept == {"alert/veldermeer/jeugd": {"url": "https://chat.example/fake"}}
    assert manager.post(path, {"do": "remove"}).status_code == 303
    assert not world.brands.kept[BRAND.id].department("jeugd").alert_webhook
    assert world.secrets.kept == {}


def test_there_is_no_secret_to_set_where_there_is_none(manager: Browser, world: World) -> None:
    answer = manager.post("/brand/channels/proefkanaal/secret", {"do": "set", "secret": "fake"})
    assert answer.status_code == 404
    assert world.secrets.kept == {}


def test_a_goal_and_a_template(manager: Browser, world: World) -> None:
    assert manager.post("/brand/goals/new", {"name": "In mei 100 leden meer"}).status_code == 303
    assert world.brands.kept[BRAND.id].goals[-1] == Goal(
        id="in-mei-100-leden-meer", name="In mei 100 leden meer"
    )
    given = {"when": "praise", "language": "nl", "text": "Dank {author} {agnet}"}
    wrong = manager.post("/brand/templates/new", given)
    assert "{agnet} is not known." in text_of(wrong.body.decode())
    assert manager.post("/brand/templates/new", {**given, "text": "Dank {author}"}).status_code == 303
    brand = world.brands.kept[BRAND.id]
    assert next(each.text for each in brand.templates if each.id == "praise-nl") == "Dank {author}"
    path = "/brand/templates/praise-nl"
    gone = {"do": "remove", "sure": "yes", "mark": mark(manager, path)}
    assert manager.post(path, gone).status_code == 303
    again = next(each for each in world.brands.kept[BRAND.id].templates if each.id == "praise-nl")
    assert again.text.startswith("Hoi {author}"), "ours takes its place"


def test_names_that_make_the_same_id_get_one_of_their_own(manager: Browser, world: World) -> None:
    for name in ("Ja!", "ja", "日本", "new"):
        assert manager.post("/brand/goals/new", {"name": name}).status_code == 303
    assert [goal.id for goal in world.brands.kept[BRAND.id].goals[1:]] == ["ja", "ja-2", "goal", "new-2"]


@pytest.mark.parametrize(
    "path", ["/brand/nonsense", "/brand/watches/naam", "/brand/departments/none", "/brand/sources/x"]
)
def test_what_is_not_there_is_not_found(manager: Browser, path: str) -> None:
    assert manager.get(path).status_code in (404, 405)
    assert manager.post(path, {"mark": "0"}).status_code == 404


def test_a_calendar_elsewhere_is_read_at_once_and_says_what_it_closes(manager: Browser, world: World) -> None:
    address = "https://agenda.example/dicht.ics"
    world.outside.calendars[address] = ("2026-12-24 Kerstavond", "2026-12-28/2026-12-30 Inventaris")
    form = {**CLOSED, "closed.feed": "webcal://agenda.example/dicht.ics"}
    answer = manager.post("/brand/closed", {**form, "mark": mark(manager, "/brand?edit=closed")})
    assert answer.status_code == 303
    assert world.brands.kept[BRAND.id].closed.feed == address
    page = text_of(manager.get("/brand").body.decode())
    assert "The calendar names 2 closed days or stretches. Read " in page
    assert "Inventaris" in page


def test_a_calendar_that_cannot_be_read_says_why(manager: Browser, world: World) -> None:
    form = {**CLOSED, "closed.feed": "https://agenda.example/weg.ics"}
    manager.post("/brand/closed", {**form, "mark": mark(manager, "/brand?edit=closed")})
    page = text_of(manager.get("/brand").body.decode())
    assert "The calendar could not be read: there is no calendar at this address." in page
    assert world.brands.kept[BRAND.id].fed.days == ()
