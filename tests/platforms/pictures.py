"""Images for the tests of platforms that take some."""

from collections.abc import Callable, Sequence
from hashlib import blake2s
from typing import Any

from chalicelib.ports import ReplyTo, Sent
from chalicelib.ports.showing import Image


def image(data: bytes = b"\x89PNG\r\n\x1a\nfake", type: str = "image/png", alt: str = "A loaf") -> Image:
    def address() -> str:
        return f"https://pictures.example/{blake2s(data, digest_size=8).hexdigest()}"

    return Image(
        name=blake2s(data, digest_size=8).hexdigest(),
        type=type,
        size=len(data),
        width=40,
        height=30,
        alt=alt,
        read=lambda: data,
        address=address,
    )


def with_image(channel: Any) -> Any:
    """A channel whose network takes no post without an image: now each has one."""
    publish: Callable[..., Sent] = channel.publish

    def pictured(
        to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        return publish(to, text, token, language, images or ((image(),) if to is None else ()))

    channel.publish = pictured
    return channel
