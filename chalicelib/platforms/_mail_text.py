"""What somebody wrote in a mail, without what stood in the one that they answer.

Only what is surely quoted is cut: lines that begin with `>` and the line that brings them in, the block of
headers that Outlook puts before a quotation, and what programs mark in HTML. Words below a quotation or
between its lines stay. A mail of nothing else stays whole. What is forwarded is what somebody wants us to
read. What HTML hides was written for no reader.
"""

import re
from collections.abc import Callable, Iterable

MOST = 50_000
"""Characters that are looked at; a mention keeps fewer."""

_QUOTED = re.compile(r"\s{0,3}>")
_ORIGINAL = re.compile(
    r"\s*[-_*]{2,}\s*(?:original message|oorspronkelijk bericht|ursprüngliche nachricht|message d'origine"
    r"|mensaje original|messaggio originale|mensagem original)\s*[-_*]{2,}\s*$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\s*(?:on|op|am|le|el|il|em)\b.{4,200}?(?:wrote|schreef.{0,60}|het volgende geschreven|schrieb.{0,60}"
    r"|a écrit|escribió|ha scritto|escreveu)\s?:\s*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"\s*[-_*]{0,40}\s*(?:(?:begin )?forwarded message|begin doorgestuurd bericht|doorgestuurd bericht"
    r"|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato"
    r"|mensagem encaminhada)"
    r"\s*(?:[-_*]{2,}|:)\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|rv|doorst|i|enc)\s?:", re.IGNORECASE)
_FROM = r"from|van|von|de|da"
_TO = r"to|cc|aan|an|à|para|a"
_SENT = r"sent|date|verzonden|datum|gesendet|envoyé|enviado|data|inviato"
_SUBJECT = r"subject|onderwerp|betreff|objet|asunto|oggetto|assunto"
_HEADER = re.compile(
    rf"\s*\*?(?:(?P<by>{_FROM})|(?P<to>{_TO})|(?P<sent>{_SENT})|(?P<subject>{_SUBJECT}))\s?:\*?(?=\s|$)",
    re.IGNORECASE,
)
_LINE = re.compile(r"\s*_{10,}\s*$")
_MARKED = re.compile(
    r"gmail_quote|yahoo_quoted|moz-cite-prefix|mail-editor-reference-message|\btype\s?=\s?[\"']?cite"
)
_OUTLOOK = re.compile(r"<[a-z]+\s[^<>]{0,300}?(?:divRplyFwdMsg|appendonsend)", re.IGNORECASE)
_STYLE = re.compile(r"""\sstyle\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.IGNORECASE)
_UNSEEN = re.compile(r"(?:display:none|visibility:hidden|font-size:0(?:\.0*)?(?![\d.]))", re.IGNORECASE)
_HIDDEN = re.compile(r"\shidden(?=[\s=>/])", re.IGNORECASE)
_VALUES = re.compile(r""""[^"]*+"|'[^']*+'""")
_VOID = frozenset({"", "area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
FEW, MANY = 3, 30
"""Words: fewer left, and more dropped that no `>` marks, is no quotation that was surely found."""
_BEGUN = re.compile(r"\s*(?:re|antw|aw|sv|tr|fw|fwd|rv)\s?(?:\[\d+\])?\s?:", re.IGNORECASE)


def written(text: str) -> str:
    """The lines that are not quoted; all of them where nothing else is there."""
    text = text[:MOST]
    lines = text.splitlines()
    whole = next((n for n, line in enumerate(lines) if _FORWARD.match(line[:200])), len(lines))
    end = next((n for n in range(1, whole) if _brings_in(lines, n)), whole)
    kept = _unquoted(lines[:end])
    dropped = _words(line for line in lines[end:whole] if not _QUOTED.match(line))
    if not _words(kept) or (_words(kept) < FEW and dropped > MANY):
        return text
    return "\n".join([*kept, *lines[whole:]])


def forwarded(subject: str) -> bool:
    """Does it begin as programs begin the subject of what is passed on?"""
    return _FORWARDED.match(subject) is not None


def unquoted(html: str) -> str:
    """HTML without what a program marked as quoted; all of it where nothing else is there."""
    from chalicelib.platforms._text import plain

    mark = _OUTLOOK.search(html)
    before = _without(html[: mark.start()] if mark else html, lambda tag: _MARKED.search(tag) is not None)
    passed_on = any(_FORWARD.match(line[:200]) for line in plain(html).splitlines())
    left = "" if passed_on else plain(before)
    lost = mark and len(left.split()) < FEW and len(plain(html[mark.start() :]).split()) > MANY
    return before if left and not lost else html


def visible(html: str) -> str:
    """HTML without what it shows to nobody."""
    return _without(html, _unseen)


def _unseen(tag: str) -> bool:
    from html import unescape

    style = _STYLE.search(tag)
    said = "".join(unescape(style[1] or style[2] or style[3] or "").split()) if style else ""
    return bool(_UNSEEN.search(said) or _HIDDEN.search(_VALUES.sub("", tag)))


def _without(html: str, of: Callable[[str], bool]) -> str:
    """Without the elements of whose tags that is true, and what stands in them."""
    from chalicelib.platforms._text import _SILENT, _walked

    kept, out, depth = [], "", 0
    for words, name, tag in _walked(html):
        if not depth:
            kept.append(words)
        if name in _SILENT:  # what stands in it, and its end, were passed over
            continue
        if depth:
            depth += (1 if tag else -1) if name == out and name not in _VOID else 0
        elif tag and name not in _VOID and of(f" {tag}"):
            out, depth = name, 1
        elif name:
            kept.append(f"<{name}{tag}" if tag else f"</{name}>")
    return "".join(kept)


def answers(subject: str) -> bool:
    """Does it begin as programs begin the subject of an answer, in some language?"""
    return _BEGUN.match(subject) is not None


def _words(lines: Iterable[str]) -> int:
    return sum(len(line.split()) for line in lines)


def _unquoted(lines: list[str]) -> list[str]:
    """Without lines that begin with `>`, and without one to three that bring those in."""
    kept, n = [], 0
    while n < len(lines):
        if more := _wrote(lines, n):
            n += more
            continue
        if not _QUOTED.match(lines[n]):
            kept.append(lines[n])
        n += 1
    return kept


def _wrote(lines: list[str], n: int) -> int:
    """Of how many lines from here is one that says who wrote what is quoted below it? 0: there is none."""
    for more in (1, 2, 3):
        if _WROTE.match(" ".join(lines[n : n + more])[:1000]):
            below = next((line for line in lines[n + more : n + more + 4] if line.strip()), "")
            return more if _QUOTED.match(below) else 0
    return 0


def _brings_in(lines: list[str], n: int) -> bool:
    """Is everything from this line on what an earlier mail said?"""
    line = lines[n][:1000]
    if not any(each.strip() for each in lines[:n]):
        return False
    ruled = _LINE.match(line) is not None
    return bool(_ORIGINAL.match(line)) or _headers(lines, n + ruled, ruled=ruled)


def _headers(lines: list[str], n: int, *, ruled: bool) -> bool:
    """Are these the lines by which Outlook says whose mail follows? Below its `ruled` line with less."""
    block = []
    for line in lines[n : n + 6]:
        if not (found := _HEADER.match(line[:1000])):
            break
        block.append((found.lastgroup, line))
    kinds = {kind for kind, _ in block}
    if len(kinds) < 3 or block[0][0] != "by":
        return False
    dated = "sent" in kinds
    return (dated and ruled) or ("subject" in kinds and (dated or any("@" in line for _, line in block)))
