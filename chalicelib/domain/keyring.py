"""The tokens a network gave us for an account: what is kept, when they are renewed, and what is never lost.

They lie among the secrets of their channel or source: `token`, `refresh_token`, `expires_at`,
`refresh_expires_at` and `given_at` (ISO, UTC), with `token_before` and `refresh_token_before`, which they
took the place of. What a person types besides (the secret of a client) lies apart, so that neither is written
over by the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SOONEST, LATEST = timedelta(minutes=5), timedelta(days=10)
"""Between these a token is renewed before its end: when a sixth of its life is left."""
PART = 6
A_DAY = timedelta(days=1)
NOT_YET = "it is not connected yet"
"""Why an account cannot be used whose network was not asked."""
ROOM = 3_900
"""Characters that all of them take at most: SSM keeps 4 KB without charge."""

Kind = Literal["channel", "source"]
TOKEN = "token"  # noqa: S105 - the name of the secret that the network gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A channel or source that a key is for."""

    kind: Kind
    brand: str
    id: str
    platform: str
    name: str
    settings: Mapping[str, str]

    @property
    def secret(self) -> str:
        """The name its tokens are kept under."""
        return f"{self.kind}/{self.brand}/{self.id}"

    @property
    def typed(self) -> str:
        """The name of what was typed besides."""
        return beside(self.secret)

    @property
    def path(self) -> str:
        """Its page in the console, where its key is mended."""
        return f"/brand/channels/{self.id}" if self.kind == "channel" else f"/sources/{self.id}"


def beside(secret: str) -> str:
    """Beside `channel/brand/id` the name of what was typed, `channelapp/brand/id`."""
    kind, _, rest = secret.partition("/")
    return f"{kind}app/{rest}"


def own(names: Sequence[str], *, asks: bool) -> str:
    """Of the secrets that are typed for an account the one that lies by itself; the others lie beside it, so
    that each can be set without the others. `asks`: its network gives a person a token, which is it then."""
    return TOKEN if asks else next(iter(names), "")


def over(was: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What is kept once a network renewed `was`: never less than there was. A token that is not given again
    stays, with its end; what was replaced is kept beside it, as far as there is room."""
    if not given.get("token"):
        raise ValueError("a renewal brings a token")
    kept = {name: value for name, value in given.items() if value}
    if "refresh_token" not in kept and was.get("refresh_token"):
        kept["refresh_token"] = was["refresh_token"]
        if "refresh_expires_at" not in kept and was.get("refresh_expires_at"):
            kept["refresh_expires_at"] = was["refresh_expires_at"]
    for name in ("refresh_token", "token"):
        before = was.get(name, "")
        if before and before != kept[name] and _size(kept) + len(before) + len(name) + 20 <= ROOM:
            kept[f"{name}_before"] = before
    return kept


def _size(kept: Mapping[str, str]) -> int:
    return sum(len(name) + len(value) + 8 for name, value in kept.items())


def ends(secrets: Mapping[str, str]) -> datetime | None:
    """When the token ends, where that was told."""
    return _moment(secrets.get("expires_at", ""))


def is_due(secrets: Mapping[str, str], now: datetime) -> bool:
    """Is it time to renew it?"""
    end = ends(secrets)
    return end is not None and now >= end - _margin(secrets, end)


def _margin(secrets: Mapping[str, str], end: datetime) -> timedelta:
    given = _moment(secrets.get("given_at", ""))
    life = (end - given) / PART if given else SOONEST
    return min(max(life, SOONEST), LATEST)


def has_ended(secrets: Mapping[str, str], now: datetime) -> bool:
    end = ends(secrets)
    return end is not None and now >= end


def acts_by(secrets: Mapping[str, str], now: datetime, *, renews: bool) -> datetime | None:
    """Until when nobody need do anything: the end of what renews it, or of the token where nothing does, or
    where it was to be renewed long ago and still is not. None: for ever, or it is not told."""
    end = ends(secrets)
    margin = _margin(secrets, end) if end else timedelta()
    stuck = end is not None and margin >= A_DAY and now >= end - margin / 2
    return end if stuck or not renews else _moment(secrets.get("refresh_expires_at", ""))


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
