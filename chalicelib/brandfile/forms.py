"""The sections of a brand file: what may stand in each, and what is taken for granted.

One class a section, and one class a platform's source or channel: a new platform adds its class to
`SOURCES` or `CHANNELS`. What these classes cannot see (does the named department exist?) is checked
in `file.py`.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from chalicelib.brandfile.values import (
    APART,
    GENERATE,
    Account,
    DraftText,
    Feed,
    FileLink,
    Handle,
    HookSecret,
    Hours,
    Id,
    Instance,
    Language,
    Languages,
    Mail,
    Mails,
    Minutes,
    ModelId,
    OwnDays,
    Percent,
    Place,
    Query,
    Quiet,
    Scheme,
    Secret,
    SecretUrl,
    Slots,
    Story,
    Tag,
    Terms,
    Text,
    Topic,
    Url,
    Usd,
    YesNo,
    Zone,
    listed,
)
from chalicelib.domain.holidays import public_days
from chalicelib.domain.knock import USUAL

OFFICE: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))
BLUESKY = "https://bsky.social"
"""Where nearly all accounts sign in."""
Interval = Annotated[int, Field(ge=1, le=1440)]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Form):
    """`id` is made from the name where it is not given."""

    name: Text
    id: Id = ""


# departments, watches, goals, templates ------------------------------------------------------------


class Within(Form):
    """Promised working minutes to a first answer."""

    complaint: Minutes = 60
    other: Minutes = 240
    praise: Minutes = 480


class Alert(Form):
    """Who hears at once; in `quiet` hours not of what can wait. Where nobody opened an alert within
    `unopened` minutes, `escalate` hears of it. `digest`: an overview to `mail`, of the day or the week."""

    mail: Mails = ()
    webhook: SecretUrl = ""
    quiet: Quiet = ""
    unopened: Minutes = 15
    escalate: Mails = ()
    digest: Literal["", "daily", "weekly"] = ""


class DepartmentForm(Named):
    hours: Hours = OFFICE
    answer_within: Within = Within()
    topics: Terms = ()
    four_eyes: YesNo = False
    four_eyes_unhappy: YesNo = False
    four_eyes_reach: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    always: YesNo = False
    budget: Usd = None
    alert: Annotated[Alert, Field(default_factory=Alert)]


class WatchForm(Named):
    """Listens for `terms`, of which `exclude` takes away, or for a `query`."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["terms"], "properties": {"terms": {"minItems": 1}}},
                {"required": ["query"], "properties": {"query": {"minLength": 1}}},
            ]
        }
    )
    query: Query = ""
    terms: Annotated[Terms, Field(validate_default=True)] = ()
    exclude: Terms = ()
    languages: Languages = ()
    department: str = ""
    kind: Literal["brand", "topic", "stakeholder", "peer"] = "brand"
    budget: Usd = None

    @field_validator("terms", "exclude")
    @classmethod
    def _either(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        query = info.data.get("query")  # None: it is faulty, and says so itself
        if given and query:
            raise ValueError("stands beside a query; keep one of the two")
        if info.field_name == "terms" and not given and query == "":
            raise ValueError("needs at least one")
        return given


class GoalForm(Named):
    """Its name says in a sentence what is to be reached, by how much and when."""


class TemplateForm(Form):
    when: Literal["complaint", "question", "praise", "other", "holding"]
    language: Language
    text: DraftText

    @field_validator("text")
    @classmethod
    def _promises(cls, given: str, info: ValidationInfo) -> str:
        """A holding reply promises what the clock holds, and nothing else does."""
        holding = info.data.get("when") == "holding"
        if holding and "{when}" not in given:
            raise ValueError("a holding reply says with {when} before when a colleague answers")
        if "{when}" in given and not holding:
            raise ValueError("{when} is for a holding reply only")
        return given


class SnippetForm(Named):
    """A piece of text that people put into answers."""

    language: Language
    text: DraftText
    link: FileLink = ""
    department: str = ""


# sources and channels: one class a platform ----------------------------------------------------------


class Connected(Named):
    """`SETTINGS` are the fields that the platform module is given; `SECRETS` are kept apart."""

    SETTINGS: ClassVar[tuple[str, ...]] = ()
    SECRETS: ClassVar[tuple[str, ...]] = ()
    STANDS_IN: ClassVar[str] = "env:KEPT"
    """Written for a secret that is needed, where it is kept apart and not mentioned."""

    @model_validator(mode="before")
    @classmethod
    def _may_be_apart(cls, given: Any, info: ValidationInfo) -> Any:
        if info.context != APART or not isinstance(given, dict):
            return given
        needed = (name for name in cls.SECRETS if cls.model_fields[name].is_required())
        return {**dict.fromkeys(needed, cls.STANDS_IN), **given}

    def settings(self) -> dict[str, str]:
        return self._chosen(self.SETTINGS)

    def secrets(self) -> dict[str, str]:
        return self._chosen(self.SECRETS)

    def _chosen(self, names: tuple[str, ...]) -> dict[str, str]:
        found = {name: getattr(self, name) for name in names}
        return {name: _plain(value) for name, value in found.items() if value}


def _plain(value: object) -> str:
    return "yes" if value is True else str(value)


class SourceForm(Connected):
    """`watched` keeps only what a watch matches; what is addressed to us is always kept."""

    channel: str = ""
    interval: Interval = 5
    watched: YesNo = True
    paused: YesNo = False


class FeedSource(SourceForm):
    SETTINGS = ("url", "backfill")
    platform: Literal["feed"]
    url: Url
    backfill: YesNo = False


class MastodonMentions(SourceForm):
    SETTINGS = ("instance", "kind", "account")
    SECRETS = ("token",)
    platform: Literal["mastodon"]
    kind: Literal["mentions"]
    instance: Instance
    account: Account
    token: Secret


class MastodonHashtag(SourceForm):
    """Most servers show a hashtag to anyone; some ask for a token. `account`: whose messages are ours."""

    SETTINGS = ("instance", "kind", "tag", "account")
    SECRETS = ("token",)
    platform: Literal["mastodon"]
    kind: Literal["hashtag"]
    instance: Instance
    tag: Tag
    account: Account = ""
    token: Secret = ""


class BlueskyMentions(SourceForm):
    SETTINGS = ("service", "handle", "kind")
    SECRETS = ("app_password",)
    platform: Literal["bluesky"]
    kind: Literal["mentions"]
    service: Instance = BLUESKY
    handle: Handle
    app_password: Secret


class BlueskySearch(SourceForm):
    """Nobody searches there without an account."""

    SETTINGS = ("service", "handle", "kind", "query")
    SECRETS = ("app_password",)
    platform: Literal["bluesky"]
    kind: Literal["search"]
    query: Text
    service: Instance = BLUESKY
    handle: Handle
    app_password: Secret


class WebhookSource(Connected):
    """Calls us; so it has no interval. `scheme`: how it signs."""

    SETTINGS = ("scheme", "topic")
    SECRETS = ("secret", "secret_2")
    STANDS_IN = GENERATE
    platform: Literal["webhook"]
    scheme: Scheme = USUAL
    topic: Topic = ""
    channel: str = ""
    paused: YesNo = False
    secret: HookSecret
    secret_2: HookSecret = ""

    def settings(self) -> dict[str, str]:
        return {name: value for name, value in super().settings().items() if value != USUAL}

    def secrets(self) -> dict[str, str]:
        return {**super().settings(), **super().secrets()}


class MeteredSource(SourceForm):
    """Of a network that charges for what is read: `watch` pays, where it is named."""

    watch: str = ""


class SandboxSource(MeteredSource):
    """`kind` paid makes believe that it charges for what is read."""

    platform: Literal["sandbox"]
    kind: Literal["", "paid"] = ""
    channel: str
    interval: Interval = 1


class ChannelForm(Connected):
    """`slots`: by day the local times at which it publishes."""

    slots: Slots = {}


class BlueskyChannel(ChannelForm):
    SETTINGS = ("service", "handle")
    SECRETS = ("app_password",)
    platform: Literal["bluesky"]
    service: Instance = BLUESKY
    handle: Handle
    app_password: Secret


class MastodonChannel(ChannelForm):
    SETTINGS = ("instance", "account")
    SECRETS = ("token",)
    platform: Literal["mastodon"]
    instance: Instance
    account: Account
    token: Secret


class SandboxChannel(ChannelForm):
    platform: Literal["sandbox"]


MastodonSource = Annotated[MastodonMentions | MastodonHashtag, Discriminator("kind")]
BlueskySource = Annotated[BlueskyMentions | BlueskySearch, Discriminator("kind")]
AnySource = Annotated[
    FeedSource | MastodonSource | BlueskySource | WebhookSource | SandboxSource, Discriminator("platform")
]
AnyChannel = Annotated[MastodonChannel | BlueskyChannel | SandboxChannel, Discriminator("platform")]


class TopicForm(Named):
    words: Annotated[Terms, Field(min_length=1)]


class SecondOpinion(Form):
    """Amazon Comprehend knows no Dutch; Amazon Bedrock needs the id of a model."""

    by: Literal["comprehend", "bedrock"]
    a_day: Annotated[int, Field(ge=1, le=10_000)] = 100
    model: Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9.:/-]*$")] = ""

    @model_validator(mode="after")
    def _model(self) -> "SecondOpinion":
        if (self.by == "bedrock") != bool(self.model):
            raise ValueError("bedrock needs the id of a model, and comprehend takes none")
        return self


class DrafterForm(Form):
    """A model of Amazon Bedrock that drafts when a person asks for it."""

    by: Literal["bedrock"] = "bedrock"
    model: ModelId
    a_day: Annotated[int, Field(ge=1, le=10_000)] = 50
    four_eyes: YesNo = True


Does = Literal["block", "warn"]


class HonestyForm(Form):
    """What each rule of the honesty check does to an answer that breaks it."""

    unnamed: Does = "warn"
    praise: Does = "warn"
    experience: Does = "block"
    removal: Does = "block"
    sale: Does = "warn"
    personal: Does = "block"
    promise: Does = "warn"


class ClosedForm(Form):
    """`open_on` names public holidays, as their place calls them. `feed`: a calendar's address."""

    holidays: Place = ""
    open_on: Annotated[tuple[Text, ...], BeforeValidator(listed)] = ()
    days: Annotated[tuple[OwnDays, ...], BeforeValidator(listed), Field(max_length=100)] = ()
    feed: Feed = ""

    @field_validator("open_on")
    @classmethod
    def _known(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        names = dict.fromkeys(public_days(info.data.get("holidays", "")).values())
        if unknown := next((name for name in given if name not in names), ""):
            raise ValueError(f"expected one of {', '.join(names) or 'none'}, got {unknown}")
        return given


class HeadForm(Named):
    """What a brand says of itself."""

    zone: Zone
    languages: Annotated[Languages, Field(min_length=1)]
    story: Story = ""
    tone: Literal["", "formal", "informal"] = ""
    disclosure: Annotated[str, Field(max_length=200)] = ""
    mail_from: Mail = ""
    report_mail: Mails = ()
    honesty: HonestyForm = HonestyForm()
    closed: ClosedForm = ClosedForm()
    budget: Usd = None
    warn_at: Percent = 80
    drafter: DrafterForm | None = None


class BrandForm(HeadForm):
    """The whole file."""

    goals: tuple[GoalForm, ...] = ()
    departments: Annotated[tuple[DepartmentForm, ...], Field(min_length=1)]
    watches: tuple[WatchForm, ...] = ()
    topics: tuple[TopicForm, ...] = ()
    second_opinion: SecondOpinion | None = None
    sources: tuple[AnySource, ...] = ()
    channels: tuple[AnyChannel, ...] = ()
    templates: tuple[TemplateForm, ...] = ()
    snippets: tuple[SnippetForm, ...] = ()


FORMS: dict[tuple[str, ...], type[Form]] = {
    (): BrandForm,
    ("departments",): DepartmentForm,
    ("departments", "answer_within"): Within,
    ("departments", "alert"): Alert,
    ("watches",): WatchForm,
    ("topics",): TopicForm,
    ("second_opinion",): SecondOpinion,
    ("drafter",): DrafterForm,
    ("honesty",): HonestyForm,
    ("closed",): ClosedForm,
    ("goals",): GoalForm,
    ("templates",): TemplateForm,
    ("snippets",): SnippetForm,
    ("sources", "feed"): FeedSource,
    ("sources", "mastodon", "mentions"): MastodonMentions,
    ("sources", "mastodon", "hashtag"): MastodonHashtag,
    ("sources", "bluesky", "mentions"): BlueskyMentions,
    ("sources", "bluesky", "search"): BlueskySearch,
    ("sources", "webhook"): WebhookSource,
    ("sources", "sandbox"): SandboxSource,
    ("channels", "mastodon"): MastodonChannel,
    ("channels", "bluesky"): BlueskyChannel,
    ("channels", "sandbox"): SandboxChannel,
}
"""Which form stands where; below `sources` and `channels` by platform and its kind."""
