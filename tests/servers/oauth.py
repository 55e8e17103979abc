"""An authorization server of a network, as RFC 6749, 7591, 7636 and 9207 have it; and its person.

`agree` plays the person who is asked: it takes the address a browser was sent to, and gives the one that it
comes back to. Tokens that were given are good for `whoami` until they end or are `revoke`d.
"""

import json
import secrets
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from tests.servers.base import Reply, Request, Server


class OAuth(Server):
    """`clients` by id: their secret and the addresses they may come back to. `given` are the access tokens
    that are good, each with its account; `refreshing` the refresh tokens, each with its account.

    How it misbehaves, or is another kind of server:
    * `basic`: takes a client's proof by HTTP Basic alone, else in the form alone
    * `rotates`: a refresh token is good once, and brings another; used twice, all of its account end
    * `forgives`: not where the one that it brought was never used
    * `lasts`: seconds that an access token is good, None: it does not say
    * `keeps_refresh`: gives no refresh token at first
    * `empty`: what a refresh brings in the place of a token
    * `fails`: the status of its answers, with `says` as their body; for as many as `failures`, of what begins
      with `fails_at`
    * `drops`: does what it is asked, and closes the connection
    * `issuer`: what `iss` says; "" where it says nothing
    * `more`: further fields of its answers
    """

    def __init__(self, account: str = "brand") -> None:
        super().__init__()
        self.account = account
        self.clients: dict[str, tuple[str, set[str]]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.used: dict[str, list[str]] = {}
        self.given: dict[str, str] = {}
        self.refreshing: dict[str, str] = {}
        self.dead: dict[str, str] = {}
        self.brought: dict[str, str] = {}
        """By a refresh token that was used the one that it brought."""
        self.basic = self.rotates = self.forgives = self.keeps_refresh = self.drops = False
        self.lasts: int | None = 7200
        self.empty: Any = None
        self.fails, self.says, self.failures = 0, b"", 1_000
        self.fails_at = "/"
        self.issuer = ""
        self.more: dict[str, Any] = {}

    def client(self, id: str, secret: str, *redirects: str) -> None:
        self.clients[id] = (secret, set(redirects))

    def agree(self, address: str, *, error: str = "", as_: str = "") -> str:
        """Raises ValueError for what the real one refuses to show."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        _, redirects = self.clients.get(asked["client_id"], ("", set[str]()))
        if asked["response_type"] != "code" or asked["redirect_uri"] not in redirects:
            raise ValueError(address)
        back = {"state": asked["state"], **({"iss": self.issuer} if self.issuer else {})}
        if error:
            told = {"error": error, "error_description": "<b>hoi</b>", **back}
            return f"{asked['redirect_uri']}?{urlencode(told)}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "account": as_ or self.account}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, **back})}"

    def revoke(self, token: str) -> None:
        """Its person takes it back."""
        self.given.pop(token, None)

    def answer(self, request: Request) -> Reply:
        if self.fails and self.failures and request.path.startswith(self.fails_at):
            self.failures -= 1
            return Reply(self.fails, self.says)
        reply = self._route(request)
        reply.drop = self.drops
        return reply

    def _route(self, request: Request) -> Reply:
        where = (request.method, request.path)
        if where == ("POST", "/api/v1/apps"):
            return self._register(request)
        if where == ("POST", "/oauth/token"):
            return self._token(request)
        if where == ("GET", "/api/v1/accounts/verify_credentials"):
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            if token not in self.given:
                return _json({"error": "The access token is invalid"}, 401)
            return _json({"id": "1", "acct": self.given[token], "username": self.given[token]})
        return Reply(404)

    def _register(self, request: Request) -> Reply:
        form = _form(request)
        id, secret = f"client-{len(self.clients) + 1}", secrets.token_urlsafe(16)
        self.client(id, secret, form["redirect_uris"])
        return _json({"id": "7", "client_id": id, "client_secret": secret, **self.more})

    def _token(self, request: Request) -> Reply:
        form = _form(request)
        id = self._client(request, form)
        if id is None:
            return _json({"error": "invalid_client"}, 401)
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form.get("refresh_token", ""))
        code = form.get("code", "")
        asked = self.codes.pop(code, None)
        if asked is None:
            for token in self.used.get(code, []):
                self.revoke(token)
            return _json({"error": "invalid_grant"}, 400)
        right = (asked["client_id"], asked["redirect_uri"]) == (id, form.get("redirect_uri"))
        if not right or not _proves(form, asked):
            return _json({"error": "invalid_grant"}, 400)
        found = self._made(asked["account"], refresh=not self.keeps_refresh)
        self.used[code] = [found["access_token"]]
        return _json(found)

    def _refresh(self, given: str) -> Reply:
        successor = self.brought.get(given, "")
        if self.forgives and successor in self.refreshing:
            self.refreshing[given] = self.refreshing.pop(successor)
        if given in self.dead and given not in self.refreshing:
            account = self.dead[given]
            self.refreshing = {token: of for token, of in self.refreshing.items() if of != account}
        if given not in self.refreshing:
            return _json({"error": "invalid_grant", "error_description": "Token is gone"}, 400)
        account = self.refreshing[given]
        if self.rotates:
            self.dead[given] = self.refreshing.pop(given)
        found = self._made(account, refresh=self.rotates)
        self.brought[given] = found.get("refresh_token", "")
        return _json({**found, "access_token": self.empty} if self.empty is not None else found)

    def _made(self, account: str, *, refresh: bool) -> dict[str, Any]:
        token = secrets.token_urlsafe(24)
        self.given[token] = account
        found: dict[str, Any] = {"access_token": token, "token_type": "Bearer", **self.more}
        if self.lasts is not None:
            found["expires_in"] = self.lasts
        if refresh:
            found["refresh_token"] = secrets.token_urlsafe(24)
            self.refreshing[found["refresh_token"]] = account
        return found

    def _client(self, request: Request, form: dict[str, str]) -> str | None:
        """Who asks, if they prove it as this server has it."""
        if self.basic:
            _, _, both = request.headers.get("authorization", "").partition("Basic ")
            id, _, secret = b64decode(both).decode().partition(":")
            id, secret = unquote_plus(id), unquote_plus(secret)
        else:
            id, secret = form.get("client_id", ""), form.get("client_secret", "")
        return id if id in self.clients and self.clients[id][0] == secret else None


def _form(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def _proves(given: dict[str, str], asked: dict[str, str]) -> bool:
    """Who has the code must also have what it was asked with (RFC 7636)."""
    if "code_challenge" not in asked:
        return "code_verifier" not in given
    proof = urlsafe_b64encode(sha256(given.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
    return asked.get("code_challenge_method") == "S256" and proof == asked["code_challenge"]


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json"})
