"""Images that posts are to have: sent in once, named in the post."""

from base64 import b64decode
from typing import Annotated

from pydantic import Field

from chalicelib.domain.post import ImageFile
from chalicelib.errors import BadInput
from chalicelib.web import wishing
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Given, Shape

ROOM = 4_000_000
"""Characters of base64, of 3 MB: with all that is wrapped around it a Lambda is handed no more."""


class ImageGiven(Given):
    """The file, in base64: JPEG, PNG, WebP or GIF. Where, when and with what it was taken is cut off."""

    data: Annotated[str, Field(max_length=ROOM)]


class Image(Shape):
    """`id` is what a post names it by; `size` in bytes as it is kept, `width` and `height` in pixels."""

    id: str
    type: str
    size: int
    width: int
    height: int


def add(call: Call, body: ImageGiven) -> Image:
    """Send in an image; it is kept for two days, and as long as its post from when one names it."""
    try:
        file = b64decode(body.data, validate=True)
    except ValueError:  # no base64, or signs beyond ASCII
        raise BadInput("data", "base64 of an image") from None
    try:
        return _shown(wishing.album(call.desk).take_in(call.brand.id, file))
    except BadInput as fault:
        raise BadInput("data", fault.message) from None


def _shown(image: ImageFile) -> Image:
    return Image(id=image.name, type=image.type, size=image.size, width=image.width, height=image.height)
