"""The sections of a brand file: what may stand in each, and what is taken for granted.

One class a section; those of sources and channels are made of what each platform asks for (`connected.py`).
What these classes cannot see (does the named department exist?) is checked in `file.py`.
"""

from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from chalicelib.brandfile.connected import CHANNELS, SOURCES, AnyChannel, AnySource, Form, Named
from chalicelib.brandfile.values import (
    DraftText,
    Feed,
    FileLink,
    Hours,
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
    SecretUrl,
    Story,
    Terms,
    Text,
    Usd,
    YesNo,
    Zone,
    listed,
)
from chalicelib.domain.holidays import public_days

OFFICE: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))


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


# the brand itself --------------------------------------------------------------------------------


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
    **{("sources", *shape): form for shape, form in SOURCES.items()},
    **{("channels", platform): form for platform, form in CHANNELS.items()},
}
"""Which form stands where; below `sources` and `channels` by platform and its kind."""
