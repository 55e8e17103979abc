"""A mention as a row of a file: its facts, which `mentions_file.py` reads back, and what we made of it."""

from chalicelib.domain.mention import Mention
from chalicelib.domain.verdict import Verdict
from chalicelib.ports import Listing
from chalicelib.web.cells import Row

COLUMNS = (
    "posted",
    "network",
    "author",
    "text",
    "url",
    "language",
    "feeling",
    "corrected_by",
    "intents",
    "department",
    "watches",
    "state",
    "copy_of",
    "id",
    "native_id",
    "author_name",
    "author_id",
    "author_url",
    "followers",
    "reply_to",
    "direct",
    "edited",
    "gone",
)
MADE = ("feeling", "corrected_by", "intents", "department", "watches", "state", "copy_of", "id")
"""What is said of it here, and is said anew where it is brought in."""
FACTS = tuple(name for name in COLUMNS if name not in MADE)
YES = "yes"


def cells(listing: Listing, mention: Mention | None, verdict: Verdict | None) -> Row:
    """In the order of `COLUMNS`. `mention` is None where only the day's list still has it."""
    corrected = verdict.corrected if verdict else None
    author = mention.author if mention else None
    edit = mention.edit if mention else None
    return (
        listing.posted_at,
        listing.key.platform,
        listing.author,
        mention.text if mention else listing.excerpt,
        mention.url if mention else "",
        listing.language,
        listing.label,
        corrected.by if corrected else None,
        verdict.reading.intents if verdict else (),
        verdict.department if verdict else None,
        listing.watches,
        listing.state,
        str(listing.copy_of or ""),
        str(listing.key),
        listing.key.id,
        author.name if author else "",
        author.id if author else "",
        author.url if author else "",
        author.followers if author else None,
        mention.reply_to if mention else "",
        YES if mention and mention.direct else "",
        edit.at if edit else None,
        YES if edit and edit.gone else "",
    )
