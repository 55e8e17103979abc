"""The team: invited, given roles, taken them away; and what nobody may do to it."""

import re
from dataclasses import replace

import pytest

from chalicelib.domain.apikey import ApiKey, Scope
from chalicelib.domain.roles import Role
from chalicelib.web.pages import team
from tests.web.access import ELSEWHERE, HERE, grant, granted, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import ADA, NOOR, SAM
from tests.web.world import BRAND, World

JIP = {"name": "Jip Vos", "email": " JIP@veldermeer.example ", "role": "agent"}


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    world.team.kept[HERE, NOOR] = grant(world, "reader")
    return granted(browser, world, "manager")


@pytest.fixture
def administrator(browser: Browser, world: World) -> Browser:
    world.team.kept[HERE, NOOR] = grant(world, "reader")
    world.colleagues.kept[SAM] = replace(world.colleagues.kept[SAM], role=Role.ADMINISTRATOR)
    return in_role(browser, world, ("administrator",))


def as_seen(world: World, form: dict[str, str], of: str = NOOR) -> dict[str, str]:
    """The form as the page of this colleague gives it now."""
    stands = world.colleagues.kept[of] if "where" in form else world.team.kept.get((HERE, of))
    return {**form, "seen": team.seen(stands)}


def what(world: World) -> list[tuple[str, str, str, str]]:
    """The log: what, of whom, before, after."""
    return [(line.what, line.of, line.before, line.after) for line in world.audit.lines]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "path", ["/team", "/team/invite", f"/team/{NOOR}", f"/team/{SAM}", f"/team/{ADA}", "/me"]
)
def test_its_pages_are_valid_and_whole(administrator: Browser, path: str, language: str) -> None:
    administrator.language = language
    answer = administrator.get(path)
    assert answer.status_code == 200
    assert faults(answer.body.decode()) == []


def test_who_is_invited_gets_a_mail_and_a_role(manager: Browser, world: World) -> None:
    answer = manager.post("/team/invite", {**JIP, "in.jeugd": "1"})
    assert answer.headers["Location"] == "/team?done=invited"
    assert world.colleagues.mailed == ["jip@veldermeer.example"]
    given = world.team.kept[HERE, "u-3"]
    assert (given.role, given.departments, given.name) == (Role.AGENT, ("jeugd",), "Jip Vos")
    assert what(world) == [
        ("team.invite", "jip@veldermeer.example", "", ""),
        ("team.grant", "jip@veldermeer.example", "", '{"role": "agent", "departments": "jeugd"}'),
    ]
    page = text_of(manager.get("/team").body.decode())
    assert "Jip Vosjip@veldermeer.example" in page.replace(" jip@", "jip@")
    assert manager.post("/team/invite", JIP).status_code == 303
    assert len(world.colleagues.mailed) == 1, "who has an account keeps it"
    assert world.team.kept[HERE, "u-3"].departments == ()


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"email": ""}, {"email": "jip"}, {"email": "a@b@c.d"}, {"email": 'a"b@c.de'}]
)
def test_an_invitation_that_is_not_filled_in_keeps_what_was(
    manager: Browser, world: World, change: dict[str, str]
) -> None:
    answer = manager.post("/team/invite", {**JIP, "in.jeugd": "1", **change})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert faults(page) == []
    assert 'name="in.jeugd" value="1" checked' in page
    assert world.colleagues.mailed == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/team/invite", {**JIP, "role": "administrator"}),
        ("/team/invite", {**JIP, "where": "everywhere"}),
        ("/team/invite", {**JIP, "role": ""}),
        (f"/team/{NOOR}/role", {"role": "administrator"}),
        (f"/team/{NOOR}/role", {"role": "agent", "where": "everywhere"}),
        (f"/team/{ADA}/role", {"role": "", "where": "everywhere"}),
        (f"/team/{ADA}/access", {"do": "disable"}),
        (f"/team/{NOOR}/access", {"do": "sign-out"}),
        (f"/team/{SAM}/role", {"role": "reader"}),
        (f"/team/{SAM}/role", {"role": "manager", "in.jeugd": "1"}),
    ],
)
def test_a_manager_gives_no_more_than_they_have_and_nothing_to_themselves(
    manager: Browser, world: World, path: str, form: dict[str, str]
) -> None:
    before = (dict(world.team.kept), dict(world.colleagues.kept))
    assert manager.post(path, form).status_code == 403
    assert (world.team.kept, world.colleagues.kept) == before
    assert world.colleagues.mailed == []
    assert what(world) == []


def test_a_manager_of_a_department_gives_that_department(browser: Browser, world: World) -> None:
    world.team.kept[HERE, NOOR] = grant(world, "reader", "jeugd")
    granted(browser, world, "manager", "jeugd")
    path = f"/team/{NOOR}/role"
    for form in ({"role": "agent"}, {"role": "agent", "in.uitlening": "1"}):
        assert browser.post(path, form).status_code == 403
    assert browser.post(path, as_seen(world, {"role": "agent", "in.jeugd": "1"})).status_code == 303
    assert 'name="in.uitlening"' not in browser.get(f"/team/{NOOR}").body.decode()
    assert browser.post(path, {"role": "agent", "in.nowhere": "1"}).status_code == 400
    assert browser.post(path, {"role": "king"}).status_code == 400


def test_who_sees_all_departments_is_not_shut_out_of_them_by_a_manager_of_one(
    browser: Browser, world: World
) -> None:
    world.team.kept[HERE, NOOR] = grant(world, "reader", "jeugd")
    world.colleagues.kept[NOOR] = replace(world.colleagues.kept[NOOR], role=Role.AGENT)
    granted(browser, world, "manager", "jeugd")
    for form in ({"role": "manager", "in.jeugd": "1"}, {"role": ""}):
        assert browser.post(f"/team/{NOOR}/role", form).status_code == 403


def test_a_role_is_changed_taken_back_and_given_again(manager: Browser, world: World) -> None:
    for role in ("editor", "editor", "", "agent"):
        assert manager.post(f"/team/{NOOR}/role", as_seen(world, {"role": role})).status_code == 303
        if not role:
            assert manager.get(f"/team/{NOOR}").status_code == 404, "no colleague of this manager any more"
            world.team.kept[HERE, NOOR] = replace(grant(world, "reader"), rev=world.team.kept[HERE, NOOR].rev)
    changes = [(before, after) for _, _, before, after in what(world)]
    assert changes == [
        ('{"role": "reader"}', '{"role": "editor"}'),
        ('{"role": "editor"}', ""),
        ('{"role": "reader"}', '{"role": "agent"}'),
    ]


def test_another_brands_people_are_no_ones_business(manager: Browser, world: World) -> None:
    world.brands.put(replace(BRAND, id=ELSEWHERE, name="Bibliotheek Overveen"))
    world.colleagues.invite("vera@overveen.example", "Vera Smit")
    world.colleagues.kept["v"] = replace(world.colleagues.kept.pop("u-3"), id="v")
    world.team.kept[ELSEWHERE, "v"] = grant(world, "agent", brand=ELSEWHERE, user="v")
    assert "Vera" not in manager.get("/team").body.decode()
    assert manager.get("/team/v").status_code == 404
    for path, form in (("role", {"role": "agent"}), ("invitation", {})):
        assert manager.post(f"/team/v/{path}", form).status_code == 404
    assert "Vera" in in_role(manager, world, ("administrator",)).get("/team").body.decode()


def test_a_role_everywhere_holds_from_the_next_page_on(administrator: Browser, world: World) -> None:
    world.brands.put(replace(BRAND, id=ELSEWHERE, name="Bibliotheek Overveen"))
    form = as_seen(world, {"role": "editor", "where": "everywhere"})
    assert administrator.post(f"/team/{NOOR}/role", form).headers["Location"] == f"/team/{NOOR}?done=role"
    assert world.colleagues.kept[NOOR].role is Role.EDITOR
    assert world.team.renewed == {NOOR: world.now}, "her tokens of before have to be renewed"
    assert {line.brand for line in world.audit.lines} == {HERE, ELSEWHERE}, "every brand's log tells it"
    assert what(world)[0] == ("team.role", "noor@veldermeer.example", "", '{"role": "editor"}')


def test_a_change_that_fails_is_told_too(administrator: Browser, world: World) -> None:
    world.colleagues.broken = True
    form = as_seen(world, {"role": "editor", "where": "everywhere"})
    assert administrator.post(f"/team/{NOOR}/role", form).status_code == 500
    assert [line[0] for line in what(world)] == ["team.role", "team.role.failed"]
    assert world.team.renewed == {}


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("role", {"role": "manager", "where": "everywhere"}),
        ("role", {"where": "everywhere"}),
        ("access", {"do": "disable"}),
    ],
)
def test_the_last_administrator_stays(
    administrator: Browser, world: World, path: str, form: dict[str, str]
) -> None:
    """Sam's session says administrator; the pool says that Ada is the only one."""
    world.colleagues.kept[SAM] = replace(world.colleagues.kept[SAM], enabled=False)
    answer = administrator.post(f"/team/{ADA}/{path}", as_seen(world, form, ADA))
    assert answer.status_code == 409
    assert "de laatste beheerder" in text_of(answer.body.decode())
    assert faults(answer.body.decode()) == []
    assert world.colleagues.administrators() == [ADA]
    assert what(world) == []


def test_two_administrators_do_not_take_each_other_away(administrator: Browser, world: World) -> None:
    form = as_seen(world, {"role": "reader", "where": "everywhere"}, ADA)
    assert administrator.post(f"/team/{ADA}/role", form).status_code == 303
    world.colleagues.kept[ADA] = replace(world.colleagues.kept[ADA], role=Role.ADMINISTRATOR)
    assert administrator.post(f"/team/{ADA}/role", form).status_code == 409, "not in the same half minute"
    assert administrator.post(f"/team/{SAM}/role", form).status_code == 403, "nor oneself"


@pytest.mark.parametrize(
    ("path", "form"), [("access", {"do": "disable"}), ("role", {"role": "reader", "where": "everywhere"})]
)
def test_the_keys_of_who_goes_go_too(
    administrator: Browser, world: World, path: str, form: dict[str, str]
) -> None:
    world.brands.put(replace(BRAND, id=ELSEWHERE))
    world.team.kept.clear()
    world.colleagues.kept[NOOR] = replace(world.colleagues.kept[NOOR], role=Role.MANAGER)
    for brand, id, maker in ((HERE, "a", NOOR), (ELSEWHERE, "b", NOOR), (HERE, "c", ADA)):
        key = ApiKey(
            brand=brand, id=id, name=id, scope=Scope.ADMIN, hash="", by="Noor", by_id=maker, made_at=world.now
        )
        world.api_keys.kept[brand, id] = key
    assert administrator.post(f"/team/{NOOR}/{path}", as_seen(world, form)).status_code == 303
    assert {id for (_, id), key in world.api_keys.kept.items() if key.works(world.now)} == {"c"}
    assert {line.brand for line in world.api_keys.lines} == {HERE, ELSEWHERE}


def test_who_is_let_in_no_longer_is_out_at_once(administrator: Browser, world: World) -> None:
    for do, enabled in (("disable", False), ("enable", True)):
        assert administrator.post(f"/team/{NOOR}/access", {"do": do}).status_code == 303
        assert world.colleagues.kept[NOOR].enabled is enabled
    assert world.colleagues.signed_out == [NOOR]
    assert world.team.renewed == {NOOR: world.now}
    assert administrator.post(f"/team/{SAM}/access", {"do": "disable"}).status_code == 403
    assert administrator.post(f"/team/{NOOR}/access", {"do": "delete"}).status_code == 400
    assert [line[0] for line in what(world)] == ["team.disable", "team.enable"]


def test_an_invitation_is_mailed_once_more_to_who_has_not_come(manager: Browser, world: World) -> None:
    assert manager.post(f"/team/{NOOR}/invitation", {}).headers["Location"].endswith("done=reminded")
    assert world.colleagues.mailed == ["noor@veldermeer.example"]
    world.colleagues.kept[NOOR] = replace(world.colleagues.kept[NOOR], invited=False)
    assert manager.post(f"/team/{NOOR}/invitation", {}).status_code == 303
    assert manager.post(f"/team/{ADA}/invitation", {}).status_code == 403
    assert len(world.colleagues.mailed) == 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_form_of_an_older_page_takes_no_newer_role_away(
    manager: Browser, world: World, language: str
) -> None:
    manager.language = language
    path = f"/team/{NOOR}"
    (older,) = re.findall(r'name="seen" value="(\w+)"', manager.get(path).body.decode())
    assert manager.post(f"{path}/role", {"role": "editor", "seen": older}).status_code == 303
    for role in ("agent", "", "reader"):
        answer = manager.post(f"{path}/role", {"role": role, "seen": older})
        page = answer.body.decode()
        assert answer.status_code == 409
        assert faults(page) == []
        said = {"nl": "Iemand anders wijzigde deze rol", "en": "Somebody else changed this role"}
        assert said[language] in text_of(page)
        assert '<option value="editor" selected>' in page, "and shows how it stands"
    given = world.team.kept[HERE, NOOR]
    assert (given.role, len(what(world))) == (Role.EDITOR, 1)
    assert manager.post(f"{path}/role", {"role": "agent"}).status_code == 409, "nor one that saw nothing"
    assert manager.post(f"{path}/role", as_seen(world, {"role": "agent"})).status_code == 303


def test_nor_a_newer_role_everywhere(administrator: Browser, world: World) -> None:
    form = as_seen(world, {"role": "manager", "where": "everywhere"})
    world.colleagues.kept[NOOR] = replace(world.colleagues.kept[NOOR], role=Role.EDITOR)
    answer = administrator.post(f"/team/{NOOR}/role", form)
    assert answer.status_code == 409
    assert "Iemand anders wijzigde deze rol" in text_of(answer.body.decode())
    assert world.colleagues.kept[NOOR].role is Role.EDITOR
    assert what(world) == []
