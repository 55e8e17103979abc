"""The brand that a key is for, as it is set up. What is secret, and colleagues' addresses, stay inside."""

from typing import Annotated

from pydantic import Field

from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Listed, Shape, show

Hours = Annotated[dict[str, list[str]], Field(description="By `mon` to `sun`; a day left out has none")]
CAN = ("publish", "delete", "measure")


class BrandLine(Shape):
    id: str
    name: str


class Department(Shape):
    """The promises (`.._within`) are in working minutes to a first answer."""

    id: str
    name: str
    hours: Hours
    complaint_within: int
    other_within: int
    praise_within: int
    topics: list[str]
    four_eyes: Annotated[bool, Field(description="Nobody approves a text of their own here")]


class Channel(Shape):
    """`slots` are local times. `can`: what its network is able to."""

    id: str
    platform: str
    name: str
    slots: Hours
    can: list[str]


class Watch(Shape):
    id: str
    name: str
    kind: str
    terms: list[str]
    exclude: list[str]
    query: str
    languages: list[str]
    department: str


class Named(Shape):
    id: str
    name: str


class Brand(BrandLine):
    """`story`, `tone` and `disclosure` are for whoever writes in its name."""

    zone: str
    languages: list[str]
    departments: list[Department]
    channels: list[Channel]
    watches: list[Watch]
    goals: list[Named]
    story: str
    tone: str
    disclosure: str


def browse(call: Call) -> Listed[BrandLine]:
    """The brand that this key is for."""
    return Listed[BrandLine](items=[BrandLine(id=call.brand.id, name=call.brand.name)])


def get(call: Call) -> Brand:
    """How the brand is set up."""
    brand, can = call.brand, call.desk.can
    channels = [
        show(Channel, each, can=[what for what in CAN if can(brand, each.id, what)])
        for each in brand.channels
    ]
    return show(Brand, brand, channels=channels)
