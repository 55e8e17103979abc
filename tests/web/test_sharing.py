"""A share of the morning's list that becomes a post is done with it; nobody shares it twice unawares."""

from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.outreach import DeedState, Morning
from chalicelib.domain.post import PostKey
from chalicelib.stages import plan
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import keep
from tests.web.test_people import DAY, SHARE, morning, state_of
from tests.web.world import BRAND, NOW, World

MORE = {"when": "2026-11-28T10:00", "to.mastodon": "1", "language": "nl", "lateness": "120"}


@pytest.fixture
def editor(browser: Browser, world: World) -> Browser:
    world.mornings.add(morning(SHARE))
    browser.language = "en"
    return in_role(browser, world, ("editor",))


def begun(browser: Browser) -> dict[str, str]:
    """What the list's link gives the form."""
    page = browser.get(f"/people?day={DAY}").body.decode()
    href = unescape(page.partition('href="/calendar/new?')[2].partition('"')[0])
    return {name: found[0] for name, found in parse_qs(urlsplit("?" + href).query).items()}


def sharing(world: World) -> list[PostKey]:
    return [key for key, post in world.posts.kept.items() if post.shares == SHARE.url]


def test_a_share_that_becomes_a_post_is_done_with_it(editor: Browser, world: World) -> None:
    form = {"id": "p-1", **begun(editor), **MORE}
    for _ in range(2):  # pressed twice
        assert editor.post("/calendar/new", form).headers["Location"] == "/posts/p-1?done=planned"
    found = state_of(world, "share-1")
    assert (found.state, found.by, found.at, found.post) == (DeedState.DONE, "Sam de Wit", NOW, "p-1")
    page = editor.get(f"/people?day={DAY}").body.decode()
    assert faults(page) == []
    assert 'href="/posts/p-1">See the post</a>' in page
    assert "/calendar/new" not in page.partition("<main")[2]


def test_who_comes_second_is_told_and_may_share_it_once_more(editor: Browser, world: World) -> None:
    form = {**begun(editor), **MORE}
    editor.post("/calendar/new", {"id": "p-1", **form})
    opened = editor.get("/calendar/new?shares=https%3A%2F%2Fsocial.example%2F6%3Fa%3D1%26b%3D2").body.decode()
    assert f"Sam de Wit made a post of it: {form['title']}" in text_of(opened)
    page = editor.post("/calendar/new", {"id": "p-2", **form})
    keep("composer-shared-already", page.body)
    assert page.status_code == 422
    assert faults(page.body.decode()) == []
    assert "It is shared already." in text_of(page.body.decode())
    assert 'href="/posts/p-1"' in page.body.decode()
    assert len(sharing(world)) == 1
    assert editor.post("/calendar/new", {"id": "p-2", **form, "again": "1"}).status_code == 303
    assert len(sharing(world)) == 2
    assert state_of(world, "share-1").post == "p-1"


def test_what_a_colleague_shared_by_hand_is_said_too(editor: Browser, world: World) -> None:
    form = {"id": "p-1", **begun(editor), **MORE}
    editor.post("/people/share-1", {"day": DAY, "do": "done"})
    page = editor.post("/calendar/new", form)
    assert page.status_code == 422
    assert "Sam de Wit shared it already." in text_of(page.body.decode())
    assert sharing(world) == []


def test_a_post_that_was_cancelled_hinders_nobody(editor: Browser, world: World) -> None:
    form = {**begun(editor), **MORE}
    editor.post("/calendar/new", {"id": "p-1", **form})
    plan.cancel(PostKey(BRAND.id, "p-1"), 1, "Sam de Wit", posts=world.posts, now=NOW)
    assert editor.post("/calendar/new", {"id": "p-2", **form}).status_code == 303


def test_of_two_who_make_a_post_of_it_at_once_the_second_is_told(
    editor: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list changes between our reading and our writing of it: it is read again, with who was first."""
    form = {"id": "p-2", **begun(editor), **MORE}
    change, met = world.mornings.change, list[Morning]()

    def meanwhile(ours: Morning, *lines: AuditLine) -> None:
        if not met:
            met.append(ours)
            done = replace(SHARE, state=DeedState.DONE, by="Noor", at=NOW)
            change(replace(morning(done), rev=2))
        change(ours, *lines)

    monkeypatch.setattr(world.mornings, "change", meanwhile)
    page = editor.post("/calendar/new", form)
    assert page.status_code == 422
    assert "Noor shared it already." in text_of(page.body.decode())
    assert sharing(world) == []
    assert state_of(world, "share-1").by == "Noor"


def test_a_file_that_shares_it_does_the_deed(editor: Browser, world: World) -> None:
    rows = f"title;when;text;shares\nLof;2026-11-28 10:00;Mooi gezegd: {SHARE.url};{SHARE.url}\n"
    assert editor.post("/calendar/import", {"text": rows, "do": "plan"}).status_code == 303
    assert state_of(world, "share-1").post == sharing(world)[0].id
