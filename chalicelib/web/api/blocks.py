"""Blocked authors and sites: whose messages are held as noise, since when, by whom and why, and how many
were."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain import blocking as rules
from chalicelib.domain.brand import Block as Kept
from chalicelib.errors import BadInput
from chalicelib.web import blocking
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Empty, Given, Listed, Moment, Shape, show
from chalicelib.web.pages.verdict import key_of


class Block(Shape):
    """`what`: of an author `platform/id`, the network's own id; of a site its name, with a path or
    without."""

    id: str
    kind: Literal["author", "site"]
    what: str
    name: str
    why: str
    by: str
    at: Moment
    held: Annotated[int, Field(description="Messages that it holds")]


class NewBlock(Given):
    """Of an author `mention`: the id of a message of theirs. Of a site `site`; `all_of_it` where many people
    share it and all of them are meant."""

    kind: Literal["author", "site"]
    mention: Annotated[str, Field(max_length=400)] = ""
    site: Annotated[str, Field(max_length=400, examples=["farm.example/blog"])] = ""
    all_of_it: bool = False
    why: Annotated[str, Field(min_length=1, max_length=rules.WHY)]


def browse(call: Call) -> Listed[Block]:
    """All blocks, the newest first."""
    return Listed[Block](items=[show(Block, each) for each in blocking.blocks(call.visit)])


def get(call: Call, block: str) -> Block:
    """One block."""
    return show(Block, blocking.block(call.visit, block))


def add(call: Call, body: NewBlock) -> Block:
    """Hold what comes from there, from within a minute on. What is blocked already stays as it is."""
    wished = _wished(call, body)
    blocking.add(call.visit, wished)
    return get(call, wished.id)


def lift(call: Call, block: str, body: Empty) -> Block:
    """Hold no more of it. What it held stays held, until it is taken out."""
    kept = blocking.block(call.visit, block)
    call.expect(show(Block, kept))
    blocking.lift(call.visit, block)
    return show(Block, kept)


def _wished(call: Call, body: NewBlock) -> Kept:
    by, now = call.by, call.visit.now
    if body.kind == "site":
        return rules.of_site(body.site, body.why, by, now, all_of_it=body.all_of_it)
    if not body.mention:
        raise BadInput("mention", "the id of a message of theirs")
    mention, _ = call.desk.mentions.get(key_of(call.visit, body.mention))
    return rules.of_author(mention, body.why, by, now)
