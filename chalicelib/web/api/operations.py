"""Every operation of the API, in one table: where, who may, and which function does it.

Plain strings: `routes_api.py` registers them when a Lambda starts, and nothing more is loaded for it.
"""

from typing import Any, NamedTuple

BASE = "/api/v1"
BRAND = "/brands/{brand}"


class Operation(NamedTuple):
    """`path` is below `BASE`, `scope` an `apikey.Scope`. `work` is `module:function` of this package. A
    `change` asks for If-Match, a `create` for Idempotency-Key."""

    method: str
    path: str
    scope: str
    work: str
    create: bool = False
    change: bool = False
    status: int = 200
    location: str = ""
    """Of what is made, with its `{id}`."""

    @property
    def id(self) -> str:
        module, name = self.work.split(":")
        return f"{module}_{name.rstrip('_')}"

    @property
    def function(self) -> Any:
        from importlib import import_module

        module, name = self.work.split(":")
        return getattr(import_module(f"chalicelib.web.api.{module}"), name)


def _read(path: str, work: str, scope: str = "read") -> Operation:
    return Operation(method="GET", path=path, scope=scope, work=work)


def _create(path: str, work: str, location: str, scope: str = "write") -> Operation:
    at = BRAND + location
    return Operation(
        method="POST", path=BRAND + path, scope=scope, work=work, create=True, status=201, location=at
    )


def _change(path: str, work: str, scope: str = "write", method: str = "POST") -> Operation:
    return Operation(method=method, path=BRAND + path, scope=scope, work=work, change=True)


OPERATIONS = (
    _read("/brands", "brands:browse"),
    _read(BRAND, "brands:get"),
    # what is heard
    _read(f"{BRAND}/mentions", "mentions:browse"),
    _read(f"{BRAND}/mentions/{{mention}}", "mentions:get"),
    # what leaves
    _read(f"{BRAND}/posts", "posts:browse"),
    _create("/posts", "posts:plan", "/posts/{id}"),
    _read(f"{BRAND}/posts/{{post}}", "posts:get"),
    _change("/posts/{post}", "posts:change", method="PUT"),
    _change("/posts/{post}/cancel", "posts:cancel"),
    _read(f"{BRAND}/posts/{{post}}/history", "posts:history"),
    _read(f"{BRAND}/posts/{{post}}/measurements", "posts:measurements"),
    _change("/posts/{post}/deliveries/{channel}/{n}/release", "posts:release"),
    _change("/posts/{post}/deliveries/{channel}/{n}/remove", "posts:remove"),
)


def find(method: str, route: str) -> Operation:
    """The operation of a route as Chalice has it. Raises LookupError."""
    return next(each for each in OPERATIONS if each.method == method and BASE + each.path == route)
