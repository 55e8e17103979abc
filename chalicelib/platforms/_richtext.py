"""Text as Bluesky counts it and marks it: graphemes, and facets by UTF-8 bytes.

A post is plain text; a link, a name or a tag in it works only where a facet says from which byte to
which. Found as the network's own app finds them: packages/api/src/rich-text/ of
https://github.com/bluesky-social/atproto, read 2026-08-20.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from chalicelib.platforms._atproto import HANDLE
from chalicelib.platforms._http_json import words
from chalicelib.platforms._text import LINKS, web_link

GRAPHEMES = 300
BYTES = 3000
TAG_LENGTH = 64

_ENDS = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw
by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et
eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie
il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv
ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr
nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl
sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz
va vc ve vg vi vn vu wf ws ye yt za zm zw com net org edu gov mil int info biz name pro museum coop
travel jobs mobi cat tel asia academy agency amsterdam app art berlin blog brussels cafe care center
chat city cloud club community company design dev digital email events online family farm film
foundation frl fun games gent global group guide health help house life link live london media money
music network news ngo one paris page party photo photos place press restaurant school science shop
site social software space sport store studio team tech tips today tools tours training university
video vlaanderen website wiki work works world xyz zone
"""
_TOP_LEVEL = frozenset(_ENDS.split())
"""How names end that people write without https://; a link in full needs none of these."""

_GAP = r"\s\u00ad\u2060\u200a-\u200d\u20e2"


@cache
def _patterns() -> tuple[Any, Any, Any]:
    import regex

    mention = regex.compile(r"(?<![^\s(])@([A-Za-z0-9.-]*[A-Za-z0-9])(?![A-Za-z0-9_])")
    link = regex.compile(
        r"(?<![^\s(])(?:https?://\w\S*|(?P<domain>[a-z][a-z0-9]*(?:\.[a-z0-9]+)+)\S*)", regex.IGNORECASE
    )
    tag = regex.compile(rf"(?<!\S)[#＃]((?!\ufe0f)[^{_GAP}]*[^\d\p{{P}}{_GAP}][^{_GAP}]*)")
    return mention, link, tag


def length(text: str) -> int:
    """Grapheme clusters; where the bytes are too many, as many as say so."""
    import regex

    seen, size = len(regex.findall(r"\X", text)), len(text.encode("utf-8", "replace"))
    return seen if size <= BYTES else max(seen, -(-size * GRAPHEMES // BYTES))


def facets(text: str, did_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """In order, none over another. `did_of` gives the account behind a handle, "" for none."""
    found: list[dict[str, Any]] = []
    end = 0
    for start, stop, feature in sorted(_features(text, did_of), key=lambda feature: feature[0]):
        if start >= end:
            at = len(text[:start].encode("utf-8", "replace"))
            index = {"byteStart": at, "byteEnd": at + len(text[start:stop].encode("utf-8", "replace"))}
            found.append({"index": index, "features": [feature]})
            end = stop
    return found


def linked(facets: Any) -> tuple[str, ...]:
    """Where the marks of a post lead; the text shows the beginning of long ones."""
    marks = [mark for mark in facets if isinstance(mark, dict)] if isinstance(facets, list) else []
    features = [each for mark in marks if isinstance(mark.get("features"), list) for each in mark["features"]]
    found = (web_link(words(each.get("uri"), 2000)) for each in features if isinstance(each, dict))
    return tuple(dict.fromkeys(filter(None, found)))[:LINKS]


def _features(text: str, did_of: Callable[[str], str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """(start, end, feature), by characters."""
    mention, link, tag = _patterns()
    for match in mention.finditer(text):
        if HANDLE.fullmatch(match[1]) and (did := did_of(match[1].lower())):
            yield match.start(), match.end(), {"$type": "app.bsky.richtext.facet#mention", "did": did}
    for match in link.finditer(text):
        domain = match["domain"]
        if not domain or domain.rpartition(".")[2].lower() in _TOP_LEVEL:
            shown = _without_end(match[0])
            uri = f"https://{shown}" if domain else shown
            yield (
                match.start(),
                match.start() + len(shown),
                {"$type": "app.bsky.richtext.facet#link", "uri": uri},
            )
    for match in tag.finditer(text):
        word = _without_punctuation(match[1])
        if len(word) <= TAG_LENGTH:
            yield (
                match.start(),
                match.start() + 1 + len(word),
                {"$type": "app.bsky.richtext.facet#tag", "tag": word},
            )


def _without_end(link: str) -> str:
    """A stop or a bracket behind a link belongs to the sentence."""
    link = link[:-1] if link[-1] in ".,;:!?" else link
    return link[:-1] if link[-1] == ")" and "(" not in link else link


def _without_punctuation(word: str) -> str:
    import regex

    return str(regex.sub(r"\p{P}+$", "", word))
