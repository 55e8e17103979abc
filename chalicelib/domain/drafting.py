"""A first draft of an answer: from what the brand knows, where that is clear, else from its templates.

What the system knows is filled in. What it does not know stays to be seen as a placeholder, and a
text with one is not sent (`open_placeholders`): `{agent}` until a named person approves (`sign`),
anything else as `[name]`. A post has no template behind it: words in square brackets are its writer's
own, and only `{...}` keeps it here (`open_blanks`).
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chalicelib.domain.brand import Brand, Template
from chalicelib.domain.case import Action, Draft, Quoted
from chalicelib.domain.mention import Author, Mention
from chalicelib.domain.response import subject
from chalicelib.domain.verdict import Reading

if TYPE_CHECKING:
    from chalicelib.domain.knowledge import Passage

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OPEN = re.compile(r"\{([^{}]*)\}|\[(?!\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\])([^\[\]]*)\]")
"""Whatever stands between brackets, however long, is open, but for a note's number."""
_AGENT = "{agent}"
_AROUND = {
    ("nl", "informal"): ("Hoi {author}!", "Groet, {agent} van {brand}"),
    ("nl", ""): ("Dag {author},", "Groet, {agent} van {brand}"),
    ("nl", "formal"): ("Beste {author},", "Met vriendelijke groet, {agent} van {brand}"),
    ("en", "informal"): ("Hi {author}!", "Best, {agent} from {brand}"),
    ("en", ""): ("Hello {author},", "Regards, {agent} from {brand}"),
    ("en", "formal"): ("Dear {author},", "Kind regards, {agent} from {brand}"),
}
"""What stands before and below an answer, by its language and the brand's tone."""
_JOINERS = "\u200c\u200d\ufe0f"
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
"""England's, Scotland's, Wales's: a black flag with the place behind it in invisible letters."""


def draft(
    brand: Brand, mention: Mention, reading: Reading, action: Action, agent: str = "", *, department: str = ""
) -> Draft | None:
    """The first version of an answer; None where the brand has no template that fits.

    Templates in the message's language go first, else the brand's own languages in their order; of
    those the one for the message's subject, else one for "other". `department` is an id ("": the
    first).
    """
    about = "praise" if action is Action.THANK else subject(reading)
    template = _pick(brand, reading.language, about)
    if template is None:
        return None
    text = _filled(template.text, brand, mention.author, agent, department)
    return Draft(text=text, version=1, language=template.language, source=template.id)


def from_passage(brand: Brand, author: Author, passage: "Passage", *, department: str = "") -> Draft:
    """The first version of an answer that the brand's knowledge has: address, answer, on whose behalf, and
    who signs."""
    text = framed(passage.answer, passage.language, brand, author, department=department)
    pages = (Quoted(passage.page, passage.title),)
    return Draft(text=text, version=1, language=passage.language, source="", pages=pages)


def framed(answer: str, language: str, brand: Brand, author: Author, *, department: str = "") -> str:
    """An answer in this language with address, on whose behalf, and who signs."""
    before, below = _AROUND.get((language, brand.tone), ("{author}", "{agent}, {brand}"))
    parts = (f"{before} {answer}", " ".join(filter(None, (brand.disclosure, below))))
    return _filled("\n\n".join(parts), brand, author, "", department)


def joined(text: str, added: str, brand: Brand, author: Author, *, department: str = "") -> str:
    """What a person has typed, with a text of the brand's below it."""
    return f"{text.rstrip()}\n\n{_filled(added, brand, author, '', department)}".lstrip()


def _filled(text: str, brand: Brand, author: Author, agent: str, department: str) -> str:
    """With what is known in its places; what is not stays to be seen."""
    known = {
        "author": address(author.handle, author.name),
        "brand": brand.name,
        "department": brand.department(department).name,
        "agent": agent or _AGENT,
    }
    return fill(text, known)


def fill(text: str, known: Mapping[str, str]) -> str:
    """The text with what is known in its places; the rest as `[name]`, or as it was where that would pass
    for a note's number."""

    def of(found: re.Match[str]) -> str:
        name = _name(found[1])
        left = f"[{name}]"
        return known.get(name) or (left if _OPEN.search(left) else f"{{{name}}}")

    return _PLACEHOLDER.sub(of, text)


def sign(text: str, agent: str) -> str:
    """The text with the name of the person who approves it."""
    return text.replace(_AGENT, agent) if agent else text


def plain(text: str) -> str:
    """What a person typed, fit to be sent: one kind of line end, no control or bidi-override characters.

    Stays: what letters and pictures are joined or kept apart with, as in Persian, emoji and flags.
    """
    from unicodedata import normalize

    kept = normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    made, start = "", 0
    for flag in _FLAG.finditer(kept):
        made += _seen(kept[start : flag.start()]) + flag[0]
        start = flag.end()
    made = (made + _seen(kept[start:])).strip()
    return made if made.strip(f" \n{_JOINERS}") else ""


def open_blanks(text: str) -> tuple[str, ...]:
    """The names of each `{name}`, once, in order."""
    return tuple(dict.fromkeys(_name(found[1]) for found in _PLACEHOLDER.finditer(text)))


def open_placeholders(text: str) -> tuple[str, ...]:
    """The names of what is still to be filled in: each `{name}` and `[name]`, once, in order.

    `[1]` and the like are a person's own.
    """
    return tuple(dict.fromkeys(_name(found[1] or found[2] or "") for found in _OPEN.finditer(text)))


def _name(said: str) -> str:
    return " ".join(said.split()) or "…"


def _seen(text: str) -> str:
    from unicodedata import category

    kept = f"\n{_JOINERS}"
    return "".join(c for c in text if c in kept or category(c) not in ("Cc", "Cf", "Cs", "Co"))


def _pick(brand: Brand, language: str, about: str) -> Template | None:
    for spoken in (language, *brand.languages):
        for when in (about, "other"):
            for template in brand.templates:
                if template.language == spoken and template.when == when:
                    return template
    return None


def address(handle: str, name: str = "") -> str:
    """`@handle`, the name of who mails, or the name where the handle is none. No character in it can pass for
    a placeholder."""
    handle = re.sub(r"[\[\]{}\s]+", " ", handle).strip().lstrip("@")
    handle = re.sub(r" <[^<>\s]+@[^<>\s]+>$", " ", handle)
    if handle.endswith(" "):
        return handle.strip()
    if handle and " " not in handle:
        return f"@{handle}"
    return handle or re.sub(r"[\[\]{}\s]+", " ", name).strip()
