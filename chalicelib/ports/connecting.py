"""How a person gives us an account of theirs, and how we know that it is still ours to use.

Data of a platform module, and the Protocols by which its key is tried and renewed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chalicelib.domain.keyring import Holder
from chalicelib.ports.platforms import Kit


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """`OAUTH` of a module: its network asks the person itself (RFC 6749, section 4.1).

    `authorize`, `token` and `registers` are addresses; in them `{name}` is a setting of that name. What the
    client is called stands in the setting `client_id`, its secret in the secret `client_secret`; where a
    network `registers` its clients itself (`POST` of `client_name`, `redirect_uris`, `scopes`) nobody types
    them. What we are given is kept with the channel's or source's secrets: `token`, `refresh_token`,
    `expires_at` and `refresh_expires_at` (ISO, UTC; absent where it does not end or is not told).

    `pkce`: S256 (RFC 7636). `basic`: the client proves itself by HTTP Basic, else in the form. `client` is
    the name the network gives that field. `extra` goes with the first address too. `issuer`: what its `iss`
    says (RFC 9207), where that is not of the host of `authorize`. `refreshes`: a `refresh_token` brings new
    ones.

    A module whose network has a way of its own offers one of these, or both; each gives the secrets that
    change, and raises as a module does (Unauthorized: refused):
    `lasting(settings, secrets, kit)`: right after the code was exchanged, what makes the token that was given
    (in `secrets`, with `client_id` and `client_secret`) one that lasts, or one of the page it is for.
    `renewed(settings, secrets, kit)`: in the place of a refresh token, before the token ends.
    """

    authorize: str
    token: str
    registers: str = ""
    scopes: tuple[str, ...] = ()
    separator: str = " "
    pkce: bool = False
    basic: bool = False
    client: str = "client_id"
    extra: Mapping[str, str] = field(default_factory=dict)
    issuer: str = ""
    refreshes: bool = True


class Renews(Protocol):
    """`lasting` or `renewed` of a module."""

    def __call__(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit
    ) -> Mapping[str, str]: ...


class Checks(Protocol):
    """Its skill is `check`."""

    def check(self) -> datetime | None:
        """Ask the network whether our key still holds, and is the account's that its setting names: when it
        ends, where the network says so.

        Raises Unauthorized if it does not, Unavailable and its kin where we cannot know."""


class Asks(Protocol):
    """A network's authorization server, for one account. Raises Unauthorized (refused), RateLimited,
    Rejected, Unavailable; `renew` raises Unknown where the server may have renewed it and its answer was
    lost."""

    def register(self, redirect: str) -> Mapping[str, str]:
        """A client of ours, made there: `client_id` and `client_secret`."""

    def address(self, *, redirect: str, state: str, verifier: str) -> str:
        """Where the person is asked."""

    def exchange(self, *, code: str, redirect: str, verifier: str) -> Mapping[str, str]:
        """The secrets that a code brings."""

    def renew(self, refresh_token: str) -> Mapping[str, str]:
        """The secrets that a refresh token brings."""


class Accounts(Protocol):
    """Connects an account (`stages/connect.py`)."""

    def way(self, platform: str) -> OAuth | None:
        """How its network asks a person itself, if it does."""

    def type(self, name: str, values: Mapping[str, str]) -> None:
        """Keep what a person typed besides the token (`keyring.beside`): the others stay."""

    def typed(self, name: str) -> Collection[str]:
        """What is there, by name, of what was typed or made there."""

    def there(self, holder: Holder) -> str:
        """The address at which its person is asked, bare. Raises BadInput."""

    def begin(self, holder: Holder, *, redirect: str, state: str, verifier: str) -> str:
        """That address, with what we ask. Raises BadInput where our client has no name there, and as `Asks`
        where it is registered first."""

    def finish(self, holder: Holder, *, code: str, redirect: str, verifier: str) -> None:
        """What came back becomes the holder's key, once it was tried. Raises as `Asks`."""
