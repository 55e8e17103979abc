"""From nothing to the first mention, at a brand of its own beside the example; then its file and keys.

The last of these files: the others know of one brand.
"""

import pytest

from chalicelib.brandfile.file import read_apart
from infra.local.run import STAGE
from tests.e2e.conftest import Stack, until
from tests.e2e.visitor import Answer, Visitor

pytestmark = pytest.mark.e2e
ID = "zwemclub"


@pytest.fixture(scope="module")
def guided(stack: Stack) -> Visitor:
    """Who went through the guide."""
    stack.catch_up()
    visitor = stack.visitor()
    page = visitor.get("/welcome?step=done")
    brand = {
        "step": "brand",
        "brand": page.form("/sign-out").fields["brand"],
        "csrf": page.form("/sign-out").fields["csrf"],
        "name": "Zwemclub",
        "languages": "nl",
        "zone": "Europe/Amsterdam",
        "hours.mon": "09:00-12:30, 13:00-17:00",
    }
    made = visitor.post("/welcome", brand)
    assert (made.status, made.location) == (303, f"/welcome?brand={ID}"), made.text
    page = visitor.get(made.location)
    watch = {"name": "Zwemmen", "terms": "zwem*\nbad*"}
    page = visitor.get(_kept(visitor.submit(page, "/welcome", press="save", **watch)))
    looked = visitor.submit(page, "/welcome", press="look", url=f"{stack.world}/feed.xml")
    assert "items would be kept" in looked.text, looked.text
    ticked = {**looked.form("/welcome").fields, "do": "save", "all": "yes"}
    page = visitor.get(_kept(visitor.post("/welcome", ticked)))
    page = visitor.get(_kept(visitor.submit(page, "/welcome", press="save", name="Proef")))
    assert "We listen" in page.text
    return visitor


def _kept(answer: Answer) -> str:
    assert answer.status == 303, answer.text
    return answer.location


def test_the_first_mention_comes_by_itself(guided: Visitor) -> None:
    until(lambda: "There is your first mention." in guided.get("/welcome?step=done").text)
    assert "1 of 1 source listens" in guided.get("/sources").text


def test_a_key_is_set_by_a_lambda_that_cannot_read_it(guided: Visitor, stack: Stack) -> None:
    page = guided.get("/brand/channels/new?platform=mastodon")
    given = {"name": "Toot", "instance": "social.example", "account": "zwemclub", "token": "fake-e2e-token"}
    assert guided.submit(page, "/brand/channels/new", press="save", **given).status == 303
    kept = guided.get("/brand/channels/toot")
    assert "It is never shown." in kept.text
    assert "fake-e2e-token" not in kept.html
    name = f"/webspin/{STAGE}/channel/{ID}/toot"
    found = stack.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    assert found == '{"token": "fake-e2e-token"}'
    page = guided.submit(kept, "/secret", press="remove")
    assert "Not set." in guided.get("/brand/channels/toot").text


def test_it_is_saved_as_a_file_that_says_the_same(guided: Visitor, stack: Stack) -> None:
    file = guided.get("/brand/file").html
    setup = read_apart(file, now=stack.moment)
    assert (setup.brand.id, setup.brand.departments[0].hours["mon"]) == (ID, ("09:00-12:30", "13:00-17:00"))
    page = guided.get("/brand/import")
    text = file.replace("name: Zwemmen", "name: Baden")
    checked = guided.submit(page, "/brand/import", press="check", text=text)
    assert "name: Baden" in checked.text
    assert guided.submit(checked, "/brand/import", press="keep").status == 303
    assert "Baden" in guided.get("/sources").text


def test_a_source_is_removed_and_is_asked_no_more(guided: Visitor) -> None:
    links = (part.split('"')[0] for part in guided.get("/sources").html.split('href="')[1:])
    (path,) = {link for link in links if link.startswith("/sources/1")}
    page = guided.submit(guided.get(path), path, press="remove")
    gone = guided.post(path, {**page.form(path).fields, "do": "remove", "sure": "yes"})
    assert gone.status == 303, gone.text
    assert "No sources yet" in guided.get("/sources").text
