"""The page of webhooks out: add, test, renew, pause, remove; the secret is shown once."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.hook import KINDS, Call, CallState, Hook, Pause
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, NOW, World

FORM = {"id": "w-2", "address": "https://ours.example/hooks?token=1", "event.case": "1", "event.report": "1"}
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")
HOOK = Hook(brand=BRAND.id, id="w-1", url="https://ours.example/x", kinds=KINDS, made_at=NOW, made_by="Noor")
CALL = Call(
    brand=BRAND.id,
    hook="w-1",
    at=NOW - timedelta(minutes=5),
    id="msg_1",
    type="case.waiting",
    body="{}",
    state=CallState.FAILED,
    tries=5,
    tried_at=NOW,
    status=503,
    ms=1200,
    reason="it answered 503",
)


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=("manager",))
    return browser


def shown(browser: Browser, path: str = "/brand/webhooks/w-1") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    html = str(answer.body.decode())
    assert faults(html) == []
    return html


def test_an_empty_page_says_what_to_do(manager: Browser) -> None:
    told = text_of(shown(manager, "/brand/webhooks"))
    assert "Nog geen adres: niemand buiten hoort iets." in told
    assert "Voeg er hieronder een toe" in told


def test_the_secret_is_shown_once_and_kept_apart(manager: Browser, world: World) -> None:
    answer = manager.post("/brand/webhooks", FORM)
    html = answer.body.decode()
    assert answer.status_code == 200
    assert faults(html) == []
    (secret,) = SECRET.findall(html)
    (hook,) = world.hooks.of(BRAND.id)
    assert (hook.url, hook.kinds, hook.made_by) == (FORM["address"], ("case", "report"), "Sam de Wit")
    (name,) = hook.secrets(NOW)
    assert world.secrets.kept == {name: {"secret": secret}}
    assert not SECRET.search(shown(manager, "/brand/webhooks/w-2"))
    assert not SECRET.search(shown(manager, "/brand/webhooks"))
    assert secret not in repr(world.audit.lines)
    again = manager.post("/brand/webhooks", FORM)
    assert again.status_code == 303, "a form that was sent twice"
    assert len(world.hooks.of(BRAND.id)) == 1
    assert world.secrets.kept == {name: {"secret": secret}}, "what was shown still signs"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"address": "http://ours.example"}, "Een adres begint met https://"),
        ({"address": ""}, "Een adres begint met https://"),
        ({"event.case": "", "event.report": ""}, "Kies minstens één gebeurtenis."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    manager: Browser, world: World, changes: dict[str, str], said: str
) -> None:
    answer = manager.post("/brand/webhooks", {**FORM, **changes})
    html = answer.body.decode()
    assert answer.status_code == 422
    assert said in text_of(html)
    assert faults(html) == []
    assert world.hooks.kept == {}
    assert world.secrets.kept == {}


def test_the_log_tells_what_came_of_each_call(manager: Browser, world: World) -> None:
    world.hooks.add(HOOK)
    world.hooks.queue(
        [
            CALL,
            replace(
                CALL,
                id="msg_2",
                state=CallState.WAITING,
                tries=1,
                status=0,
                next_at=NOW + timedelta(minutes=10),
            ),
        ]
    )
    told = text_of(shown(manager))
    assert "poging 5 van 5" in told
    assert "antwoord 503" in told
    assert "geen antwoord" in told
    assert "volgende poging 09:22" in told
    assert "Stuur nog eens" in told


def test_a_test_and_a_call_once_more_go_at_once(manager: Browser, world: World) -> None:
    world.hooks.add(HOOK)
    world.hooks.queue([CALL])
    key = re.findall(r'name="call" value="([^"]+)"', shown(manager))[0]
    assert manager.post("/brand/webhooks/w-1", {"do": "resend", "call": key}).status_code == 303
    assert manager.post("/brand/webhooks/w-1", {"do": "test"}).status_code == 303
    assert world.called == 2
    assert [(call.type, call.next_at, call.tries) for call in world.hooks.calls] == [
        ("case.waiting", NOW, 0),
        ("test.asked", NOW, 0),
    ]
    assert [line.what for line in world.audit.lines] == ["hook.resend", "hook.test"]
    html = manager.get("/brand/webhooks/w-1").body.decode()
    assert 'http-equiv="refresh"' in html, "the answer comes in a moment"


def test_a_secret_is_renewed_and_shown_once(manager: Browser, world: World) -> None:
    world.hooks.add(HOOK)
    html = manager.post("/brand/webhooks/w-1", {"do": "rotate"}).body.decode()
    (secret,) = SECRET.findall(html)
    name, before = world.hooks.get(BRAND.id, "w-1").secrets(NOW)
    assert world.secrets.kept == {name: {"secret": secret}}
    assert before == f"notify/{BRAND.id}/w-1-a", "signs along for a day"
    assert "ook met het vorige geheim" in text_of(html)


def test_pause_go_on_and_remove(manager: Browser, world: World) -> None:
    world.hooks.add(HOOK)
    manager.post("/brand/webhooks/w-1", {"do": "pause"})
    assert "Stilgezet door iemand" in text_of(shown(manager))
    assert manager.post("/brand/webhooks/w-1", {"do": "test"}).status_code == 400
    manager.post("/brand/webhooks/w-1", {"do": "resume"})
    assert "Loopt" in text_of(shown(manager))
    assert manager.post("/brand/webhooks/w-1", {"do": "remove"}).status_code == 303
    assert manager.get("/brand/webhooks/w-1").status_code == 404
    assert set(map(len, world.secrets.kept.values())) == {0}


def test_strange_forms_and_addresses_do_nothing(manager: Browser, world: World) -> None:
    world.hooks.add(HOOK)
    for form in ({"do": "x"}, {"do": "resend", "call": "x"}, {"do": "resend", "call": "2026-11-23_x"}, {}):
        assert manager.post("/brand/webhooks/w-1", form).status_code == 400
    missing = {"do": "resend", "call": f"{NOW.isoformat()}_nothing"}
    assert manager.post("/brand/webhooks/w-1", missing).status_code == 404
    assert manager.get("/brand/webhooks/none").status_code == 404
    assert manager.post("/brand/webhooks", {**FORM, "id": "../x"}).status_code == 400


def test_one_that_was_paused_by_itself_is_told_on_today_and_health(browser: Browser, world: World) -> None:
    world.brands.put(replace(BRAND, hooks=(replace(HOOK, paused=Pause.FAILING),)))
    for path in ("/", "/status"):
        assert "ours.example" in text_of(shown(browser, path))


@pytest.mark.parametrize("groups", [(), ("reader",), ("agent",), ("editor",)])
@pytest.mark.parametrize("path", ["/brand/webhooks", "/brand/webhooks/w-1"])
def test_only_who_manages_sees_it(browser: Browser, world: World, groups: tuple[str, ...], path: str) -> None:
    world.hooks.add(HOOK)
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=groups)
    assert browser.get(path).status_code == 403
