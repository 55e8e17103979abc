"""The keys of the one table. Only this package knows them.

| item          | pk                         | sk                | attributes beside v, brand, ttl         |
| ------------- | -------------------------- | ----------------- | --------------------------------------- |
| mention       | `M#brand#platform#id`      | `M`               | author, watches, excerpt, told;         |
|               |                            |                   | judged: judge, verdict, language, label,|
|               |                            |                   | state                                   |
| case          | `C#brand#platform#root`    | `C`               | rev, case                               |
| case's alias  | `C#brand#platform#message` | `C`               | root                                    |
| case event    | as its case                | `E#moment#id`     | event                                   |
| delivery      | as its case                | `D#channel#nnnnn` | epoch, state, delivery                  |
| source        | `S#brand#source`           | `S`               | source, interval;                       |
|               |                            |                   | polled: rev, polled, seen, wait_until   |
| brand         | `B#brand`                  | `B`               | doc (no watches, channels), their order |
| watch         | `B#brand`                  | `W#id`            | doc                                     |
| channel       | `B#brand`                  | `K#id`            | doc                                     |
| alerts        | `B#brand`                  | `N#bell`          | waiting (set of cases), quiet_until     |
| all brands    | `B`                        | `B`               | brands (set of ids)                     |
| last tick     | `T`                        | `T`               | at                                      |
| sandbox       | `X#account`                | name              | document                                |

| item     | index  | its keys                                                                    |
| -------- | ------ | --------------------------------------------------------------------------- |
| mention  | by_day | `brand#yyyy-mm-dd` / `time#platform#id`, from its verdict on                |
| delivery | by_day | `brand#yyyy-mm-dd#out` / `time#brand/platform/root/channel/n`: when it was  |
|          |        | sent, until then when it is due                                             |
| case     | work   | `brand#department#open` / `due#root`, while it waits for us                 |
| delivery | work   | `due` / `moment#brand/platform/root/channel/n`, until confirmed or failed   |
| source   | work   | `poll` / `brand#source`: never changes, so a poll costs no index write      |
| alerts   | work   | `alert` / the moment they may be told next, while any wait                  |

`by_day` projects `BY_DAY`, `work` projects `WORK`, beside the keys. `v` is the schema version. `ttl` (epoch
seconds) is on every item that holds people's words, a year after we heard them; the table may delete it days
late, so every read leaves out what is past it.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import DeliveryKey
from chalicelib.domain.mention import MentionKey

VERSION = 1
KEPT = timedelta(days=365)
BY_DAY = ("author", "excerpt", "label", "language", "state", "ttl", "watches")
WORK = ("interval", "wait_until")

Item = dict[str, Any]
"""Attributes as plain values: str, int, bytes, list of str, set of str."""


def now() -> float:
    """Epoch seconds, for `ttl` alone; everything else is told the time."""
    return time.time()


def alive(item: Item) -> bool:
    return bool(item.get("ttl", float("inf")) > now())


def ttl(heard: datetime) -> int:
    return int((heard + KEPT).timestamp())


def moment(at: datetime) -> str:
    """Always with milliseconds, unlike `shape.stamp`: a key must sort as time does."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def until(at: datetime) -> str:
    """Just above every `work_key` that begins with `at` or an earlier moment."""
    return moment(at) + "$"  # the character after "#"


def read_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# mentions ------------------------------------------------------------------------------------------


def mention(key: MentionKey) -> Item:
    return {"pk": f"M#{key.brand}#{key.platform}#{key.id}", "sk": "M"}


def read_mention(pk: str) -> MentionKey:
    _, brand, platform, id = pk.split("#", 3)
    return MentionKey(brand, platform, id)


def day(brand: str, day: str) -> str:
    return f"{brand}#{day}"


def mention_day(key: MentionKey, posted_at: datetime) -> Item:
    date, time_of_day = _day_and_time(posted_at)
    return {"day": day(key.brand, date), "day_key": f"{time_of_day}#{key.platform}#{key.id}"}


def _day_and_time(at: datetime) -> list[str]:
    """The time without zone: `09:12:00.000` sorts before every later one."""
    return moment(at)[:-1].split("T")


def read_mention_day(item: Item) -> datetime:
    date = item["day"].rpartition("#")[2]
    return read_moment(f"{date}T{item['day_key'].partition('#')[0]}Z")


# cases and what lies under them --------------------------------------------------------------------


def case(key: CaseKey) -> Item:
    return {"pk": f"C#{key.brand}#{key.platform}#{key.root}", "sk": "C"}


def read_case(pk: str) -> CaseKey:
    _, brand, platform, root = pk.split("#", 3)
    return CaseKey(brand, platform, root)


def open_cases(brand: str, department: str) -> str:
    return f"{brand}#{department}#open"


def event(key: CaseKey, at: datetime, id: str) -> Item:
    return {"pk": case(key)["pk"], "sk": f"E#{moment(at)}#{id}"}


def delivery(key: DeliveryKey) -> Item:
    return {"pk": case(key.case)["pk"], "sk": f"D#{key.channel}#{key.n:05}"}


def day_out(brand: str, day: str) -> str:
    return f"{brand}#{day}#out"


def delivery_day(key: DeliveryKey, at: datetime) -> Item:
    date, time_of_day = _day_and_time(at)
    return {"day": day_out(key.case.brand, date), "day_key": f"{time_of_day}#{key}"}


def read_delivery(item: Item) -> DeliveryKey:
    _, channel, n = item["sk"].split("#")
    return DeliveryKey(read_case(item["pk"]), channel, int(n))


# the brand -------------------------------------------------------------------------------------------

ALL_BRANDS: Item = {"pk": "B", "sk": "B"}
LAST_TICK: Item = {"pk": "T", "sk": "T"}


def brand(id: str, sk: str = "B") -> Item:
    return {"pk": f"B#{id}", "sk": sk}


def source(brand: str, id: str) -> Item:
    return {"pk": f"S#{brand}#{id}", "sk": "S"}


def shelf(account: str, name: str) -> Item:
    return {"pk": f"X#{account}", "sk": name}
