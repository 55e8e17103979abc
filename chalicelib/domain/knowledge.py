"""What a brand knows: pages of questions with their answers, written in Markdown.

A question is a heading of two number signs; what stands below it is its answer. Headings right under one
another ask the same thing in other words. What stands before the first heading answers the page's title.

    ## Hoe laat gaan jullie open?
    ## Wat zijn de openingstijden?
    Op werkdagen van 9.00 tot 17.30 uur.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2s

from chalicelib.domain.mention import SLUG

LONGEST = 20_000
"""Characters of a page."""
QUESTION, ANSWER, TITLE = 200, 2_000, 100
MOST = 200
"""Pages of a brand: their names are read with it."""
CLEAR, APART = 0.5, 0.1
"""From how sure on a passage is clearly right, and by how much surer than the next. Chosen on the tuned part
of `tests/data/knowledge.tsv` for precision: a wrong answer costs more than a missing one."""
_QUESTION = re.compile(r"##[ \t]+(\S.*)")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\((https?://[^\s)]+)\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_TAG = re.compile(r"<[a-zA-Z/!][^>\n]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`text` is the Markdown. `department` "": everybody's; `language` as a brand has them."""

    id: str
    title: str
    language: str
    text: str
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An answer as it can be sent, with the questions it answers; `n` is its place on the page, from 1."""

    page: str
    n: int
    title: str
    language: str
    questions: tuple[str, ...]
    answer: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: `rank` orders it among the others found with it, `sure` is from 0 to 1."""

    passage: Passage
    rank: float
    sure: float


def clear(hits: Sequence[Hit]) -> Passage | None:
    """The one passage that is clearly right; None where none is, or two are about as much."""
    by = sorted(hits, key=lambda hit: -hit.sure)
    if not by or by[0].sure < CLEAR or (len(by) > 1 and by[0].sure - by[1].sure < APART):
        return None
    return by[0].passage


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a page. `line` counts from 1; 0: it is of no line. `field` is a Page's."""

    field: str
    message: str
    line: int = 0


def faults(page: Page, languages: tuple[str, ...], departments: tuple[str, ...]) -> list[Fault]:
    """What keeps a page from being kept; empty for one that is well."""
    found = []
    if not SLUG.fullmatch(page.id) or len(page.id) > 36:
        found.append(Fault("id", "at most 36 small letters, digits and hyphens"))
    if not page.title.strip() or len(page.title) > TITLE or "\n" in page.title:
        found.append(Fault("title", "a title of one line, at most 100 characters"))
    if page.language not in languages:
        found.append(Fault("language", "one of the languages of the brand"))
    if page.department and page.department not in departments:
        found.append(Fault("department", "a department of the brand, or none"))
    if len(page.text) > LONGEST:
        found.append(Fault("text", "at most 20,000 characters"))
    else:
        found += _faults_of(page.text)
    return found


def passages(page: Page) -> list[Passage]:
    """The answers of a page without faults."""
    return [
        Passage(
            page=page.id,
            n=n,
            title=page.title,
            language=page.language,
            questions=tuple(said for _, said in block.questions) or (page.title,),
            answer=plain_of("\n".join(block.lines)),
            department=page.department,
        )
        for n, block in enumerate(_blocks(page.text), start=1)
    ]


def plain_of(markdown: str) -> str:
    """As a network shows it: without marks, a link as its words and its address."""
    text = _LINK.sub(lambda found: f"{found[1]}: {found[2]}" if found[1] else found[2], markdown)
    text = _STRONG.sub(r"\2", text)
    lines = (re.sub(r"^#{3,}[ \t]+|^>[ \t]?", "", line).rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def to_file(page: Page) -> bytes:
    """The page as it is kept: what it is above, its Markdown below."""
    above = {"title": page.title, "language": page.language, "department": page.department}
    named = "".join(f"{name}: {said}\n" for name, said in above.items() if said)
    return f"---\n{named}---\n{page.text}".encode()


def from_file(id: str, body: bytes) -> Page:
    """What `to_file` was given. Raises ValueError for anything that it did not make."""
    _, above, text = body.decode().split("---\n", 2)
    named = dict(line.split(": ", 1) for line in above.splitlines())
    return Page(
        id=id,
        title=named["title"],
        language=named["language"],
        department=named.get("department", ""),
        text=text,
    )


def digest(page: Page) -> str:
    """Another one for each content."""
    return blake2s(to_file(page), digest_size=12).hexdigest()


@dataclass(slots=True)
class _Block:
    """Questions with their line numbers, and the lines of what answers them, which begin at `start`."""

    questions: list[tuple[int, str]]
    start: int
    lines: list[str]


def _blocks(text: str) -> Iterator[_Block]:
    """Without what stands before the first question where that says nothing."""
    block = _Block([], 1, [])
    for number, line in enumerate(text.split("\n"), start=1):
        asked = _QUESTION.fullmatch(line.rstrip())
        if not asked:
            block.lines.append(line)
            continue
        if any(map(str.strip, block.lines)):
            yield block
            block = _Block([], number, [])
        block.questions.append((number, asked[1]))
        block.start, block.lines = number + 1, []
    if block.questions or any(map(str.strip, block.lines)):
        yield block


def _faults_of(text: str) -> Iterator[Fault]:
    blocks = list(_blocks(text))
    if not blocks:
        yield Fault("text", "a question and its answer")
    for block in blocks:
        for number, said in block.questions:
            if len(said) > QUESTION:
                yield Fault("text", "a question of at most 200 characters", number)
        if not any(map(str.strip, block.lines)):
            yield Fault("text", "an answer below this question", block.questions[-1][0])
        elif len(plain_of("\n".join(block.lines))) > ANSWER:
            yield Fault("text", "an answer of at most 2,000 characters", block.start)
        for number, line in enumerate(block.lines, start=block.start):
            if re.match(r"#{1,2}(?!#)", line):
                yield Fault("text", "a question begins with ## and a space", number)
            elif _TAG.search(line):
                yield Fault("text", "no HTML: networks show it as it stands", number)
