"""A colleague from invitation to farewell, as deployed: mail, password, second factor, roles, and out."""

import hmac
import json
import re
import time
from base64 import b32decode
from html import unescape
from secrets import token_hex

import pytest

from tests.e2e.conftest import Stack, until
from tests.e2e.visitor import Visitor, forms

pytestmark = pytest.mark.e2e
OWN = "plainly a fake password of their own"


def test_from_invitation_to_farewell(stack: Stack, visitor: Visitor) -> None:
    email = f"jip-{token_hex(4)}@wiekeling.example"
    page = visitor.get("/team/invite")
    invited = visitor.submit(page, "/team/invite", name="Jip Vos", email=email, role="reader")
    assert (invited.status, invited.location) == (303, "/team?done=invited"), invited.text
    jip = Visitor(stack.console)
    first = jip.submit(jip.get("/sign-in"), "/sign-in", email=email, password=password_for(stack, email))
    begun = jip.submit(first, "/sign-in/new-password", name="Jip Vos", password=OWN)
    assert (begun.status, begun.location) == (303, "/"), begun.text
    assert jip.submit(first, "/sign-in/new-password", name="Mallory", password="x" * 12).status == 401, "once"
    assert jip.get("/").status == 200
    assert jip.get("/team").status == 403

    path = re.search(rf'href="(/team/[\w-]+)">Jip Vos</a><span>{email}', visitor.get("/team").html)
    assert path
    role = f"{path[1]}/role"
    csrf = visitor.get(path[1]).form("/access").fields["csrf"]
    fields = next(each.fields for each in forms(visitor.get(path[1]).html) if each.action.endswith(role))
    assert visitor.post(role, {**fields, "role": "manager"}).status == 303
    assert jip.get("/team").status == 200, "from the next page on"

    secret = second_factor(jip)
    jip.submit(jip.get("/"), "/sign-out")
    step = jip.submit(jip.get("/sign-in"), "/sign-in", email=email, password=OWN)
    assert jip.submit(step, "/sign-in/code", code="000000").status == 401
    used = code(secret)
    assert jip.submit(step, "/sign-in/code", code=used).status == 401, "a code is good once, also to set up"
    fresh = until(lambda: (now := code(secret)) != used and now)
    assert jip.submit(step, "/sign-in/code", code=fresh).location == "/"
    assert jip.submit(step, "/sign-in/code", code=fresh).status == 401, "neither step nor code is good twice"
    assert "Second step for signing in On" in visitor.get(path[1]).text

    elsewhere = dict(jip.cookies)
    assert jip.submit(jip.get("/me"), "/me/sign-out").location == "/sign-in"
    jip.cookies = elsewhere
    assert jip.get("/").location.startswith("/sign-in"), "every token of before is worth nothing"

    reset = jip.submit(jip.get("/forgot"), "/forgot", email=email)
    assert jip.submit(reset, "/forgot/password", code="654321", password="short").status == 422
    done = jip.submit(reset, "/forgot/password", code="654321", password=OWN + " 2")
    assert done.location == "/sign-in?done=reset", done.text

    for do in ("disable", "enable"):
        assert visitor.post(f"{path[1]}/access", {"csrf": csrf, "do": do}).status == 303
        tried = jip.submit(jip.get("/sign-in"), "/sign-in", email=email, password=OWN + " 2")
        assert tried.status == (401 if do == "disable" else 200)
    log = visitor.get("/audit").text
    for deed in ("invited somebody", "changed somebody's role", "let somebody in no longer"):
        assert f"Administrator {deed}" in log, log


def password_for(stack: Stack, email: str) -> str:
    """From the mail that Cognito sent."""
    (mail,) = [mail for mail in stack.mails() if email in json.dumps(mail["To"])]
    found = re.search(
        r"first password: (\S+)", unescape(json.dumps(mail, ensure_ascii=False).replace('"', " "))
    )
    assert found, mail
    return found[1]


def second_factor(jip: Visitor) -> str:
    """Switch it on; the secret that the app has from then on."""
    page = jip.submit(jip.get("/me"), "/me/second-factor", password=OWN)
    secret = page.form("/me/second-factor/code").fields["secret"]
    assert jip.submit(page, "/me/second-factor/code", code="000000").status == 422
    done = jip.submit(page, "/me/second-factor/code", code=code(secret))
    assert done.location == "/me?done=on", done.text
    return secret


def code(secret: str) -> str:
    """What an app shows now (RFC 6238)."""
    mac = hmac.digest(b32decode(secret), (int(time.time()) // 30).to_bytes(8, "big"), "sha1")
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
