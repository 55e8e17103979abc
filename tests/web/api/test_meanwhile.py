"""What somebody does between the look at If-Match and the write is never written over. S25."""

from collections.abc import Callable

import pytest

from chalicelib import wiring
from chalicelib.web.api.call import Call
from tests.web.api.office import OURS, Caller, Office


@pytest.fixture
def manager(office: Office) -> Caller:
    return office.caller("admin")


@pytest.fixture
def colleague(office: Office) -> Caller:
    return office.caller("admin", by="Noor", by_id="noor")


Between = Callable[[Callable[[], object]], None]


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Between:
    """Has something done once, right after the next If-Match was found good."""
    expect, waits = Call.expect, list[Callable[[], object]]()

    def slow(call: Call, shown: object) -> None:
        expect(call, shown)  # type: ignore[arg-type]
        if waits:
            waits.pop()()

    monkeypatch.setattr(Call, "expect", slow)
    return waits.append


def test_a_file_over_another_head(manager: Caller, colleague: Caller, between: Between) -> None:
    file, tag = manager.get("/file").json_body["file"], manager.etag("/file")
    head = {**manager.get("/settings").json_body["values"], "story": "Wij lenen uit."}
    between(lambda: colleague.change("/settings", head, "/settings", "PUT"))
    assert manager.ask("PUT", "/file", {"file": file}, if_match=tag).status_code == 409
    assert manager.get("/settings").json_body["values"]["story"] == "Wij lenen uit."


def test_a_file_over_another_source(manager: Caller, colleague: Caller, between: Between) -> None:
    colleague.make("/settings/sources", {"name": "Winkel", "platform": "webhook"})
    file, tag = manager.get("/file").json_body["file"], manager.etag("/file")
    path = "/settings/sources/winkel"
    values = {**manager.get(path).json_body["values"], "name": "Webwinkel"}
    between(lambda: colleague.change(path, values, path, "PUT"))
    wished = {"file": {**file, "story": "Wij lenen uit."}}
    assert manager.ask("PUT", "/file", wished, if_match=tag).status_code == 409
    assert manager.get(path).json_body["values"]["name"] == "Webwinkel"
    assert not wiring.brands().latest(OURS)[0].story, "nor is half of it done"


@pytest.mark.parametrize("section", ["goals", "sources"])
@pytest.mark.parametrize("deed", ["change", "remove"])
def test_an_entry_over_another(
    manager: Caller, colleague: Caller, between: Between, section: str, deed: str
) -> None:
    made = {"name": "Winkel", "platform": "webhook"} if section == "sources" else {"name": "Winkel"}
    colleague.make(f"/settings/{section}", made)
    path = f"/settings/{section}/winkel"
    values, tag = manager.get(path).json_body["values"], manager.etag(path)
    between(lambda: colleague.change(path, {**values, "name": "Webwinkel"}, path, "PUT"))
    method, to, body = ("PUT", path, {**values, "name": "Kiosk"})
    if deed == "remove":
        method, to, body = "POST", f"{path}/remove", {}
    assert manager.ask(method, to, body, if_match=tag).status_code == 409
    assert manager.get(path).json_body["values"]["name"] == "Webwinkel"


def test_a_verdict_over_another(office: Office, manager: Caller, colleague: Caller, between: Between) -> None:
    path = f"/mentions/{office.heard().key.slug}"
    tag, verdict = manager.etag(path), f"{path}/verdict"
    between(lambda: colleague.change(verdict, {"label": "positive"}, path, "PUT"))
    assert manager.ask("PUT", verdict, {"label": "neutral"}, if_match=tag).status_code == 409
    assert manager.get(path).json_body["verdict"]["label"] == "positive"


def test_a_role_over_another(manager: Caller, colleague: Caller, between: Between) -> None:
    made = manager.make("/team", {"email": "jip@example.org", "name": "Jip", "role": "agent"})
    path = f"/team/{made.json_body['id']}"
    tag = manager.etag(path)
    between(lambda: colleague.change(f"{path}/role", {"role": "reader"}, path, "PUT"))
    assert manager.ask("PUT", f"{path}/role", {"role": "manager"}, if_match=tag).status_code == 409
    assert manager.get(path).json_body["role"] == "reader"
