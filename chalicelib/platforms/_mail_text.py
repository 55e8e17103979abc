"""What somebody wrote in a mail, without what stood in the one that they answer.

Only what is surely quoted is cut: the line that brings a quotation in, in the languages that programs write
it in, the block of headers that Outlook puts before it, and lines that begin with `>`. A mail of nothing else
stays whole. What is forwarded is what somebody wants us to read.
"""

import re

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
_SENT = re.compile(
    r"\*?(?:sent|date|verzonden|datum|gesendet|envoyé|enviado|data|inviato)\s?:\*?", re.IGNORECASE
)
_FROM = re.compile(r"\s*\*?(?:from|van|von|de|da)\s?:\*?\s", re.IGNORECASE)
_LINE = re.compile(r"\s*_{10,}\s*$")
_HTML = re.compile(
    r"<[a-z]+\s[^<>]{0,300}?(?:gmail_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|appendonsend"
    r"|mail-editor-reference-message|type\s?=\s?[\"']?cite)",
    re.IGNORECASE,
)
_BEGUN = re.compile(r"\s*(?:re|antw|aw|sv|tr|fw|fwd|rv)\s?(?:\[\d+\])?\s?:", re.IGNORECASE)


def written(text: str) -> str:
    """The lines that are not quoted; all of them where nothing else is there."""
    lines = text[:MOST].splitlines()
    end = next((n for n in range(len(lines)) if _brings_in(lines, n)), len(lines))
    kept = [line for line in lines[:end] if not _QUOTED.match(line)]
    return "\n".join(kept) if any(line.strip() for line in kept) else text[:MOST]


def unquoted(html: str) -> str:
    """HTML up to where a program marked what it quotes; all of it where that is at its beginning."""
    from chalicelib.platforms._text import plain

    mark = _HTML.search(html)
    before = html[: mark.start()] if mark else html
    return before if plain(before) else html


def answers(subject: str) -> bool:
    """Does it begin as programs begin the subject of an answer, in some language?"""
    return _BEGUN.match(subject) is not None


def _brings_in(lines: list[str], n: int) -> bool:
    """Is everything from this line on what an earlier mail said?"""
    line = lines[n][:1000]
    if _ORIGINAL.match(line) or (_LINE.match(line) and _headers(lines, n + 1)):
        return True
    if _headers(lines, n):
        return True
    return any(_WROTE.match(" ".join(lines[n : n + more])[:1000]) for more in (1, 2, 3))


def _headers(lines: list[str], n: int) -> bool:
    """Are these the lines by which Outlook says whose mail follows?"""
    return bool(lines[n : n + 1] and _FROM.match(lines[n])) and any(
        _SENT.match(line.strip()) for line in lines[n + 1 : n + 4]
    )
