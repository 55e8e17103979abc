"""What the console may ask for; `wiring.py` fills it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.brand import Brand, Drafter
from chalicelib.domain.source import Source
from chalicelib.ports import (
    Alerts,
    Answering,
    Answers,
    ApiKeys,
    Audit,
    Brakes,
    Brands,
    Bucket,
    Cases,
    Colleagues,
    Corrections,
    Counts,
    Deliveries,
    Deltas,
    Drafts,
    Drills,
    FeedLink,
    Followings,
    Hooks,
    KnownPages,
    Ledger,
    Library,
    Mail,
    Mailings,
    Measurements,
    Mentions,
    Mornings,
    Noise,
    Notices,
    Once,
    Opinions,
    Page as Heard,
    Pipes,
    Posts,
    Prices,
    Promises,
    Pulse,
    Refusals,
    Rosters,
    Secrets,
    Shelf,
    SingleSignOn,
    Sources,
    StandingApprovals,
    Tasks,
    Team,
    Users,
)
from chalicelib.ports.connecting import Accounts
from chalicelib.ports.showing import Images
from chalicelib.stages.closing import ReadCalendar
from chalicelib.web.beside import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class WallLine:
    """One message on the sandbox. `reply_to` is the id of the line it answers, or ""; `images` what its
    images show; `passes_on` the id of the line that it boosts or quotes, or ""."""

    id: str
    author: str
    ours: bool
    text: str
    at: datetime
    reply_to: str = ""
    images: tuple[str, ...] = ()
    passes_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The ports, and what only some channels have.

    `counts` gives a channel's text counter, or None where its network sets no limit. `say` lets a
    visitor write on the sandbox: brand, channel, author, text, moment, id of the line it answers ("": none).
    `wall` is everything written
    there, by moment; `mood` how it is told to fail ("": it works). `set_mood` (brand, channel, mood, lines of
    the log) raises BadInput.
    `ask_report` (brand, `yyyy-mm`) has a month evaluated soon. `can` tells what a channel's network is able
    to: brand, channel, "publish", "delete" or "measure"; `images` which images it takes (None: none);
    `answering` how a message heard on a platform can be answered, that is `direct` and of such an `age`
    (`platforms.answering`). `try_source` asks a source that is not kept, with the secrets given; `feeds_at`
    the feeds that a web page names; both raise PlatformError.
    `drafter` is the model that a brand's setting names. `read_calendar` brings a calendar's closed days.
    `secrets` are set and removed here, and never read; `accounts` connects those whose network asks a person.
    `call_hooks` has the webhooks called whose turn it is; `push_keys` are p256dh and auth of a secret for Web
    Push, and `webhook_url` is where sources call us ("": nobody told us).
    `vet_address` raises BadInput for an address that may not be one. `prices` are what a
    unit costs in USD (`prices.json`); `keyless`: does this network ask for no key of ours?
    `tidy` cleans a text that strangers wrote, as listening does.
    `read_prices`: what a source's network charges (None: nothing); `leaves_out`: what a source of a
    platform, set up so, does not bring. `sso` None: the organisation has no sign-in of its own.
    """

    brands: Brands
    mentions: Mentions
    sources: Sources
    cases: Cases
    corrections: Corrections
    beside: Reader
    deltas: Deltas
    deliveries: Deliveries
    posts: Posts
    promises: Promises
    brakes: Brakes
    standing: StandingApprovals
    drills: Drills
    measurements: Measurements
    followings: Followings
    mornings: Mornings
    noise: Noise
    notices: Notices
    alerts: Alerts
    rosters: Rosters
    bucket: Bucket
    pipes: Pipes
    shelf: Shelf
    tasks: Tasks
    users: Users
    team: Team
    colleagues: Colleagues
    once: Once
    mailings: Mailings
    mail: Mail
    sso: SingleSignOn | None
    audit: Audit
    secrets: Secrets
    accounts: Accounts
    link_key: Callable[[], bytes]
    push_keys: Callable[[str], tuple[str, str]]
    webhook_url: str
    refusals: Refusals
    try_source: Callable[[Source, Mapping[str, str]], Heard]
    feeds_at: Callable[[str], Sequence[FeedLink]]
    read_calendar: ReadCalendar
    api_keys: ApiKeys
    hooks: Hooks
    known_pages: KnownPages
    library: Library
    answers: Answers
    opinions: Opinions
    ledger: Ledger
    drafter: Callable[[Drafter], Drafts]
    pulse: Pulse
    ask_report: Callable[[str, str], None]
    call_hooks: Callable[[], None]
    vet_address: Callable[[str], None]
    prices: Callable[[], Mapping[str, float]]
    keyless: Callable[[str], bool]
    tidy: Callable[[str], str]
    read_prices: Callable[[Source], Prices | None]
    leaves_out: Callable[[str, Mapping[str, str]], tuple[str, ...]]
    counts: Callable[[Brand, str], Counts | None]
    can: Callable[[Brand, str, str], bool]
    images: Callable[[Brand, str], Images | None]
    answering: Callable[..., Answering]
    say: Callable[[Brand, str, str, str, datetime, str], None]
    wall: Callable[[Brand, str], Sequence[WallLine]]
    mood: Callable[[Brand, str], str]
    set_mood: Callable[..., None]
    now: Callable[[], datetime]
