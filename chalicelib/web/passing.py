"""Boosts and quotes on the form of a post: whose message, and where its network passes it on so."""

from collections.abc import Mapping

from chalicelib.domain.mention import MentionKey
from chalicelib.domain.post import BOOST, WAYS, Passed
from chalicelib.errors import BadInput, NotFound
from chalicelib.web.visit import Visit


def heard(visit: Visit, slug: str) -> Passed | None:
    """The message that a form or a program names; None where it names none. Raises BadInput (`shares`)."""
    if not slug:
        return None
    try:
        key = MentionKey.from_slug(slug)
        if key.brand != visit.brand.id or key.drill:
            raise NotFound("of another")
        mention, _ = visit.desk.mentions.get(key)
    except (NotFound, ValueError):
        raise BadInput("shares", "we did not hear the message that is passed on") from None
    return Passed(key, mention.author.handle)


def ways(visit: Visit, channel: str, of: Passed | None) -> tuple[str, ...]:
    """What this channel's network can do with it, of `WAYS`."""
    account = visit.brand.channel(channel)
    if of is None or account is None or account.platform != of.key.platform:
        return ()
    return tuple(way for way in WAYS if visit.desk.can(visit.brand, channel, way))


def named(visit: Visit, way: str) -> str:
    words = visit.words
    if not way:
        return words.gettext("A message of its own, with the address in it")
    if way == BOOST:
        return words.gettext("Boost it: as it is, without words of ours")
    return words.gettext("Quote it: with the text above it")


def chosen(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """(channel, way), where the form has one."""
    return tuple((name[4:], way) for name, way in given.items() if name.startswith("way.") and way)
