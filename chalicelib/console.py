"""The desk of the console and the API, furnished. Part of `wiring`.

A page makes and loads the ports it asks, and no more: the others stand ready unmade.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, cast

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.stores import Later
from chalicelib.web.beside import Reader
from chalicelib.web.desk import Desk, WallLine

if TYPE_CHECKING:
    from chalicelib import ports
    from chalicelib.domain.audit import AuditLine
    from chalicelib.domain.brand import Brand
    from chalicelib.domain.source import Source
    from chalicelib.ports import Answering, Prices

P = TypeVar("P")


def _later(make: Callable[[], P]) -> P:
    return cast("P", Later(make))


def furnished() -> Desk:
    """Everything the pages and the API ask and do."""
    return Desk(
        brands=_later(wiring.brands),
        mentions=_later(wiring.mentions),
        sources=_later(wiring.sources),
        cases=_later(wiring.cases),
        corrections=_later(wiring.corrections),
        beside=Reader(_later(wiring.sources), _later(wiring.mornings)),
        deltas=_later(wiring.deltas),
        deliveries=_later(wiring.deliveries),
        posts=_later(wiring.posts),
        promises=_later(wiring.promises),
        brakes=_later(wiring.brakes),
        standing=_later(wiring.standing),
        noise=_later(wiring.noise),
        drills=_later(wiring.drills),
        measurements=_later(wiring.measurements),
        followings=_later(wiring.followings),
        mornings=_later(wiring.mornings),
        notices=_later(wiring.notices),
        alerts=_later(wiring.alerts),
        rosters=_later(wiring.rosters),
        bucket=_later(wiring.bucket),
        pipes=_later(wiring.pipes),
        shelf=_later(wiring.shelf),
        tasks=_later(wiring.tasks),
        users=_later(wiring.users),
        team=_later(wiring.team),
        colleagues=_later(wiring.colleagues),
        once=_later(wiring.once),
        mailings=_later(wiring.mailings),
        mail=_later(wiring.mail),
        sso=wiring.sso(),
        audit=_later(wiring.audit),
        secrets=_later(wiring.secrets),
        accounts=_later(wiring.connecting),
        link_key=_link_key,
        push_keys=wiring.push_keys,
        refusals=_later(wiring.refusals),
        webhook_url=settings().webhook_url,
        try_source=wiring.try_source,
        feeds_at=wiring.feeds_at,
        read_calendar=wiring.read_calendar,
        api_keys=_later(wiring.api_keys),
        hooks=_later(wiring.hooks),
        known_pages=_later(wiring.known_pages),
        library=_later(wiring.library),
        answers=_later(wiring.answers),
        opinions=_later(wiring.opinions),
        drafter=wiring.drafter,
        pulse=_later(wiring.pulse),
        prices=wiring.prices,
        keyless=_keyless,
        tidy=_tidy,
        read_prices=_read_prices,
        ledger=_later(wiring.ledger),
        leaves_out=_leaves_out,
        call_hooks=wiring.call_hooks,
        vet_address=_vet_address,
        ask_report=wiring.ask_report,
        counts=_counts,
        can=_can,
        images=wiring.images,
        answering=_answering,
        say=_say,
        wall=_wall,
        mood=_mood,
        set_mood=_set_mood,
        now=wiring.now,
    )


LINKS = "link/approve"
"""The name of the secret that links in mails are signed with, of the whole stage."""


def _link_key() -> bytes:
    """Made when it is asked for first. Of two that are made at once the later stays: what the other signed
    is refused, and one asks again."""
    kept = wiring.secrets()
    found = kept.get(LINKS) or kept.get(LINKS, fresh=True)
    if not found:
        from secrets import token_hex

        kept.put(LINKS, {"key": token_hex(32)})
        found = kept.get(LINKS, fresh=True)
    return bytes.fromhex(found["key"])


def _keyless(platform: str) -> bool:
    from chalicelib.platforms import keyless

    return keyless(platform)


def _tidy(text: str) -> str:
    from chalicelib.platforms._text import tidy

    return tidy(text)


def _read_prices(source: Source) -> Prices | None:
    from chalicelib.platforms import prices

    return prices(source.platform, source.settings.get("kind", ""))


def _leaves_out(platform: str, settings: Mapping[str, str]) -> tuple[str, ...]:
    from chalicelib.platforms import leaves_out

    return leaves_out(platform, settings)


def _vet_address(url: str) -> None:
    """Raises BadInput, with the field `address`, for one that may not hear what happens here."""
    from chalicelib.addresses import Target
    from chalicelib.errors import BadInput, Blocked

    try:
        target = Target.of(url)
    except Blocked as error:
        raise BadInput("address", str(error)) from None
    if target.scheme != "https" and (target.host, target.port) not in settings().http_allow:
        raise BadInput("address", "an address begins with https://")


def _counts(brand: Brand, channel_id: str) -> ports.Counts | None:
    """How a channel's network counts. That is no secret: none is read for it."""
    from chalicelib.platforms import connect

    channel = brand.channel(channel_id)
    counts: ports.Counts | None = None
    if channel:
        counts = connect(channel.platform, channel.settings, {}, wiring.kit())
    return counts


def _can(brand: Brand, channel_id: str, what: str) -> bool:
    """Is this channel's network able to do this? Read from its module; nobody is asked."""
    from chalicelib.platforms import can

    channel = brand.channel(channel_id)
    return channel is not None and can(channel.platform, what)


def _answering(
    platform: str,
    settings: Mapping[str, str] = MappingProxyType({}),
    *,
    direct: bool = True,
    age: timedelta = timedelta(),
) -> Answering:
    from chalicelib.platforms import answering

    return answering(platform, settings, direct=direct, age=age)


def _wall(brand: Brand, channel: str) -> list[WallLine]:
    from chalicelib.platforms import sandbox

    return [
        WallLine(
            id=entry.id,
            author=entry.note.author,
            ours=entry.ours,
            text=entry.note.text,
            at=entry.note.at,
            reply_to=entry.note.reply_to,
            images=entry.note.images,
            passes_on=entry.note.passes_on,
        )
        for entry in sandbox.wall(wiring.shelf(), _sandbox(brand, channel))
    ]


def _say(brand: Brand, channel: str, author: str, text: str, at: datetime, reply_to: str = "") -> None:
    from chalicelib.platforms import sandbox

    sandbox.say(wiring.shelf(), _sandbox(brand, channel), author, text, at, reply_to)


def _mood(brand: Brand, channel: str) -> str:
    from chalicelib.platforms import sandbox

    return sandbox.mood_of(wiring.shelf(), _sandbox(brand, channel))


def _set_mood(brand: Brand, channel: str, mood: str, *lines: AuditLine) -> None:
    from chalicelib.platforms import sandbox

    sandbox.set_mood(wiring.shelf(), _sandbox(brand, channel), mood, *lines)


def _sandbox(brand: Brand, channel_id: str) -> str:
    """The shelf of a sandbox channel. Raises NotFound for another platform's."""
    from chalicelib.errors import NotFound

    channel = brand.channel(channel_id)
    if channel is None or channel.platform != "sandbox":
        raise NotFound(f"sandbox {brand.id}/{channel_id}")
    return channel.settings["account"]
