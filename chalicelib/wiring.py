"""Who plays which part in production. The only module that knows both ports and adapters.

Each function builds its object once a Lambda sandbox, on first use, never on import: what a Lambda does not
use it does not load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from chalicelib.config import settings

if TYPE_CHECKING:
    from chalicelib import ports
    from chalicelib.domain.audit import AuditLine
    from chalicelib.domain.brand import Adviser, Brand
    from chalicelib.domain.events import Event
    from chalicelib.domain.mention import Mention
    from chalicelib.domain.month import Facts
    from chalicelib.domain.source import Source
    from chalicelib.domain.verdict import Reading
    from chalicelib.web.beside import Reader
    from chalicelib.web.desk import Desk, WallLine


def now() -> datetime:
    return datetime.now(UTC)


# parts -------------------------------------------------------------------------------------------


def _client(name: str) -> Callable[[], Any]:
    from chalicelib.aws.clients import client

    return partial(client, name)


@cache
def brands() -> ports.Brands:
    from chalicelib.aws.table.brands import Brands

    return Brands(_client("dynamodb"), settings().table_name)


@cache
def mentions() -> ports.Mentions:
    from chalicelib.aws.table.mentions import Mentions

    return Mentions(_client("dynamodb"), settings().table_name)


@cache
def sources() -> ports.Sources:
    from chalicelib.aws.table.sources import Sources

    return Sources(_client("dynamodb"), settings().table_name)


@cache
def cases() -> ports.Cases:
    from chalicelib.aws.table.cases import Cases

    return Cases(_client("dynamodb"), settings().table_name)


@cache
def corrections() -> ports.Corrections:
    from chalicelib.aws.table.corrections import Corrections

    return Corrections(_client("dynamodb"), settings().table_name)


@cache
def deliveries() -> ports.Deliveries:
    from chalicelib.aws.table.deliveries import Deliveries

    return Deliveries(_client("dynamodb"), settings().table_name)


@cache
def posts() -> ports.Posts:
    from chalicelib.aws.table.posts import Posts

    return Posts(_client("dynamodb"), settings().table_name)


@cache
def brakes() -> ports.Brakes:
    from chalicelib.aws.table.brakes import Brakes

    return Brakes(_client("dynamodb"), settings().table_name)


@cache
def measurements() -> ports.Measurements:
    from chalicelib.aws.table.measurements import Measurements

    return Measurements(_client("dynamodb"), settings().table_name)


@cache
def followings() -> ports.Followings:
    from chalicelib.aws.table.followings import Followings

    return Followings(_client("dynamodb"), settings().table_name)


@cache
def mornings() -> ports.Mornings:
    from chalicelib.aws.table.mornings import Mornings

    return Mornings(_client("dynamodb"), settings().table_name)


@cache
def alerts() -> ports.Alerts:
    from chalicelib.aws.table.alerts import Alerts

    return Alerts(_client("dynamodb"), settings().table_name)


@cache
def shelf() -> ports.Shelf:
    from chalicelib.aws.table.shelf import Shelf

    return Shelf(_client("dynamodb"), settings().table_name)


@cache
def tasks() -> ports.Tasks:
    from chalicelib.aws.queues import Queues

    return Queues(_client("sqs"), settings().queue_urls)


def dead_letter(queue: str) -> Callable[[str, str], None]:
    """Where a worker lays what it cannot do: (body, reason)."""
    from chalicelib.aws.queues import dead_letter

    return partial(dead_letter, _client("sqs"), settings().dead_urls[queue])


@cache
def pipes() -> ports.Pipes:
    from chalicelib.aws.pipes import Pipes

    return Pipes(_client("sqs"), settings().queue_urls, settings().dead_urls)


@cache
def audit() -> ports.Audit:
    from chalicelib.aws.table.audit import Audit

    return Audit(_client("dynamodb"), settings().table_name)


@cache
def api_keys() -> ports.ApiKeys:
    from chalicelib.aws.table.apikeys import ApiKeys

    return ApiKeys(_client("dynamodb"), settings().table_name)


@cache
def hooks() -> ports.Hooks:
    from chalicelib.aws.table.hooks import Hooks

    return Hooks(_client("dynamodb"), settings().table_name)


@cache
def pulse() -> ports.Pulse:
    from chalicelib.aws.table.pulse import Pulse

    return Pulse(_client("dynamodb"), settings().table_name)


@cache
def bucket() -> ports.Bucket:
    from chalicelib.aws.bucket import Bucket

    return Bucket(_client("s3"), settings().bucket_name)


@cache
def secrets() -> ports.Secrets:
    from chalicelib.aws.secrets import SecretStore

    return SecretStore(_client("ssm"), settings().secrets_path)


@cache
def mail() -> ports.Mail:
    from chalicelib.aws.mail import Mailer

    return Mailer(_client("sesv2"))


@cache
def http() -> ports.Http:
    from chalicelib.http import Http

    return Http(settings().http_allow)


@cache
def judge() -> ports.Judge:
    from chalicelib.judge.embedded import Embedded

    return Embedded()


@cache
def opinions() -> ports.Opinions:
    from chalicelib.aws.table.opinions import Opinions

    return Opinions(_client("dynamodb"), settings().table_name)


def advise(judged: Sequence[tuple[Mention, Brand, Reading]]) -> Sequence[Reading]:
    """Second opinions for those that need one, where the brand wants any. Plays `understand.Advise`."""
    from chalicelib.stages import advise

    return advise.run(judged, opinions=opinions(), connect=_adviser, failed=_advice_failed, now=now())


def _adviser(setting: Adviser) -> ports.Advises:
    if setting.by == "bedrock":
        from chalicelib.aws.bedrock import Bedrock

        return Bedrock(_client("bedrock-runtime"), setting.model)
    from chalicelib.aws.comprehend import Comprehend

    return Comprehend(_client("comprehend"))


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
        _client("cognito-idp"),
        client_id=pool.user_client_id,
        sso_client_id=pool.sso_client_id,
        tokens=tokens,
    )


@cache
def colleagues() -> ports.Colleagues:
    from chalicelib.aws.colleagues import Pool

    return Pool(_client("cognito-idp"), settings().user_pool_id)


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


@cache
def once() -> ports.Once:
    from chalicelib.aws.table.once import Once

    return Once(_client("dynamodb"), settings().table_name)


@cache
def team() -> ports.Team:
    from chalicelib.aws.table.team import Team

    return Team(_client("dynamodb"), settings().table_name)


def kit() -> ports.Kit:
    from chalicelib.ports import Kit

    return Kit(http=http(), shelf=shelf())


def verify(
    scheme: str, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime
) -> str:
    """Who signed a webhook's call? Plays `hear.Verify`."""
    from chalicelib.platforms import _signatures

    return _signatures.verify(scheme, secrets, headers, body, now)


def sign(secrets: Sequence[str], id: str, body: bytes, now: datetime) -> Mapping[str, str]:
    """The headers of a call of ours. Plays `notify.Sign`."""
    from chalicelib.platforms import _signatures

    return _signatures.sign(secrets, id, body, now)


def tell(brand: Brand, kind: str, events: Iterable[Event]) -> None:
    """Queue what the brand's webhooks are to hear. Plays `ports.Tell`."""
    if not brand.hooks:
        return
    from chalicelib.stages import notify

    notify.tell(brand, kind, events, hooks=hooks(), now=now())


def source_platform(source: Source, *, fresh: bool = False) -> Any:
    """The module behind a source, with its settings and its secrets; `fresh`: read anew, not remembered."""
    from chalicelib.platforms import connect, keyless

    name = f"source/{source.brand}/{source.id}"
    secret = {} if keyless(source.platform) else secrets().get(name, fresh=fresh)
    return connect(source.platform, source.settings, secret, kit())


def try_source(source: Source, secrets: Mapping[str, str]) -> ports.Page:
    """What a source that is not kept yet would bring, with these secrets. Raises PlatformError, BadInput."""
    from chalicelib.platforms import connect

    page: ports.Page = connect(source.platform, source.settings, secrets, kit()).listen("")
    return page


def feeds_at(url: str) -> tuple[ports.FeedLink, ...]:
    """The feeds that a web page names. Raises PlatformError."""
    from chalicelib.platforms import _discovery

    return _discovery.feeds_at(url, http())


def hook_platform(source: Source) -> Any:
    """As `source_platform`, for a source that calls us: its secret was used at the door already."""
    from chalicelib.platforms import connect

    return connect(source.platform, source.settings, {}, kit())


def channel_platform(brand: Brand, channel_id: str, *, fresh: bool = False) -> Any:
    """The module behind a channel; `fresh`: its key read anew, not remembered. Raises NotFound."""
    from chalicelib.errors import NotFound
    from chalicelib.platforms import connect

    channel = brand.channel(channel_id)
    if channel is None:
        raise NotFound(f"channel {brand.id}/{channel_id}")
    secret = secrets().get(f"channel/{brand.id}/{channel_id}", fresh=fresh)
    return connect(channel.platform, channel.settings, secret, kit())


def flush(brand: str, bell: str) -> int:
    """Send the alerts that wait behind a bell, if its department may hear of them now."""
    from chalicelib.stages import alert

    return alert.flush(
        brand,
        bell,
        alerts=alerts(),
        cases=cases(),
        posts=posts(),
        brands=brands(),
        mail=mail(),
        http=http(),
        secrets=secrets(),
        failed=_alert_failed,
        now=now(),
    )


def _alert_failed(way: str, reason: str) -> None:
    from chalicelib.aws.log import count, log

    log().warning("alert failed", extra={"way": way, "reason": reason})
    count("alert_failed", way=way)


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

    _client("lambda")().invoke(
        FunctionName=f"webspin-{settings().stage}-{function}",
        InvocationType="Event",
        Payload=dumps(event).encode(),
    )


# console -----------------------------------------------------------------------------------------


@cache
def _beside() -> Reader:
    from chalicelib.web.beside import Reader

    return Reader(sources(), mornings())


@cache
def desk() -> Desk:
    """Everything the console's pages ask and do."""
    from chalicelib.web.desk import Desk

    return Desk(
        brands=brands(),
        mentions=mentions(),
        sources=sources(),
        cases=cases(),
        corrections=corrections(),
        beside=_beside(),
        deliveries=deliveries(),
        posts=posts(),
        brakes=brakes(),
        measurements=measurements(),
        followings=followings(),
        mornings=mornings(),
        bucket=bucket(),
        pipes=pipes(),
        shelf=shelf(),
        tasks=tasks(),
        users=users(),
        team=team(),
        colleagues=colleagues(),
        once=once(),
        sso=sso(),
        audit=audit(),
        secrets=secrets(),
        try_source=try_source,
        feeds_at=feeds_at,
        api_keys=api_keys(),
        hooks=hooks(),
        pulse=pulse(),
        prices=_prices,
        keyless=_keyless,
        call_hooks=call_hooks,
        vet_address=_vet_address,
        ask_report=ask_report,
        counts=_counts,
        can=_can,
        say=_say,
        wall=_wall,
        mood=_mood,
        set_mood=_set_mood,
        now=now,
    )


def _keyless(platform: str) -> bool:
    from chalicelib.platforms import keyless

    return keyless(platform)


@cache
def _prices() -> Mapping[str, float]:
    """USD a unit where we run, by name; of another region's list where there is none of it."""
    from json import loads
    from pathlib import Path

    regions = loads((Path(__file__).parent / "prices.json").read_text())["regions"]
    found: Mapping[str, float] = regions.get(settings().region) or regions["eu-west-1"]
    return found


def _vet_address(url: str) -> None:
    """Raises BadInput, with the field `address`, for one that may not hear what happens here."""
    from chalicelib.addresses import Target
    from chalicelib.errors import BadInput, Blocked

    try:
        target = Target.of(url)
    except Blocked as error:
        raise BadInput("address", str(error)) from None
    if target.scheme != "https" and (target.host, target.port) not in settings().http_allow:
        raise BadInput("address", "an address begins with https://")


def _counts(brand: Brand, channel_id: str) -> ports.Counts | None:
    """How a channel's network counts. That is no secret: none is read for it."""
    from chalicelib.platforms import connect

    channel = brand.channel(channel_id)
    counts: ports.Counts | None = None
    if channel:
        counts = connect(channel.platform, channel.settings, {}, kit())
    return counts


def _can(brand: Brand, channel_id: str, what: str) -> bool:
    """Is this channel's network able to do this? Read from its module; nobody is asked."""
    from chalicelib.platforms import can

    channel = brand.channel(channel_id)
    return channel is not None and can(channel.platform, what)


def _wall(brand: Brand, channel: str) -> list[WallLine]:
    from chalicelib.platforms import sandbox
    from chalicelib.web.desk import WallLine

    return [
        WallLine(
            id=entry.id,
            author=entry.note.author,
            ours=entry.ours,
            text=entry.note.text,
            at=entry.note.at,
            reply_to=entry.note.reply_to,
        )
        for entry in sandbox.wall(shelf(), _sandbox(brand, channel))
    ]


def _say(brand: Brand, channel: str, author: str, text: str, at: datetime, reply_to: str = "") -> None:
    from chalicelib.platforms import sandbox

    sandbox.say(shelf(), _sandbox(brand, channel), author, text, at, reply_to)


def _mood(brand: Brand, channel: str) -> str:
    from chalicelib.platforms import sandbox

    return sandbox.mood_of(shelf(), _sandbox(brand, channel))


def _set_mood(brand: Brand, channel: str, mood: str, *lines: AuditLine) -> None:
    from chalicelib.platforms import sandbox

    sandbox.set_mood(shelf(), _sandbox(brand, channel), mood, *lines)


def _sandbox(brand: Brand, channel_id: str) -> str:
    """The shelf of a sandbox channel. Raises NotFound for another platform's."""
    from chalicelib.errors import NotFound

    channel = brand.channel(channel_id)
    if channel is None or channel.platform != "sandbox":
        raise NotFound(f"sandbox {brand.id}/{channel_id}")
    return channel.settings["account"]
