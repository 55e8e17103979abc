"""A sandbox: the practice channel's wall, a visitor's voice on it, and how it is told to fail."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.brand import Brand, Channel
from chalicelib.errors import BadInput
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Given, Moment, Shape, show
from chalicelib.web.desk import WallLine
from chalicelib.web.pages import sandbox as page
from chalicelib.web.pages.sandbox import LINES, LONGEST_NAME, LONGEST_TEXT

Mood = Literal["", "refuse", "unauthorized", "rate-limited", "down", "lost", "lists-late"]


class Message(Shape):
    """`ours`: we wrote it; `reply_to` is the id of what it answers, or ""."""

    id: str
    author: str
    ours: bool
    text: str
    at: Moment
    reply_to: str
    images: Annotated[list[str], Field(description="What its images show")]


class Sandbox(Shape):
    """`mood` is how it fails, "" for not; `messages` are the newest 100, newest first."""

    id: str
    mood: str
    messages: list[Message]


class NewMessage(Given):
    """What a visitor says; `reply_to` is the id of the message it answers."""

    author: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\s@]+$")]
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    reply_to: Annotated[str, Field(max_length=100)] = ""


class NewMood(Given):
    mood: Mood


def get(call: Call, channel: str) -> Sandbox:
    """What was written there, and its mood."""
    brand, found = _find(call, channel)
    wall = _wall(call, brand, found)[:LINES]
    messages = [show(Message, each, images=list(each.images)) for each in wall]
    return Sandbox(id=found.id, mood=call.desk.mood(brand, found.id), messages=messages)


def say(call: Call, channel: str, body: NewMessage) -> Sandbox:
    """A visitor writes; the next poll hears it."""
    brand, found = _find(call, channel)
    wall, text = _wall(call, brand, found), body.text.strip()
    if not text:
        raise BadInput("text", "what the visitor says")
    if body.reply_to and body.reply_to not in {each.id for each in wall}:
        raise BadInput("reply_to", "the id of a message that is there")
    said = (body.author, text, body.reply_to)
    there = (_said(each) == said and call.asked and each.at >= call.asked.at for each in wall)
    if not (call.asked_again and any(there)):
        page.speak(call.visit, brand, found, *said)
    return get(call, channel)


def set_mood(call: Call, channel: str, body: NewMood) -> Sandbox:
    """Tell it how to fail, or to work again."""
    call.expect(get(call, channel))
    page.feel(call.visit, *_find(call, channel), body.mood)
    return get(call, channel)


def _find(call: Call, channel: str) -> tuple[Brand, Channel]:
    """Raises NotFound."""
    return page.find(call.visit, channel)


def _wall(call: Call, brand: Brand, channel: Channel) -> list[WallLine]:
    return sorted(call.desk.wall(brand, channel.id), key=lambda each: each.at, reverse=True)


def _said(each: WallLine) -> tuple[str, str, str]:
    return each.author, each.text, each.reply_to
