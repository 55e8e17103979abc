"""Connecting an account: a person is sent to its network, and what comes back becomes our key.

The order of effects. Going there: a client is made at the network, where it makes them; its names are kept.
Coming back: the lease of the key is taken (`stages/renew.py`), so that no worker renews it meanwhile and
writes what it got over ours, nor we over its; the code is exchanged; the token is made to last, where the
network has a way; it is tried; it is kept, in the place of what was there; the lease is let go. Where a
worker does not leave the key in time, the code is not used. A crash before the key is kept leaves it as it
was, and the person begins anew: a code is good once. Until the lease is over nobody renews it then. What the
network does not take, or what is of another account, is not kept. Nor is what could not be tried where there
is a key already: that one may be good. We look whether there is one, and never at it: who connects accounts
reads no tokens. What was there stands in the history that the parameter store keeps.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from time import sleep

from chalicelib.domain.keyring import TOKEN, Holder
from chalicelib.errors import BadInput, PlatformError, Rejected, Unavailable
from chalicelib.ports import Once, Secrets
from chalicelib.ports.connecting import Asks, OAuth
from chalicelib.stages import renew

Way = Callable[[str], OAuth | None]
Server = Callable[[Holder, Mapping[str, str]], Asks]
"""The network of a holder, to which we are named so (`client_id`, `client_secret`)."""
Lasting = Callable[[Holder, Mapping[str, str]], Mapping[str, str]]
"""What changes of these secrets, so that the token lasts."""
Holds = Callable[[Holder, Mapping[str, str]], object]
"""Does the network take these secrets? Raises PlatformError."""
TRIES, PAUSE = 10, 0.5
"""How often the lease is asked for, and the seconds between: a renewal takes one or two."""
OF_A_TOKEN = (TOKEN, "expires_at", "refresh_token", "refresh_expires_at")


def client_of(holder: Holder, typed: Mapping[str, str]) -> dict[str, str]:
    """How the network calls us. Raises BadInput."""
    id = typed.get("client_id", "") or holder.settings.get("client_id", "")
    if not id:
        raise BadInput("client_id", "is needed to ask there")
    return {"client_id": id, "client_secret": typed.get("client_secret", "")}


class Accounts:
    """Implements `ports.connecting.Accounts`."""

    def __init__(
        self,
        *,
        secrets: Secrets,
        way: Way,
        server: Server,
        lasting: Lasting,
        holds: Holds,
        once: Once,
        now: Callable[[], datetime],
        pause: Callable[[float], None] = sleep,
    ) -> None:
        self.way = way
        self._once = once
        self._now = now
        self._pause = pause
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
        with self._alone(holder):
            self._exchange(holder, typed, client, code=code, redirect=redirect, verifier=verifier)

    @contextmanager
    def _alone(self, holder: Holder) -> Iterator[None]:
        """Nobody renews its key meanwhile. Raises Unavailable where somebody does and does not end."""
        for _ in range(TRIES):
            if renew.takes(holder.secret, self._once, self._now()):
                break
            self._pause(PAUSE)
        else:
            raise Unavailable(holder.platform, "its key is being renewed")
        try:
            yield
        except Exception:
            renew.leaves(holder.secret, self._once, self._now())
            raise
        renew.leaves(holder.secret, self._once, self._now())

    def _exchange(
        self,
        holder: Holder,
        typed: Mapping[str, str],
        client: Mapping[str, str],
        *,
        code: str,
        redirect: str,
        verifier: str,
    ) -> None:
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
