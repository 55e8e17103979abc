"""The keys of the one table. Only this package knows them.

| item          | pk                         | sk                | attributes beside v, brand, ttl         |
| ------------- | -------------------------- | ----------------- | --------------------------------------- |
| mention       | `M#brand#platform#id`      | `M`               | author, watches, excerpt, told;         |
|               |                            |                   | judged: judge, verdict, language, label,|
|               |                            |                   | state; corrected                        |
|               |                            |                   | edited or removed: edits; of a copy:    |
|               |                            |                   | reason, here the first one; held:       |
|               |                            |                   | reason (`source why`); of what has      |
|               |                            |                   | copies: sites (set)                     |
| copy of one   | as the first one           | `X#platform#id`   | copy: where it stands                   |
| mark of a     | `I#brand#mark`             | `X`               | of: the first story that has it; ttl of |
| story         |                            |                   | a week                                  |
| address of a  | `I#brand#digest`           | `I`               | of: the mention first known by it       |
| feed's item   |                            |                   |                                         |
| correction    | as its mention             | `V#moment`        | correction                              |
| correction,   | `V#brand`                  | `moment#platform` | correction                              |
| listed        |                            | `#id`             |                                         |
| delta         | `D#brand`                  | `yyyy-mm-dd#judge`| delta                                   |
| case          | `C#brand#platform#root`    | `C`               | rev, listed, case; done: author,        |
|               |                            |                   | excerpt, label, language, state,        |
|               |                            |                   | department, watches (here its labels),  |
|               |                            |                   | reason (here that they solved it, and   |
|               |                            |                   | its newest message's network, where     |
|               |                            |                   | that is another)                        |
| case's alias  | `C#brand#platform#message` | `C`               | root                                    |
| case event    | as its case                | `E#moment#id`     | event                                   |
| promise       | as its case                | `P#nnnnn#i`       | rev, state, listed                      |
| post          | `P#brand#id`               | `P`               | rev, post                               |
| post event    | as its post                | `E#moment#id`     | event                                   |
| message of a  | `G#brand#channel`          | its id there      | delivery: the one post's it is, where   |
| post          |                            |                   | the network knows words only            |
| delivery      | as its case or post        | `D#channel#nnnnn` | epoch, state, language, reason, excerpt,|
|               |                            |                   | delivery; label (`deliveries.py`)       |
| first comment | as its post                | .. + `#Cnnnnn`    | as a delivery, without a month          |
| measurement   | as its case or post        | `R#` + as its     | measurement                             |
|               |                            | delivery + `#step`|                                         |
| brake         | `Z#brand`                  | `Z`               | while it is on: pulled, by              |
| following     | `F#brand#channel`          | `yyyy-mm-dd`      | following                               |
| morning       | `O#brand`                  | `yyyy-mm-dd`      | rev, doc                                |
| followed      | `A#brand`                  | `platform#author` | at; without a ttl: it outlives the list |
| audit line    | `L#brand#yyyy-mm`          | `moment#id`       | line                                    |
| api key       | `Q#brand`                  | id                | rev, key, used                          |
| .. a minute   | `Q#brand#id`               | `N#minute`        | count, for an hour                      |
| .. a request  | `Q#brand#id`               | `I#token`         | asked, at, for a month                  |
| webhook       | `B#brand`                  | `H#id`            | hook                                    |
| call of one   | `H#brand#webhook`          | `moment#event`    | body, call; ttl of 30 days              |
| its lease     | as its calls               | `L`               | while it is called: until               |
| block         | `B#brand`                  | `X#id`            | block; held (how many), ttl once lifted |
| over its cap  | `B#brand`                  | `O#source`        | held: how many wait, last, left         |
| held, a month | `S#brand#source`           | `N#yyyy-mm`       | muted, blocked, noise, capped: how many |
| calls, an hour| `S#brand#source`           | `H#yyyy-mm-ddThh` | calls: messages that came, in tens      |
| source        | `S#brand#source`           | `S`               | source, interval;                       |
|               |                            |                   | polled: rev, polled, seen, wait_until,  |
|               |                            |                   | came                                    |
| brand         | `B#brand`                  | `B`               | rev, doc (no watches, channels), the    |
|               |                            |                   | order of their keys                     |
| watch         | `B#brand`                  | `W#id#rev-digest` | doc                                     |
| channel       | `B#brand`                  | `K#id#rev-digest` | doc                                     |
| grant         | `B#brand`                  | `U#user`          | rev, grant                              |
| calendar read | `B#brand`                  | `I`               | fed: its closed days                    |
| standing      | `B#brand`                  | `A#id`            | rev, approval; revoked                  |
| approval      |                            |                   |                                         |
| .. sent under | `W#brand#id`               | `moment#delivery` |                                         |
| .. who heard  | `K#brand#platform#author`  | `K`               | until: nothing more by itself           |
| drill         | `R#brand`                  | id                | rev, drill; ttl of 7 days, as all of it |
| lessons       | `B#brand`                  | `D`               | rev, lessons                            |
| .. last said  | `B#brand`                  | `D#said`          | at: when somebody last corrected        |
| labels in use | `B#brand`                  | `L#yyyy`          | labels (set): put on a case in that     |
|               |                            |                   | year; ttl: the end of the next one      |
| known pages   | `B#brand`                  | `P`               | rev, known: the digest of each page     |
| alerts        | `B#brand`                  | `N#bell`          | waiting (set of cases), quiet_until     |
| notice        | `N#brand`                  | `moment-bell`     | notice; opened_by, opened_by_id,        |
|               |                            |                   | opened_at, escalated_at                 |
| colleague's   | `N#brand`                  | `@user`           | rev, ways                               |
| ways          |                            |                   |                                         |
| mail to a     | `N#brand`                  | `+id`             | mailing, until it has gone              |
| colleague     |                            |                   |                                         |
| habit         | `N#brand`                  | `!`               | hours: counts of eight weeks; told: the |
|               |                            |                   | last spike                              |
| silent        | `N#brand`                  | `!hush`           | told: sources not heard that were rung  |
|               |                            |                   | for, and are not yet                    |
| lapsed keys   | `N#brand`                  | `!lapse`          | told: keys that were rung for           |
| digest        | `N#brand`                  | `!digest`         | day: of the last one that was sent      |
| week of the   | `N#brand`                  | `~yyyy-mm-dd`     | rev, shifts; handed (set), handing: what|
| roster        |                            | (its Monday)      | of them was, or is being, handed over   |
| rostered      | `B#brand`                  | `R`               | weeks: a set of Mondays                 |
| nearly late   | `T`                        | `late`            | at: up to when the due were told of     |
| colleague     | `U#user`                   | `U`               | came_in, renew                          |
| opinion       | `J#brand#question`         | `J`               | opinion                                 |
| opinions asked| `J#brand`                  | `yyyy-mm-dd`      | asked                                   |
| .. of a model | `J#brand`                  | .. `#drafts`      | asked                                   |
| book of what  | `E#brand`                  | `yyyy-mm`         | see `ledger.py`                         |
| was paid      |                            |                   |                                         |
| all brands    | `B`                        | `B`               | brands (set of ids)                     |
| step, code    | `Y#mark`                   | `Y`               | state, ttl                              |
| last tick     | `T`                        | `T`               | at                                      |
| last run      | `T`                        | schedule          | at                                      |
| channel's key | `Y#brand`                  | `K#channel`       | worked; since (it is refused)           |
| key, tried    | `Y#brand`                  | `T#kind/id`       | tested                                  |
| month's tally | `Y#brand`                  | `N#yyyy-mm`       | tally                                   |
| failure       | `Y#brand`                  | `X#what`          | at; reason until it is mended           |
| sandbox       | `X#account`                | name              | document                                |
| pace          | `E#platform#account`       | `E`               | rev, pace: how fast it is asked         |

| item     | index  | its keys                                                                    |
| -------- | ------ | --------------------------------------------------------------------------- |
| mention  | by_day | `brand#yyyy-mm-dd` / `time#platform#id`, from its verdict on; of one held   |
|          |        | as noise `brand#yyyy-mm-dd#noise`, so that no figure or list meets it       |
| delivery | by_day | `brand#yyyy-mm#out` / `ddThh:mm:ss.mmm#delivery`: when it was sent, until   |
|          |        | then when it is due                                                         |
| case     | by_day | `brand#yyyy-mm#done` / `ddThh:mm:ss.mmm#platform#root`: when it was         |
|          |        | answered or closed                                                          |
| hand-over| by_day | `brand#yyyy-mm#handed` / `ddThh:mm:ss.mmm#platform#root`: the event of a    |
|          |        | case that a department handed over                                          |
| case     | by_day | `brand#department#open` / `yymmddhhmmss`, due, while it waits for us        |
| case     | work   | `brand#open` / `due#root`, while it waits for us                            |
| promise  | work   | `brand#promised` / `due#promise`, while it is open                          |
| promise  | by_day | `remind` / `moment#promise`: when its department is reminded of it next     |
| delivery | work   | `due` / `moment#delivery`, while something happens to it by itself;         |
|          |        | `measure` / `moment#delivery`, while its network is to be asked about it;   |
|          |        | `brand#open` / `!moment#delivery`, while it waits for a person: before all  |
|          |        | cases, so that one Query finds what a brand has to do                       |
| source   | work   | `poll` / `brand#source`: never changes, so a poll costs no index write      |
| call     | work   | `hook` / `moment#webhook`, while it is to be tried                          |
| alerts   | work   | `alert` / the moment they may be told next, while any wait                  |
| notice   | work   | `alert` / the moment somebody must have opened it, until then or it was told|
| mail     | work   | `alert` / the moment it may be sent, until it has gone                      |

`delivery` in an index is `brand/id/channel/n` of a post, and `/n` more of its first comment; of a
reply `brand/platform/root/channel/n`, whose root alone may have slashes of its own.
`by_day` projects `BY_DAY`, `work` projects `WORK`, beside the keys. `v` is the schema version. `ttl` (epoch
seconds) is on every item that holds other people's words, and on what lies under it, a year after we heard
them; the table may delete it days late, so every read leaves out what is past it. Our own posts stay. What a
drill invented is in no index of days, but for the list of what is open: nothing that counts what was said or
done ever meets it.
"""

import time
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from typing import TYPE_CHECKING, Any

from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import DeliveryKey
from chalicelib.domain.mention import DRILL, MentionKey
from chalicelib.domain.post import PostKey

if TYPE_CHECKING:  # few Lambdas ask for these
    from chalicelib.domain.promise import PromiseKey

VERSION = 1
KEPT = timedelta(days=365)
KEPT_OF_DRILLS = timedelta(days=7)
BY_DAY = ("author", "department", "excerpt", "label", "language", "reason", "state", "ttl", "watches")
WORK = ("excerpt", "interval", "language", "listed", "reason", "state", "ttl", "wait_until")

Item = dict[str, Any]
"""Attributes as plain values: str, int, bytes, list of str, set of str."""


def now() -> float:
    """Epoch seconds, for `ttl` alone; everything else is told the time."""
    return time.time()


def alive(item: Item) -> bool:
    return bool(item.get("ttl", float("inf")) > now())


def ttl(heard: datetime, platform: str = "") -> int:
    """Of what was heard there then."""
    return int((heard + (KEPT_OF_DRILLS if platform == DRILL else KEPT)).timestamp())


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


def address(brand: str, address: str) -> Item:
    mark = blake2s(address.encode(), digest_size=16).hexdigest()
    return {"pk": f"I#{brand}#{mark}", "sk": "I"}


def mark(brand: str, mark: str) -> Item:
    return {"pk": f"I#{brand}#{mark}", "sk": "X"}


def copy(first: MentionKey, key: MentionKey) -> Item:
    return {"pk": mention(first)["pk"], "sk": f"X#{key.platform}#{key.id}"}


def mentions_of(brand: str, platform: str) -> str:
    """How the pk of each mention there begins."""
    return f"M#{brand}#{platform}#"


def read_mention(pk: str) -> MentionKey:
    _, brand, platform, id = pk.split("#", 3)
    return MentionKey(brand, platform, id)


def day(brand: str, day: str) -> str:
    return f"{brand}#{day}"


NOISE = "noise"
"""The state of what is held as noise: it is listed under days of its own."""


def noise_day(brand: str, date: str) -> str:
    return f"{day(brand, date)}#{NOISE}"


def mention_day(key: MentionKey, posted_at: datetime, state: str) -> Item:
    date, time_of_day = _day_and_time(posted_at)
    of = noise_day if state == NOISE else day
    return {"day": of(key.brand, date), "day_key": f"{time_of_day}#{key.platform}#{key.id}"}


def _day_and_time(at: datetime) -> list[str]:
    """The time without zone: `09:12:00.000` sorts before every later one."""
    return moment(at)[:-1].split("T")


def read_mention_day(item: Item) -> datetime:
    date = item["day"].split("#")[1]
    return read_moment(f"{date}T{item['day_key'].partition('#')[0]}Z")


# cases and what lies under them --------------------------------------------------------------------


def case(key: CaseKey) -> Item:
    return {"pk": f"C#{key.brand}#{key.platform}#{key.root}", "sk": "C"}


def read_case(pk: str) -> CaseKey:
    _, brand, platform, root = pk.split("#", 3)
    return CaseKey(brand, platform, root)


def open_work(brand: str) -> str:
    return f"{brand}#open"


def case_work(key: CaseKey, due: datetime) -> Item:
    return {"work": open_work(key.brand), "work_key": f"{moment(due)}#{key.root}"}


def month_handed(brand: str, month: str) -> str:
    return f"{brand}#{month}#handed"


def case_handed(key: CaseKey, at: datetime) -> Item:
    month, rest = month_and_rest(at)
    return {"day": month_handed(key.brand, month), "day_key": f"{rest}#{key.platform}#{key.root}"}


def department_open(brand: str, department: str) -> str:
    return f"{brand}#{department}#open"


def case_open(key: CaseKey, department: str, due: datetime) -> Item:
    day = department_open(key.brand, department)
    return {"day": day, "day_key": f"{due.astimezone(UTC):%y%m%d%H%M%S}"}  # short: it is in every case


def month_done(brand: str, month: str) -> str:
    return f"{brand}#{month}#done"


def case_done(key: CaseKey, at: datetime) -> Item:
    month, rest = month_and_rest(at)
    return {"day": month_done(key.brand, month), "day_key": f"{rest}#{key.platform}#{key.root}"}


# promises ------------------------------------------------------------------------------------------


def promise(key: "PromiseKey") -> Item:
    return {"pk": under(key.case), "sk": f"P#{key.n:05}#{key.i}"}


def read_promise(item: Item) -> tuple[CaseKey, int, int]:
    """Its case, the number of its reply, and its own."""
    _, n, i = item["sk"].split("#")
    return read_case(item["pk"]), int(n), int(i)


def promised(brand: str) -> str:
    return f"{brand}#promised"


def promise_work(key: "PromiseKey", due: datetime) -> Item:
    return {"work": promised(key.case.brand), "work_key": f"{moment(due)}#{key}"}


REMIND = "remind"


def promise_reminder(key: "PromiseKey", at: datetime) -> Item:
    return {"day": REMIND, "day_key": f"{moment(at)}#{key}"}


def read_reminder(item: Item) -> datetime:
    return read_moment(item["day_key"].partition("#")[0])


# who has a case before them ------------------------------------------------------------------------


def viewer(key: CaseKey, id: str) -> Item:
    return {"pk": case(key)["pk"], "sk": f"V#{id}"}


def read_viewer(item: Item) -> str:
    return str(item["sk"].removeprefix("V#"))


def viewer_ttl(at: datetime) -> int:
    return int((at + timedelta(hours=1)).timestamp())


# labels --------------------------------------------------------------------------------------------


def labels(brand: str, at: datetime) -> Item:
    return {"pk": f"B#{brand}", "sk": f"L#{at.astimezone(UTC).year}"}


def labels_ttl(year: Item) -> int:
    """What nobody put on a case for a year or two is offered no more."""
    return int(datetime(int(year["sk"].removeprefix("L#")) + 2, 1, 1, tzinfo=UTC).timestamp())


# corrections ---------------------------------------------------------------------------------------


def correction(key: MentionKey, at: datetime) -> Item:
    return {**mention(key), "sk": f"V#{moment(at)}"}


def corrections(brand: str) -> str:
    return f"V#{brand}"


def listed_correction(key: MentionKey, at: datetime) -> Item:
    return {"pk": corrections(key.brand), "sk": f"{moment(at)}#{key.platform}#{key.id}"}


def delta(brand: str, version: str) -> Item:
    """`version`: the judge's own and the day, as `Delta.version` has them."""
    judge, _, day = version.partition("+")
    return {"pk": deltas(brand), "sk": f"{day}#{judge}"}


def deltas(brand: str) -> str:
    return f"D#{brand}"


FED = "I"
LESSONS = "D"
SAID = "D#said"
KNOWN = "P"


# posts, and what lies under them and cases ----------------------------------------------------------


def post(key: PostKey) -> Item:
    return {"pk": f"P#{key.brand}#{key.id}", "sk": "P"}


def read_post(pk: str) -> PostKey:
    _, brand, id = pk.split("#")
    return PostKey(brand, id)


def under(owner: CaseKey | PostKey) -> str:
    """The pk of a case or post and of all that lies under it."""
    return str((post(owner) if isinstance(owner, PostKey) else case(owner))["pk"])


def event(owner: CaseKey | PostKey, at: datetime, id: str) -> Item:
    return {"pk": under(owner), "sk": f"E#{moment(at)}#{id}"}


def read_event(item: Item) -> tuple[datetime, str]:
    _, at, id = item["sk"].split("#", 2)
    return read_moment(at), id


def delivery(key: DeliveryKey) -> Item:
    below = f"#C{key.comment:05}" if key.comment else ""
    return {"pk": under(key.owner), "sk": f"D#{key.channel}#{key.n:05}{below}"}


def read_delivery(item: Item) -> DeliveryKey:
    """Of a delivery, an entry of an index, or a measurement."""
    pk = item["pk"]
    owner = read_post(pk) if pk.startswith("P#") else read_case(pk)
    _, channel, n, *more = item["sk"].split("#")
    below = next((int(each[1:]) for each in more if each[:1] == "C"), 0)
    return DeliveryKey(owner, channel, int(n), below)


def message(brand: str, channel: str, remote_id: str) -> Item:
    return {"pk": f"G#{brand}#{channel}", "sk": remote_id}


def measurement(key: DeliveryKey, step: int) -> Item:
    return {"pk": under(key.owner), "sk": f"R#{key.channel}#{key.n:05}#{step}"}


def read_step(item: Item) -> int:
    return int(item["sk"].rpartition("#")[2])


def delivery_work(key: DeliveryKey, work: str, at: datetime) -> Item:
    return {"work": work, "work_key": f"{moment(at)}#{key}"}


def read_work(item: Item) -> datetime:
    return read_moment(item["work_key"].removeprefix(HELD).partition("#")[0])


HELD = "!"
"""How the `work_key` of what is held begins: below every moment."""


def held_work(key: DeliveryKey, at: datetime) -> Item:
    return {"work": open_work(key.brand), "work_key": f"{HELD}{moment(at)}#{key}"}


def month_out(brand: str, month: str) -> str:
    return f"{brand}#{month}#out"


def month_and_rest(at: datetime) -> tuple[str, str]:
    """`2026-11` and `23T09:12:00.000`, in UTC."""
    text = moment(at)[:-1]
    return text[:7], text[8:]


def delivery_month(key: DeliveryKey, at: datetime) -> Item:
    month, rest = month_and_rest(at)
    return {"day": month_out(key.brand, month), "day_key": f"{rest}#{key}"}


def read_month(item: Item) -> datetime:
    """Of a delivery or a case that is done."""
    month = item["day"].split("#")[1]
    return read_moment(f"{month}-{item['day_key'].partition('#')[0]}Z")


# the brand and its days ---------------------------------------------------------------------------

ALL_BRANDS: Item = {"pk": "B", "sk": "B"}
LAST_TICK: Item = {"pk": "T", "sk": "T"}


def run(schedule: str) -> Item:
    return {"pk": LAST_TICK["pk"], "sk": schedule}


def read_run(item: Item) -> str:
    return "tick" if item["sk"] == LAST_TICK["sk"] else str(item["sk"])


def channel_key(brand: str, channel: str) -> Item:
    return {"pk": f"Y#{brand}", "sk": f"K#{channel}"}


def tested(brand: str, of: str) -> Item:
    return {"pk": f"Y#{brand}", "sk": f"T#{of}"}


def failure(brand: str, what: str) -> Item:
    return {"pk": f"Y#{brand}", "sk": f"X#{what}"}


def tally(brand: str, month: str) -> Item:
    return {"pk": f"Y#{brand}", "sk": f"N#{month}"}


def brand(id: str, sk: str = "B") -> Item:
    return {"pk": f"B#{id}", "sk": sk}


ALERT = "alert"
WAYS = "@"
MAILING = "+"
WEEK = "~"
ROSTERED = "R"


def notice(brand: str, id: str) -> Item:
    """Its id begins with the year: above every `WAYS`, and sorted as time is."""
    return {"pk": f"N#{brand}", "sk": id}


def ways(brand: str, user: str) -> Item:
    return {"pk": f"N#{brand}", "sk": f"{WAYS}{user}"}


def mailing(brand: str, id: str) -> Item:
    return {"pk": f"N#{brand}", "sk": f"{MAILING}{id}"}


def habit(brand: str) -> Item:
    return {"pk": f"N#{brand}", "sk": "!"}


def hushes(brand: str) -> Item:
    return {"pk": f"N#{brand}", "sk": "!hush"}


def lapses(brand: str) -> Item:
    return {"pk": f"N#{brand}", "sk": "!lapse"}


def digest(brand: str) -> Item:
    return {"pk": f"N#{brand}", "sk": "!digest"}


def week(brand: str, monday: str) -> Item:
    return {"pk": f"N#{brand}", "sk": f"{WEEK}{monday}"}


def grant(brand: str, user: str) -> Item:
    return {"pk": f"B#{brand}", "sk": f"U#{user}"}


def colleague(user: str) -> Item:
    return {"pk": f"U#{user}", "sk": "U"}


def once(mark: str) -> Item:
    return {"pk": f"Y#{mark}", "sk": "Y"}


def brake(brand: str) -> Item:
    return {"pk": f"Z#{brand}", "sk": "Z"}


def following(brand: str, channel: str, day: str) -> Item:
    return {"pk": f"F#{brand}#{channel}", "sk": day}


def standing(brand: str, id: str) -> Item:
    return {"pk": f"B#{brand}", "sk": f"A#{id}"}


def drill(brand: str, id: str) -> Item:
    return {"pk": f"R#{brand}", "sk": id}


def sent_under(brand: str, id: str) -> str:
    return f"W#{brand}#{id}"


def listed_under(key: DeliveryKey, id: str, at: datetime) -> Item:
    return {"pk": sent_under(key.brand, id), "sk": f"{moment(at)}#{key}"}


def heard_by_itself(brand: str, platform: str, author: str) -> Item:
    """That the system wrote to this person; a handle has no case."""
    return {"pk": f"K#{brand}#{platform}#{author.casefold()}", "sk": "K"}


def morning(brand: str, day: str) -> Item:
    return {"pk": f"O#{brand}", "sk": day}


def followed(brand: str, platform: str, author: str) -> Item:
    return {"pk": f"A#{brand}", "sk": f"{platform}#{author}"}


def read_followed(item: Item) -> tuple[str, str]:
    platform, _, author = item["sk"].partition("#")
    return platform, author


def audit_month(brand: str, month: str) -> str:
    return f"L#{brand}#{month}"


def audit(brand: str, at: datetime, id: str) -> Item:
    return {"pk": audit_month(brand, moment(at)[:7]), "sk": f"{moment(at)}#{id}"}


def api_key(brand: str, id: str) -> Item:
    return {"pk": f"Q#{brand}", "sk": id}


def api_minute(brand: str, id: str, at: datetime) -> Item:
    return {"pk": f"Q#{brand}#{id}", "sk": f"N#{moment(at)[:16]}"}


def api_asked(brand: str, id: str, token: str) -> Item:
    return {"pk": f"Q#{brand}#{id}", "sk": f"I#{token}"}


LEASE, FIRST_CALL, LAST_CALL = "L", "2", "3"
"""The sk of a lease; below and above that of every call, which begins with the year."""


def calls(brand: str, hook: str) -> str:
    return f"H#{brand}#{hook}"


def call(brand: str, hook: str, at: datetime, id: str) -> Item:
    return {"pk": calls(brand, hook), "sk": f"{moment(at)}#{id}"}


def read_call(item: Item) -> tuple[str, datetime, str]:
    """Its webhook, moment and event."""
    at, _, id = item["sk"].partition("#")
    return item["pk"].split("#")[2], read_moment(at), id


def opinion(brand: str, question: str) -> Item:
    return {"pk": f"J#{brand}#{question}", "sk": "J"}


def opinion_day(brand: str, at: datetime, of: str = "") -> Item:
    return {"pk": f"J#{brand}", "sk": moment(at)[:10] + (f"#{of}" if of else "")}


def block(brand: str, id: str) -> Item:
    return {"pk": f"B#{brand}", "sk": f"X#{id}"}


def over_cap(brand: str, source: str) -> Item:
    return {"pk": f"B#{brand}", "sk": f"O#{source}"}


def held_month(brand: str, source: str, at: datetime) -> Item:
    return {"pk": f"S#{brand}#{source}", "sk": f"N#{moment(at)[:7]}"}


def calls_hour(brand: str, source: str, at: datetime) -> Item:
    return {"pk": f"S#{brand}#{source}", "sk": f"H#{moment(at)[:13]}"}


def book(brand: str, month: str) -> Item:
    return {"pk": f"E#{brand}", "sk": month}


def source(brand: str, id: str) -> Item:
    return {"pk": f"S#{brand}#{id}", "sk": "S"}


def account(name: str) -> Item:
    """`name` begins with its platform."""
    return {"pk": f"E#{name}", "sk": "E"}


def shelf(account: str, name: str) -> Item:
    return {"pk": f"X#{account}", "sk": name}
