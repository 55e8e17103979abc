"""The single values of a brand file: how each is checked, and what is said when it is wrong.

The messages are read by the person who wrote the file.
"""

import os
import re
from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Any
from unicodedata import normalize
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from chalicelib.domain.alerting import quiet_block
from chalicelib.domain.budget import MICRO, micro
from chalicelib.domain.holidays import own, places
from chalicelib.domain.knock import SIGNINGS, USUAL, fits
from chalicelib.domain.mention import SLUG
from chalicelib.domain.shape import stamp
from chalicelib.domain.source import FOR_GOOD

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BLANKS = ("author", "agent", "brand", "department")
MODEL = "amazon.nova-lite-v1:0"
"""An id of a model of Amazon Bedrock, for who does not know how one looks."""
MOST_USD = 1_000_000 * MICRO
GENERATE = "generate"
"""Stands for a webhook secret that `load.py` makes once."""
APART = {"secrets": "apart"}
"""The context in which secrets are kept apart: no variable is looked at, as it may be the machine's own."""
KEPT = "kept"
"""Stands for a secret that is kept apart."""

_NAMED = "env:[A-Za-z_][A-Za-z0-9_]*"
_BLANK = re.compile(r"\{([^{}\n]*)\}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_BLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)


def suggestion(given: str, known: Iterable[str]) -> str:
    """` (did you mean mon?)`, or nothing."""
    near = get_close_matches(given, list(known), 1, 0.6)
    return f" (did you mean {near[0]}?)" if near else ""


def short_name(text: str) -> str:
    """`Front desk` as `front-desk`; "" where no letter or digit is left."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-")


def _short(given: str) -> str:
    if not SLUG.fullmatch(given):
        hint = f" (did you mean {name}?)" if (name := short_name(given)) else ""
        raise ValueError(f"expected small letters, digits and -, at most 40, got {given[:60]}{hint}")
    return given


def _zone(given: str) -> str:
    if given not in (zones := frozenset(available_timezones())):
        by_small = {zone.lower(): zone for zone in zones}
        near = get_close_matches(given.lower(), list(by_small), 1, 0.6)
        hint = f" (did you mean {by_small[near[0]]}?)" if near else ""
        raise ValueError(f"expected a time zone such as Europe/Amsterdam, got {given}{hint}")
    return given


def _language(given: str) -> str:
    if not re.fullmatch("[a-z]{2}", given):
        raise ValueError(f"expected a language of two small letters such as nl or en, got {given}")
    return given


def _mail(given: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]{1,64}@[^@\s<>,;.]+(\.[^@\s<>,;.]+)+", given):
        raise ValueError(f"expected an e-mail address, got {given}")
    return given


def _url(given: str) -> str:
    try:
        parts = urlsplit(given)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good or re.search(r"\s", given):
        raise ValueError(f"expected an address that begins with https://, got {given}")
    if parts.username or parts.password:
        raise ValueError("has a name or password in it; that cannot stay in this file")
    return given


def _feed(given: str) -> str:
    """`webcal:` is how calendars write https."""
    if not given.strip():
        return ""
    scheme, mark, rest = given.strip().partition("://")
    return _url(f"https://{rest}" if mark and scheme.lower() in ("webcal", "webcals") else given.strip())


def _file_link(given: str) -> str:
    if given and not (is_address(given) and given.startswith("https://")):
        raise ValueError(f"expected an address that begins with https://, got {given}")
    return given


def is_address(given: str) -> bool:
    """An address of http or https, without a name or password in it?"""
    try:
        return bool(_url(given))
    except ValueError:
        return False


def _instance(given: str) -> str:
    """`social.example` or `https://social.example/` as `https://social.example`."""
    url = given if "://" in given else f"https://{given}"
    parts = urlsplit(_url(url))
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"expected a server such as https://social.example, got {given}")
    return url.rstrip("/")


def _handle(given: str) -> str:
    """`@deeg.bsky.social` as `deeg.bsky.social`."""
    handle = given.removeprefix("@").lower()
    if not re.fullmatch(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}", handle):
        raise ValueError(f"expected an account's whole name such as deeg.bsky.social, got {given}")
    return handle


def _secret(given: str, info: ValidationInfo) -> str:
    """The value of the variable that `env:NAME` names; never echoes what was given."""
    if not re.fullmatch(_NAMED, given):
        raise ValueError("a secret does not belong in this file; put it in a variable and write env:ITS_NAME")
    if info.context == APART:
        return KEPT
    name = given.removeprefix("env:")
    if not (value := os.environ.get(name, "").strip()):
        raise ValueError(f"the variable {name} is not set; set it with: export {name}=...")
    return value


def _secret_url(given: str, info: ValidationInfo) -> str:
    value = _secret(given, info)
    try:
        return value if value == KEPT else _url(value)
    except ValueError:
        raise ValueError(
            f"the variable {given[4:]} does not hold an address that begins with https://"
        ) from None


def _scheme(given: str) -> str:
    if given not in SIGNINGS:
        raise ValueError(f"expected one of {', '.join(SIGNINGS)}, got {given}")
    return given


def _hook_secret(given: str, info: ValidationInfo) -> str:
    """Of a source that calls us, by the `scheme` that stands before it."""
    scheme = info.data.get("scheme", USUAL)
    if given == GENERATE and SIGNINGS[scheme].ours:
        return given
    if given == GENERATE and info.context != APART:
        raise ValueError("its network shows this secret; put it in a variable and write env:ITS_NAME")
    if given == GENERATE:
        return KEPT
    value = _secret(given, info)
    if value != KEPT and not fits(scheme, value):
        what = "whsec_ and 24 to 64 bytes in base64" if scheme == USUAL else "what such a secret looks like"
        raise ValueError(f"the variable {given[4:]} does not hold {what}")
    return value


def _topic(given: str, info: ValidationInfo) -> str:
    """The feed that a hub tells of, or the site that is linked to; nobody else has one."""
    needed = SIGNINGS[info.data.get("scheme", USUAL)].topic
    if given and not needed:
        raise ValueError("only a source of the scheme websub or webmention has a topic")
    if needed and not given:
        raise ValueError("needs the address of the feed that pushes, or of the site")
    return _url(given) if given else ""


def _by_day(given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Day by day, with `mon-fri` spread out."""
    found: dict[str, tuple[str, ...]] = {}
    for key, listed in given.items():
        for day in _days(key):
            if day in found:
                raise ValueError(f"{day} is given twice")
            found[day] = listed
    return {day: found[day] for day in DAYS if found.get(day)}


def _opens(given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    if not given:
        raise ValueError("needs at least one open day")
    return given


def _days(key: str) -> tuple[str, ...]:
    first, _, last = key.partition("-")
    start, end = DAYS.index(first), DAYS.index(last or first)
    return DAYS[start : end + 1]


def _day_key(given: str) -> str:
    parts = given.split("-")
    wrong = next((part for part in parts if part not in DAYS), "")
    if wrong or len(parts) > 2:
        raise ValueError(f"expected a day such as mon, or days such as mon-fri{suggestion(wrong, DAYS)}")
    if DAYS.index(parts[-1]) < DAYS.index(parts[0]):
        raise ValueError("these days run backwards; the week begins on mon")
    return given


def _blocks(given: tuple[str, ...]) -> tuple[str, ...]:
    """Blocks of one day in order, none within another. `22:00-06:00` ends on the next day."""
    spans = []
    for block in given:
        if not (match := _BLOCK.fullmatch(block)):
            raise ValueError(f"expected 09:00-17:30, got {block}")
        hour, minute, to_hour, to_minute = map(int, match.groups())
        start, end = hour * 60 + minute, to_hour * 60 + to_minute
        if start >= 1440 or end > 1440 or start == end:
            raise ValueError(f"expected 09:00-17:30, got {block}")
        spans.append((start, end if end > start else end + 1440, block))
    spans.sort()
    for (_, end, block), (start, _, later) in pairwise(spans):
        if start < end:
            raise ValueError(f"{later} begins before {block} ends")
    return tuple(block for _, _, block in spans)


def _times(given: tuple[str, ...]) -> tuple[str, ...]:
    """Times of one day, in order."""
    for time in given:
        if not _TIME.fullmatch(time):
            raise ValueError(f"expected a time such as 08:30, got {time}")
    if twice := next((early for early, late in pairwise(sorted(given)) if early == late), ""):
        raise ValueError(f"{twice} is given twice")
    return tuple(sorted(given))


def listed(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _parted(given: object) -> object:
    """`09:00-12:00, 13:00-17:00` as two; `closed` as none."""
    if isinstance(given, str):
        return [] if given == "closed" else [part.strip() for part in given.split(",")]
    return given


def _said(**more: Any) -> Any:
    """What a description of the form says of a value beside its type."""
    return Field(json_schema_extra=more)


def _muted(given: object) -> object:
    """`yes`, or a moment with its zone until which; whatever says no is ""."""
    if given in (True, "yes"):
        return FOR_GOOD
    if given in (False, "no", ""):
        return ""
    try:
        return stamp(datetime.fromisoformat(str(given)).replace(microsecond=0))
    except (ValueError, OverflowError):
        raise ValueError("expected yes, no or a moment such as 2026-12-01T09:00:00+01:00") from None


def _model(given: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:/-]{1,200}", given):
        raise ValueError(f"expected a model's id such as {MODEL}, got {given[:60]}")
    return given


def _place(given: str) -> str:
    if given and given not in places():
        raise ValueError(f"expected a country or region such as NL or DE-BY, got {given}")
    return given


def _own_days(given: str) -> str:
    own(given)
    return given.strip()


def _usd(given: object) -> int | None:
    """Micro-dollars; None where nothing is said."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    return micro(str(given))


def _quiet(given: str) -> str:
    try:
        quiet_block(given)
    except ValueError:
        raise ValueError(f"expected quiet hours such as 22:00-07:30, got {given}") from None
    return given.strip()


def _term(given: str) -> str:
    """A `*` is what it is in a query."""
    if not re.search(r"\w", given):
        raise ValueError(f"expected a word or phrase, got {given}")
    if "*" in given[:-1]:
        from chalicelib.querying.values import alone, wildcard  # loads lark, and few terms have one there

        alone(given, 1)
        for word in re.finditer(r"\S*\*\S*", given):
            wildcard(word[0], word.start() + 1)
    return given


def _query(given: str) -> str:
    from chalicelib.querying.parse import parse  # lark is loaded only where a query is read

    if given.strip():
        parse(given)
    return given.strip()


def _draft_text(given: str) -> str:
    """Placeholders as `domain/drafting.py` reads them."""
    for name in _BLANK.findall(given):
        if name not in (*BLANKS, "when"):
            known = "{" + "}, {".join(BLANKS) + "}"
            raise ValueError(f"{{{name}}} is not known here{suggestion(name, BLANKS)}; use {known}")
    if re.search("[{}]", _BLANK.sub("", given)):
        raise ValueError("a { or } stands alone")
    return given


Text = Annotated[str, Field(min_length=1, max_length=200)]
Place = Annotated[str, AfterValidator(_place), _said(examples=["NL", "DE-BY"])]
OwnDays = Annotated[Text, AfterValidator(_own_days), _said(examples=["2026-12-24/2027-01-03 Kerstvakantie"])]
Quiet = Annotated[str, AfterValidator(_quiet), _said(examples=["22:00-07:30"])]
Story = Annotated[str, Field(max_length=4000)]
Id = Annotated[str, AfterValidator(_short), _said(pattern="^([a-z0-9][a-z0-9-]{0,39})?$")]
Language = Annotated[str, AfterValidator(_language), _said(pattern="^[a-z]{2}$", examples=["nl"])]
YesNo = Annotated[
    bool, WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "string", "enum": ["yes", "no"]}]})
]
ModelId = Annotated[str, AfterValidator(_model), _said(pattern="^[A-Za-z0-9.:/-]{1,200}$", examples=[MODEL])]
Languages = Annotated[tuple[Language, ...], BeforeValidator(listed)]
Mail = Annotated[str, AfterValidator(_mail)]
Url = Annotated[str, AfterValidator(_url), _said(format="uri")]
Feed = Annotated[str, AfterValidator(_feed), _said(examples=["https://calendar.example/closed.ics"])]
FileLink = Annotated[str, Field(max_length=500), AfterValidator(_file_link)]
Instance = Annotated[str, AfterValidator(_instance)]
Secret = Annotated[str, AfterValidator(_secret), Field(repr=False), _said(pattern=f"^{_NAMED}$")]
Terms = Annotated[tuple[Annotated[Text, AfterValidator(_term)], ...], BeforeValidator(listed)]
Query = Annotated[
    str, Field(max_length=2000), AfterValidator(_query), _said(examples=["deeg NEAR/3 (brood* OR taart)"])
]
Minutes = Annotated[int, Field(ge=5, le=10080)]
Usd = Annotated[
    Annotated[int, Field(le=MOST_USD)] | None,
    BeforeValidator(_usd, json_schema_input_type=str | int | float | None),
    _said(examples=["25", "12.50"]),
]
Percent = Annotated[int, Field(ge=1, le=100)]
_DAY = f"({'|'.join(DAYS)})"
Days = Annotated[str, AfterValidator(_day_key), _said(pattern=f"^{_DAY}(-{_DAY})?$")]
_Parted = BeforeValidator(_parted, json_schema_input_type=str | list[str])
Hours = Annotated[
    dict[Days, Annotated[tuple[str, ...], _Parted, AfterValidator(_blocks)]],
    AfterValidator(_by_day),
    _said(additionalProperties=False),
    AfterValidator(_opens),
]
Slots = Annotated[
    dict[Days, Annotated[tuple[str, ...], _Parted, AfterValidator(_times)]],
    AfterValidator(_by_day),
    _said(additionalProperties=False),
]
HookSecret = Annotated[
    str, AfterValidator(_hook_secret), Field(repr=False), _said(pattern=f"^({GENERATE}|{_NAMED})$")
]
Muted = Annotated[str, BeforeValidator(_muted), _said(examples=["2026-12-01T09:00:00+01:00"])]
Cap = Annotated[int, Field(ge=0, le=100_000)]
Scheme = Annotated[str, AfterValidator(_scheme), _said(enum=list(SIGNINGS))]
Topic = Annotated[str, AfterValidator(_topic), Field(validate_default=True)]
SecretUrl = Annotated[str, AfterValidator(_secret_url), Field(repr=False), _said(pattern=f"^{_NAMED}$")]
Zone = Annotated[str, AfterValidator(_zone), _said(examples=["Europe/Amsterdam"])]
Mails = Annotated[tuple[Mail, ...], BeforeValidator(listed)]
DraftText = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_draft_text)]
Handle = Annotated[str, AfterValidator(_handle)]
Tag = Annotated[str, Field(pattern=r"^\w{1,100}$")]
Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?(@[A-Za-z0-9.-]+)?$")]
