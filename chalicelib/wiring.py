"""Who plays which part in production. The only module that knows both ports and adapters.

Each function builds its object once a Lambda sandbox, on first use, never on import: what a Lambda does not
use it does not load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

from chalicelib.config import settings
from chalicelib.stores import (
    Later,
    alerts as alerts,
    api_keys as api_keys,
    audit as audit,
    brakes as brakes,
    brands as brands,
    cases as cases,
    client,
    corrections as corrections,
    deliveries as deliveries,
    deltas as deltas,
    drills as drills,
    followings as followings,
    hooks as hooks,
    known_pages as known_pages,
    ledger as ledger,
    mailings as mailings,
    measurements as measurements,
    mentions as mentions,
    mornings as mornings,
    noise as noise,
    notices as notices,
    once as once,
    opinions as opinions,
    paces as paces,
    posts as posts,
    promises as promises,
    pulse as pulse,
    rosters as rosters,
    shelf as shelf,
    sources as sources,
    standing as standing,
    team as team,
)

if TYPE_CHECKING:
    from datetime import date, timedelta

    from chalicelib import ports
    from chalicelib.domain.brand import Adviser, Brand, Channel, Drafter
    from chalicelib.domain.case import Case
    from chalicelib.domain.correction import Correction
    from chalicelib.domain.delivery import Delivery
    from chalicelib.domain.delta import Delta
    from chalicelib.domain.events import Event
    from chalicelib.domain.keyring import Holder
    from chalicelib.domain.knock import Greeting, Knock, Pace
    from chalicelib.domain.knowledge import Passage
    from chalicelib.domain.mention import Found, Mention
    from chalicelib.domain.month import Facts
    from chalicelib.domain.pace import Limit
    from chalicelib.domain.source import Awaited, Source, SourceState
    from chalicelib.domain.verdict import Reading
    from chalicelib.platforms._paced import Paced
    from chalicelib.ports.connecting import Asks, OAuth
    from chalicelib.ports.showing import Images
    from chalicelib.stages.alert import Bells
    from chalicelib.stages.charge import Bill, Till
    from chalicelib.stages.connect import Accounts
    from chalicelib.stages.images import Album
    from chalicelib.stages.pay import Purse
    from chalicelib.stages.try_keys import Keys
    from chalicelib.web.desk import Desk


def now() -> datetime:
    return datetime.now(UTC)


@cache
def tasks() -> ports.Tasks:
    from chalicelib.aws.queues import Queues

    return Queues(client("sqs"), settings().queue_urls)


def dead_letter(queue: str) -> Callable[[str, str], None]:
    """Where a worker lays what it cannot do: (body, reason)."""
    from chalicelib.aws.queues import dead_letter

    return partial(dead_letter, client("sqs"), settings().dead_urls[queue])


@cache
def pipes() -> ports.Pipes:
    from chalicelib.aws.pipes import Pipes

    return Pipes(client("sqs"), settings().queue_urls, settings().dead_urls)


@cache
def bucket() -> ports.Bucket:
    from chalicelib.aws.bucket import Bucket

    return Bucket(client("s3"), settings().bucket_name)


@cache
def library() -> ports.Library:
    from chalicelib.knowledge.library import Library

    return Library(bucket())


@cache
def answers() -> ports.Answers:
    from chalicelib.knowledge.answered import Answers
    from chalicelib.stages import answered

    gather = partial(answered.gather, deliveries=deliveries(), mentions=mentions(), cases=cases())
    return Answers(bucket(), gather)


@cache
def secrets() -> ports.Secrets:
    from chalicelib.aws.secrets import SecretStore

    return SecretStore(client("ssm"), settings().secrets_path)


@cache
def refusals() -> ports.Refusals:
    from chalicelib.aws.refusals import Refusals

    return Refusals(client("logs"), f"/aws/lambda/webspin-{settings().stage}-receive-webhook")


@cache
def mail() -> ports.Mail:
    from chalicelib.aws.mail import Mailer

    return Mailer(client("sesv2"))


@cache
def mailbox() -> ports.Mailbox:
    from chalicelib.aws import clients
    from chalicelib.aws.mailbox import Mailbox

    return Mailbox(partial(clients.client, "sesv2", once=True), client("s3"), settings().bucket_name)


@cache
def http() -> ports.Http:
    from chalicelib.http import Http

    return Http(settings().http_allow)


@cache
def judge() -> ports.Judge:
    from chalicelib.judge.embedded import Embedded

    return Embedded()


def taught(brand: Brand) -> Delta | None:
    """What judges along at this brand; asks nothing where nothing does. Plays `understand.Knows`."""
    return deltas().get(brand.id, brand.lessons.live) if brand.lessons.live else None


def judge_version() -> str:
    """Without loading its tables."""
    from chalicelib.judge.embedded import Embedded

    return Embedded.version


def learn(
    brand: str, corrections: Sequence[Correction], until: datetime, others: Sequence[tuple[str, str]]
) -> Delta:
    """What the corrections teach. Plays `teach.Learn`."""
    from chalicelib.judge import teaching
    from chalicelib.judge.embedded import Embedded

    return teaching.delta(brand, corrections, cast("Embedded", judge()), until, others)


def clear(brand: Brand, text: str, language: str, department: str) -> Passage | None:
    """What of the brand's knowledge clearly answers a text; loads and asks nothing where it has none. A case
    waits for no library: where that fails, its draft is a template's. Plays `respond.Clear`."""
    if not brand.known.pages:
        return None
    from chalicelib.aws.log import count, log
    from chalicelib.domain import knowledge

    try:
        hits = library().find(brand.id, brand.known, text, (language,), (department,))
    except Exception as error:
        log().warning("no knowledge", extra={"brand": brand.id, "reason": type(error).__name__})
        count("knowledge_failed")
        return None
    return knowledge.clear(hits)


def advise(judged: Sequence[tuple[Mention, Brand, Reading]]) -> Sequence[Reading]:
    """Second opinions for those that need one, where the brand wants any. Plays `understand.Advise`."""
    from chalicelib.stages import advise

    return advise.run(
        judged,
        opinions=opinions(),
        connect=_adviser,
        failed=_advice_failed,
        till=_till,
        now=now(),
    )


def _till(brand: Brand) -> Till:
    from chalicelib.stages.charge import Till

    return Till(brand=brand, ledger=ledger(), alerts=alerts(), now=now())


def _adviser(setting: Adviser) -> ports.Advises:
    if setting.by == "bedrock":
        from chalicelib.aws.bedrock import Bedrock

        return Bedrock(client("bedrock-runtime"), setting.model)
    from chalicelib.aws.comprehend import Comprehend

    return Comprehend(client("comprehend"))


def drafter(setting: Drafter) -> ports.Drafts:
    from chalicelib.aws.bedrock import BedrockDrafts

    return BedrockDrafts(client("bedrock-runtime"), setting.model)


def _advice_failed(by: str, reason: str) -> None:
    from chalicelib.aws.log import count, log

    log().warning("advice failed", extra={"by": by, "reason": reason})
    count("advice_failed", by=by)


@cache
def users() -> ports.Users:
    from chalicelib.aws.tokens import Tokens
    from chalicelib.aws.users import CognitoUsers

    pool = settings()
    clients = tuple(id for id in (pool.user_client_id, pool.sso_client_id) if id)
    tokens = Tokens(client_ids=clients, jwks_url=pool.jwks_url, issuer=pool.token_issuer, http=http())
    return CognitoUsers(
        client("cognito-idp"),
        client_id=pool.user_client_id,
        sso_client_id=pool.sso_client_id,
        tokens=tokens,
    )


@cache
def colleagues() -> ports.Colleagues:
    from chalicelib.aws.colleagues import Pool

    return Pool(client("cognito-idp"), settings().user_pool_id)


@cache
def sso() -> ports.SingleSignOn | None:
    from chalicelib.aws.sso import HostedSignIn

    of = settings()
    if not of.sso_host:
        return None
    return HostedSignIn(
        host=of.sso_host,
        client_id=of.sso_client_id,
        provider=of.sso_provider,
        callback=of.sso_callback,
        http=http(),
    )


def kit() -> ports.Kit:
    from chalicelib.ports import Kit

    shelved, mailed = cast("ports.Shelf", Later(shelf)), cast("ports.Mailbox", Later(mailbox))
    return Kit(http=http(), shelf=shelved, mailbox=mailed)


def _kit_of(platform: str, settings: Mapping[str, str], *, haste: bool) -> ports.Kit:
    """With a door out that keeps the pace of the account it is for. Raises BadInput."""
    from dataclasses import replace

    from chalicelib.platforms import paced_as

    account, limit = paced_as(platform, settings)
    return replace(kit(), http=_paced(account, limit, haste), pages=http()) if account else kit()


@cache
def _paced(account: str, limit: Limit | None, haste: bool) -> Paced:
    """One a process, as what it has in hand and who is signed in are its own."""
    from chalicelib.platforms._paced import Paced

    return Paced(http(), account, limit, paces=paces(), now=lambda: now(), haste=haste)


@cache
def _fetched() -> Callable[[str], bytes]:
    from chalicelib.platforms._public_keys import Fetched

    return Fetched(http(), now)


def verify(scheme: str, secrets: Sequence[str], knock: Knock) -> bytes:
    """Who signed a webhook's call, and what does it say? Plays `hear.Verify`."""
    from chalicelib.platforms import _signatures

    return _signatures.verify(scheme, secrets, knock, lambda url: _fetched()(url))


def greet(scheme: str, kept: Mapping[str, str], knock: Knock) -> Greeting:
    """The answer to who asks before it calls. Plays `hear.Greet`."""
    from chalicelib.platforms import _handshakes

    return _handshakes.greet(scheme, kept, knock)


def ping(scheme: str, knock: Knock, body: bytes) -> Greeting | None:
    """The answer to a call that tells nothing. Plays `hear.Ping`."""
    from chalicelib.platforms import _handshakes

    return _handshakes.ping(scheme, knock, body, lambda url: _fetched()(url))


def door() -> str:
    """Where sources call us."""
    return settings().webhook_url


def subscribe(topic: str, address: str, secret: str) -> str:
    """The hub of a feed, asked to call an address. Plays `stages.subscribe.Subscribe`."""
    from chalicelib.platforms import _websub

    return _websub.subscribe(http(), topic, address, secret)


def push_keys(secret: str) -> tuple[str, str]:
    """(p256dh, auth) of a secret of the scheme web-push."""
    from chalicelib.platforms._public_keys import push_keys

    return push_keys(secret)


@cache
def pace() -> Pace:
    from chalicelib.domain.knock import Pace

    return Pace()


def sign(secrets: Sequence[str], id: str, body: bytes, now: datetime) -> Mapping[str, str]:
    """The headers of a call of ours. Plays `notify.Sign`."""
    from chalicelib.platforms import _signing

    return _signing.sign(secrets, id, body, now)


def tell(brand: Brand, kind: str, events: Iterable[Event]) -> None:
    """Queue what the brand's webhooks are to hear. Plays `ports.Tell`."""
    if not brand.hooks:
        return
    from chalicelib.stages import notify

    notify.tell(brand, kind, events, hooks=hooks(), now=now())


def hold(held: Sequence[ports.Held]) -> None:
    """Count what is held, in the write that holds it. Plays `understand.Hold`."""
    noise().hold(held)


def heard(source: Source, number: int, at: datetime) -> int:
    """What a source that calls us brought in this hour. Plays `hear.Heard`."""
    return noise().heard(source, number, at)


def told(brand: str, state: SourceState, now: datetime) -> tuple[list[timedelta], tuple[Awaited, ...]]:
    """How soon what a source brought was ready. Plays `listen.Told`."""
    from chalicelib.stages.ready import Told

    return Told(mentions(), cases(), notices())(brand, state, now)


def again(source: Source, state: SourceState) -> Sequence[Found] | None:
    """What was edited or removed of what a source brought. Plays `listen.Again`."""
    from chalicelib.platforms import can

    if not can(source.platform, "look-again"):
        return None
    from chalicelib.stages import look_again

    if not look_again.is_due(state, now()):
        return None
    return look_again.changed(source, source_platform, mentions=mentions(), cases=cases(), now=now())


def hold_off(case: Case, brand: Brand) -> None:
    """Send a holding reply where the brand's standing approval covers it. Plays `respond.run`'s."""
    from chalicelib.stages import holding

    holding.send_standing(
        case, brand, takes=takes, cases=cases(), mentions=mentions(), tasks=tasks(), now=now()
    )


def takes(case: Case, brand: Brand) -> bool:
    """Does the network take an answer of ours to the message that waits?"""
    from chalicelib.platforms import answering

    channel = brand.channel(case.channel)
    if channel is None:
        return False
    return answering(channel.platform, direct=case.direct, age=now() - case.received_at).how == "api"


def source_platform(source: Source, *, fresh: bool = False) -> Any:
    """The module behind a source, with its settings and its secrets; `fresh`: read anew, not remembered."""
    from chalicelib.platforms import connect, keyless

    name, kind = f"source/{source.brand}/{source.id}", source.settings.get("kind", "")
    secret = (
        {} if keyless(source.platform) else _secret(name, source.platform, source.settings, kind, fresh=fresh)
    )
    return connect(
        source.platform, source.settings, secret, _kit_of(source.platform, source.settings, haste=False)
    )


def _secret(
    name: str, platform: str, settings: Mapping[str, str], kind: str | None, *, fresh: bool
) -> Mapping[str, str]:
    """All that is kept for a source of this kind, or a channel (None). Raises Unauthorized where its network
    was not asked yet."""
    from chalicelib.domain.keyring import NOT_YET, TOKEN, beside
    from chalicelib.errors import Unauthorized
    from chalicelib.platforms import asks, oauth, several

    before = secrets().get(name) if fresh and oauth(platform) else {}
    found = secrets().get(name, fresh=fresh)
    if TOKEN not in found and asks(platform, kind):
        raise Unauthorized(platform, NOT_YET)
    refused = fresh and found.get(TOKEN) == before.get(TOKEN)
    if "given_at" in found:
        found = _renewed(name, platform, settings, found, refused=refused)
    return {**secrets().get(beside(name), fresh=fresh), **found} if several(platform) else found


def _renewed(
    name: str, platform: str, settings: Mapping[str, str], found: Mapping[str, str], *, refused: bool
) -> Mapping[str, str]:
    """The tokens that a network gave, renewed where that is due, or where it just refused them. Raises
    Unavailable where another worker does so and they cannot be used meanwhile."""
    from chalicelib.domain.keyring import TOKEN, is_due

    if not (refused or is_due(found, now())) or not _renews(platform, found):
        return found
    from chalicelib.stages import renew

    return renew.run(
        name,
        found.get(TOKEN, ""),
        platform=platform,
        secrets=secrets(),
        once=once(),
        ask=partial(_ask_anew, name, platform, settings),
        now=now(),
        refused=refused,
    )


def _renews(platform: str, secret: Mapping[str, str]) -> bool:
    """Can these tokens be renewed without a person?"""
    from chalicelib.platforms import module, oauth

    found = oauth(platform)
    own = hasattr(module(platform), "renewed")
    return own or bool(found and found.refreshes and secret.get("refresh_token"))


def _ask_anew(
    name: str, platform: str, settings: Mapping[str, str], was: Mapping[str, str]
) -> Mapping[str, str]:
    """What the network gives in the place of these tokens. Plays `renew.Ask`."""
    from chalicelib.domain.keyring import Holder, beside
    from chalicelib.platforms import module
    from chalicelib.stages.connect import client_of

    kind, brand, id = name.split("/")
    holder = Holder(
        kind="channel" if kind == "channel" else "source",
        brand=brand,
        id=id,
        platform=platform,
        name=id,
        settings=settings,
    )
    client = client_of(holder, secrets().get(beside(name), fresh=True))
    if own := getattr(module(platform), "renewed", None):
        made: Mapping[str, str] = own(settings, {**client, **was}, kit())
        return made
    return authorization(holder, client).renew(was.get("refresh_token", ""))


def keys() -> Keys:
    """How keys are tried. Plays `try_keys.run`'s."""
    from chalicelib.platforms import can, names
    from chalicelib.stages.try_keys import Keys

    return Keys(
        tries=lambda platform: platform in names() and can(platform, "check"),
        account_of=_account_of,
        ask=try_key,
    )


def _account_of(holder: Holder) -> str:
    from chalicelib.errors import BadInput
    from chalicelib.platforms import paced_as

    try:
        return paced_as(holder.platform, holder.settings)[0]
    except BadInput:
        return ""


def try_key(holder: Holder, *, fresh: bool = False) -> datetime | None:
    """Does its network take the key, and until when need nobody do anything about it? Plays `try_keys.Try`.
    Raises PlatformError, BadInput; NotFound where there is none."""
    from chalicelib.domain.keyring import acts_by
    from chalicelib.errors import NotFound
    from chalicelib.platforms import connect, keyless

    kind = None if holder.kind == "channel" else holder.settings.get("kind", "")
    secret = _secret(holder.secret, holder.platform, holder.settings, kind, fresh=fresh)
    if not secret and not keyless(holder.platform):
        raise NotFound(f"key {holder.secret}")
    paced = _kit_of(holder.platform, holder.settings, haste=False)
    told: datetime | None = connect(holder.platform, holder.settings, secret, paced).check()
    renews = _renews(holder.platform, secret)
    return acts_by(secret, now(), renews=renews) or (None if renews else told)


def leave_alone(source: Source, seconds: float) -> None:
    """What a source brought asks that nobody asks for it for so long. Plays `listen.LeaveAlone`."""
    from chalicelib.platforms import paced_as

    account, limit = paced_as(source.platform, source.settings)
    if account and (url := source.settings.get("url", "")):
        _paced(account, limit, False).leave(url, seconds)


def purse(source: Source) -> Purse | None:
    """What pays for a source whose network charges; None, and nothing loaded, for all others."""
    from chalicelib.platforms import prices

    if (found := prices(source.platform, source.settings.get("kind", ""))) is None:
        return None
    from chalicelib.stages.pay import Purse

    return Purse(prices=found, ledger=ledger(), alerts=alerts())


def bill(delivery: Delivery) -> Bill | None:
    """What pays for a message of ours; None, and nothing loaded, where its network charges nothing. Plays
    `Deliverer.bill`."""
    from chalicelib.domain.delivery import on_its_turn
    from chalicelib.platforms import charged

    brand = brands().get(delivery.key.brand)
    channel = brand.channel(delivery.key.channel)
    price = charged(channel.platform, channel.settings, on_its_turn(delivery)) if channel else 0
    if not price or channel is None:
        return None
    from chalicelib.stages import charge

    return charge.bill(
        delivery,
        channel.platform,
        price,
        brand=brand,
        cases=cases(),
        mentions=mentions(),
        ledger=ledger(),
        alerts=alerts(),
        now=now,
    )


def try_source(source: Source, secrets: Mapping[str, str]) -> ports.Page:
    """What a source that is not kept yet would bring, with these secrets; where its network charges that is
    booked too, and as few as it gives. Raises PlatformError, BadInput."""
    from chalicelib.platforms import connect

    paced = _kit_of(source.platform, source.settings, haste=True)

    def there(source: Source, fresh: bool = False) -> Any:
        return connect(source.platform, source.settings, secrets, paced)

    page: ports.Page
    if pays := purse(source):
        pays = replace(pays, most=pays.prices.least)
        page = pays.look(brands().get(source.brand), source, there, now())
    else:
        page = there(source).listen("")
    return page


def connecting() -> Accounts:
    """Connects accounts whose network asks the person itself."""
    from chalicelib.stages.connect import Accounts

    return Accounts(
        secrets=secrets(),
        way=way,
        server=authorization,
        lasting=_lasting,
        holds=_holds,
        once=once(),
        now=now,
    )


def way(platform: str) -> OAuth | None:
    """How its network asks a person itself; None where it does not, or is gone."""
    from chalicelib.platforms import names, oauth

    return oauth(platform) if platform in names() else None


def authorization(holder: Holder, client: Mapping[str, str]) -> Asks:
    """Where its network asks the person. Plays `connect.Server`."""
    from chalicelib.platforms import oauth
    from chalicelib.platforms._oauth import Client

    found = oauth(holder.platform)
    assert found is not None
    return Client(http(), holder.platform, found, holder.settings, client, lambda: now())


def _lasting(holder: Holder, secret: Mapping[str, str]) -> Mapping[str, str]:
    """What makes a token last, where its module has a way. Plays `connect.Lasting`."""
    from chalicelib.platforms import module

    make = getattr(module(holder.platform), "lasting", None)
    made: Mapping[str, str] = make(holder.settings, secret, kit()) if make else {}
    return made


def _holds(holder: Holder, secret: Mapping[str, str]) -> datetime | None:
    """Ask the network whether it takes these secrets, where its module can. Plays `connect.Holds`."""
    from chalicelib.platforms import can, connect

    if not can(holder.platform, "check"):
        return None
    paced = _kit_of(holder.platform, holder.settings, haste=True)
    ends: datetime | None = connect(holder.platform, holder.settings, secret, paced).check()
    return ends


def feeds_at(url: str) -> tuple[ports.FeedLink, ...]:
    """The feeds that a web page names. Raises PlatformError."""
    from chalicelib.platforms import _discovery

    return _discovery.feeds_at(url, http())


def read_calendar(address: str, first: date, last: date) -> tuple[str, ...]:
    """A calendar's closed days. Plays `closing.ReadCalendar`."""
    from chalicelib.platforms import _calendar

    return _calendar.closed_days(http(), address, first, last)


def hook_platform(source: Source) -> Any:
    """As `source_platform`, for a source that calls us: its secret was used at the door already. What it only
    names is asked for by the key of its channel."""
    from chalicelib.platforms import connect, module

    def answering(network: str) -> tuple[Brand, Channel | None]:
        brand = brands().get(source.brand)
        channel = brand.channel(source.channel)
        return brand, channel if channel and channel.platform == network else None

    def through(network: str) -> Any:
        brand, channel = answering(network)
        return channel_platform(brand, channel.id, haste=False) if channel else None

    def account(network: str) -> str:
        _, channel = answering(network)
        return str(module(network).account(channel.settings)) if channel else ""

    return connect(source.platform, source.settings, {}, replace(kit(), through=through, account=account))


def channel_platform(brand: Brand, channel_id: str, *, fresh: bool = False, haste: bool = True) -> Any:
    """The module behind a channel; `fresh`: its key read anew, not remembered; `haste`: for what a person
    waits for, which goes first. Raises NotFound."""
    from chalicelib.errors import NotFound
    from chalicelib.platforms import connect

    channel = brand.channel(channel_id)
    if channel is None:
        raise NotFound(f"channel {brand.id}/{channel_id}")
    name = f"channel/{brand.id}/{channel_id}"
    secret = _secret(name, channel.platform, channel.settings, None, fresh=fresh)
    paced = _kit_of(channel.platform, channel.settings, haste=haste)
    reached = partial(_reached, brand.id, channel.platform)
    return connect(channel.platform, channel.settings, secret, replace(paced, reached=reached))


def _reached(brand: str, platform: str, id: str) -> str:
    """Plays `Kit.reached`."""
    from chalicelib.domain.mention import MentionKey
    from chalicelib.errors import NotFound

    try:
        return mentions().get(MentionKey(brand, platform, id))[0].author.url
    except NotFound:
        return ""


def images(brand: Brand, channel_id: str) -> Images | None:
    """Which images a channel's network takes; None: none."""
    from chalicelib import platforms

    channel = brand.channel(channel_id)
    return platforms.images(channel.platform) if channel else None


def album() -> Album:
    """Where images of posts lie."""
    from chalicelib.stages.images import Album

    return Album(bucket=cast("ports.Bucket", Later(bucket)), takes=images)


def flush(brand: str, bell: str) -> int:
    """Send the alerts that wait behind a bell, if its department may hear of them now."""
    from chalicelib.stages import alert

    return alert.flush(brand, bell, bells=_bells(), now=now())


def escalate(brand: str, id: str) -> int:
    """Tell those who are named for it that nobody opened a notice in time."""
    from chalicelib.stages import escalate as others

    return others.escalate(brand, id, bells=_bells(), now=now())


def post(brand: str, id: str) -> int:
    """Send a mail that was written with what it tells of, and has not gone yet."""
    from chalicelib.stages import ask

    return ask.post(brands().get(brand), id, mailings=mailings(), mail=mail(), failed=alert_failed, now=now())


def _bells() -> Bells:
    from chalicelib.platforms import _chats
    from chalicelib.stages.alert import Bells

    return Bells(
        alerts=alerts(),
        notices=notices(),
        rosters=rosters(),
        cases=cases(),
        posts=posts(),
        brands=brands(),
        mail=mail(),
        chat=partial(_chats.tell, http()),
        secrets=secrets(),
        failed=alert_failed,
    )


def alert_failed(way: str, reason: str) -> None:
    """An alert or a digest did not get through."""
    from chalicelib.aws.log import count, log

    log().warning("alert failed", extra={"way": way, "reason": reason})
    count("alert_failed", way=way)


@cache
def prices() -> Mapping[str, float]:
    """USD a unit where we run, by name; of another region's list where there is none of it."""
    from json import loads
    from pathlib import Path

    regions = loads((Path(__file__).parent / "prices.json").read_text())["regions"]
    found: Mapping[str, float] = regions.get(settings().region) or regions["eu-west-1"]
    return found


def report_files(facts: Facts) -> Iterable[tuple[str, bytes, str]]:
    """The files of a month's report: name, body, content type. The same bytes for the same facts."""
    from chalicelib.web.report import files

    return files(facts)


def report_mail(facts: Facts, link: str) -> tuple[str, str]:
    """Subject and text of the mail that brings a month's report."""
    from chalicelib.web.report import mail

    return mail(facts, link)


def ask_report(brand: str, month: str) -> None:
    """Have a month evaluated now, by the Lambda whose work that is."""
    names = ("account", "region", "source", "detail-type", "id", "time", "version")
    detail = {"brand": brand, "month": month}
    _start("evaluate-months", {**dict.fromkeys(names, ""), "resources": [], "detail": detail})


def call_hooks() -> None:
    """Have the calls of webhooks made that are due, by the Lambda whose work that is."""
    _start("notify-hooks", {})


def _start(function: str, event: dict[str, Any]) -> None:
    from json import dumps

    client("lambda")().invoke(
        FunctionName=f"webspin-{settings().stage}-{function}",
        InvocationType="Event",
        Payload=dumps(event).encode(),
    )


@cache
def desk() -> Desk:
    """Everything the console's pages and the API ask and do."""
    from chalicelib.console import furnished

    return furnished()
