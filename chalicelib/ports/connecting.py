"""How a person gives us an account of theirs, and how we know that it is still ours to use.

Data of a platform module, and the Protocol by which its key is tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """`OAUTH` of a module: its network asks the person itself (RFC 6749, section 4.1).

    `authorize` and `token` are addresses; in both `{name}` is a setting of that name. What the client is
    called stands in the setting `client_id`, its secret in the secret `client_secret`. What we are given is
    kept with the channel's or source's secrets: `token`, `refresh_token` and `expires_at` (ISO, UTC; absent
    where it does not end). `pkce`: S256 (RFC 7636). `basic`: the client proves itself by HTTP Basic, else in
    the form. `client` is the name the network gives that field. `extra` goes with the first address too.
    `refreshes`: a `refresh_token` brings new ones; a module whose network has a way of its own offers
    `renewed(settings, secrets, kit)`, which gives such secrets or raises Unauthorized.
    """

    authorize: str
    token: str
    scopes: tuple[str, ...] = ()
    separator: str = " "
    pkce: bool = False
    basic: bool = False
    client: str = "client_id"
    extra: Mapping[str, str] = field(default_factory=dict)
    refreshes: bool = True


class Checks(Protocol):
    """Its skill is `check`."""

    def check(self) -> datetime | None:
        """Ask the network whether our key still holds: when it ends, where the network says so.

        Raises Unauthorized if it does not, Unavailable and its kin where we cannot know."""
