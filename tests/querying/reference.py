"""The query language once more, slow and plain: what the real one is held against.

It shares nothing with it: it reads by descent what that reads by a grammar, and tries every place where that
keeps an index. Only sound queries are read.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from unicodedata import combining, normalize

from chalicelib.domain.conditions import Heard

Tree = tuple[Any, ...]
"""("term", text, exact), ("field", name, value), ("not", tree), ("and" or "or", trees), or
("near", places, gaps) with the terms of each place."""
_PIECE = re.compile(r'["“”„]([^"“”„]*)["“”„]|\{([^{}]*)\}|([()])|([^\s"“”„(){}]+)')
_FIELD = re.compile(r"(author|site|lang|platform|kind|min_followers|link):(.*)")
_NEAR = re.compile(r"(O?)NEAR/(\d+)")
_APOSTROPHES, _HYPHENS = "'‘’‚‛ʼʹ´′＇", "-‐‑‒–−"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff"


# reading ------------------------------------------------------------------------------------------------


class _Reader:
    def __init__(self, text: str) -> None:
        self.pieces = list(_pieces(text))

    def next(self) -> Any:
        return self.pieces[0] if self.pieces else ("end", "")

    def either(self) -> Tree:
        parts = [self.both()]
        while self.next() == ("word", "OR"):
            self.pieces.pop(0)
            parts.append(self.both())
        return ("or", parts) if len(parts) > 1 else parts[0]

    def both(self) -> Tree:
        parts = [self.near()]
        while self.next() not in (("end", ""), ("bracket", ")"), ("word", "OR")):
            if self.next() == ("word", "AND"):
                self.pieces.pop(0)
            parts.append(self.near())
        return ("and", parts) if len(parts) > 1 else parts[0]

    def near(self) -> Tree:
        places, gaps = _row(first := self.one())
        while self.next()[0] == "word" and (mark := _NEAR.fullmatch(self.next()[1])):
            self.pieces.pop(0)
            more, further = _row(self.one())
            places, gaps = places + more, [*gaps, (int(mark[2]), bool(mark[1])), *further]
        return ("near", places, gaps) if len(places) > 1 else first

    def one(self) -> Tree:
        kind, said = self.pieces.pop(0)
        if kind == "bracket":
            inner = self.either()
            assert self.pieces.pop(0) == ("bracket", ")")
            return inner
        if (kind, said) == ("word", "NOT"):
            return ("not", self.one())
        if kind == "word" and (field := _FIELD.fullmatch(said)):
            value = field[2] or self.pieces.pop(0)[1]
            return ("field", field[1], value)
        return ("term", " ".join(said.split()), kind == "exact")


def read(text: str) -> Tree:
    return _Reader(text).either()


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    for match in _PIECE.finditer(text):
        kind = ("phrase", "exact", "bracket", "word")[match.lastindex - 1 if match.lastindex else 3]
        yield kind, match[match.lastindex or 0]


def _row(tree: Tree) -> tuple[list[list[Tree]], list[tuple[int, bool]]]:
    if tree[0] == "near":
        return list(tree[1]), list(tree[2])
    return [_terms(tree)], []


def _terms(tree: Tree) -> list[Tree]:
    return [each for part in tree[1] for each in _terms(part)] if tree[0] == "or" else [tree]


# matching -----------------------------------------------------------------------------------------------


def fits(tree: Tree, of: Heard, wanted: bool = True) -> bool:
    """Is it so, or with `wanted` False: is it not so? What nobody knows is both."""
    match tree[0]:
        case "not":
            return fits(tree[1], of, not wanted)
        case "and" | "or":
            every = (tree[0] == "and") is wanted
            return (all if every else any)([fits(part, of, wanted) for part in tree[1]])
        case "field":
            said = _says(tree[1], tree[2], of)
            return said is None or said is wanted
        case "near":
            return _near(tree, of.text) is wanted
    return bool(_places(tree, of.text)) is wanted


def fold(text: str) -> str:
    """All at once."""
    for letters, plainly in (("Øø", "o"), ("Łł", "l"), ("ĐđÐð", "d"), ("Ħħ", "h"), ("ı", "i")):
        text = re.sub(f"[{letters}]", plainly, text)
    for letters, plainly in (("Ææ", "ae"), ("Œœ", "oe"), ("Þþ", "th")):
        text = re.sub(f"[{letters}]", plainly, text)
    plain = "".join(normalize("NFKD", char).casefold() for char in alike(text))
    return " ".join("".join(c for c in plain if not combining(c) and c not in _INVISIBLE).split())


def alike(text: str) -> str:
    """Apostrophes and hyphens as a keyboard has them."""
    return "".join("'" if c in _APOSTROPHES else "-" if c in _HYPHENS else c for c in text)


def tokens(text: str) -> list[tuple[str, bool]]:
    """Words and signs in order, and whether a blank comes after."""
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(text):
        end = at + 1
        tag = text[at] in "#@" and not (at and _letter(text[at - 1]))
        if _letter(text[at]) or (tag and end < len(text) and _letter(text[end])):
            while end < len(text) and _letter(text[end]):
                end += 1
        if text[at] != " ":
            found.append((text[at:end], text[end : end + 1] == " "))
        at = end
    return found


def _letter(char: str) -> bool:
    return char.isalnum() or char == "_"


def _places(term: Tree, text: str) -> list[tuple[int, int]]:
    """From which word or sign of the text to which the term is."""
    there = tokens(fold(text))
    wanted = re.findall(r"(?<![\w*])[#@](?=[\w*]*\w)[\w*]+|[\w*]+|\S", fold(term[1]))
    wanted = [each for each in wanted if each.strip("*")]
    found = {(at, end) for at in range(len(there)) for end in _ends(wanted, fold(term[1]), there, at)}
    words = [each for each in wanted if _letter(each.replace("*", "")[-1])]
    if len(words) == len(wanted) > 1 and wanted[0][0] not in "#@":
        joined = "".join(words)
        for at, (token, _) in enumerate(there):
            if (
                token[0] in "#@"
                and len(token) > 1
                and _like(joined, token[1:]) | _like(joined, token[1:].replace("_", ""))
            ):
                found.add((at, at + 1))
    if term[2]:
        found = {span for span in found if _same(term[1], text, span)}
    return sorted(found)


def _ends(wanted: list[str], written: str, there: list[tuple[str, bool]], at: int) -> Iterator[int]:
    """Where the term ends if it begins at this token: after each of its words and signs in turn."""
    place = 0
    for number, each in enumerate(wanted):
        place = written.index(each, place)
        apart = number and written[place - 1] == " "
        place += len(each)
        if apart and (_letter(each[-1]) or each[-1] == "*"):
            first = at
            while at < len(there) and not _letter(there[at][0][-1]) and at < first + 20:
                if there[at][0] in ".!?" and there[at][1]:
                    return
                at += 1
        if at >= len(there) or not _is(each, there[at][0]):
            return
        at += 1
    if wanted:
        yield at


def _is(wanted: str, token: str) -> bool:
    forms = {token}
    if token[0] in "#@" and len(token) > 1:
        forms |= {token[1:], token.replace("_", "")}
    elif token.strip("_"):
        forms.add(token.strip("_"))
    return any(_like(wanted, form) for form in forms)


def _like(wanted: str, word: str) -> bool:
    return re.fullmatch(re.escape(wanted).replace(r"\*", ".*"), word, re.DOTALL) is not None


def _same(written: str, text: str, span: tuple[int, int]) -> bool:
    """Found by trying every part of the text: does one that is exactly so fold to these tokens, there?"""
    there = tokens(fold(text))
    seen = "".join(char for char in alike(text) if char not in _INVISIBLE)
    wanted = normalize("NFC", alike(written))
    for start in range(len(seen)):
        for end in range(start + 1, len(seen) + 1):
            said = " ".join(normalize("NFC", seen[start:end]).split())
            parts = [token for token, _ in tokens(fold(seen[start:end]))]
            if (
                said in (wanted, f"#{wanted}", f"@{wanted}")
                and len(tokens(fold(seen[:start]))) == span[0]
                and parts == [token for token, _ in there[slice(*span)]]
            ):
                return True
    return False


def _near(tree: Tree, text: str) -> bool:
    there = tokens(fold(text))
    words = [sum(_counts(there, n) for n in range(at)) for at in range(len(there) + 1)]
    rows = [{span for term in place for span in _places(term, text)} for place in tree[1]]
    return any(
        all(_gap(words, one, other, *gap) for one, other, gap in zip(row, row[1:], tree[2], strict=False))
        for row in product(*rows)
    )


def _counts(there: list[tuple[str, bool]], at: int) -> bool:
    """Is it a word, and not the end of the one before: the s of "auto's"?"""
    token = there[at][0]
    ends = at > 1 and there[at - 1][0] == "'" and _letter(there[at - 2][0][-1]) and len(token) <= 2
    return _letter(token[-1]) and not ends


def _gap(words: list[int], one: tuple[int, int], other: tuple[int, int], most: int, ordered: bool) -> bool:
    if one[1] <= other[0]:
        return words[other[0]] - words[one[1]] <= most
    return not ordered and other[1] <= one[0] and words[one[0]] - words[other[1]] <= most


def _says(name: str, value: str, of: Heard) -> bool | None:
    value = value.lower()
    site = re.sub("^(https?://)?(www[.])?", "", value).rstrip("/")
    match name:
        case "lang":
            spoken = re.split("[-_]", of.language.lower())[0]
            return None if spoken in ("", "und") else spoken == value
        case "platform":
            return value in (of.platform, _of_feed(of)[0])
        case "kind":
            return {"post": not of.reply, "reply": of.reply, "direct": of.direct}[value]
        case "min_followers":
            return of.followers is not None and of.followers >= int(value.replace(".", "").replace(",", ""))
        case "author":
            handle = _bare(of.author)
            names = (handle, handle.split("@")[0], fold(of.name), *_of_feed(of)[1])
            return any(_like(_bare(value), name) for name in names)
        case "site":
            return _leads(site, of.url)
    return any(_leads(site, url) for url in _linked(of.text, anything=site == "*") + list(of.links))


def _linked(text: str, anything: bool) -> list[str]:
    """What looks like an address: with its scheme, with www., with a path, or where one site is asked for
    (not `anything`) alone; without the signs that the sentence puts after it."""
    found = re.findall(r'https?://[^\s<>"“”„«»]+', text, re.IGNORECASE)
    rest = re.sub(r'https?://[^\s<>"“”„«»]+', " ", text, flags=re.IGNORECASE)
    for piece in re.split(r'[\s<>"“”„«»]+', rest):
        for at in range(len(piece)):
            before = piece[at - 1] if at else " "
            bare = re.match(r"([\w-]+\.)+[A-Za-z]{2,24}(?=$|[^\w@-])", piece[at:])
            if bare and not (_letter(before) or before in "@#.:/-"):
                after = piece[at + bare.end() :]
                goes_on = after[:1] in tuple(":/?#")
                if not anything or (goes_on and "/" in _shown(after)) or bare[0].lower().startswith("www."):
                    found.append(f"https://{bare[0]}{after if goes_on else ''}")
    return [_shown(each) for each in found]


def _shown(address: str) -> str:
    while address and address[-1] in ".,;:!?…'’‘‚`)]}*_~|":
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _bare(name: str) -> str:
    for before in ("@", "/u/", "u/"):
        if fold(name).startswith(before):
            return fold(name)[len(before) :]
    return fold(name)


def _of_feed(of: Heard) -> tuple[str, list[str]]:
    """Of a network's own feed: the network, and the names that the address of an item has."""
    if of.platform != "feed" or "//" not in of.url:
        return "", []
    host, *path = of.url.lower().split("//", 1)[1].replace("?", "/").split("/")
    at = [each[1:] for each in path[:1] if each.startswith("@")]
    if host == "bsky.app":
        return "bluesky", path[1:2]
    if host.endswith("reddit.com"):
        return "reddit", []
    if host.endswith(("youtube.com", "youtu.be")):
        return "youtube", []
    network = "mastodon" if at and path[1:2] and path[1].isdigit() else ""
    return network, [name for each in at for name in (each, f"{each}@{host}")]


def _leads(site: str, url: str) -> bool:
    rest = re.sub("^https?://", "", url.lower())
    if site == "*" or not rest:
        return bool(rest)
    host, _, path = site.partition("/")
    there = re.split("[/?#]", rest)[0].split("@")[-1]
    there = re.match(r"[\w.-]*", there)[0].strip(".").removeprefix("www.")  # type: ignore[index]
    there = ".".join(_spelled(label) for label in there.split("."))
    host = ".".join(_spelled(label) for label in host.split("."))
    below = f"/{rest.partition('/')[2]}"
    at_end = below[len(path) + 1 :][:1] in ("", *"/?#&;=.")
    return (there == host or there.endswith(f".{host}")) and (
        not path or (below.startswith(f"/{path}") and at_end)
    )


def _spelled(label: str) -> str:
    try:
        return label[4:].encode().decode("punycode") if label.startswith("xn--") else normalize("NFC", label)
    except UnicodeError:
        return label
