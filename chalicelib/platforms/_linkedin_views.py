"""LinkedIn's names, texts and notifications.

Forms: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/ (posts, comments,
organization-social-action-notifications), version 202607, read 2026-11-21.

A message is known by what its URN says: `share:7094637247487995904`, or of a comment
`activity:7094637247890620418/7094977717598625792`, which is fit for a key and leads back.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.platforms._http_json import count, words
from chalicelib.platforms._text import link_end, tidy

SITE = "https://www.linkedin.com"
_POST = re.compile(r"urn:li:(activity|share|ugcPost):([0-9]{1,19})")
_COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?(activity|share|ugcPost):([0-9]{1,19}),([0-9]{1,19})\)")
_ID = re.compile(r"(activity|share|ugcPost):([0-9]{1,19})(?:/([0-9]{1,19}))?")
_PERSON = re.compile(r"urn:li:(person|organization):([A-Za-z0-9_-]{1,60})")

_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?')\]]")
_TAG = re.compile(r"(?<![\w&/#])#([^\W_]*[^\W\d_][^\W_]*)(?!\w)")
_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_IN_LINK = re.compile(r"[\\|{}\[\]()<>*]")
_WRITTEN_TAG = re.compile(r"\{hashtag\|\\?#\|([^|{}]*)\}")
_WRITTEN_NAME = re.compile(r"@\[((?:\\.|[^\]\\])*)\]\(urn:li:[^)]*\)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


# names -------------------------------------------------------------------------------------------------


def short(urn: Any) -> str:
    """The id of a post or a comment; "" for anything else."""
    given = words(urn, 200)
    if found := _COMMENT.fullmatch(given):
        return f"{found[1]}:{found[2]}/{found[3]}"
    found = _POST.fullmatch(given)
    return f"{found[1]}:{found[2]}" if found else ""


def urn(id: str) -> str:
    """The same back; "" for what is no id of these."""
    found = _ID.fullmatch(id)
    if not found:
        return ""
    post = f"urn:li:{found[1]}:{found[2]}"
    return f"urn:li:comment:({post},{found[3]})" if found[3] else post


def post_of(id: str) -> str:
    """The URN of the post that it is, or stands below."""
    return urn(id.partition("/")[0])


def in_path(urn: str) -> str:
    return quote(urn, safe="")


def address(id: str) -> str:
    post, _, comment = id.partition("/")
    below = f"?commentUrn={in_path(urn(id))}" if comment else ""
    return f"{SITE}/feed/update/urn:li:{post}/{below}"


def at(milliseconds: Any) -> datetime | None:
    number = count(milliseconds)
    return datetime.fromtimestamp(number / 1000, UTC) if number and number < 1 << 42 else None


# the "little" format -----------------------------------------------------------------------------------


def little(text: str) -> str:
    """As a post's text is written: what would be read as a mark is escaped, or LinkedIn may cut the post
    there and say nothing; hashtags are marks. A link stays as it is, but for brackets and the like, which are
    written as an address may have them."""
    parts, done = [], 0
    for link in _LINK.finditer(text):
        end = link_end(link)
        address = text[link.start() : end]
        parts += [
            _marked(text[done : link.start()]),
            _IN_LINK.sub(lambda sign: quote(sign[0], safe=""), address),
        ]
        done = end
    return "".join((*parts, _marked(text[done:])))


def first_link(text: str) -> str:
    """The first address in it, as it is read; "" where there is none."""
    found = _LINK.search(text)
    return text[found.start() : link_end(found)] if found else ""


def _marked(text: str) -> str:
    parts, done = [], 0
    for tag in _TAG.finditer(text):
        parts += [_RESERVED.sub(r"\\\g<0>", text[done : tag.start()]), f"{{hashtag|\\#|{tag[1]}}}"]
        done = tag.end()
    return "".join((*parts, _RESERVED.sub(r"\\\g<0>", text[done:])))


def unmarked(written: str) -> str:
    """What people read of a text in that format."""
    plain = _WRITTEN_NAME.sub(r"\1", _WRITTEN_TAG.sub(r"#\1", written))
    return _ESCAPED.sub(r"\1", plain)


# notifications -----------------------------------------------------------------------------------------


def found(notification: Mapping[str, Any], us: str) -> Found | None:
    """What one tells: a comment on a post of ours or an answer to one, a share of it, or a post that names
    us; written, changed or removed. None for any other, and for what we wrote ourselves (`us` is our number,
    "" where only the notification says it)."""
    action = words(notification.get("action"), 60)
    told = _dict(notification.get("decoratedGeneratedActivity"))
    shared = action in ("SHARE", "SHARE_MENTION")
    said = _dict(told.get("share" if shared else "comment"))
    id = short(said.get("entity")) or short(notification.get("generatedActivity"))
    when = at(notification.get("lastModifiedAt"))
    if not id or action not in ("COMMENT", "COMMENT_EDIT", "COMMENT_DELETE", "SHARE", "SHARE_MENTION"):
        return None
    if action == "COMMENT_DELETE":
        nobody = Author(id="", handle="")
        return Found(id=native_id(id), author=nobody, text="", posted_at=None, gone=True, as_of=when)
    by, text = _PERSON.fullmatch(words(said.get("owner"), 100)), tidy(words(said.get("text"), 20_000))
    ours = us or words(notification.get("organizationalEntity"), 100).rpartition(":")[2]
    if not by or not text or (by[1] == "organization" and by[2] == ours):
        return None
    return Found(
        id=native_id(id),
        author=Author(
            id=f"{by[1]}:{by[2]}",
            handle=by[2],
            url=f"{SITE}/company/{by[2]}" if by[1] == "organization" else "",
        ),
        text=text,
        posted_at=when,
        url=address(id),
        reply_to=native_id(short(said.get("parentComment"))) if short(said.get("parentComment")) else "",
        direct=True,
        edited=action == "COMMENT_EDIT",
        as_of=when if action == "COMMENT_EDIT" else None,
    )


def without(said: str, author: str) -> str:
    """Without the name of who is answered in front: LinkedIn gives us no name of a person, only a number."""
    first, _, rest = said.strip().partition(" ")
    return rest.strip() if author and first == f"@{author}" else said.strip()


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
