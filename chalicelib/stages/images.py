"""Images of posts: taken in, kept with their post, given to its networks, thrown away.

The order of effects:

* taking in: what only the camera should know is cut off, and the rest laid among the uploads, under a name
  made of its bytes. The bucket empties those after two days: a form that nobody sends leaves nothing.
* planning and changing: each image is laid with its post, then the post is written (`plan.py`). A crash in
  between leaves an image that no post names; laid again it is the same file. The bucket keeps what lies with
  posts for longer than one can be planned ahead, reckoned anew with each change, and then throws it away.
* after a change: what neither the post nor a message of it holds any more is removed. A crash before that
  leaves it to the bucket.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.post import ImageFile, PostKey
from chalicelib.errors import BadInput, Rejected
from chalicelib.ports import Bucket

if TYPE_CHECKING:
    from chalicelib.domain.brand import Brand
    from chalicelib.domain.delivery import Delivery
    from chalicelib.ports.showing import Image, Images

FETCHED_WITHIN = 3600
"""Seconds for which a network may fetch an image."""
GONE = "its image is not kept any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """`takes` says what a channel of a brand takes; None: no images."""

    bucket: Bucket
    takes: "Callable[[Brand, str], Images | None]"

    def take_in(self, brand: str, body: bytes) -> ImageFile:
        """Raises BadInput (`image`) for what is no image, or too large."""
        from chalicelib.domain.image import clean

        image, kept = clean(body)
        self.bucket.put_once(_uploaded(brand, image.name), kept, image.type)
        return image

    def read(self, key: PostKey, image: ImageFile) -> bytes | None:
        """As it lies with its post, or else among the uploads."""
        return self.bucket.get(_of(key, image.name)) or self.bucket.get(_uploaded(key.brand, image.name))

    def keep(self, key: PostKey, images: Sequence[ImageFile]) -> None:
        """Lay them with their post. Raises BadInput (`images.<n>`) for one that was not taken in, or so long
        ago that it is gone."""
        for n, image in enumerate(images):
            body = self.read(key, image)
            if body is None:
                raise BadInput(f"images.{n}", "this image is not there any more; add it again")
            self.bucket.put(_of(key, image.name), body, image.type)

    def forget(self, key: PostKey, held: Collection[str]) -> None:
        """Remove what lies with the post and is not `held`, by name."""
        there = self.bucket.names(_of(key, ""))
        self.bucket.remove([name for name in there if name.rpartition("/")[2] not in held])

    def given(self, delivery: "Delivery", brand: "Brand") -> "tuple[Image, ...]":
        """As the module behind its channel takes them. Raises Rejected where its network would not."""
        from chalicelib.ports.showing import Image

        channel = brand.channel(delivery.key.channel)
        platform, takes = channel.platform if channel else "", self.takes(brand, delivery.key.channel)
        if wrong := takes.wrong(delivery.images) if takes else "no images are taken there":
            raise Rejected(platform, wrong)
        key = delivery.key.owner
        if not isinstance(key, PostKey):
            raise TypeError(f"delivery {delivery.key} is of no post")
        return tuple(
            Image(
                name=each.name,
                type=each.type,
                size=each.size,
                width=each.width,
                height=each.height,
                alt=each.alt,
                read=partial(self._bytes, key, each, platform),
                address=partial(self.bucket.link, _of(key, each.name), seconds=FETCHED_WITHIN),
            )
            for each in delivery.images
        )

    def _bytes(self, key: PostKey, image: ImageFile, platform: str) -> bytes:
        if (body := self.bucket.get(_of(key, image.name))) is None:
            raise Rejected(platform, GONE)
        return body


def _of(key: PostKey, name: str) -> str:
    return f"_images/{key.brand}/{key.id}/{name}"


def _uploaded(brand: str, name: str) -> str:
    return f"_uploads/{brand}/{name}"
