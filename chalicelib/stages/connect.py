"""Connecting an account: a person is sent to its network, and what comes back becomes our key.

The order of effects. Going there: a client is made at the network, where it makes them; its names are kept.
Coming back: the code is exchanged; the token is made to last, where the network has a way; it is tried; it is
kept, in the place of what was there. A crash before the last one leaves the key as it was, and the person
begins anew: a code is good once. What the network does not take, or what is of another account, is not kept.
Nor is what could not be tried where there is a key already: that one may be good. We look whether there is
one, and never at it: who connects accounts reads no tokens.
"""

from collections.abc import Callable, Collection, Mapping

from chalicelib.domain.keyring import TOKEN, Holder
from chalicelib.errors import BadInput, PlatformError, Rejected
from chalicelib.ports import Secrets
from chalicelib.ports.connecting import Asks, OAuth

Way = Callable[[str], OAuth | None]
Server = Callable[[Holder, Mapping[str, str]], Asks]
"""The network of a holder, to which we are named so (`client_id`, `client_secret`)."""
Lasting = Callable[[Holder, Mapping[str, str]], Mapping[str, str]]
"""What changes of these secrets, so that the token lasts."""
Holds = Callable[[Holder, Mapping[str, str]], object]
"""Does the network take these secrets? Raises PlatformError."""
OF_A_TOKEN = (TOKEN, "expires_at", "refresh_token", "refresh_expires_at")


def client_of(holder: Holder, typed: Mapping[str, str]) -> dict[str, str]:
    """How the network calls us. Raises BadInput."""
    id = typed.get("client_id", "") or holder.settings.get("client_id", "")
    if not id:
        raise BadInput("client_id", "is needed to ask there")
    return {"client_id": id, "client_secret": typed.get("client_secret", "")}


class Accounts:
    """Implements `ports.connecting.Accounts`."""

    def __init__(self, *, secrets: Secrets, way: Way, server: Server, lasting: Lasting, holds: Holds) -> None:
        self.way = way
        self._secrets = secrets
        self._server = server
        self._lasting = lasting
        self._holds = holds

    def type(self, name: str, values: Mapping[str, str]) -> None:
        self._secrets.put(name, {**self._secrets.get(name, fresh=True), **values})

    def typed(self, name: str) -> Collection[str]:
        return self._secrets.get(name, fresh=True).keys()

    def there(self, holder: Holder) -> str:
        whole = self._server(holder, {"client_id": "-"}).address(redirect="", state="", verifier="")
        return whole.partition("?")[0]

    def begin(self, holder: Holder, *, redirect: str, state: str, verifier: str) -> str:
        way = self._known(holder)
        typed = dict(self._secrets.get(holder.typed, fresh=True))
        made_for = f"{self.there(holder)} {redirect}"
        if way.registers and typed.get("client_of") != made_for:
            made = self._server(holder, {"client_id": "-"}).register(redirect)
            typed |= {**made, "client_of": made_for}
            self._secrets.put(holder.typed, typed)
        server = self._server(holder, client_of(holder, typed))
        return server.address(redirect=redirect, state=state, verifier=verifier)

    def finish(self, holder: Holder, *, code: str, redirect: str, verifier: str) -> None:
        self._known(holder)
        typed = self._secrets.get(holder.typed, fresh=True)
        client = client_of(holder, typed)
        given = dict(self._server(holder, client).exchange(code=code, redirect=redirect, verifier=verifier))
        given = _lasts(given, self._lasting(holder, {**typed, **client, **given}))
        try:
            self._holds(holder, {**typed, **given})
        except Rejected:
            raise
        except PlatformError:
            if holder.secret in self._secrets.dates(holder.brand):
                raise
            # there is none to lose; the code is used, and the daily test tries again
        self._secrets.put(holder.secret, {name: value for name, value in given.items() if value})

    def _known(self, holder: Holder) -> OAuth:
        way = self.way(holder.platform)
        if way is None:
            raise BadInput("platform", "its network does not ask a person itself")
        return way


def _lasts(given: Mapping[str, str], lasting: Mapping[str, str]) -> dict[str, str]:
    """What was given, made to last: another token has an end of its own, or none, and is not renewed by what
    came with the first."""
    left = {name: value for name, value in given.items() if name not in OF_A_TOKEN}
    return {**(left if lasting.get(TOKEN) else given), **lasting}
