"""Whose message is it? Facebook, Instagram, Threads and WhatsApp sign alike, and may call one address."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.platforms._http_json import words

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


def only(value: Any, account: str, whose: Callable[[Mapping[str, Any], Mapping[str, Any]], str]) -> Any:
    """A call without what it tells of other accounts: one app calls for all of its own at one address.
    `whose`, by entry and change, is the account's number; what does not say one stays."""
    if not isinstance(value, dict) or not isinstance(value.get("entry"), list):
        return value

    def kept(entry: Mapping[str, Any]) -> Iterator[Any]:
        changes = entry.get("changes")
        for each in changes if isinstance(changes, list) else ():
            if not isinstance(each, dict) or (whose(entry, each) or account) == account:
                yield each

    entries = (each for each in value["entry"] if isinstance(each, dict))
    return {**value, "entry": [{**each, "changes": list(kept(each))} for each in entries]}


def by_entry(entry: Mapping[str, Any], change: Mapping[str, Any]) -> str:
    """`whose` of the calls that name the account at each entry."""
    return words(entry.get("id"), 100)
