"""Every address of the console. Nothing here decides anything; the door does, and the pages.

`OPEN` are the routes that answer without a session; every other sends a visitor to sign in. What a
route needs it imports itself: every Lambda loads this file.
"""

import json
import sys
import time
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Chalice, Response

if TYPE_CHECKING:
    from chalicelib.web.door import Door

FORM = ["application/x-www-form-urlencoded"]
OPEN = frozenset(
    {
        ("GET", "/healthz"),
        ("GET", "/static/{file}"),
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/api/v1/docs"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("POST", "/sign-in/new-password"),
        ("POST", "/sign-in/code"),
        ("POST", "/sign-in/set-up"),
        ("GET", "/sign-in/organisation"),
        ("GET", "/sign-in/back"),
        ("GET", "/forgot"),
        ("POST", "/forgot"),
        ("POST", "/forgot/password"),
        ("GET", "/approve/{token}"),
        ("POST", "/approve/{token}"),
    }
)


class Console(Chalice):
    """Chalice, with every body as bytes of any type: what leaves here arrives as it was made.

    Chalice refuses to answer in bytes to a request without an Accept header, so it gets one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.api.binary_types[:] = ["*/*"]

    def __call__(self, event: dict[str, Any], context: Any) -> Any:
        began = time.perf_counter()
        headers = event.get("headers") or {}
        if not any(name.lower() == "accept" for name in headers):
            event = {**event, "headers": {**headers, "accept": "*/*"}}
        answer = super().__call__(event, context)
        route = event.get("requestContext", {})
        line = {
            "message": "answered",
            "route": f"{route.get('httpMethod')} {route.get('resourcePath')}",
            "status": answer.get("statusCode"),
            "ms": round((time.perf_counter() - began) * 1000),
        }
        sys.stdout.write(json.dumps(line) + "\n")
        return answer


console = Blueprint(__name__)


def door(blueprint: Blueprint) -> "Door":
    """The door for the request that a blueprint is at."""
    from chalicelib.web.door import Door
    from chalicelib.wiring import desk

    return Door(blueprint.current_request, desk)


def _door() -> "Door":
    return door(console)


# without a session -----------------------------------------------------------------------------------


@console.route("/healthz")
def health() -> Response:
    return Response(body=b'{"ok":true}', headers={"Content-Type": "application/json"})


@console.route("/static/{file}")
def static_file(file: str) -> Response:
    from chalicelib.web import leaving

    return leaving.file(console.current_request, file)


@console.route("/sign-in")
def sign_in() -> Response:
    from chalicelib.web.pages import sign_in

    return _door().open(sign_in.show)


@console.route("/sign-in", methods=["POST"], content_types=FORM)
def begin_session() -> Response:
    from chalicelib.web.pages import sign_in

    return _door().open(sign_in.enter)


@console.route("/sign-in/new-password", methods=["POST"], content_types=FORM)
def choose_password() -> Response:
    from chalicelib.web.pages import sign_in

    return _door().open(sign_in.choose)


# with one ---------------------------------------------------------------------------------------------


@console.route("/sign-out", methods=["POST"], content_types=FORM)
def sign_out() -> Response:
    return _door().leave()


@console.route("/")
def today() -> Response:
    from chalicelib.web.pages import today

    return _door().closed(today.show)


@console.route("/mentions")
def mentions() -> Response:
    from chalicelib.web.pages import mentions

    return _door().closed(mentions.show)


@console.route("/cases")
def cases() -> Response:
    from chalicelib.web.pages import cases

    return _door().closed(cases.show)


@console.route("/cases/{slug}")
def case(slug: str) -> Response:
    from chalicelib.web.pages import case

    return _door().closed(case.show, slug)


@console.route("/cases/{slug}/reply", methods=["POST"], content_types=FORM)
def reply(slug: str) -> Response:
    from chalicelib.web.pages import deeds

    return _door().closed(deeds.reply, slug)


@console.route("/cases/{slug}/solve", methods=["POST"], content_types=FORM)
def solve(slug: str) -> Response:
    from chalicelib.web.pages import deeds

    return _door().closed(deeds.solve, slug)


@console.route("/sandbox/{channel}")
def sandbox(channel: str) -> Response:
    from chalicelib.web.pages import sandbox

    return _door().closed(sandbox.show, channel)


@console.route("/sandbox/{channel}/say", methods=["POST"], content_types=FORM)
def say(channel: str) -> Response:
    from chalicelib.web.pages import sandbox

    return _door().closed(sandbox.say, channel)


@console.route("/sandbox/{channel}/mood", methods=["POST"], content_types=FORM)
def set_mood(channel: str) -> Response:
    from chalicelib.web.pages import sandbox

    return _door().closed(sandbox.set_mood, channel)


@console.route("/{unknown}")
def unknown(unknown: str) -> Response:
    from chalicelib.web.pages import nowhere

    return _door().closed(nowhere.show, unknown)
