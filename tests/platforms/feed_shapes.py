"""Feeds as they are met and as somebody ill-willed would write them: of every form, whole, then broken.

`DOCUMENTS` gives (content type, bytes). A document is written whole first, of parts that feeds were seen to
have and parts that are made to hurt; then pieces of it are cut, doubled, moved and replaced.
"""

import json
from collections.abc import Callable
from functools import partial
from xml.sax.saxutils import escape

from hypothesis import strategies as st

Document = tuple[str, bytes]

TYPES = (
    "application/rss+xml; charset=utf-8",
    "application/atom+xml",
    "application/feed+json",
    "text/xml; charset=iso-8859-1",
    "text/html; charset=windows-1252",
    "application/xml;charset=utf-16",
    "text/plain; charset=utf-7",
    "application/json;charset=\"x'",
    "",
)
WORDS = (
    "De bieb is open",
    "Café Zoë, één dag",
    "R&D < S&T",
    "<b>vet</b> en <i>schuin</i>",
    "<p>Een</p><p>Twee<br>Drie",
    "<script>alert(1)</script>na",
    '<img src=x onerror="x()"><!-- nooit dicht',
    "&eacute;&nbsp;&#x27;&#0;&#xD800;&#99999999999;&bogus;",
    "a\u202eb\u200bc\u00add\ufeff",
    "\U0001f4da\u2764\ufe0f",
    "e" + "\u0301" * 40,
    "\x00\x01\x0b\x1f\x7f",
    "]]>",
    "<![CDATA[",
    "",
    "   \n\t ",
    "x" * 3_000,
    "&amp;" * 300,
    "<" * 500,
    "<a " * 200,
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "日本語のテキスト",
)
LINKS = (
    "https://example.org/a",
    "https://example.org/a?utm_source=rss&b=1",
    "http://EXAMPLE.org:80/a/",
    "/relatief/pad",
    "javascript:alert(1)",
    "https://user:pass@example.org/",
    "http://[::1",
    "https://exa\u202emple.org/",
    "//example.org/b",
    "mailto:a@example.org",
    "https://example.org/" + "a" * 2_500,
    "https://example.org:99999/",
    "http://example.org/%zz#utm_source=x",
    "",
)
GUIDS = (
    "1",
    "tag:example.org,2026:1",
    "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
    "https://example.org/a",
    "a#b",
    "  veel   witruimte ",
    "g" * 5_000,
    "\ud83d".encode("utf-8", "replace").decode(),
    "",
)
DATES = (
    "Sat, 21 Nov 2026 10:00:00 GMT",
    "Sat, 21 Nov 2026 10:00 +0100",
    "21 Nov 26 10:00 EST",
    "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00.123+25:00",
    "2026-W47-6",
    "20261121",
    "2026-02-31T99:99:99Z",
    "0000-00-00",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+14:00",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "zaterdag 21 november 2026",
    "1e999",
    "-1",
    "P" * 400,
    "2026-11-21T10:00:00" + "0" * 400,
    "",
)
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "georss": "http://www.georss.org/georss",
    "gml": "http://www.opengis.net/gml",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "psc": "http://podlove.org/simple-chapters",
    "cc": "http://creativecommons.org/ns#",
}
EXTRAS = (
    "<dc:creator>Redactie</dc:creator>",
    "<dc:date>2026-11-21</dc:date>",
    "<content:encoded><![CDATA[<p>Heel het stuk</p>]]></content:encoded>",
    "<content:encoded></content:encoded>",
    '<media:content url="https://example.org/p.jpg" type="image/jpeg"/>',
    "<media:group><media:title>x</media:title><media:thumbnail/></media:group>",
    "<media:rating scheme='x'>y</media:rating><media:credit role='r'>z</media:credit>",
    "<itunes:duration>1:00:00</itunes:duration><itunes:keywords>a b c</itunes:keywords>",
    "<itunes:explicit>yes</itunes:explicit><itunes:image href='x'/>",
    "<georss:point>52.1 4.3</georss:point>",
    "<georss:polygon>1 2 3</georss:polygon><georss:box>a b</georss:box>",
    "<gml:Point srsName='x' srsDimension='q'><gml:pos>1 2</gml:pos></gml:Point>",
    "<gml:LineString><gml:posList>1 2 3</gml:posList></gml:LineString>",
    "<psc:chapters version='1'><psc:chapter start='x:y' title='t'/></psc:chapters>",
    "<cc:license rdf:resource='x'/>",
    "<slash:comments>3</slash:comments><wfw:commentRss>https://example.org/c</wfw:commentRss>",
    "<category domain='x'>nieuws</category><category/>",
    "<enclosure url='https://example.org/a.mp3' length='x' type='audio/mpeg'/>",
    "<enclosure/><source url=''>bron</source><source/>",
    "<author>jan@example.org (Jan Jansen)</author>",
    "<author><name>Jan</name><uri>https://example.org/jan</uri><email>j@e.org</email></author>",
    "<contributor><name/></contributor>",
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Een <b>twee</b></p></div></content>",
    "<content type='application/octet-stream' mode='base64'>AAAA</content>",
    "<content type='text/html' mode='escaped' src='https://example.org/x'/>",
    "<summary type='html'>&lt;p&gt;Kort&lt;/p&gt;</summary>",
    "<link rel='enclosure' href='x' length='y'/><link rel='self'/><link/>",
    "<textInput><title>zoek</title><link>x</link><name>q</name></textInput>",
    "<image><title>x</title><url>y</url><link>z</link><width>w</width></image>",
    "<cloud domain='x'/><rating>r</rating><ttl>999999999999</ttl>",
    "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>",
    "<item><title>in een item</title></item>",
    "<channel><title>nog een</title></channel>",
    "<expirationDate>x</expirationDate><validTime>start=2026;end</validTime>",
    "<t:a xmlns:t='x'><t:b/></t:a>",
    "<a" + "".join(f" b{n}='c'" for n in range(250)) + "/>",
    "<tag>" * 300 + "</tag>" * 300,
    "<tag>" * 3_000,
)
HEADS = (
    "",
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="utf-8"?>',
    '<?xml version="1.0" encoding="iso-8859-1"?>\n',
    '<?xml version="1.0" encoding="utf-16"?>',
    '<?xml version="1.0" encoding="rot13"?>',
    '<?xml version="1.1"?><!-- er staat iets voor -->',
    "<?xml-stylesheet href='x.xsl'?>",
    "<!-- " + "-" * 200 + " -->",
    '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">',
    "<!doctype html><html><body>geen feed</body></html>",
    "\ufeff",
    "   \n",
)
HURTS = (
    "&b;",
    "&x;",
    "<!DOCTYPE x>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "?>",
    "</item>",
    "<item>",
    "</rss>",
    "</feed>",
    "</channel>",
    "&#x0;",
    "&#xFFFFFFFF;",
    "&",
    "<",
    ">",
    '"',
    "'",
    "\x00",
    "xmlns:a='b'",
    " xml:base='http://[/'",
    " xml:lang='nl'",
    "<base href='http://['/>",
    "\ud7ff",
    "<x:y>",
)
ENCODINGS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-8-sig",
    "iso-8859-1",
    "cp1252",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
)


def _mostly(usual: st.SearchStrategy[str], other: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(*[usual] * 4, other)


said = _mostly(st.sampled_from(WORDS[:8]), st.sampled_from(WORDS) | st.text(max_size=20))
links, guids, dates = st.sampled_from(LINKS), st.sampled_from(GUIDS), st.sampled_from(DATES)
extras = _mostly(st.just(""), st.lists(st.sampled_from(EXTRAS), max_size=3).map("".join))
heads = _mostly(st.sampled_from(HEADS[:4]), st.sampled_from(HEADS))
types = _mostly(st.sampled_from(TYPES[:3]), st.sampled_from(TYPES))
named = " ".join(f'xmlns:{name}="{uri}"' for name, uri in SPACES.items())


@st.composite
def _inner(draw: st.DrawFn, text: str) -> str:
    """As it is, escaped, or in CDATA."""
    how = draw(st.integers(0, 3))
    if how == 3:
        return text
    return f"<![CDATA[{text}]]>" if how == 2 else escape(text)


@st.composite
def _part(draw: st.DrawFn, name: str, of: st.SearchStrategy[str], attributes: str = "") -> str:
    return f"<{name}{attributes}>{draw(_inner(draw(of)))}</{name}>"


@st.composite
def _rss_item(draw: st.DrawFn) -> str:
    parts = (
        _part("title", said),
        _part("link", links),
        _part("guid", guids, draw(st.sampled_from(("", " isPermaLink='false'", " isPermaLink='TRUE'")))),
        _part("description", said),
        _part("pubDate", dates),
    )
    chosen = draw(st.lists(st.sampled_from(parts), max_size=6))
    return "".join(draw(part) for part in chosen) + draw(extras)


languages = st.sampled_from(("nl", "en-gb", "", "x" * 400))


@st.composite
def _rss(draw: st.DrawFn) -> str:
    version = draw(st.sampled_from(("0.90", "0.91", "0.92", "0.93", "0.94", "2.0", "2.1", "x", "")))
    items = "".join(f"<item>{each}</item>" for each in draw(st.lists(_rss_item(), max_size=4)))
    channel = draw(_part("title", said)) + draw(
        _part("language", st.sampled_from(("nl", "en-gb", "", "x" * 400)))
    )
    channel += draw(
        st.sampled_from(("", "<ttl>60</ttl>", "<ttl>-1</ttl>", "<skipDays><day>Monday</day></skipDays>"))
    )
    return f'<rss version="{version}" {named}><channel>{channel}{draw(extras)}{items}</channel></rss>'


@st.composite
def _rdf(draw: st.DrawFn) -> str:
    space = draw(
        st.sampled_from(
            ("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", "http://example.org/")
        )
    )
    items = "".join(
        f"<item rdf:about={json.dumps(escape(draw(links)))}>{each}</item>"
        for each in draw(st.lists(_rss_item(), max_size=3))
    )
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    begin = f'<rdf:RDF xmlns:rdf="{rdf}" xmlns="{space}" {named}>'
    return f"{begin}<channel>{draw(extras)}</channel>{items}</rdf:RDF>"


@st.composite
def _atom_entry(draw: st.DrawFn) -> str:
    kind = draw(
        st.sampled_from(
            ("", " type='html'", " type='text'", " type='xhtml'", " type='image/png'", " mode='xml'")
        )
    )
    parts = (
        _part("id", guids),
        _part("title", said, kind),
        _part("summary", said, kind),
        _part("content", said, kind),
        _part("published", dates),
        _part("updated", dates),
        _part("issued", dates),
    )
    link = f"<link rel='alternate' href={json.dumps(escape(draw(links)))}/>"
    chosen = draw(st.lists(st.sampled_from(parts), max_size=6))
    return "".join(draw(part) for part in chosen) + link + draw(extras)


@st.composite
def _atom(draw: st.DrawFn) -> str:
    space = draw(
        st.sampled_from(("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "http://example.org/x"))
    )
    entries = "".join(f"<entry>{each}</entry>" for each in draw(st.lists(_atom_entry(), max_size=4)))
    begin = f'<feed xmlns="{space}" version="0.3" xml:lang="nl" {named}>'
    return f"{begin}{draw(_part('title', said))}{entries}</feed>"


loose = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | said | dates | links,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("name", "url", "id")), inner, max_size=3)
    ),
    max_leaves=4,
)
_FIELDS = (
    *("id", "url", "external_url", "title", "content_html", "content_text", "summary", "date_published"),
    *("date_modified", "author", "authors", "tags", "language", "attachments"),
)


@st.composite
def _json_feed(draw: st.DrawFn) -> str:
    value = said | dates | links | guids | loose
    items = draw(st.lists(st.dictionaries(st.sampled_from(_FIELDS), value, max_size=7) | loose, max_size=4))
    version = draw(
        st.sampled_from(("https://jsonfeed.org/version/1.1", "https://jsonfeed.org/version/1", "", 1, None))
    )
    feed = {"version": version, "title": draw(value), "items": items, "next_url": draw(links | loose)}
    if draw(st.booleans()):
        feed["authors"] = draw(loose)
    return json.dumps(feed, ensure_ascii=draw(st.booleans()))


_whole = st.one_of(_rss(), _rss(), _rdf(), _atom(), _atom(), _json_feed())
_place = st.floats(0, 1, exclude_max=True)
Change = Callable[[str], str]


def _cut(a: float, b: float, text: str) -> str:
    first, last = sorted((int(a * len(text)), int(b * len(text))))
    return text[:first] + text[last:]


def _end(a: float, text: str) -> str:
    return text[: int(a * len(text))]


def _put(a: float, hurt: str, text: str) -> str:
    at = int(a * len(text))
    return text[:at] + hurt + text[at:]


def _repeat(a: float, b: float, times: int, text: str) -> str:
    """What makes a document long stays a few hundred kilobytes."""
    first, last = sorted((int(a * len(text)), int(b * len(text))))
    return (text[:first] + text[first:last] * times + text[last:])[:200_000]


def _swap(one: str, other: str, text: str) -> str:
    return text.replace(one, other)


_TAGS = (
    "item",
    "entry",
    "title",
    "link",
    "guid",
    "id",
    "description",
    "summary",
    "content",
    "channel",
    "rss",
    "feed",
)
_changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(partial, st.just(_cut), _place, _place),
    st.builds(partial, st.just(_end), _place),
    st.builds(partial, st.just(_put), _place, st.sampled_from((*HURTS, *EXTRAS))),
    st.builds(partial, st.just(_put), _place, st.text(max_size=10)),
    st.builds(partial, st.just(_repeat), _place, _place, st.sampled_from((2, 5, 100, 2_000))),
    st.builds(partial, st.just(_swap), st.sampled_from(_TAGS), st.sampled_from(_TAGS)),
)


@st.composite
def _documents(draw: st.DrawFn) -> Document:
    text = draw(heads) + draw(_whole)
    for change in draw(st.one_of(st.just([]), st.lists(_changes, max_size=3))):
        text = change(text)
    body = text.encode(draw(st.sampled_from(ENCODINGS)), "replace")
    if draw(st.integers(0, 9)) == 0:
        at = int(draw(_place) * len(body))
        body = body[:at] + draw(st.binary(max_size=8)) + body[at + draw(st.integers(0, 3)) :]
    return draw(types), body


DOCUMENTS: st.SearchStrategy[Document] = st.one_of(
    *[_documents()] * 15, st.tuples(types, st.binary(max_size=300))
)
