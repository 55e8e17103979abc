"""Whose message is it? Facebook, Instagram, Threads and WhatsApp sign alike, and may call one address."""

from typing import Any

SCHEME = "meta"
OF = {
    "page": "facebook",
    "instagram": "instagram",
    "whatsapp_business_account": "whatsapp",
}
"""By the `object` of a call the name of the module that reads it."""
THREADS = "threads"
NAMES = (*OF.values(), THREADS)


def network(value: Any) -> str:
    """The name of the module that reads such a call; "" for one that none does."""
    if not isinstance(value, dict):
        return ""
    if "object" not in value and {"topic", "values"} <= value.keys():
        return THREADS
    return OF.get(str(value.get("object")), "")
