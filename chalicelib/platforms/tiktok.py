"""TikTok: what is said there is read and answered by people, as it lets no program do so.

API: https://developers.tiktok.com/, read 2026-11-21. Its webhook tells of videos of one's own and of keys,
and not of what anybody says, so its calls bring no mention. Videos are not published by Webspin; a photo is
taken by TikTok only from a site whose owner it knows, which a store that is closed to strangers is not.
"""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.mention import Found
from chalicelib.errors import BadInput
from chalicelib.ports import N_, Ear, Kit

NAME = "tiktok"
ANSWERS = "browser"
CAN = frozenset[str]()
NOT_BUILT = ("Publishing videos and photos.",)
KEYLESS = True
WHY_NOT = N_("TikTok lets no program read or write comments: answer in the app, as yourself")
SOURCES: dict[str, Ear] = {}

EVENTS = ("authorization.", "video.", "post.", "portability.")


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> object:
    """Nothing is asked of TikTok. Raises BadInput."""
    raise BadInput("platform", "TikTok lets no program read or write what people say there")


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of its webhook, verified: none of its events is what somebody says. Raises BadInput."""
    event = value.get("event") if isinstance(value, dict) else None
    if not isinstance(event, str) or not event.startswith(EVENTS):
        raise BadInput("event", f"expected one that begins with {', '.join(EVENTS)}")
    try:
        json.loads(value.get("content") or "{}")
    except (TypeError, ValueError):
        raise BadInput("content", "expected JSON in a text") from None
    return ()
