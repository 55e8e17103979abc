"""Slack's images: kept there unseen, then shown by blocks of a message, beside its words.

API: https://docs.slack.dev/reference/methods/files.getUploadURLExternal and /files.completeUploadExternal,
https://docs.slack.dev/reference/block-kit/blocks/image-block, read 2026-11-30. A file for which no channel is
named is seen where a message shows it of the app that sent it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.errors import HttpError, Unavailable
from chalicelib.platforms._chat_api import ChatApi
from chalicelib.platforms._http_json import WRITE_SECONDS, words
from chalicelib.platforms._slack_views import NAME, dict_of
from chalicelib.platforms._text import link_end
from chalicelib.ports import Http
from chalicelib.ports.showing import Image

BUSY = "invalid_blocks"
"""How Slack refuses a message with an image that it has not looked through yet."""
WAITS = (1.0, 2.0, 3.0, 4.0)
"""Seconds between the tries to show one."""

_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?')\]]")


def upload(api: ChatApi, http: Http, image: Image) -> dict[str, Any]:
    """The block that shows it. Nobody sees it before a message has the block: what fails did not happen."""
    named = f"{image.name}.{image.type.partition('/')[2]}"
    asked = [("filename", named), ("length", str(image.size)), ("alt_txt", image.alt)]
    given = api.get("/files.getUploadURLExternal", asked)
    place, id = words(given.get("upload_url"), 4000), words(given.get("file_id"), 40)
    if not place or not id:
        raise Unavailable(NAME, "the answer is not a place for an image")
    try:
        headers = {"Content-Type": image.type}
        put = http.request("POST", place, headers=headers, body=image.read(), seconds=WRITE_SECONDS)
    except HttpError as error:
        raise Unavailable(NAME, str(error)) from error
    if put.status != 200:
        raise Unavailable(NAME, f"HTTP {put.status}: the image was not taken")
    api.redo("/files.completeUploadExternal", {"files": [{"id": id, "title": named}]})
    return {"type": "image", "slack_file": {"id": id}, "alt_text": image.alt}


def beside(text: str, images: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The blocks of a message of these words and images; [] where the words are all: Slack shows those as
    they are. No sign of them is markup, and links can be followed."""
    if not images:
        return []
    section = {"type": "rich_text_section", "elements": _parts(text)}
    return [*([{"type": "rich_text", "elements": [section]}] if text else []), *images]


def shown(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The blocks of the images of a message of ours, as they are written."""
    blocks = message.get("blocks")
    found: list[Mapping[str, Any]] = []
    for block in map(dict_of, blocks if isinstance(blocks, list) else ()):
        id, alt = words(dict_of(block.get("slack_file")).get("id"), 40), words(block.get("alt_text"), 2000)
        if block.get("type") == "image" and id:
            found.append({"type": "image", "slack_file": {"id": id}, "alt_text": alt})
    return found


def _parts(text: str) -> list[dict[str, str]]:
    parts, done = [], 0
    for link in _LINK.finditer(text):
        end = link_end(link)
        if link.start() > done:
            parts.append({"type": "text", "text": text[done : link.start()]})
        parts.append({"type": "link", "url": text[link.start() : end]})
        done = end
    return [*parts, {"type": "text", "text": text[done:]}] if text[done:] else parts
