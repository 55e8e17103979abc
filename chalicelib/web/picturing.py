"""Images on the form of a post: what came with it, what each channel takes, what becomes of them there."""

from collections.abc import Mapping, Sequence

from chalicelib.domain.post import ImageFile
from chalicelib.errors import BadInput
from chalicelib.stages.wish import IMAGES
from chalicelib.web import outgoing, wishing
from chalicelib.web.reasons import told
from chalicelib.web.visit import Visit


def of(visit: Visit) -> tuple[list[ImageFile], list[BadInput]]:
    """The images of the form, each with what it shows; those that came along are taken in. Besides, why some
    were not."""
    found = [each for n, each in enumerate(_named(visit.form)) if visit.form.get("drop") != str(n)]
    refused = []
    for body in visit.images:
        try:
            if len(found) >= IMAGES:
                raise BadInput("image", f"at most {IMAGES} images")
            image = wishing.album(visit.desk).take_in(visit.brand.id, body)
        except BadInput as fault:
            refused.append(fault)
        else:
            found += [] if image.name in [each.name for each in found] else [image]
    return found, refused


def asked(visit: Visit) -> bool:
    """Shall an image only be added or left out?"""
    return "add" in visit.form or "drop" in visit.form


def limits(visit: Visit, channels: Sequence[str]) -> list[tuple[str, str]]:
    """(channel, which images it takes), in words."""
    words, found = visit.words, []
    for id in channels:
        takes = visit.desk.images(visit.brand, id)
        said = words.gettext("no images")
        if takes:
            kinds = ", ".join(kind.partition("/")[2].upper() for kind in takes.types)
            said = words.ngettext("%(num)s image", "at most %(num)s images", takes.most)
            size = words.number(max(1, round(takes.size / 1_000_000)))
            said += "; " + words.gettext("%(kinds)s, at most %(size)s MB each", kinds=kinds, size=size)
            alt = words.gettext("what it shows is told to nobody there")
            if takes.alt:
                number = words.number(takes.alt)
                alt = words.gettext("at most %(number)s characters of what it shows", number=number)
            said += f"; {alt}"
        found.append((outgoing.channel(visit.brand, id, words), said))
    return found


def note(visit: Visit, channel: str, images: Sequence[ImageFile]) -> str:
    takes = visit.desk.images(visit.brand, channel)
    if images and takes is None:
        return visit.words.gettext("This network takes no images: the text leaves without.")
    return told(takes.wrong(images), visit.words) if takes and images else ""


def _named(given: Mapping[str, str]) -> list[ImageFile]:
    """Raises BadInput for a form that is none of ours."""
    names = (given.get(f"image.{n}", "") for n in range(2 * IMAGES))
    try:
        return [ImageFile(name, given.get(f"alt.{n}", "")) for n, name in enumerate(names) if name]
    except ValueError:
        raise BadInput("image", "a form of ours") from None
