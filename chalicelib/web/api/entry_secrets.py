"""The secrets of what a brand is connected with: set, replaced or taken away, and never read; and the way on
which a person has one made by its network."""

from typing import Annotated

from pydantic import Field

from chalicelib.errors import NotFound
from chalicelib.web import connecting, keeping
from chalicelib.web.api import settings
from chalicelib.web.api.call import Call
from chalicelib.web.api.problem import Refusal
from chalicelib.web.api.settings import Entry, MadeEntry
from chalicelib.web.api.shapes import Empty, Given, Moment
from chalicelib.web.i18n import called
from chalicelib.web.pages import connect as connect_page, entry as page, source as sources


class NewSecret(Given):
    """A channel's or source's key, or the address that is told of a department's alerts. Without: a source
    that calls us gets a new one, where its network does not make it. There the one before it stays good.
    `name` says which, where there are several; without, the first."""

    secret: Annotated[str, Field(max_length=keeping.LONGEST)] = ""
    name: Annotated[str, Field(max_length=40)] = ""


class EntryToConnect(Entry):
    """`address` is where its network asks a person: whoever made the API key opens it, being signed in to the
    console in the same browser, and comes back there. It is good once, before `until`."""

    once = frozenset({"address", "until"})
    address: str
    until: Moment


def put(call: Call, section: str, entry: str, body: NewSecret) -> MadeEntry:
    """Set or replace its secret."""
    settings.expected(call, section, entry)
    if section == "sources":
        once = sources.put_secret(call.visit, entry, body.secret.strip(), body.name)
    else:
        page.put_secret(call.visit, section, entry, body.secret.strip(), body.name)
        once = keeping.NOTHING
    return settings.once_made(settings.get_entry(call, section, entry), once)


def end_old(call: Call, section: str, entry: str, body: Empty) -> Entry:
    """Of a source that calls us, end the secret before the newest."""
    settings.expected(call, section, entry)
    if section != "sources":
        raise NotFound("there is no older secret")
    sources.end_old_secret(call.visit, entry)
    return settings.get_entry(call, section, entry)


def remove(call: Call, section: str, entry: str, body: Empty) -> Entry:
    """Take its secret away."""
    settings.expected(call, section, entry)
    if section == "sources":
        sources.remove_secret(call.visit, entry)
    else:
        page.remove_secret(call.visit, section, entry)
    return settings.get_entry(call, section, entry)


def connect(call: Call, section: str, entry: str, body: Empty) -> EntryToConnect:
    """Ask for the way on which its network asks whoever made the key; of a network that asks a person."""
    kept, _ = settings.expected(call, section, entry)
    holder = connecting.holder_of(call.visit, section, entry)
    address, fault = connect_page.way(call.visit, holder, by_key=True)
    if fault:
        raise Refusal(422, call.visit.words.gettext(fault, network=called(holder.platform)))
    until = call.visit.now + connecting.LASTS
    return EntryToConnect(**kept.model_dump(), address=address, until=until)
