"""X's API: its refusals by their own words, images, and who we are."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.errors import Rejected, Unavailable, Unknown
from chalicelib.platforms._http_json import JsonApi, words
from chalicelib.platforms._x_posts import number
from chalicelib.ports import Answer
from chalicelib.ports.showing import Image

OF_THE_KEY = ("client-forbidden", "unsupported-authentication", "oauth1-permissions")
"""How the type of a 403 ends that is of the key, and not of what was asked."""


class Api(JsonApi):
    """A 403 is a refusal of what was asked (the same words again, nobody called us), unless it says that it
    is of the key."""

    def _value(self, answer: Answer, unclear: Any) -> Any:
        if 400 <= answer.status < 500 and answer.status not in (401, 408, 429):
            kind, said = problem(answer.body)
            if answer.status != 403:
                said = f"HTTP {answer.status}: {said}" if said else f"HTTP {answer.status}"
                raise Rejected(self._platform, said)
            if not kind.endswith(OF_THE_KEY):
                raise Rejected(self._platform, f"it refuses this: {said}" if said else "it refuses this")
        return super()._value(answer, unclear)

    def upload(self, images: Sequence[Image]) -> list[str]:
        """The ids under which a post shows them. Nothing is to be seen before: what fails did not happen."""
        return [self._uploaded(image) for image in images]

    def _uploaded(self, image: Image) -> str:
        media = {
            "media": b64encode(image.read()).decode(),
            "media_category": "tweet_gif" if image.type == "image/gif" else "tweet_image",
            "media_type": image.type,
        }
        try:
            value = self.post("/2/media/upload", media, {})
            id = number(data_of(value).get("id"))
            if id and image.alt:
                said = {"id": id, "metadata": {"alt_text": {"text": image.alt}}}
                self.post("/2/media/metadata", said, {})
        except Unknown as error:
            raise Unavailable(self._platform, error.reason) from error
        if not id:
            raise Unavailable(self._platform, "the answer is not an image")
        return id

    def user(self, fields: str = "") -> Mapping[str, Any]:
        """Who we are."""
        us = data_of(self.get("/2/users/me", [("user.fields", fields)] if fields else []))
        if not number(us.get("id")):
            raise Unavailable(self._platform, "the server does not say who we are")
        return us

    def name(self) -> str:
        """Our own name there, without the @."""
        name = words(self.user().get("username"), 100)
        if not name:
            raise Unavailable(self._platform, "the server does not say who we are")
        return name


def data_of(value: Any) -> Mapping[str, Any]:
    data = value.get("data") if isinstance(value, dict) else None
    return data if isinstance(data, dict) else {}


def problem(body: bytes) -> tuple[str, str]:
    """Its type and what it says, in one short line."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(found, dict):
        return "", ""
    several = found.get("errors")
    first = several[0] if isinstance(several, list) and several else {}
    first = first if isinstance(first, dict) else {}
    said = words(found.get("detail") or first.get("message") or found.get("title"), 200)
    return words(found.get("type"), 200), " ".join(said.split())
