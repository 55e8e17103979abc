"""Which images a network takes with one message."""

from collections.abc import Sequence

from chalicelib.errors import Rejected
from chalicelib.ports.showing import Image, Images


def must_fit(network: str, images: Sequence[Image], takes: Images) -> None:
    """Raises Rejected for too many, one of another kind, or too large, or with more to say than is taken."""
    if len(images) > takes.most:
        raise Rejected(network, f"at most {takes.most} images go with one message")
    for image in images:
        if image.type not in takes.types:
            raise Rejected(network, f"the image {image.name} is none of {', '.join(takes.types)}")
        if image.size > takes.size:
            raise Rejected(network, f"the image {image.name} has more than {takes.size:,} bytes")
        if len(image.alt) > takes.alt:
            raise Rejected(
                network, f"the image {image.name} has a description of more than {takes.alt} characters"
            )
