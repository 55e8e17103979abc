"""Every operation of the API, in one table: where, who may, and which function does it.

Plain strings: `routes_api.py` registers them when a Lambda starts, and nothing more is loaded for it.
"""

from typing import Any, NamedTuple

from chalicelib.domain.deed import Deed

BASE = "/api/v1"
BRAND = "/brands/{brand}"
MAX_IMAGE = 4_100_000
DEEDS = {"read": Deed.READ, "write": Deed.ANSWER, "admin": Deed.MANAGE}
"""What an operation of a scope is, of the deeds in `roles.py`, where the table does not say otherwise."""


class Operation(NamedTuple):
    """`path` is below `BASE`, `scope` an `apikey.Scope`, `work` the `module:function` of `web/api/`. A
    change asks for If-Match, with the ETag of what stands at `of`; a `create` for Idempotency-Key."""

    method: str
    path: str
    scope: str
    work: str
    create: bool = False
    of: str = ""
    status: int = 200
    location: str = ""
    """Of what is made, with its `{id}`."""
    deed: str = ""
    room: int = 0
    """Bytes of its body, where it may be larger than others."""

    @property
    def needs(self) -> Deed:
        return Deed(self.deed) if self.deed else DEEDS[self.scope]

    @property
    def tries(self) -> bool:
        """Does it show what would come of something, and keep nothing? Then it takes no conditions."""
        return self.method == "POST" and not (self.of or self.create)

    @property
    def id(self) -> str:
        module, name = self.work.split(":")
        return f"{module}_{name.rstrip('_')}"

    @property
    def function(self) -> Any:
        from importlib import import_module

        module, name = self.work.split(":")
        return getattr(import_module(f"chalicelib.web.api.{module}"), name)


def _read(path: str, work: str, scope: str = "read", deed: str = "") -> Operation:
    return Operation(method="GET", path=path, scope=scope, work=work, deed=deed)


def _create(
    path: str, work: str, location: str, scope: str = "write", of: str = "", deed: str = ""
) -> Operation:
    return Operation(
        method="POST",
        path=BRAND + path,
        scope=scope,
        work=work,
        create=True,
        of=of,
        status=201,
        location=BRAND + location,
        deed=deed,
    )


def _change(
    path: str, of: str, work: str, scope: str = "write", method: str = "POST", deed: str = ""
) -> Operation:
    return Operation(method=method, path=BRAND + path, scope=scope, work=work, of=BRAND + of, deed=deed)


def _settings(path: str, of: str, work: str, method: str = "POST") -> Operation:
    return _change(path, of, f"settings:{work}", "admin", method)


def _team(path: str, work: str, method: str = "POST") -> Operation:
    return _change(path, "/team/{colleague}", f"team:{work}", "admin", method, deed="team")


def _access(do: str) -> Operation:
    """Of an account, at every brand: `team.py` asks also who made the key."""
    path = "/team/{colleague}"
    return _change(f"{path}/{do}", path, f"team:{do.replace('-', '_')}", "admin")


def _try(path: str, work: str, scope: str) -> Operation:
    return Operation(method="POST", path=f"{BRAND}/trials{path}", scope=scope, work=work)


def _several(path: str, work: str) -> Operation:
    """One deed for several things, each named with its ETag: so the body has the conditions."""
    return Operation(method="POST", path=BRAND + path, scope="write", work=work, create=True)


OPERATIONS = (
    _read("/brands", "brands:browse"),
    _read(BRAND, "brands:get"),
    # what is heard
    _read(f"{BRAND}/mentions", "mentions:browse"),
    _read(f"{BRAND}/mentions/{{mention}}", "mentions:get"),
    _read(f"{BRAND}/mention-rows", "mention_files:browse"),
    _create("/mention-imports", "mention_files:bring_in", "/mentions", "admin"),
    _change("/mentions/{mention}/verdict", "/mentions/{mention}", "mentions:correct", method="PUT"),
    _change("/mentions/{mention}/let-through", "/mentions/{mention}", "mentions:let_through"),
    _read(f"{BRAND}/blocks", "blocks:browse"),
    _read(f"{BRAND}/blocks/{{block}}", "blocks:get"),
    _create("/blocks", "blocks:add", "/blocks/{id}"),
    _change("/blocks/{block}/lift", "/blocks/{block}", "blocks:lift"),
    _change("/sources/{source}/over-cap", "/sources/{source}", "sources:decide_over_cap"),
    _read(f"{BRAND}/mentions/{{mention}}/copies", "copies:browse"),
    _change("/mentions/{mention}/part", "/mentions/{mention}", "copies:part"),
    _read(f"{BRAND}/accuracy", "accuracy:get"),
    _change("/accuracy/take-back", "/accuracy", "accuracy:take_back", "admin"),
    _change("/accuracy/let-count", "/accuracy", "accuracy:let_count", "admin"),
    _read(f"{BRAND}/sources", "sources:browse"),
    _read(f"{BRAND}/sources/{{source}}", "sources:get"),
    _read(f"{BRAND}/sources/{{source}}/refusals", "sources:refusals"),
    _read(f"{BRAND}/unheard", "unheard:browse"),
    _read(f"{BRAND}/costs", "costs:get"),
    _change("/costs/go-on", "/costs", "costs:go_on", "admin"),
    _create("/sources/{source}/polls", "sources:poll", "/sources/{id}", "admin"),
    # what it asks for
    _read(f"{BRAND}/cases", "cases:browse"),
    _read(f"{BRAND}/closed-cases", "cases:closed"),
    _read(f"{BRAND}/cases/{{case}}", "cases:get"),
    _read(f"{BRAND}/cases/{{case}}/history", "cases:history"),
    _change("/cases/{case}/draft", "/cases/{case}", "cases:save_draft", method="PUT"),
    _read(f"{BRAND}/cases/{{case}}/replies", "replies:browse"),
    _create(
        "/cases/{case}/replies",
        "replies:approve",
        "/cases/{case}/replies/{id}",
        of=f"{BRAND}/cases/{{case}}",
    ),
    _read(f"{BRAND}/cases/{{case}}/replies/{{n}}", "replies:get"),
    _change("/cases/{case}/replies/{n}/correct", "/cases/{case}/replies/{n}", "replies:correct"),
    _change("/cases/{case}/replies/{n}/remove", "/cases/{case}/replies/{n}", "replies:remove"),
    _read(f"{BRAND}/cases/{{case}}/holding-reply", "replies:holding"),
    _create(
        "/cases/{case}/holding-reply",
        "replies:hold_off",
        "/cases/{case}/replies/{id}",
        of=f"{BRAND}/cases/{{case}}",
    ),
    _read(f"{BRAND}/standing-approvals", "standing:browse"),
    _read(f"{BRAND}/standing-approvals/{{approval}}", "standing:get"),
    _read(f"{BRAND}/standing-approvals/{{approval}}/sent", "standing:sent"),
    _change(
        "/standing-approvals/{approval}/revoke",
        "/standing-approvals/{approval}",
        "standing:revoke",
        deed="brake",
    ),
    _read(f"{BRAND}/drills", "drills:browse"),
    _create("/drills", "drills:start", "/drills/{id}", "admin"),
    _read(f"{BRAND}/drills/{{drill}}", "drills:get"),
    _read(f"{BRAND}/drills/{{drill}}/figures", "drills:figures"),
    _change("/drills/{drill}/end", "/drills/{drill}", "drills:end", "admin"),
    _change("/cases/{case}/solve", "/cases/{case}", "cases:solve"),
    _change("/cases/{case}/approval", "/cases/{case}", "asking:ask"),
    _create("/cases/next", "giving:take_next", "/cases/{id}"),
    _change("/cases/{case}/take", "/cases/{case}", "claims:take"),
    _change("/cases/{case}/lay-down", "/cases/{case}", "claims:lay_down"),
    _change("/cases/{case}/snooze", "/cases/{case}", "claims:snooze"),
    _change("/cases/{case}/merge", "/cases/{case}", "claims:merge"),
    _change("/cases/{case}/split", "/cases/{case}", "claims:split"),
    _change("/cases/{case}/labels", "/cases/{case}", "claims:change_labels"),
    _read(f"{BRAND}/cases/{{case}}/colleagues", "claims:colleagues", "write"),
    _create(
        "/cases/{case}/notes",
        "claims:note",
        "/cases/{case}/history",
        of=f"{BRAND}/cases/{{case}}",
    ),
    _read(f"{BRAND}/cases/{{case}}/known", "knowledge:fitting"),
    _change("/cases/{case}/known", "/cases/{case}", "knowledge:put"),
    _change("/cases/{case}/answered", "/cases/{case}", "knowledge:put_answered"),
    _change("/cases/{case}/model", "/cases/{case}", "knowledge:let_model_draft"),
    _change("/cases/{case}/snippets", "/cases/{case}", "knowledge:put_snippet"),
    _change("/cases/{case}/hand-over", "/cases/{case}", "cases:hand_over"),
    _change("/cases/{case}/reopen", "/cases/{case}", "cases:reopen"),
    _several("/bulk", "bulk:act"),
    _read(f"{BRAND}/promises", "promises:browse"),
    _read(f"{BRAND}/promises/{{promise}}", "promises:get"),
    _read(f"{BRAND}/cases/{{case}}/promises", "promises:of_case"),
    _change("/promises/{promise}/keep", "/promises/{promise}", "promises:keep"),
    _change("/promises/{promise}/move", "/promises/{promise}", "promises:move"),
    _change("/promises/{promise}/drop", "/promises/{promise}", "promises:drop"),
    # what leaves
    _read(f"{BRAND}/calendar", "calendar:browse"),
    _read(f"{BRAND}/slots", "calendar:free"),
    _read(f"{BRAND}/posts", "posts:browse"),
    _create("/images", "images:add", "/posts")._replace(room=MAX_IMAGE),
    _create("/posts", "posts:plan", "/posts/{id}"),
    _create("/imports", "imports:plan", "/posts"),
    _read(f"{BRAND}/posts/{{post}}", "posts:get"),
    _change("/posts/{post}", "/posts/{post}", "posts:change", method="PUT"),
    _change("/posts/{post}/cancel", "/posts/{post}", "posts:cancel"),
    _read(f"{BRAND}/posts/{{post}}/history", "posts:history"),
    _read(f"{BRAND}/posts/{{post}}/measurements", "posts:measurements"),
    _change("/posts/{post}/deliveries/{channel}/{n}/release", "/posts/{post}", "posts:release"),
    _change("/posts/{post}/deliveries/{channel}/{n}/leave", "/posts/{post}", "posts:leave"),
    _change("/posts/{post}/deliveries/{channel}/{n}/remove", "/posts/{post}", "posts:remove"),
    _change("/posts/{post}/deliveries/{channel}/{n}/edit", "/posts/{post}", "posts:edit"),
    _read(f"{BRAND}/brake", "brake:get"),
    _read(f"{BRAND}/brake/waiting", "brake:waiting"),
    _change("/brake/pull", "/brake", "brake:pull"),
    _change("/brake/release", "/brake", "brake:release", "admin", deed="upkeep"),
    _read(f"{BRAND}/sandboxes/{{channel}}", "sandboxes:get"),
    _create("/sandboxes/{channel}/messages", "sandboxes:say", "/sandboxes/{channel}"),
    _change("/sandboxes/{channel}/mood", "/sandboxes/{channel}", "sandboxes:set_mood", method="PUT"),
    # who is glad of us, and what a month was
    _read(f"{BRAND}/mornings", "people:browse"),
    _read(f"{BRAND}/mornings/{{day}}", "people:get"),
    _change("/mornings/{day}/deeds/{deed}", "/mornings/{day}", "people:act"),
    _read(f"{BRAND}/fans", "people:fans"),
    _read(f"{BRAND}/people", "met:browse"),
    _read(f"{BRAND}/people/{{platform}}/{{author}}", "met:get"),
    _read(f"{BRAND}/reports", "reports:browse"),
    _read(f"{BRAND}/reports/{{month}}", "reports:get"),
    _create("/reports/{month}", "reports:ask", "/reports/{id}", "admin"),
    _read(f"{BRAND}/reports/{{month}}/files/{{file}}", "reports:link"),
    # what the brand is
    _read(f"{BRAND}/settings", "settings:get"),
    _settings("/settings", "/settings", "change", "PUT"),
    _read(f"{BRAND}/file", "brandfiles:get"),
    _change("/file", "/file", "brandfiles:replace", "admin", "PUT"),
    _read(f"{BRAND}/settings/{{section}}", "settings:browse"),
    _create("/settings/{section}", "settings:add", "/settings/{section}/{id}", "admin"),
    _read(f"{BRAND}/settings/{{section}}/{{entry}}", "settings:get_entry"),
    _settings("/settings/{section}/{entry}", "/settings/{section}/{entry}", "change_entry", "PUT"),
    _settings("/settings/{section}/{entry}/remove", "/settings/{section}/{entry}", "remove"),
    _change(
        "/settings/{section}/{entry}/secret",
        "/settings/{section}/{entry}",
        "entry_secrets:put",
        "admin",
        "PUT",
    ),
    _change(
        "/settings/{section}/{entry}/secret/end-old",
        "/settings/{section}/{entry}",
        "entry_secrets:end_old",
        "admin",
    ),
    _change(
        "/settings/{section}/{entry}/secret/remove",
        "/settings/{section}/{entry}",
        "entry_secrets:remove",
        "admin",
    ),
    _change(
        "/settings/{section}/{entry}/connect",
        "/settings/{section}/{entry}",
        "entry_secrets:connect",
        "admin",
    ),
    _read(f"{BRAND}/knowledge", "knowledge:browse"),
    _create("/knowledge", "knowledge:add", "/knowledge/{id}", "admin"),
    _read(f"{BRAND}/knowledge/{{page}}", "knowledge:get"),
    _change("/knowledge/{page}", "/knowledge/{page}", "knowledge:change", "admin", "PUT"),
    _change("/knowledge/{page}/remove", "/knowledge/{page}", "knowledge:remove", "admin"),
    # who works there
    _read(f"{BRAND}/team", "team:browse", "admin", "team"),
    _create("/team", "team:invite", "/team/{id}", "admin", deed="team"),
    _read(f"{BRAND}/team/{{colleague}}", "team:get", "admin", "team"),
    _team("/team/{colleague}/role", "set_role", "PUT"),
    _team("/team/{colleague}/invitation", "remind"),
    _access("disable"),
    _access("enable"),
    _access("sign-out"),
    _read(f"{BRAND}/duty", "roster:now"),
    _read(f"{BRAND}/roster/{{week}}", "roster:get"),
    _change("/roster/{week}", "/roster/{week}", "roster:replace", "admin", "PUT", deed="team"),
    # what would come of it
    _try("/watches", "trials:watch", "admin"),
    _try("/sources", "trials:source", "admin"),
    _try("/file", "trials:file", "admin"),
    _try("/posts", "trials:post", "write"),
    _try("/imports", "trials:imported", "write"),
    _try("/mention-imports", "mention_files:trial", "admin"),
    _try("/texts", "trials:texts", "write"),
    _try("/replies/{case}", "reply_trials:reply", "write"),
    # upkeep
    _read(f"{BRAND}/health", "health:get"),
    _read(f"{BRAND}/queues", "health:queues"),
    _read(f"{BRAND}/queues/{{queue}}", "health:queue"),
    _create("/queues/{queue}/redrive", "health:redrive", "/queues/{id}", "admin"),
    _read(f"{BRAND}/webhooks", "webhooks:browse", "admin"),
    _create("/webhooks", "webhooks:add", "/webhooks/{id}", "admin"),
    _read(f"{BRAND}/webhooks/{{webhook}}", "webhooks:get", "admin"),
    _read(f"{BRAND}/webhooks/{{webhook}}/calls", "webhooks:calls", "admin"),
    _change("/webhooks/{webhook}/pause", "/webhooks/{webhook}", "webhooks:pause", "admin"),
    _change("/webhooks/{webhook}/resume", "/webhooks/{webhook}", "webhooks:resume", "admin"),
    _change("/webhooks/{webhook}/rotate", "/webhooks/{webhook}", "webhooks:rotate", "admin"),
    _change("/webhooks/{webhook}/remove", "/webhooks/{webhook}", "webhooks:remove", "admin"),
    _create("/webhooks/{webhook}/tests", "webhooks:test", "/webhooks/{webhook}/calls", "admin"),
    _create("/webhooks/{webhook}/resends", "webhooks:resend", "/webhooks/{webhook}/calls", "admin"),
    _read(f"{BRAND}/alerts", "alerts:browse"),
    _read(f"{BRAND}/alerts/{{alert}}", "alerts:get"),
    _read(f"{BRAND}/log", "log:browse", "admin"),
    _read(f"{BRAND}/keys", "keys:browse", "admin"),
    _read(f"{BRAND}/keys/{{key}}", "keys:get", "admin"),
    _create("/keys", "keys:make", "/keys/{id}", "admin"),
    _change("/keys/{key}/revoke", "/keys/{key}", "keys:revoke", "admin"),
)


def find(method: str, route: str) -> Operation:
    """The operation of a route as Chalice has it. Raises LookupError."""
    return next(each for each in OPERATIONS if each.method == method and BASE + each.path == route)
